"""``event``: how an appointment looks as JSON, and what a client may say of one."""

from __future__ import annotations

import json
from datetime import datetime, time
from hashlib import sha256
from typing import Any

from exchange_sandbox.calendar import series, zones
from exchange_sandbox.calendar.appointments import ATTENDEES
from exchange_sandbox.calendar.settle import CANCELED
from exchange_sandbox.clock import iso
from exchange_sandbox.ews import ids as ews_ids
from exchange_sandbox.graph import attached, attendees, calendars, extended, ids, opened, recurrence, values
from exchange_sandbox.graph.changing import Change, setter
from exchange_sandbox.graph.errors import bad_body, bad_request
from exchange_sandbox.graph.mail import web_link
from exchange_sandbox.graph.shape import (
    Member,
    Navigation,
    Shape,
    View,
    dict_of,
    flag_of,
    inner,
    list_of,
    moment,
    text_of,
    word_of,
)
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import (
    BusyStatus,
    Importance,
    Key,
    OccurrenceType,
    Sensitivity,
    own,
)

#: The client's own name for a creation, and what was to be created by it.
TRANSACTION, CREATION = own("TransactionId"), own("Creation")
USUAL_REMINDER = 15  # minutes
_LONGEST_TRANSACTION = 255  # characters: what the index of the store holds
SHOW_AS: dict[str, Any] = {
    "free": BusyStatus.FREE,
    "tentative": BusyStatus.TENTATIVE,
    "busy": BusyStatus.BUSY,
    "oof": BusyStatus.AWAY,
    "workingElsewhere": BusyStatus.ELSEWHERE,
    "unknown": BusyStatus.NO_DATA,
}
_TYPES = {
    OccurrenceType.SINGLE: "singleInstance",
    OccurrenceType.OCCURRENCE: "occurrence",
    OccurrenceType.EXCEPTION: "exception",
    OccurrenceType.MASTER: "seriesMaster",
}
#: What attendees are told of once it changes.
TOLD = frozenset(
    (
        Key.SUBJECT, "body", Key.START, Key.END, Key.IS_ALL_DAY, Key.LOCATION, Key.RECURRENCE, *ATTENDEES,
        Key.ATTACHMENTS,
    )
)  # fmt: skip


def is_event(item: Item) -> bool:
    """Whether an item is an appointment."""
    return Key.START in item.bag and Key.END in item.bag and Key.IS_READ not in item.bag


# times


def _zone_name(item: Item, key: Key) -> str:
    value = item.bag.get(key) or item.bag.get(Key.START_TIME_ZONE)
    return str(value["id"]) if isinstance(value, dict) else value or "UTC"


def _time(key: Key, zone_key: Key) -> Any:
    """A start or an end in the zone that the client prefers; what lasts all day is at midnight in any."""

    def read(view: View, item: Item) -> dict[str, str] | None:
        prefer = view.call.prefer
        if not item.bag.get(Key.IS_ALL_DAY):
            return values.in_zone(item.bag[key], prefer.zone, prefer.zone_name)
        own_zone = zones.zone_of(item.bag.get(zone_key) or item.bag.get(Key.START_TIME_ZONE))
        day = datetime.fromisoformat(item.bag[key]).astimezone(own_zone).date()
        return {"dateTime": f"{day}T00:00:00.0000000", "timeZone": prefer.zone_name}

    return read


def _set_time(name: str, key: Key, zone_key: Key) -> Any:
    def put(change: Change, value: Any) -> None:
        local, zone = values.parsed_in_zone(value, name)
        change.put(key, iso(local))
        change.put(zone_key, zone)

    return put


def _is_midnight(bag: dict[str, Any], key: Key, zone_key: Key) -> bool:
    zone = zones.zone_of(bag.get(zone_key) or bag.get(Key.START_TIME_ZONE))
    return datetime.fromisoformat(bag[key]).astimezone(zone).time() == time()


def finish(change: Change, body: dict[str, Any]) -> None:
    """Set what follows from several members, and make the whole agree; raises GraphError, Refused."""
    bag = change.item.bag
    for name, key in (("start", Key.START), ("end", Key.END)):
        if key not in bag:
            raise bad_body(f"An event needs its {name}.")
    names = {name.lower() for name in body}
    if bag.get(Key.IS_ALL_DAY) and names & {"start", "end", "isallday"}:
        for name, key, zone_key in (
            ("Start", Key.START, Key.START_TIME_ZONE),
            ("End", Key.END, Key.END_TIME_ZONE),
        ):
            if not _is_midnight(bag, key, zone_key):
                raise bad_request(
                    f"The Event.{name} property for an all-day event needs to be set to midnight.",
                    "ErrorPropertyValidationFailure",
                )
        if bag[Key.START] >= bag[Key.END]:
            raise bad_request(
                "The duration of an event marked as All day must be at least 24 hours.",
                "ErrorPropertyValidationFailure",
            )
    if "recurrence" in names:
        _put_recurrence(change, inner(body, "recurrence"))
    change.settle()


