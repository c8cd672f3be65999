"""Properties of appointments and of the messages of meetings, in schema order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from exchange_sandbox.calendar import appointments, series, zones
from exchange_sandbox.calendar.settle import CANCELED, MEETING, RECEIVED
from exchange_sandbox.ews.calendar.recurrence_xml import OFFSET
from exchange_sandbox.ews.calendar.recurrence_xml import Kind as RecurrenceKind
from exchange_sandbox.ews.calendar.zone_xml import MeetingZoneKind, ZoneKind, duration
from exchange_sandbox.ews.properties import choices, compound, kinds, meeting
from exchange_sandbox.ews.properties.common import NEVER
from exchange_sandbox.ews.properties.prop import Prop, Reader
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BusyStatus, Key, RequestType, Response


def _prop(name: str, kind: kinds.Kind, **options: Any) -> Prop:
    return Prop(name, f"calendar:{name}", kind, **options)


def _never(name: str, kind: kinds.Kind, **options: Any) -> Prop:
    return Prop(name, f"calendar:{name}", kind, NEVER, **options)


def _unknown(group: str, *names: str) -> list[Prop]:
    return [Prop(name, f"{group}:{name}", kinds.Unknown(), NEVER, apart=True) for name in names]


def _state(bit: int) -> Any:
    return lambda item, reader: bool(item.bag.get(Key.MEETING_STATE, 0) & bit)


def is_organizer(item: Item) -> bool:
    """Whether an appointment is its owner's own, and not one to which somebody else invited."""
    return not item.bag.get(Key.MEETING_STATE, 0) & RECEIVED


def _response(item: Item, reader: Reader) -> str:
    return str(item.bag.get(Key.MY_RESPONSE) or (Response.ORGANIZER if is_organizer(item) else Response.NONE))


def _is_recurring(item: Item, reader: Reader) -> bool:
    return Key.RECURRENCE in item.bag or bool(item.occurrence) or Key.RECURRENCE_ID in item.bag


def _recurrence(item: Item, reader: Reader) -> dict[str, Any] | None:
    value = item.bag.get(Key.RECURRENCE)
    if value is None:
        return None
    zone = zones.zone_of(item.bag.get(Key.START_TIME_ZONE))
    start = datetime.fromisoformat(item.bag[Key.START]).astimezone(zone)
    return {**value, OFFSET: start.isoformat()[-6:].replace("+00:00", "Z")}


def _length(item: Item, reader: Reader) -> str | None:
    if Key.START not in item.bag or Key.END not in item.bag:
        return None
    return duration(datetime.fromisoformat(item.bag[Key.END]) - datetime.fromisoformat(item.bag[Key.START]))


def _zone_name(item: Item, reader: Reader) -> str | None:
    value = item.bag.get(Key.START_TIME_ZONE)
    if isinstance(value, dict):
        return str(value["name"])
    return zones.definition(value).name if value else None


def _zone_id(key: Key) -> Any:
    def read(item: Item, reader: Reader) -> str | None:
        value = item.bag.get(key)
        return str(value["id"]) if isinstance(value, dict) else value

    return read


def _meeting_zone(item: Item, reader: Reader) -> Any:
    return item.bag.get(Key.START_TIME_ZONE)


def _wall_clock(key: Key, zone_key: Key) -> Any:
    def read(item: Item, reader: Reader) -> str | None:
        if key not in item.bag:
            return None
        zone = zones.zone_of(item.bag.get(zone_key))
        return datetime.fromisoformat(item.bag[key]).astimezone(zone).isoformat(timespec="seconds")

    return read


def _occurrence(which: int) -> Any:
    def read(item: Item, reader: Reader) -> dict[str, Any] | None:
        found = series.ends(reader.db, item)[which] if series.is_master(item) else None
        return None if found is None else _about(found, reader)

    return read


def _modified(item: Item, reader: Reader) -> list[dict[str, Any]]:
    found = series.changed(reader.db, item) if series.is_master(item) else []
    return [_about(one, reader) for one in found]


def _deleted(item: Item, reader: Reader) -> list[str]:
    days = sorted(item.bag.get(Key.DELETED, ())) if series.is_master(item) else []
    return [series.times(item.bag, datetime.fromordinal(day).date())[0] for day in days]


def _about(item: Item, reader: Reader) -> dict[str, Any]:
    times: dict[str, str] = {key: item.bag[key] for key in (Key.START, Key.END, Key.ORIGINAL_START)}
    return {"id": reader.item_id(item), **times}


