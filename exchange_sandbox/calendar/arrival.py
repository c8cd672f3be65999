"""What becomes of the messages of meetings that reach an inbox: the calendar follows them at once, as
Exchange's calendar assistant has it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import datetime
from typing import Any

from exchange_sandbox.calendar import appointments, series, settle, zones
from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Refused
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, BusyStatus, Key, RequestType, Response, Stream

REQUEST, CANCELLATION = "IPM.Schedule.Meeting.Request", "IPM.Schedule.Meeting.Canceled"
RESPONSES = {
    "IPM.Schedule.Meeting.Resp.Pos": Response.ACCEPTED,
    "IPM.Schedule.Meeting.Resp.Tent": Response.TENTATIVE,
    "IPM.Schedule.Meeting.Resp.Neg": Response.DECLINED,
}
_STATES = {REQUEST: settle.MEETING | settle.RECEIVED,
           CANCELLATION: settle.MEETING | settle.RECEIVED | settle.CANCELED}  # fmt: skip
# what an appointment takes from the request
COPIED = (
    Key.SUBJECT, Key.UID, Key.RECURRENCE_ID, Key.START, Key.END, Key.IS_ALL_DAY, Key.LOCATION, Key.ORGANIZER,
    *appointments.ATTENDEES, Key.SEQUENCE, Key.RECURRENCE, Key.DELETED, Key.START_TIME_ZONE,
    Key.END_TIME_ZONE, Key.ALLOWS_NEW_TIMES, Key.WANTS_RESPONSE, Key.IMPORTANCE, Key.SENSITIVITY,
    Key.HAS_REMINDER, Key.REMINDER_MINUTES,
)  # fmt: skip


def process(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    """Let the calendar follow a message that is about to be put into its owner's inbox.

    A message that says nothing that a calendar can hold, or that does not come from whom it should, changes
    nothing.
    """
    with suppress(Refused):
        _process(db, item, now)


def _process(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    if not item.cls.startswith("IPM.Schedule.Meeting.") or Key.UID not in item.bag:
        return
    known = appointments.associated(db, item)
    item.bag[Key.IS_PROCESSED] = True
    if item.cls in _STATES:
        item.bag[Key.MEETING_STATE] = _STATES[item.cls]
    if item.cls == REQUEST and Key.START in item.bag:
        item.bag[Key.BUSY_STATUS] = _tentative(item)
        _request(db, item, known, now)
    elif item.cls == CANCELLATION and known is not None:
        _cancellation(db, item, known, now)
    elif item.cls in RESPONSES and known is not None:
        _response(db, item, known, now)


def _author(item: Item) -> str:
    return str((item.bag.get(Key.FROM) or {"address": ""})["address"]).lower()


def _is_organizers(item: Item, known: Item) -> bool:
    """Whether a message about a meeting to which the owner is invited comes from its organizer."""
    organizer = known.bag.get(Key.ORGANIZER) or {"address": ""}
    return bool(known.bag.get(Key.MEETING_STATE, 0) & settle.RECEIVED) and (
        organizer["address"].lower() == _author(item)
    )


def at(db: sqlite3.Connection, item: Item, known: Item) -> Item | None:
    """The appointment that a message means: of a series perhaps one occurrence, None if it is no more."""
    if Key.RECURRENCE_ID not in item.bag or not series.is_master(known):
        return known
    try:
        return series.occurrence(db, known, series.day_of(known.bag, item.bag[Key.RECURRENCE_ID]))
    except Refused:
        return None


def _request(db: sqlite3.Connection, item: Item, known: Item | None, now: datetime) -> None:
    if known is None:
        item.bag[Key.REQUEST_TYPE] = RequestType.NEW
        enter(db, item, now)
        return
    if not _is_organizers(item, known):
        return
    found = at(db, item, known)
    if found is None or item.bag.get(Key.SEQUENCE, 0) < found.bag.get(Key.SEQUENCE, 0):
        item.bag[Key.REQUEST_TYPE] = RequestType.OUTDATED
        return
    moved = any(found.bag.get(key) != item.bag[key] for key in (Key.START, Key.END))
    moved = moved or (series.is_master(found) and found.bag[Key.RECURRENCE] != item.bag.get(Key.RECURRENCE))
    item.bag[Key.REQUEST_TYPE] = RequestType.FULL_UPDATE if moved else RequestType.INFORMATION
    changed = _copied(item)
    of_series = (Key.RECURRENCE, Key.RECURRENCE_ID, Key.DELETED) if found.occurrence else (Key.DELETED,)
    for key in COPIED:
        if key in of_series:
            continue
        if key in changed:
            found.bag[key] = changed[key]
        else:
            found.bag.pop(key, None)
    found.bag |= {key: changed[key] for key in (Key.BODY_TYPE, Key.INTENDED_BUSY_STATUS)}
    if moved:
        found.bag |= {Key.MY_RESPONSE: Response.NONE, Key.BUSY_STATUS: _tentative(item)}
        found.bag.pop(Key.REPLIED, None)
    found.bag[Key.MEETING_STATE] = settle.MEETING | settle.RECEIVED
    _save(db, item, found, now)


def _copied(item: Item) -> dict[str, Any]:
    bag: dict[str, Any] = {key: item.bag[key] for key in COPIED if key in item.bag}
    return {
        **bag,
        Key.BODY_TYPE: item.bag.get(Key.BODY_TYPE, BodyType.TEXT),
        Key.INTENDED_BUSY_STATUS: _intended(item),
    }


def _intended(item: Item) -> str:
    return str(item.bag.get(Key.INTENDED_BUSY_STATUS, BusyStatus.BUSY))


def _tentative(item: Item) -> str:
    return BusyStatus.FREE if _intended(item) == BusyStatus.FREE else BusyStatus.TENTATIVE


def enter(db: sqlite3.Connection, item: Item, now: datetime) -> Item:
    """Put the appointment that a request is about into its owner's calendar, tentatively."""
    bag = {
        Key.ITEM_CLASS: "IPM.Appointment", **_copied(item), Key.BUSY_STATUS: _tentative(item),
        Key.MY_RESPONSE: Response.NONE, Key.MEETING_STATE: settle.MEETING | settle.RECEIVED,
        Key.IS_REQUEST_SENT: True, Key.MODIFIED_BY: item.bag.get(Key.MODIFIED_BY, ""),
    }  # fmt: skip
    place = folders.distinguished(db, item.mailbox, "calendar").id
    made = Item(item.mailbox, place, bag)
    _take_body(db, item, made)
    _settled(made, now)
    return items.insert(db, made, now)


