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
from exchange_sandbox.store.items import BODY, Item

REQUEST, CANCELLATION = "IPM.Schedule.Meeting.Request", "IPM.Schedule.Meeting.Canceled"
RESPONSES = {
    "IPM.Schedule.Meeting.Resp.Pos": "Accept",
    "IPM.Schedule.Meeting.Resp.Tent": "Tentative",
    "IPM.Schedule.Meeting.Resp.Neg": "Decline",
}
_SEQUENCE = "AppointmentSequenceNumber"
_STATES = {REQUEST: settle.MEETING | settle.RECEIVED,
           CANCELLATION: settle.MEETING | settle.RECEIVED | settle.CANCELED}  # fmt: skip
# what an appointment takes from the request
COPIED = (
    "Subject", "UID", "RecurrenceId", "Start", "End", "IsAllDayEvent", "Location", "Organizer",
    *appointments.ATTENDEES, _SEQUENCE, "Recurrence", series.DELETED, "StartTimeZone", "EndTimeZone",
    "AllowNewTimeProposal", "IsResponseRequested", "Importance", "Sensitivity", "ReminderIsSet",
    "ReminderMinutesBeforeStart",
)  # fmt: skip


def process(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    """Let the calendar follow a message that is about to be put into its owner's inbox.

    A message that says nothing that a calendar can hold, or that does not come from whom it should, changes
    nothing.
    """
    with suppress(Refused):
        _process(db, item, now)


def _process(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    if not item.cls.startswith("IPM.Schedule.Meeting.") or "UID" not in item.bag:
        return
    known = appointments.associated(db, item)
    item.bag["HasBeenProcessed"] = True
    if item.cls in _STATES:
        item.bag["AppointmentState"] = _STATES[item.cls]
    if item.cls == REQUEST and "Start" in item.bag:
        item.bag["LegacyFreeBusyStatus"] = _tentative(item)
        _request(db, item, known, now)
    elif item.cls == CANCELLATION and known is not None:
        _cancellation(db, item, known, now)
    elif item.cls in RESPONSES and known is not None:
        _response(db, item, known, now)


def _author(item: Item) -> str:
    return str((item.bag.get("From") or {"address": ""})["address"]).lower()


def _is_organizers(item: Item, known: Item) -> bool:
    """Whether a message about a meeting to which the owner is invited comes from its organizer."""
    organizer = known.bag.get("Organizer") or {"address": ""}
    return bool(known.bag.get("AppointmentState", 0) & settle.RECEIVED) and (
        organizer["address"].lower() == _author(item)
    )


def at(db: sqlite3.Connection, item: Item, known: Item) -> Item | None:
    """The appointment that a message means: of a series perhaps one occurrence, None if it is no more."""
    if "RecurrenceId" not in item.bag or not series.is_master(known):
        return known
    try:
        return series.occurrence(db, known, series.day_of(known.bag, item.bag["RecurrenceId"]))
    except Refused:
        return None


def _request(db: sqlite3.Connection, item: Item, known: Item | None, now: datetime) -> None:
    if known is None:
        item.bag["MeetingRequestType"] = "NewMeetingRequest"
        enter(db, item, now)
        return
    if not _is_organizers(item, known):
        return
    found = at(db, item, known)
    if found is None or item.bag.get(_SEQUENCE, 0) < found.bag.get(_SEQUENCE, 0):
        item.bag["MeetingRequestType"] = "Outdated"
        return
    moved = [found.bag.get(key) for key in ("Start", "End")] != [item.bag[key] for key in ("Start", "End")]
    moved = moved or (series.is_master(found) and found.bag["Recurrence"] != item.bag.get("Recurrence"))
    item.bag["MeetingRequestType"] = "FullUpdate" if moved else "InformationalUpdate"
    changed = _copied(item)
    of_series = ("Recurrence", "RecurrenceId", series.DELETED) if found.occurrence else (series.DELETED,)
    for key in COPIED:
        if key in of_series:
            continue
        if key in changed:
            found.bag[key] = changed[key]
        else:
            found.bag.pop(key, None)
    found.bag |= {key: changed[key] for key in ("BodyType", "IntendedFreeBusyStatus")}
    if moved:
        found.bag.update(MyResponseType="NoResponseReceived", LegacyFreeBusyStatus=_tentative(item))
        found.bag.pop("AppointmentReplyTime", None)
    found.bag["AppointmentState"] = settle.MEETING | settle.RECEIVED
    _save(db, item, found, now)


def _copied(item: Item) -> dict[str, Any]:
    bag = {key: item.bag[key] for key in COPIED if key in item.bag}
    return {**bag, "BodyType": item.bag.get("BodyType", "Text"), "IntendedFreeBusyStatus": _intended(item)}


def _intended(item: Item) -> str:
    return str(item.bag.get("IntendedFreeBusyStatus", "Busy"))


def _tentative(item: Item) -> str:
    return "Free" if _intended(item) == "Free" else "Tentative"


def enter(db: sqlite3.Connection, item: Item, now: datetime) -> Item:
    """Put the appointment that a request is about into its owner's calendar, tentatively."""
    bag = {
        "ItemClass": "IPM.Appointment", **_copied(item), "LegacyFreeBusyStatus": _tentative(item),
        "MyResponseType": "NoResponseReceived", "AppointmentState": settle.MEETING | settle.RECEIVED,
        "MeetingRequestWasSent": True, "LastModifiedName": item.bag.get("LastModifiedName", ""),
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
    to.streams[BODY] = items.stream(db, item, BODY) or b""


def _settled(item: Item, now: datetime) -> None:
    zone = zones.zone_of(item.bag.get("StartTimeZone"))
    settle.settle(item, {"Start", "Recurrence"}, zone, now, creating=not item.id)


def _cancellation(db: sqlite3.Connection, item: Item, known: Item, now: datetime) -> None:
    found = at(db, item, known) if _is_organizers(item, known) else None
    if found is None or item.bag.get(_SEQUENCE, 0) < found.bag.get(_SEQUENCE, 0):
        return
    found.bag.update(
        AppointmentState=settle.MEETING | settle.RECEIVED | settle.CANCELED,
        LegacyFreeBusyStatus="Free",
        Subject=item.bag.get("Subject", ""),
    )
    found.bag[_SEQUENCE] = item.bag.get(_SEQUENCE, 0)
    series.update(db, found, now)


def _response(db: sqlite3.Connection, item: Item, known: Item, now: datetime) -> None:
    item.bag["ResponseType"] = RESPONSES[item.cls]
    found = at(db, item, known)
    if found is None or found.bag.get("AppointmentState", 0) & settle.RECEIVED:
        return
    answer = {"response": RESPONSES[item.cls], "time": iso(now)}
    proposed = {key: item.bag[name] for key, name in (("start", "ProposedStart"), ("end", "ProposedEnd"))
                if name in item.bag}  # fmt: skip
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
