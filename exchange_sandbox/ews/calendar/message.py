"""The messages of meetings: requests, cancellations and responses, as mail with a calendar in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from exchange_sandbox.calendar import appointments, ical, series
from exchange_sandbox.clock import iso
from exchange_sandbox.ews.call import Call
from exchange_sandbox.mime import export, write
from exchange_sandbox.mime import headers as h
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.transport import outbox

CLASSES = {
    "REQUEST": "IPM.Schedule.Meeting.Request",
    "CANCEL": "IPM.Schedule.Meeting.Canceled",
    "Accept": "IPM.Schedule.Meeting.Resp.Pos",
    "Tentative": "IPM.Schedule.Meeting.Resp.Tent",
    "Decline": "IPM.Schedule.Meeting.Resp.Neg",
}
PREFIXES = {
    "CANCEL": "Canceled: ",
    "Accept": "Accepted: ",
    "Tentative": "Tentative: ",
    "Decline": "Declined: ",
}
_FIELDS = {
    "RequiredAttendees": "ToRecipients",
    "OptionalAttendees": "CcRecipients",
    "Resources": "BccRecipients",
}
# what a message says of its appointment
ABOUT = (
    "UID", "RecurrenceId", "DateTimeStamp", "Start", "End", "OriginalStart", "IsAllDayEvent", "Location",
    "When", "Organizer", *appointments.ATTENDEES, "AppointmentSequenceNumber", "Recurrence", series.DELETED,
    "StartTimeZone", "EndTimeZone", "AllowNewTimeProposal", "IsResponseRequested", "Importance",
    "Sensitivity", "ReminderIsSet", "ReminderMinutesBeforeStart",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """A message about an appointment: its kind (a method, or a response's word), its body if it has one of
    its own, and what else it carries; ``to`` are recipients by the field in which they stand."""

    kind: str
    to: dict[str, list[dict[str, str]]]
    body: dict[str, str] | None = None
    more: dict[str, Any] | None = None

    @property
    def method(self) -> str:
        """The method of its calendar object (RFC 5546)."""
        if self.kind in ("REQUEST", "CANCEL"):
            return self.kind
        return "COUNTER" if self.more and "ProposedStart" in self.more else "REPLY"


def to_attendees(people: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """Attendees as the recipients of a message."""
    return {_FIELDS[name]: plain(some) for name, some in people.items() if some}


def plain(people: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """People without what they answered."""
    return [_mailbox(one) for one in people]


def _mailbox(one: dict[str, str]) -> dict[str, str]:
    return {"name": one["name"], "address": one["address"]}


def build(call: Call, db: sqlite3.Connection, appointment: Item, letter: Letter) -> Item:
    """The message, a draft that is in no folder yet."""
    old = appointment.bag
    me = {"name": call.user.name, "address": call.user.address}
    body = letter.body or {"type": old.get("BodyType", "Text"), "text": ""}
    if letter.body is None and letter.kind in ("REQUEST", "CANCEL"):
        body["text"] = export.body_text(db, appointment)
    about = {key: old[key] for key in ABOUT if key in old}
    state = {"REQUEST": 3, "CANCEL": 7}.get(letter.kind, 0)
    bag: dict[str, Any] = {
        **about, **letter.to, "From": me, "Sender": me,
        "ItemClass": CLASSES[letter.kind], "Subject": PREFIXES.get(letter.kind, "") + old.get("Subject", ""),
        "IsDraft": True, "IsRead": False, "BodyType": body["type"], "AppointmentState": state,
        "DateTimeStamp": iso(call.now), "LastModifiedName": call.user.name, **(letter.more or {}),
    }  # fmt: skip
    if letter.kind == "REQUEST":
        bag["IntendedFreeBusyStatus"] = old.get("IntendedFreeBusyStatus") or old.get(
            "LegacyFreeBusyStatus", "Busy"
        )
    elif letter.kind != "CANCEL":
        bag["ResponseType"] = letter.kind
    item = Item(call.user.id, 0, bag)
    item.streams[items.BODY] = body["text"].encode("utf-8", "replace")
    outbox.prepare(db, item, call.user, call.now)
    item.streams[items.MIME] = _mime(item, body, _calendar(old, bag, letter, me), letter.method)
    return item


def _calendar(old: dict[str, Any], bag: dict[str, Any], letter: Letter, me: dict[str, str]) -> bytes:
    """The calendar object: a response tells of nobody but who responds, a counter proposal of its times."""
    shown = {**old, **bag, "Subject": old.get("Subject", "") if letter.kind == "REQUEST" else bag["Subject"]}
    if letter.kind not in ("REQUEST", "CANCEL"):
        shown = {
            key: value for key, value in shown.items() if key not in (*appointments.ATTENDEES, "Recurrence")
        }
        shown["RequiredAttendees"] = [{**me, "response": letter.kind}]
        shown |= {
            key.removeprefix("Proposed"): bag[key] for key in ("ProposedStart", "ProposedEnd") if key in bag
        }
    return ical.document(shown, letter.method)


def _mime(item: Item, body: dict[str, str], calendar: bytes, method: str) -> bytes:
    content, data = write.meeting_entity(body["type"], body["text"], calendar, method)
    moment = {"DateTimeCreated": item.bag["DateTimeSent"]}
    return h.join([*write.made_headers({**moment, **item.bag}, for_owner=True), *content], data)


def send(
    call: Call,
    db: sqlite3.Connection,
    appointment: Item,
    letter: Letter,
    *,
    keep: bool,
    target: int | None = None,
) -> Item:
    """Send a message, and keep a copy among the sent items (or in ``target``) where one is wanted."""
    item = build(call, db, appointment, letter)
    call.transport(db).submit(call.user, item)
    if keep:
        place = (
            folders.distinguished(db, call.user.id, "sentitems")
            if target is None
            else folders.get(db, target)
        )
        outbox.keep_copy(db, item, place, call.now, call.hook.keeps_copy())
    return item