def others_near(item: Item, reader: Reader) -> tuple[list[Item], list[Item]]:
    """The owner's other appointments that take place at the same time, and those right before or after."""
    start, end = item.bag.get(Key.START), item.bag.get(Key.END)
    place = appointments.calendar_of(reader.db, item)
    if not start or not end or place is None:
        return [], []
    edge = (datetime.fromisoformat(end) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    found = [
        one
        for one in series.between(reader.db, place, start, edge)
        if one.bag.get(Key.UID) != item.bag.get(Key.UID)
        and one.bag.get(Key.BUSY_STATUS) != BusyStatus.FREE
        and not one.bag.get(Key.MEETING_STATE, 0) & CANCELED
    ]
    conflicting = [one for one in found if one.bag[Key.START] < end and one.bag[Key.END] > start]
    adjacent = [one for one in found if one.bag[Key.END] == start or one.bag[Key.START] == end]
    return conflicting, adjacent


def _near(which: int, *, count: bool) -> Any:
    def read(item: Item, reader: Reader) -> Any:
        found = others_near(item, reader)[which]
        return len(found) if count else [(reader.item_id(one), one.bag) for one in found]

    return read


_TIMES = (
    _prop("Start", kinds.Moment(), shown=True),
    _prop("End", kinds.Moment(), shown=True),
    _never("OriginalStart", kinds.Moment()),
    _prop("IsAllDayEvent", kinds.Boolean(), default=False),
    _prop("LegacyFreeBusyStatus", choices.BUSY_STATUS, default=BusyStatus.BUSY, shown=True),
    _prop("Location", kinds.Text(), shown=True),
    _prop("When", kinds.Text()),
    _never("IsMeeting", kinds.Boolean(), read=_state(MEETING)),
    _never("IsCancelled", kinds.Boolean(), read=_state(CANCELED)),
    _never("IsRecurring", kinds.Boolean(), read=_is_recurring),
    _never("MeetingRequestWasSent", kinds.Boolean(), default=False),
)
_RESPONSE_REQUESTED = _prop("IsResponseRequested", kinds.Boolean(), default=True)
_PEOPLE = (
    _never("CalendarItemType", choices.OCCURRENCE_TYPE, read=lambda item, reader: series.kind(item)),
    _never("MyResponseType", choices.RESPONSE, read=_response),
    _never("Organizer", compound.Recipient()),
    *(_prop(name, meeting.Attendees(), find=False, append=True)
      for name in ("RequiredAttendees", "OptionalAttendees", "Resources")),
    *(_never(f"{name}MeetingCount", kinds.Integer(), find=False, read=_near(which, count=True))
      for which, name in enumerate(("Conflicting", "Adjacent"))),
    *(_never(f"{name}Meetings", meeting.Near(), find=False, read=_near(which, count=False))
      for which, name in enumerate(("Conflicting", "Adjacent"))),
    _never("Duration", kinds.Text(), read=_length),
    _never("TimeZone", kinds.Text(), read=_zone_name),
    _never("AppointmentReplyTime", kinds.Moment()),
    _never("AppointmentSequenceNumber", kinds.Integer(), default=0),
    _never("AppointmentState", kinds.Integer(), default=0),
    _prop("Recurrence", RecurrenceKind(), find=False, read=_recurrence),
    _never("FirstOccurrence", meeting.Occurrence(), find=False, read=_occurrence(0)),
    _never("LastOccurrence", meeting.Occurrence(), find=False, read=_occurrence(1)),
    _never("ModifiedOccurrences", meeting.Occurrences(), find=False, read=_modified),
    _never("DeletedOccurrences", meeting.DeletedOccurrences(), find=False, read=_deleted),
    _prop("MeetingTimeZone", MeetingZoneKind(), apart=True, read=_meeting_zone),
    _prop("StartTimeZone", ZoneKind()),
    _prop("EndTimeZone", ZoneKind()),
    _prop("ConferenceType", kinds.Bounded(0, 2), default=0),
    _prop("AllowNewTimeProposal", kinds.Boolean(), default=True),
    _never("IsOnlineMeeting", kinds.Boolean(), default=False),
    _prop("MeetingWorkspaceUrl", kinds.Text()),
    _prop("NetShowUrl", kinds.Text()),
    *_unknown("calendar", "EnhancedLocation"),
)  # fmt: skip
_CLOCKS = (
    _never("StartWallClock", kinds.Text(), apart=True, read=_wall_clock(Key.START, Key.START_TIME_ZONE)),
    _never("EndWallClock", kinds.Text(), apart=True, read=_wall_clock(Key.END, Key.END_TIME_ZONE)),
    _never("StartTimeZoneId", kinds.Text(), apart=True, read=_zone_id(Key.START_TIME_ZONE)),
    _never("EndTimeZoneId", kinds.Text(), apart=True, read=_zone_id(Key.END_TIME_ZONE)),
)
_INTENDED = Prop(
    "IntendedFreeBusyStatus", "meetingRequest:IntendedFreeBusyStatus", choices.BUSY_STATUS, NEVER
)
_UID = (
    _prop("UID", kinds.Text()),
    _never("RecurrenceId", kinds.Moment()),
    _never("DateTimeStamp", kinds.Moment()),
)
_IS_ORGANIZER = _never("IsOrganizer", kinds.Boolean(), read=lambda item, _: is_organizer(item))

CALENDAR: tuple[Prop, ...] = (
    *_UID,
    *_TIMES,
    _RESPONSE_REQUESTED,
    *_PEOPLE,
    *_CLOCKS,
    _INTENDED,
    *_unknown("calendar", "JoinOnlineMeetingUrl", "OnlineMeetingSettings"),
    _IS_ORGANIZER,
)

MEETING_MESSAGE: tuple[Prop, ...] = (*meeting.MESSAGE, *_UID, _IS_ORGANIZER)

MEETING_REQUEST: tuple[Prop, ...] = (
    *MEETING_MESSAGE,
    Prop(
        "MeetingRequestType",
        "meetingRequest:MeetingRequestType",
        choices.REQUEST_TYPE,
        NEVER,
        default=RequestType.NONE,
    ),
    _INTENDED,
    *_TIMES,
    *_PEOPLE,
    *_unknown("meetingRequest", "ChangeHighlights"),
    *_CLOCKS,
)

_BRIEFLY = tuple(
    prop
    for name in ("Start", "End", "Location", "Recurrence", "CalendarItemType")
    for prop in (*_TIMES, *_PEOPLE)
    if prop.name == name
)
MEETING_RESPONSE: tuple[Prop, ...] = (
    *MEETING_MESSAGE,
    *_BRIEFLY,
    *(Prop(name, f"meeting:{name}", kinds.Moment(), NEVER) for name in ("ProposedStart", "ProposedEnd")),
    *_unknown("calendar", "EnhancedLocation"),
)
MEETING_CANCELLATION: tuple[Prop, ...] = (
    *MEETING_MESSAGE,
    *_BRIEFLY,
    *_unknown("calendar", "EnhancedLocation"),
)