def _save(db: sqlite3.Connection, item: Item, found: Item, now: datetime) -> None:
    _take_body(db, item, found)
    _settled(found, now)
    series.update(db, found, now)


def _take_body(db: sqlite3.Connection, item: Item, to: Item) -> None:
    to.streams[Stream.BODY] = items.stream(db, item, Stream.BODY) or b""


def _settled(item: Item, now: datetime) -> None:
    zone = zones.zone_of(item.bag.get(Key.START_TIME_ZONE))
    settle.settle(item, {Key.START, Key.RECURRENCE}, zone, now, creating=not item.id)


def _cancellation(db: sqlite3.Connection, item: Item, known: Item, now: datetime) -> None:
    found = at(db, item, known) if _is_organizers(item, known) else None
    if found is None or item.bag.get(Key.SEQUENCE, 0) < found.bag.get(Key.SEQUENCE, 0):
        return
    found.bag |= {
        Key.MEETING_STATE: settle.MEETING | settle.RECEIVED | settle.CANCELED,
        Key.BUSY_STATUS: BusyStatus.FREE,
        Key.SUBJECT: item.bag.get(Key.SUBJECT, ""),
        Key.SEQUENCE: item.bag.get(Key.SEQUENCE, 0),
    }
    series.update(db, found, now)


def _response(db: sqlite3.Connection, item: Item, known: Item, now: datetime) -> None:
    item.bag[Key.RESPONSE] = RESPONSES[item.cls]
    found = at(db, item, known)
    if found is None or found.bag.get(Key.MEETING_STATE, 0) & settle.RECEIVED:
        return
    answer = {"response": RESPONSES[item.cls], "time": iso(now)}
    times = (("start", Key.PROPOSED_START), ("end", Key.PROPOSED_END))
    proposed = {name: item.bag[key] for name, key in times if key in item.bag}
    author, is_known = _author(item), False
    for name in appointments.ATTENDEES:
        if name in found.bag:
            people = found.bag[name] = [dict(one) for one in found.bag[name]]
            for one in people:
                if one["address"].lower() == author:
                    one.update(answer, **proposed)
                    is_known = True
    if is_known:
        series.update(db, found, now)
