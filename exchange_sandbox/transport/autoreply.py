"""Automatic replies while somebody is out of office: to whom, and what they look like.

Exchange answers a sender once an absence, never what came through a list, and nothing that says that it is
automatic or wants no out-of-office answer (MS-OXWOOF, MS-OXORULE 2.2.4, RFC 3834 section 2).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from exchange_sandbox.mime import headers as h
from exchange_sandbox.mime import read as mime_read
from exchange_sandbox.mime import write
from exchange_sandbox.store import items, oof
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.oof import Audience, OofSettings
from exchange_sandbox.store.schema import AUTO_FORWARDED, SUPPRESS, BodyType, Key

#: The class of an automatic reply in a mailbox of the same organisation.
ITEM_CLASS = "IPM.Note.Rules.OofTemplate.Microsoft"
GENERATED = "Mailbox Rules Agent"

_SUPPRESSED = mime_read.SUPPRESS_NAMES["OOF"]
_BULK = ("bulk", "list", "junk")
_LIST_HEADERS = ("list-id", "list-help", "list-subscribe", "list-unsubscribe", "list-post", "list-owner")
_LOOPS = ("x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source")


@dataclass(frozen=True, slots=True)
class Reply:
    """An automatic reply on its way: the address it goes to, and the mail."""

    to: str
    raw: bytes


def reply_to(
    db: sqlite3.Connection, owner: Mailbox, item: Item, raw: bytes, now: datetime, message_id: str
) -> Reply | None:
    """The automatic reply to a mail that just reached the owner's inbox, or None; ``message_id`` is what the
    reply gets."""
    settings = oof.read(db, owner.id, now)
    if not settings.is_on(now):
        return None
    found, _ = h.split(raw)
    sender = _sender(found)
    if not sender or sender == owner.address or not _wants_answer(item, found):
        return None
    text = _text(db, owner, settings, found, sender)
    if not text.strip() or not oof.is_news(db, owner.id, sender):
        return None
    return Reply(sender, _mail(owner, item, sender, text, now, message_id))


def _sender(found: h.Headers) -> str:
    """Where answers of robots go: the envelope's sender; none to a null one."""
    path = h.first(found, "Return-Path")
    if path is not None:
        return path.strip().strip("<>").strip().lower()
    author = h.addresses(h.every(found, "From"))
    return author[0]["address"].lower() if author else ""


def _wants_answer(item: Item, found: h.Headers) -> bool:
    if item.cls.startswith(("REPORT.", "IPM.Note.Rules.", "IPM.Recall.", "IPM.Schedule.Meeting.Resp.")):
        return False
    if int(item.bag.get(SUPPRESS, 0)) & _SUPPRESSED or item.bag.get(AUTO_FORWARDED):
        return False
    names = {name.lower() for name, _ in found}
    if names & {*_LIST_HEADERS, *_LOOPS}:
        return False
    if any(value.split(";")[0].strip().lower() != "no" for value in h.every(found, "Auto-Submitted")):
        return False
    return not any(value.strip().lower() in _BULK for value in h.every(found, "Precedence"))


def _text(
    db: sqlite3.Connection, owner: Mailbox, settings: OofSettings, found: h.Headers, sender: str
) -> str:
    """The text for this sender; "" where they get none."""
    stamps = [value.strip().lower() for value in h.every(found, "X-MS-Exchange-Organization-AuthAs")]
    if stamps == ["internal"]:
        return settings.internal
    is_known = settings.audience == Audience.KNOWN and _is_contact(db, owner, sender)
    return settings.external if settings.audience == Audience.ALL or is_known else ""


def _is_contact(db: sqlite3.Connection, owner: Mailbox, sender: str) -> bool:
    """Whether the sender is among the owner's contacts."""
    rows = db.execute(
        f"{items.SELECT} WHERE mailbox = ? AND bag LIKE '%\"{Key.EMAILS}\"%'",
        (owner.id,),
    )
    bags = (items.from_row(row).bag for row in rows)
    return any(sender in str(bag.get(Key.EMAILS, "")).lower() for bag in bags)


def _mail(owner: Mailbox, item: Item, sender: str, text: str, now: datetime, message_id: str) -> bytes:
    bag = item.bag
    parent = str(bag.get(Key.MESSAGE_ID, ""))
    about = str(bag.get(Key.SUBJECT, ""))
    author = next((one for one in (bag.get(Key.FROM), bag.get(Key.SENDER)) if one), None)
    is_author = author is not None and author["address"].lower() == sender
    to = author if author is not None and is_author else {"name": sender, "address": sender}
    kind = BodyType.HTML if "<" in text else BodyType.TEXT
    content, body = write.body_entity(kind, text, [])
    found: h.Headers = [
        ("From", h.mailbox_text({"name": owner.name, "address": owner.address})),
        ("To", h.mailbox_text(to)),
        ("Subject", f"Automatic reply: {about}"),
        ("Thread-Topic", bag.get(Key.CONVERSATION_TOPIC) or mime_read.topic(about)),
        ("Date", h.date(now)),
        ("Message-ID", message_id),
        *([("In-Reply-To", parent), ("References", parent)] if parent else []),
        ("X-Auto-Response-Suppress", "All"),
        ("Auto-Submitted", "auto-generated"),
        ("X-MS-Exchange-Inbox-Rules-Loop", owner.address),
        ("X-MS-Exchange-Generated-Message-Source", GENERATED),
        *([("X-MS-Exchange-Parent-Message-Id", parent)] if parent else []),
        *content,
    ]
    return h.join([(name, value) for name, value in found if value], body)
