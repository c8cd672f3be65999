"""Properties of items that their mail says too: once one changes, the mail is written anew."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.mime import embedded, export
from exchange_sandbox.mime import read as mime_read
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import HEADER_PREFIX, SUPPRESS, Key, Stream

IN_MIME: frozenset[str] = frozenset(
    (
        Key.SUBJECT, Key.IMPORTANCE, Key.SENSITIVITY, Key.IN_REPLY_TO, Key.REFERENCES, Key.FROM, Key.SENDER,
        Key.TO, Key.CC, Key.BCC, Key.REPLY_TO, Key.MESSAGE_ID, Key.WANTS_READ_RECEIPT,
        Key.WANTS_DELIVERY_RECEIPT, Key.CONVERSATION_INDEX, SUPPRESS,
    )
)  # fmt: skip


def put(db: sqlite3.Connection, item: Item, key: str, value: Any, *, default: Any = None) -> None:
    """Set a property; ``default`` is what one counts as that isn't there."""
    if says(key) and (item.bag.get(key, default) or None) != (value or None):
        export.make_stale(db, item)
    item.bag[key] = value


def says(key: str) -> bool:
    """Whether a mail says this property."""
    return key in IN_MIME or key.startswith(HEADER_PREFIX)


def put_body(db: sqlite3.Connection, item: Item, body: dict[str, str]) -> None:
    """Set the body: a dict of its ``type`` and its ``text``."""
    export.make_stale(db, item)
    item.bag[Key.BODY_TYPE] = body["type"]
    item.streams[Stream.BODY] = body["text"].encode("utf-8", "replace")


def become(db: sqlite3.Connection, item: Item, raw: bytes, *, creating: bool) -> None:
    """Make the item what a mail says; of an item that was there before, nothing else in it stays."""
    bag, streams = mime_read.read(raw, keep_categories=True)
    attached = export.attached(db, item)
    embedded.restore(bag, streams, embedded.packed(attached), len(attached))
    for about, _ in attached:
        item.streams[embedded.stream_name(about)] = None
    for key in () if creating else (*IN_MIME, Key.ATTACHMENTS):
        item.bag.pop(key, None)
    if not creating:  # it stays what it is: a signed mail in it makes no other kind of item
        bag.pop(Key.ITEM_CLASS)
    item.bag.update(bag)
    item.streams.update(streams)
