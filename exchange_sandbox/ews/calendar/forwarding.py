"""Replies to appointments, and appointments that are passed on as invitations (EWS ``ForwardItem``, …)."""

from __future__ import annotations

import sqlite3

from exchange_sandbox.calendar import arrival
from exchange_sandbox.ews import replies
from exchange_sandbox.ews.calendar import message
from exchange_sandbox.ews.calendar.message import Letter
from exchange_sandbox.ews.call import Call
from exchange_sandbox.mime import bodies, export
from exchange_sandbox.store.items import Item

_FIELDS = ("ToRecipients", "CcRecipients", "BccRecipients")


def is_ours(kind: str, item: Item) -> bool:
    """Whether this kind of answer to an item is one to an appointment: to the appointment itself, or a
    request for it that is passed on."""
    if "Start" not in item.bag or "End" not in item.bag:
        return False
    return "IsRead" not in item.bag or (kind == "ForwardItem" and item.cls == arrival.REQUEST)


def answer(call: Call, db: sqlite3.Connection, request: replies.Request, original: Item) -> Item:
    """The message that replies to an appointment's organizer, or invites others to it; a draft."""
    if request.kind != "ForwardItem":
        return replies.build(db, request, _as_mail(original), call.user, call.now)
    values = request.values
    subject = values.get("Subject", f"FW: {original.bag.get('Subject', '')}")
    to = {key: list(values[key]) for key in _FIELDS if values.get(key)}
    body = values.get("Body") or _body(db, values.get("NewBodyContent"), original)
    return message.build(call, db, original, Letter("REQUEST", to, body, {"Subject": subject}))


def _body(db: sqlite3.Connection, new: dict[str, str] | None, original: Item) -> dict[str, str]:
    old = {"type": original.bag.get("BodyType", "Text"), "text": export.body_text(db, original)}
    if new is None:
        return old
    return {"type": new["type"], "text": f"{new['text']}\r\n{bodies.converted(old, new['type'])['text']}"}


def _as_mail(item: Item) -> Item:
    """The appointment as the mail that its organizer might have written."""
    bag = {
        **item.bag,
        "IsRead": True,
        "From": item.bag.get("Organizer"),
        "ToRecipients": message.plain(item.bag.get("RequiredAttendees", ())),
        "CcRecipients": message.plain(item.bag.get("OptionalAttendees", ())),
        "DateTimeSent": item.bag.get("DateTimeStamp", ""),
    }
    return Item(item.mailbox, item.folder, bag, id=item.id, streams=dict(item.streams))
