"""The messages of meetings: requests, cancellations and responses, as mail with a calendar in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from exchange_sandbox.calendar import appointments, ical
from exchange_sandbox.clock import iso
from exchange_sandbox.mime import export, write
from exchange_sandbox.mime import headers as h
from exchange_sandbox.store import folders
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import BodyType, BusyStatus, Key, Response, Stream
from exchange_sandbox.transport import outbox
from exchange_sandbox.transport.transport import Transport

CLASSES: dict[str, str] = {
    "REQUEST": "IPM.Schedule.Meeting.Request",
    "CANCEL": "IPM.Schedule.Meeting.Canceled",
    Response.ACCEPTED: "IPM.Schedule.Meeting.Resp.Pos",
    Response.TENTATIVE: "IPM.Schedule.Meeting.Resp.Tent",
    Response.DECLINED: "IPM.Schedule.Meeting.Resp.Neg",
}
PREFIXES: dict[str, str] = {
    "CANCEL": "Canceled: ",
    Response.ACCEPTED: "Accepted: ",
    Response.TENTATIVE: "Tentative: ",
    Response.DECLINED: "Declined: ",
}
_FIELDS: dict[str, Key] = {
    Key.REQUIRED_ATTENDEES: Key.TO,
    Key.OPTIONAL_ATTENDEES: Key.CC,
    Key.RESOURCES: Key.BCC,
}
People = dict[str, list[dict[str, str]]]  # by the key under which they stand
# what a message says of its appointment
ABOUT = (
    Key.UID, Key.RECURRENCE_ID, Key.STAMPED, Key.START, Key.END, Key.ORIGINAL_START, Key.IS_ALL_DAY,
    Key.LOCATION, Key.WHEN, Key.ORGANIZER, *appointments.ATTENDEES, Key.SEQUENCE, Key.RECURRENCE, Key.DELETED,
    Key.START_TIME_ZONE, Key.END_TIME_ZONE, Key.ALLOWS_NEW_TIMES, Key.WANTS_RESPONSE, Key.IMPORTANCE,
    Key.SENSITIVITY, Key.HAS_REMINDER, Key.REMINDER_MINUTES,
)  # fmt: skip


class _Hook(Protocol):
    def keeps_copy(self) -> float | None: ...


class Caller(Protocol):
    """Who does something with a meeting: a call of either face."""

    @property
    def user(self) -> Mailbox:
        """Whose calendar it is."""

    @property
    def now(self) -> datetime:
        """When it is done."""

    @property
    def hook(self) -> _Hook:
        """What goes wrong on purpose."""

    def transport(self, db: sqlite3.Connection) -> Transport:
        """What takes the messages."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message about an appointment: its kind (a method, or a Response), its body if it has one of
    its own, and what else it carries; ``to`` are its recipients."""

    kind: str
    to: People
    body: dict[str, str] | None = None
    more: dict[str, Any] | None = None

    @property
    def method(self) -> str:
        """The method of its calendar object (RFC 5546)."""
        if self.kind in ("REQUEST", "CANCEL"):
            return self.kind
        return "COUNTER" if self.more and Key.PROPOSED_START in self.more else "REPLY"


def to_attendees(people: People) -> People:
    """Attendees as the recipients of a message."""
    return {_FIELDS[name]: plain(some) for name, some in people.items() if some}


def plain(people: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """People without what they answered."""
    return [_mailbox(one) for one in people]


def _mailbox(one: dict[str, str]) -> dict[str, str]:
    return {"name": one["name"], "address": one["address"]}


def build(call: Caller, db: sqlite3.Connection, appointment: Item, letter: Letter) -> Item:
    """The message, a draft that is in no folder yet."""
    old = appointment.bag
    me = {"name": call.user.name, "address": call.user.address}
    body = letter.body or {"type": old.get(Key.BODY_TYPE, BodyType.TEXT), "text": ""}
    if letter.body is None and letter.kind in ("REQUEST", "CANCEL"):
        body["text"] = export.body_text(db, appointment)
    about: dict[str, Any] = {key: old[key] for key in ABOUT if key in old}
    state = {"REQUEST": 3, "CANCEL": 7}.get(letter.kind, 0)
    subject = PREFIXES.get(letter.kind, "") + old.get(Key.SUBJECT, "")
    bag: dict[str, Any] = {
        **about, **letter.to, Key.FROM: me, Key.SENDER: me,
        Key.ITEM_CLASS: CLASSES[letter.kind], Key.SUBJECT: subject,
        Key.IS_DRAFT: True, Key.IS_READ: False, Key.BODY_TYPE: body["type"], Key.MEETING_STATE: state,
        Key.STAMPED: iso(call.now), Key.MODIFIED_BY: call.user.name, **(letter.more or {}),
    }  # fmt: skip
    if letter.kind == "REQUEST":
        bag[Key.INTENDED_BUSY_STATUS] = old.get(Key.INTENDED_BUSY_STATUS) or old.get(
            Key.BUSY_STATUS, BusyStatus.BUSY
        )
    elif letter.kind != "CANCEL":
        bag[Key.RESPONSE] = letter.kind
    item = Item(call.user.id, 0, bag)
    item.streams[Stream.BODY] = body["text"].encode("utf-8", "replace")
    outbox.prepare(db, item, call.user, call.now)
    item.streams[Stream.MIME] = _mime(item, body, _calendar(old, bag, letter, me), letter.method)
    return item


def _calendar(old: dict[str, Any], bag: dict[str, Any], letter: Letter, me: dict[str, str]) -> bytes:
    """The calendar object: a response tells of nobody but who responds, a counter proposal of its times."""
    subject = old.get(Key.SUBJECT, "") if letter.kind == "REQUEST" else bag[Key.SUBJECT]
    shown = {**old, **bag, Key.SUBJECT: subject}
    if letter.kind not in ("REQUEST", "CANCEL"):
        shown = {
            key: value for key, value in shown.items() if key not in (*appointments.ATTENDEES, Key.RECURRENCE)
        }
        shown[Key.REQUIRED_ATTENDEES] = [{**me, "response": letter.kind}]
        times = ((Key.START, Key.PROPOSED_START), (Key.END, Key.PROPOSED_END))
        shown |= {key: bag[proposed] for key, proposed in times if proposed in bag}
    return ical.document(shown, letter.method)


def _mime(item: Item, body: dict[str, str], calendar: bytes, method: str) -> bytes:
    content, data = write.meeting_entity(body["type"], body["text"], calendar, method)
    moment: dict[str, Any] = {Key.CREATED: item.bag[Key.SENT]}
    return h.join([*write.made_headers({**moment, **item.bag}, for_owner=True), *content], data)


def send(
    call: Caller,
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
