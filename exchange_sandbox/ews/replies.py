"""Reply, reply to all and forward: a new message out of the one that it answers."""

from __future__ import annotations

import html
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from exchange_sandbox.clock import iso
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import compound, kinds
from exchange_sandbox.ews.properties.keys import KEYS
from exchange_sandbox.ews.xml import Element, children
from exchange_sandbox.mime import bodies, embedded, export
from exchange_sandbox.mime.read import topic
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import BodyType, Key, Stream, by_tag
from exchange_sandbox.transport.transport import index_after

_LAST_VERB = by_tag(0x1081, "Integer")  # PidTagLastVerbExecuted, MS-OXOMSG 2.2.1.17
_LAST_VERB_TIME = by_tag(0x1082, "SystemTime")
_ICON = by_tag(0x1080, "Integer")
_PARTS = (
    "t:ItemClass?",
    "t:Subject?",
    "t:Body?",
    "t:ToRecipients?",
    "t:CcRecipients?",
    "t:BccRecipients?",
    "t:IsReadReceiptRequested?",
    "t:IsDeliveryReceiptRequested?",
    "t:From?",
    "t:ReferenceItemId?",
    "t:NewBodyContent?",
    "t:ReceivedBy?",
    "t:ReceivedRepresenting?",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A kind of answer: what its subject begins with, the verb and the icon that mark the original."""

    prefix: str
    verb: int
    icon: int


ANSWERS = {
    "ReplyToItem": Answer("RE: ", 102, 261),
    "ReplyAllToItem": Answer("RE: ", 103, 261),
    "ForwardItem": Answer("FW: ", 104, 262),
    "PostReplyItem": Answer("RE: ", 102, 261),
}


@dataclass(frozen=True, slots=True)
class Request:
    """A reply, a forward or a response to a meeting as it was asked for; ``values`` by key, what no item
    has by element; without a ``reference`` the caller knows what it is about."""

    kind: str
    values: dict[str, Any]
    reference: Element | None = None


def parse(element: Element, kind: str) -> Request:
    """Read a response object; raises SchemaViolation, ErrorMissingInformationReferenceItemId."""
    found = children(element, *_PARTS)
    readers: dict[str, kinds.Kind] = {
        "Subject": kinds.Text(),
        "Body": compound.Body(),
        "NewBodyContent": compound.Body(),
        "From": compound.Recipient(),
        "ToRecipients": compound.Recipients(),
        "CcRecipients": compound.Recipients(),
        "BccRecipients": compound.Recipients(),
        "IsReadReceiptRequested": kinds.Boolean(),
        "IsDeliveryReceiptRequested": kinds.Boolean(),
    }
    values = {
        KEYS.get(name, name): readers[name].parse(child, UTC)
        for name, child in found.items()
        if name in readers
    }
    return Request(kind, values, _given(found))


def reference(element: Element) -> Element:
    """The ReferenceItemId of a response object that has nothing else; raises as :func:`parse` does."""
    return _given(children(element, "t:ReferenceItemId?"))


def _given(found: dict[str, Element]) -> Element:
    if "ReferenceItemId" not in found:
        raise EwsError("ErrorMissingInformationReferenceItemId", "The item to answer is missing.")
    return found["ReferenceItemId"]


def build(db: sqlite3.Connection, request: Request, original: Item, me: Mailbox, now: datetime) -> Item:
    """The new message, a draft not yet saved; raises ErrorInvalidReferenceItem if the original is no mail."""
    is_post = request.kind == "PostReplyItem"
    if Key.IS_READ not in original.bag or (is_post and not original.cls.startswith("IPM.Post")):
        raise EwsError("ErrorInvalidReferenceItem", "Only a message can be answered or forwarded.")
    values, old = request.values, original.bag
    subject = f"{ANSWERS[request.kind].prefix}{topic(old.get(Key.SUBJECT, ''))}"
    bag: dict[str, Any] = {
        Key.ITEM_CLASS: "IPM.Post" if is_post else "IPM.Note",
        Key.SUBJECT: values.get(Key.SUBJECT, subject),
        Key.CONVERSATION_TOPIC: old.get(Key.CONVERSATION_TOPIC, topic(old.get(Key.SUBJECT, ""))),
        Key.CONVERSATION_INDEX: index_after(old.get(Key.CONVERSATION_INDEX), now),
        Key.CONVERSATION: old.get(Key.CONVERSATION),
        Key.IS_READ: False,
        Key.IS_DRAFT: not is_post,
    }
    if request.kind not in ("ForwardItem", "PostReplyItem"):
        bag.update(_recipients(request.kind, old, me))
    if old.get(Key.MESSAGE_ID):
        bag[Key.IN_REPLY_TO] = old[Key.MESSAGE_ID]
        bag[Key.REFERENCES] = (
            f"{old.get(Key.REFERENCES) or old.get(Key.IN_REPLY_TO, '')} {old[Key.MESSAGE_ID]}".strip()
        )
    bag |= {key: value for key, value in values.items() if key not in (Stream.BODY, "NewBodyContent")}
    item = Item(me.id, 0, bag)
    body = values.get(Stream.BODY) or _body(db, values.get("NewBodyContent"), original)
    bag[Key.BODY_TYPE] = body["type"]
    item.streams[Stream.BODY] = body["text"].encode("utf-8", "replace")
    if request.kind == "ForwardItem":
        _attach(db, item, original)
    return item


def _recipients(kind: str, old: dict[str, Any], me: Mailbox) -> dict[str, Any]:
    to = list(old.get(Key.REPLY_TO) or [old[key] for key in (Key.FROM,) if old.get(key)])
    if kind == "ReplyToItem":
        return {Key.TO: to}
    seen = {me.address, *(one["address"].lower() for one in to)}
    also = [one for one in old.get(Key.TO, ()) if one["address"].lower() not in seen]
    copied = [one for one in old.get(Key.CC, ()) if one["address"].lower() not in seen]
    return {Key.TO: to + also, Key.CC: copied}


def _body(db: sqlite3.Connection, new: dict[str, str] | None, original: Item) -> dict[str, str]:
    """The new text above the quoted original."""
    new = new or {"type": original.bag.get(Key.BODY_TYPE, BodyType.TEXT), "text": ""}
    old = {"type": original.bag.get(Key.BODY_TYPE, BodyType.TEXT), "text": export.body_text(db, original)}
    head = _quote_head(original.bag)
    if new["type"] == BodyType.HTML:
        quoted = bodies.converted(old, BodyType.HTML)["text"]
        lines = "<br>\r\n".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in head)
        return {
            "type": BodyType.HTML,
            "text": f"{new['text']}\r\n<hr>\r\n<div>{lines}</div>\r\n<br>\r\n{quoted}",
        }
    quoted = bodies.converted(old, BodyType.TEXT)["text"]
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    return {"type": BodyType.TEXT, "text": f"{new['text']}\r\n\r\n{'_' * 32}\r\n{lines}\r\n{quoted}"}


def _quote_head(old: dict[str, Any]) -> list[tuple[str, str]]:
    author = old.get(Key.FROM) or {"name": "", "address": ""}
    return [
        ("From", f"{author['name']} <{author['address']}>"),
        ("Sent", old.get(Key.SENT, "")[:16].replace("T", " ")),
        ("To", "; ".join(one["name"] for one in old.get(Key.TO, ()))),
        ("Subject", old.get(Key.SUBJECT, "")),
    ]


def _attach(db: sqlite3.Connection, item: Item, original: Item) -> None:
    attached = export.attached(db, original)
    item.bag[Key.ATTACHMENTS] = [about for about, _ in attached]
    item.streams |= {embedded.stream_name(about): data for about, data in attached}


def mark(db: sqlite3.Connection, request: Request, original: Item, now: datetime) -> None:
    """Remember on the original that it was answered: after the answer was sent."""
    answer = ANSWERS[request.kind]
    original.bag |= {_LAST_VERB: answer.verb, _LAST_VERB_TIME: iso(now), _ICON: answer.icon}
    items.update(db, original, now)
