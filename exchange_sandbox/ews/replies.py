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
from exchange_sandbox.ews.properties.extended import by_tag
from exchange_sandbox.ews.xml import Element, children
from exchange_sandbox.mime import bodies, export
from exchange_sandbox.mime.read import topic
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
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
    """A reply, a forward or a response to a meeting as it was asked for."""

    kind: str
    values: dict[str, Any]
    reference: Element


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
    values = {name: readers[name].parse(child, UTC) for name, child in found.items() if name in readers}
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
    if "IsRead" not in original.bag or (is_post and not original.cls.startswith("IPM.Post")):
        raise EwsError("ErrorInvalidReferenceItem", "Only a message can be answered or forwarded.")
    values, old = request.values, original.bag
    subject = f"{ANSWERS[request.kind].prefix}{topic(old.get('Subject', ''))}"
    bag: dict[str, Any] = {
        "ItemClass": "IPM.Post" if is_post else "IPM.Note",
        "Subject": values.get("Subject", subject),
        "ConversationTopic": old.get("ConversationTopic", topic(old.get("Subject", ""))),
        "ConversationIndex": index_after(old.get("ConversationIndex"), now),
        "ConversationGuid": old.get("ConversationGuid"),
        "IsRead": False,
        "IsDraft": not is_post,
    }
    if request.kind not in ("ForwardItem", "PostReplyItem"):
        bag.update(_recipients(request.kind, old, me))
    if old.get("InternetMessageId"):
        bag["InReplyTo"] = old["InternetMessageId"]
        bag["References"] = (
            f"{old.get('References') or old.get('InReplyTo', '')} {old['InternetMessageId']}".strip()
        )
    bag |= {name: value for name, value in values.items() if name not in ("Body", "NewBodyContent")}
    item = Item(me.id, 0, bag)
    body = values.get("Body") or _body(db, values.get("NewBodyContent"), original)
    bag["BodyType"] = body["type"]
    item.streams[items.BODY] = body["text"].encode("utf-8", "replace")
    if request.kind == "ForwardItem":
        _attach(db, item, original)
    return item


def _recipients(kind: str, old: dict[str, Any], me: Mailbox) -> dict[str, Any]:
    to = list(old.get("ReplyTo") or [old[key] for key in ("From",) if old.get(key)])
    if kind == "ReplyToItem":
        return {"ToRecipients": to}
    seen = {me.address, *(one["address"].lower() for one in to)}
    also = [one for one in old.get("ToRecipients", ()) if one["address"].lower() not in seen]
    copied = [one for one in old.get("CcRecipients", ()) if one["address"].lower() not in seen]
    return {"ToRecipients": to + also, "CcRecipients": copied}


def _body(db: sqlite3.Connection, new: dict[str, str] | None, original: Item) -> dict[str, str]:
    """The new text above the quoted original."""
    new = new or {"type": original.bag.get("BodyType", "Text"), "text": ""}
    old = {"type": original.bag.get("BodyType", "Text"), "text": export.body_text(db, original)}
    head = _quote_head(original.bag)
    if new["type"] == "HTML":
        quoted = bodies.converted(old, "HTML")["text"]
        lines = "<br>\r\n".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in head)
        return {"type": "HTML", "text": f"{new['text']}\r\n<hr>\r\n<div>{lines}</div>\r\n<br>\r\n{quoted}"}
    quoted = bodies.converted(old, "Text")["text"]
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    return {"type": "Text", "text": f"{new['text']}\r\n\r\n{'_' * 32}\r\n{lines}\r\n{quoted}"}


def _quote_head(old: dict[str, Any]) -> list[tuple[str, str]]:
    author = old.get("From") or {"name": "", "address": ""}
    return [
        ("From", f"{author['name']} <{author['address']}>"),
        ("Sent", old.get("DateTimeSent", "")[:16].replace("T", " ")),
        ("To", "; ".join(one["name"] for one in old.get("ToRecipients", ()))),
        ("Subject", old.get("Subject", "")),
    ]


def _attach(db: sqlite3.Connection, item: Item, original: Item) -> None:
    attached = export.attached(db, original)
    item.bag["Attachments"] = [about for about, _ in attached]
    item.streams |= {f"Attachment/{about['Part']}": data for about, data in attached}


def mark(db: sqlite3.Connection, request: Request, original: Item, now: datetime) -> None:
    """Remember on the original that it was answered: after the answer was sent."""
    answer = ANSWERS[request.kind]
    original.bag |= {_LAST_VERB: answer.verb, _LAST_VERB_TIME: iso(now), _ICON: answer.icon}
    items.update(db, original, now)
