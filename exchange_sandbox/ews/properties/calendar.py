"""Properties of appointments and of the messages of meetings, in schema order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from exchange_sandbox.calendar import appointments, series, zones
from exchange_sandbox.calendar.settle import CANCELED, MEETING, RECEIVED
from exchange_sandbox.ews.calendar.recurrence_xml import OFFSET
from exchange_sandbox.ews.calendar.recurrence_xml import Kind as RecurrenceKind
from exchange_sandbox.ews.calendar.zone_xml import MeetingZoneKind, ZoneKind, duration
from exchange_sandbox.ews.properties import compound, kinds, meeting
from exchange_sandbox.ews.properties.common import NEVER
from exchange_sandbox.ews.properties.prop import Prop, Reader
from exchange_sandbox.store.items import Item

BUSY = ("Free", "Tentative", "Busy", "OOF", "WorkingElsewhere", "NoData")


def _prop(name: str, kind: kinds.Kind, **options: Any) -> Prop:
    return Prop(name, f"calendar:{name}", kind, **options)


def _never(name: str, kind: kinds.Kind, **options: Any) -> Prop:
    return Prop(name, f"calendar:{name}", kind, NEVER, **options)


def _unknown(group: str, *names: str) -> list[Prop]:
    return [Prop(name, f"{group}:{name}", kinds.Unknown(), NEVER, apart=True) for name in names]


def _state(bit: int) -> Any:
    return lambda item, reader: bool(item.bag.get("AppointmentState", 0) & bit)


def is_organizer(item: Item) -> bool:
    """Whether an appointment is its owner's own, and not one to which somebody else invited."""
    return not item.bag.get("AppointmentState", 0) & RECEIVED


def _response(item: Item, reader: Reader) -> str:
    return str(
        item.bag.get("MyResponseType") or ("Organizer" if is_organizer(item) else "NoResponseReceived")
    )


def _is_recurring(item: Item, reader: Reader) -> bool:
    return "Recurrence" in item.bag or bool(item.occurrence) or "RecurrenceId" in item.bag


def _recurrence(item: Item, reader: Reader) -> dict[str, Any] | None:
    value = item.bag.get("Recurrence")
    if value is None:
        return None
    start = datetime.fromisoformat(item.bag["Start"]).astimezone(zones.zone_of(item.bag.get("StartTimeZone")))
    return {**value, OFFSET: start.isoformat()[-6:].replace("+00:00", "Z")}


def _length(item: Item, reader: Reader) -> str | None:
    if "Start" not in item.bag or "End" not in item.bag:
        return None
    return duration(datetime.fromisoformat(item.bag["End"]) - datetime.fromisoformat(item.bag["Start"]))


def _zone_name(item: Item, reader: Reader) -> str | None:
    value = item.bag.get("StartTimeZone")
    if isinstance(value, dict):
        return str(value["Name"])
    return zones.definition(value).name if value else None


def _zone_id(key: str) -> Any:
    def read(item: Item, reader: Reader) -> str | None:
        value = item.bag.get(key)
        return str(value["Id"]) if isinstance(value, dict) else value

    return read


def _meeting_zone(item: Item, reader: Reader) -> Any:
    return item.bag.get("StartTimeZone")


def _wall_clock(key: str) -> Any:
    def read(item: Item, reader: Reader) -> str | None:
        if key not in item.bag:
            return None
        zone = zones.zone_of(item.bag.get(f"{key}TimeZone"))
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
    days = sorted(item.bag.get(series.DELETED, ())) if series.is_master(item) else []
    return [series.times(item.bag, datetime.fromordinal(day).date())[0] for day in days]


def _about(item: Item, reader: Reader) -> dict[str, Any]:
    return {"Id": reader.item_id(item), **{key: item.bag[key] for key in ("Start", "End", "OriginalStart")}}


def others_near(item: Item, reader: Reader) -> tuple[list[Item], list[Item]]:
    """The owner's other appointments that take place at the same time, and those right before or after."""
    start, end = item.bag.get("Start"), item.bag.get("End")
    place = appointments.calendar_of(reader.db, item)
    if not start or not end or place is None:
        return [], []
    edge = (datetime.fromisoformat(end) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    found = [
        one
        for one in series.between(reader.db, place, start, edge)
        if one.bag.get("UID") != item.bag.get("UID")
        and one.bag.get("LegacyFreeBusyStatus", "Busy") != "Free"
        and not one.bag.get("AppointmentState", 0) & CANCELED
    ]
    conflicting = [one for one in found if one.bag["Start"] < end and one.bag["End"] > start]
    adjacent = [one for one in found if one.bag["End"] == start or one.bag["Start"] == end]
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
    _prop("LegacyFreeBusyStatus", kinds.Choice(BUSY), default="Busy", shown=True),
    _prop("Location", kinds.Text(), shown=True),
    _prop("When", kinds.Text()),
    _never("IsMeeting", kinds.Boolean(), read=_state(MEETING)),
    _never("IsCancelled", kinds.Boolean(), read=_state(CANCELED)),
    _never("IsRecurring", kinds.Boolean(), read=_is_recurring),
    _never("MeetingRequestWasSent", kinds.Boolean(), default=False),
)
_RESPONSE_REQUESTED = _prop("IsResponseRequested", kinds.Boolean(), default=True)
_PEOPLE = (
    _never("CalendarItemType", kinds.Text(), read=lambda item, reader: series.kind(item)),
    _never("MyResponseType", kinds.Text(), read=_response),
    _never("Organizer", compound.Recipient()),
    *(_prop(name, meeting.Attendees(), find=False, append=True) for name in appointments.ATTENDEES),
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
    _never("StartWallClock", kinds.Text(), apart=True, read=_wall_clock("Start")),
    _never("EndWallClock", kinds.Text(), apart=True, read=_wall_clock("End")),
    _never("StartTimeZoneId", kinds.Text(), apart=True, read=_zone_id("StartTimeZone")),
    _never("EndTimeZoneId", kinds.Text(), apart=True, read=_zone_id("EndTimeZone")),
)
_INTENDED = Prop("IntendedFreeBusyStatus", "meetingRequest:IntendedFreeBusyStatus", kinds.Choice(BUSY), NEVER)
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
    Prop("MeetingRequestType", "meetingRequest:MeetingRequestType", kinds.Text(), NEVER, default="None"),
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
