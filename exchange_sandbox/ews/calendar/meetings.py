"""The organizer's side of meetings: invitations, updates and cancellations that follow what is done with an
appointment (EWS ``SendMeetingInvitations``, ``…OrCancellations``, ``SendMeetingCancellations``)."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.calendar.appointments import ATTENDEES
from exchange_sandbox.calendar.settle import CANCELED, MEETING, RECEIVED
from exchange_sandbox.ews.calendar import message
from exchange_sandbox.ews.calendar.message import Caller, Letter, People
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, Response

_SIGNIFICANT = (Key.START, Key.END, Key.RECURRENCE, Key.START_TIME_ZONE)


def organize(call: Caller, item: Item, invitations: str) -> None:
    """Make a new appointment its owner's own, before it is saved."""
    item.bag.setdefault(Key.ORGANIZER, {"name": call.user.name, "address": call.user.address})
    if invitations != "SendToNone" and people(item.bag):
        item.bag[Key.IS_REQUEST_SENT] = True


def invite(call: Caller, db: sqlite3.Connection, item: Item, invitations: str) -> None:
    """Invite to an appointment that was just saved."""
    invited = people(item.bag)
    if invitations != "SendToNone" and invited:
        _send(call, db, item, "REQUEST", invited, invitations)


def people(bag: dict[str, Any]) -> People:
    """Whom an appointment is with, by their role."""
    return {name: bag[name] for name in ATTENDEES if bag.get(name)}


def prepare_update(item: Item, before: dict[str, Any], how: str) -> None:
    """Set what an update that is sent changes in the appointment, before it is saved."""
    if how == "SendToNone" or not _is_own_meeting(item.bag, before):
        return
    bag = item.bag
    bag[Key.SEQUENCE] = bag.get(Key.SEQUENCE, 0) + 1
    bag[Key.IS_REQUEST_SENT] = True
    if any(bag.get(key) != before.get(key) for key in _SIGNIFICANT):
        for name, some in people(bag).items():
            bag[name] = [{"name": one["name"], "address": one["address"]} for one in some]


def send_update(call: Caller, db: sqlite3.Connection, item: Item, before: dict[str, Any], how: str) -> None:
    """Tell attendees of an update that was saved: all or, with …ToChanged, those who were added; and those
    who are invited no more."""
    if how == "SendToNone" or not _is_own_meeting(item.bag, before):
        return
    now, then = people(item.bag), people(before)
    removed = _without(then, now) if before.get(Key.IS_REQUEST_SENT) else {}
    told = _without(now, then) if "ToChanged" in how else now
    if told:
        _send(call, db, item, "REQUEST", told, how)
    if removed:
        _send(call, db, item, "CANCEL", removed, how)


def cancel(
    call: Caller, db: sqlite3.Connection, item: Item, how: str, letter: Letter | None = None
) -> Item | None:
    """Cancel a meeting of the owner's, which is about to be removed; the message that was sent, if there was
    anybody to tell."""
    item.bag[Key.MEETING_STATE] = item.bag.get(Key.MEETING_STATE, 0) | CANCELED
    item.bag[Key.SEQUENCE] = item.bag.get(Key.SEQUENCE, 0) + 1
    told = _without(people(item.bag), {"": [{"address": call.user.address}]})
    if not any(told.values()):
        return None
    more = letter or Letter("CANCEL", {})
    to = {**message.to_attendees(told), **more.to}
    return message.send(call, db, item, Letter("CANCEL", to, more.body), keep=_keeps(how))


def on_delete(call: Caller, db: sqlite3.Connection, item: Item, how: str) -> None:
    """Tell of an appointment that is about to be deleted: the attendees of one's own meeting, the organizer
    of one that is not cancelled."""
    state = item.bag.get(Key.MEETING_STATE, 0)
    if how == "SendToNone" or not state & MEETING or state & CANCELED:
        return
    if not state & RECEIVED:
        cancel(call, db, item, how)
    elif item.bag.get(Key.ORGANIZER):
        letter = Letter(Response.DECLINED, {Key.TO: [item.bag[Key.ORGANIZER]]})
        message.send(call, db, item, letter, keep=_keeps(how))


def _is_own_meeting(bag: dict[str, Any], before: dict[str, Any]) -> bool:
    states = bag.get(Key.MEETING_STATE, 0) | before.get(Key.MEETING_STATE, 0)
    return bool(states & MEETING) and not states & RECEIVED


def _keeps(how: str) -> bool:
    return how.endswith("SaveCopy")


def _without(some: People, others: People) -> People:
    known = {one["address"].lower() for group in others.values() for one in group}
    return {
        name: [one for one in group if one["address"].lower() not in known] for name, group in some.items()
    }


def _send(call: Caller, db: sqlite3.Connection, item: Item, kind: str, to: People, how: str) -> None:
    fields = message.to_attendees(_without(to, {"": [{"address": call.user.address}]}))
    if fields:
        message.send(call, db, item, Letter(kind, fields), keep=_keeps(how))