def _put_recurrence(change: Change, value: Any) -> None:
    if value is None:
        change.put(Key.RECURRENCE, None)
        return
    zone = recurrence.zone_name(value)
    if zone is not None:
        values.zone_named(zone, "recurrence/range/recurrenceTimeZone")
        change.put(Key.START_TIME_ZONE, zones.known(zone))
    change.put(Key.RECURRENCE, recurrence.parsed(value))


# places


def _location(view: View, item: Item) -> dict[str, Any]:
    name = item.bag.get(Key.LOCATION, "")
    if not name:
        return {"displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {},
                "coordinates": {}}  # fmt: skip
    return {"displayName": name, "locationType": "default", "uniqueId": name, "uniqueIdType": "private"}


def _locations(view: View, item: Item) -> list[dict[str, Any]]:
    names = [part.strip() for part in item.bag.get(Key.LOCATION, "").split(";")]
    return [
        {"displayName": name, "locationType": "default", "uniqueId": name, "uniqueIdType": "private"}
        for name in names
        if name
    ]


def _place_name(value: Any, name: str) -> str:
    found = inner(dict_of(value, name), "displayName")
    return "" if found is None else text_of(found, f"{name}/displayName")


def _set_location(change: Change, value: Any) -> None:
    change.put(Key.LOCATION, (None if value is None else _place_name(value, "location")) or None)


def _set_locations(change: Change, value: Any) -> None:
    """Of several places their names are kept, in one text."""
    names = [_place_name(one, "locations") for one in list_of(value, "locations")]
    change.put(Key.LOCATION, "; ".join(name for name in names if name) or None)


# other members


def _set_transaction(change: Change, value: Any) -> None:
    if not change.creating:
        raise bad_request("The transactionId can't be changed.", "ErrorInvalidPropertySet")
    if value is None:
        return
    text = text_of(value, "transactionId")
    if not text or len(text) > _LONGEST_TRANSACTION:
        raise bad_request(
            f"A transactionId has 1 to {_LONGEST_TRANSACTION} characters.", "ErrorInvalidParameter"
        )
    change.put(TRANSACTION, text)


def digest(body: dict[str, Any]) -> str:
    """By what a second creation of the same event is told from that of another."""
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _master_id(view: View, item: Item) -> str | None:
    return view.call.item_id(items.get(view.db, item.id)) if item.occurrence else None


def _cancelled(view: View, item: Item) -> list[str]:
    days = sorted(item.bag.get(Key.DELETED, ())) if series.is_master(item) else []
    master = view.call.item_id(item)
    return [f"OID.{master}.{datetime.fromordinal(day).date()}" for day in days]


def _flag(name: str, key: Key, *, default: bool) -> Member:
    def put(change: Change, value: Any) -> None:
        change.put(key, None if value is None else flag_of(value, name))

    return Member(name, lambda view, item: item.bag.get(key, default), put)


def _set_reminder(change: Change, value: Any) -> None:
    if value is not None and (
        not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 2_629_800
    ):
        raise bad_body("A number of minutes is expected as the value of 'reminderMinutesBeforeStart'.")
    change.put(Key.REMINDER_MINUTES, value)


def _set_body(change: Change, value: Any) -> None:
    change.put_body({"contentType": "text", "content": ""} if value is None else value)


def _ignore(change: Change, value: Any) -> None:
    """What is taken, and has no effect here."""


def _calendar(view: View, item: Item) -> dict[str, Any]:
    return calendars.SHAPE.write(view, folders.get(view.db, item.folder))


def _exceptions(view: View, item: Item) -> list[dict[str, Any]]:
    found = series.changed(view.db, item) if series.is_master(item) else []
    return [SHAPE.write(view, one) for one in found]


