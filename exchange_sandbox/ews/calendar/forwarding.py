"""Replies to appointments, and appointments that are passed on as invitations (EWS ``ForwardItem``, …)."""

from __future__ import annotations

import sqlite3

from exchange_sandbox.calendar import arrival
from exchange_sandbox.ews import replies
from exchange_sandbox.ews.calendar import message
from exchange_sandbox.ews.calendar.message import Caller, Letter
from exchange_sandbox.mime import bodies, export
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, Key, Stream

_FIELDS = (Key.TO, Key.CC, Key.BCC)


def is_ours(kind: str, item: Item) -> bool:
    """Whether this kind of answer to an item is one to an appointment: to the appointment itself, or a
    request for it that is passed on."""
    if Key.START not in item.bag or Key.END not in item.bag:
        return False
    return Key.IS_READ not in item.bag or (kind == "ForwardItem" and item.cls == arrival.REQUEST)


def answer(call: Caller, db: sqlite3.Connection, request: replies.Request, original: Item) -> Item:
    """The message that replies to an appointment's organizer, or invites others to it; a draft."""
    if request.kind != "ForwardItem":
        return replies.build(db, request, _as_mail(original), call.user, call.now)
    values = request.values
    subject = values.get(Key.SUBJECT, f"FW: {original.bag.get(Key.SUBJECT, '')}")
    to: message.People = {key: list(values[key]) for key in _FIELDS if values.get(key)}
    body = values.get(Stream.BODY) or _body(db, values.get("NewBodyContent"), original)
    return message.build(call, db, original, Letter("REQUEST", to, body, {Key.SUBJECT: subject}))


def _body(db: sqlite3.Connection, new: dict[str, str] | None, original: Item) -> dict[str, str]:
    old = {"type": original.bag.get(Key.BODY_TYPE, BodyType.TEXT), "text": export.body_text(db, original)}
    if new is None:
        return old
    return {"type": new["type"], "text": f"{new['text']}\r\n{bodies.converted(old, new['type'])['text']}"}


def _as_mail(item: Item) -> Item:
    """The appointment as the mail that its organizer might have written."""
    bag = {
        **item.bag,
        Key.IS_READ: True,
        Key.FROM: item.bag.get(Key.ORGANIZER),
        Key.TO: message.plain(item.bag.get(Key.REQUIRED_ATTENDEES, ())),
        Key.CC: message.plain(item.bag.get(Key.OPTIONAL_ATTENDEES, ())),
        Key.SENT: item.bag.get(Key.STAMPED, ""),
    }
    return Item(item.mailbox, item.folder, bag, id=item.id, streams=dict(item.streams))