SHAPE = Shape(
    "event",
    (
        Member("id", lambda view, item: view.call.item_id(item)),
        Member("createdDateTime", lambda view, item: moment(item.bag.get(Key.CREATED))),
        Member("lastModifiedDateTime", lambda view, item: moment(item.bag.get(Key.MODIFIED))),
        Member("changeKey", lambda view, item: ews_ids.change_key(item.change)),
        Member(
            "categories",
            lambda view, item: item.bag.get(Key.CATEGORIES, []),
            setter(Key.CATEGORIES, values.categories_of),
        ),
        Member("transactionId", lambda view, item: item.bag.get(TRANSACTION), _set_transaction),
        Member("originalStartTimeZone", lambda view, item: _zone_name(item, Key.START_TIME_ZONE)),
        Member("originalEndTimeZone", lambda view, item: _zone_name(item, Key.END_TIME_ZONE)),
        Member("iCalUId", lambda view, item: item.bag.get(Key.UID)),
        Member(
            "reminderMinutesBeforeStart",
            lambda view, item: item.bag.get(Key.REMINDER_MINUTES, 0),
            _set_reminder,
        ),
        _flag("isReminderOn", Key.HAS_REMINDER, default=False),
        Member("hasAttachments", lambda view, item: attached.has_any(item)),
        Member(
            "subject",
            lambda view, item: item.bag.get(Key.SUBJECT, ""),
            setter(Key.SUBJECT, lambda value: "" if value is None else text_of(value, "subject")),
        ),
        Member("bodyPreview", values.preview),
        Member(
            "importance",
            lambda view, item: values.word(
                values.IMPORTANCE, item.bag.get(Key.IMPORTANCE, Importance.NORMAL)
            ),
            setter(Key.IMPORTANCE, lambda value: word_of(value, "importance", values.IMPORTANCE)),
        ),
        Member(
            "sensitivity",
            lambda view, item: values.word(
                values.SENSITIVITY, item.bag.get(Key.SENSITIVITY, Sensitivity.NORMAL)
            ),
            setter(Key.SENSITIVITY, lambda value: word_of(value, "sensitivity", values.SENSITIVITY)),
        ),
        Member("originalStart", lambda view, item: moment(item.bag.get(Key.ORIGINAL_START))),
        _flag("isAllDay", Key.IS_ALL_DAY, default=False),
        Member("isCancelled", lambda view, item: bool(item.bag.get(Key.MEETING_STATE, 0) & CANCELED)),
        Member("isDraft", lambda view, item: False, _ignore),
        Member("isOrganizer", lambda view, item: attendees.is_organizer(item), _ignore),
        _flag("responseRequested", Key.WANTS_RESPONSE, default=True),
        Member("seriesMasterId", _master_id),
        Member(
            "showAs",
            lambda view, item: values.word(SHOW_AS, item.bag.get(Key.BUSY_STATUS, BusyStatus.BUSY)),
            setter(Key.BUSY_STATUS, lambda value: word_of(value, "showAs", SHOW_AS)),
        ),
        Member("type", lambda view, item: _TYPES[series.kind(item)]),
        Member("webLink", lambda view, item: web_link(item, "ReadCalendarItem")),
        Member("onlineMeetingUrl", lambda view, item: None, _ignore),
        Member("isOnlineMeeting", lambda view, item: False, _ignore),
        Member("onlineMeetingProvider", lambda view, item: "unknown", _ignore),
        _flag("allowNewTimeProposals", Key.ALLOWS_NEW_TIMES, default=True),
        Member("hideAttendees", lambda view, item: False, _ignore),
        Member("responseStatus", attendees.response),
        Member("body", values.body, _set_body),
        Member("start", _time(Key.START, Key.START_TIME_ZONE),
               _set_time("start", Key.START, Key.START_TIME_ZONE)),
        Member("end", _time(Key.END, Key.END_TIME_ZONE), _set_time("end", Key.END, Key.END_TIME_ZONE)),
        Member("location", _location, _set_location),
        Member("locations", _locations, _set_locations),
        Member(
            "recurrence",
            lambda view, item: recurrence.shown(
                item.bag.get(Key.RECURRENCE), _zone_name(item, Key.START_TIME_ZONE)
            ),
        ),
        Member("attendees", attendees.shown, attendees.put),
        Member("organizer", attendees.organizer),
        Member("onlineMeeting", lambda view, item: None),
        Member("cancelledOccurrences", _cancelled, shown=False),
        Member(extended.NAME, lambda view, item: None, Change.put_extended, shown=False),
        Member(opened.NAME, lambda view, item: None, opened.set_of_item, shown=False),
        Member("attachments", lambda view, item: None, attached.set_all, shown=False),
    ),
    (
        extended.navigation(extended.item_value),
        attached.NAVIGATION,
        opened.of_item(),
        Navigation("calendar", _calendar),
        Navigation("exceptionOccurrences", _exceptions),
    ),
    etag=lambda item: ids.etag(item.change),
)  # fmt: skip
