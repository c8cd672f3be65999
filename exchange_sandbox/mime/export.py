"""The mail that an item is: its MIME as it came, or written anew once the item was edited."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from exchange_sandbox.mime import bodies, embedded, parts, vcard, write
from exchange_sandbox.mime import headers as h
from exchange_sandbox.mime.embedded import PACKED, stream_name
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, Key, Stream


def headers_of(db: sqlite3.Connection, item: Item) -> h.Headers:
    """The internet headers: those the mail came with, else those it would be sent with."""
    stored = items.stream(db, item, Stream.HEADERS)
    if stored is not None:
        return [(name, value) for name, value in json.loads(stored)]
    return write.made_headers(item.bag, for_owner=True)


def mime_of(db: sqlite3.Connection, item: Item) -> bytes:
    """The item as a mail, for its owner; a contact as a vCard."""
    if item.cls.startswith("IPM.Contact"):
        note = bodies.converted(
            {"type": item.bag.get(Key.BODY_TYPE, BodyType.TEXT), "text": body_text(db, item)}, BodyType.TEXT
        )
        return vcard.write(item.bag, note["text"])
    mime = items.stream(db, item, Stream.MIME)
    if mime is not None:
        return mime
    kept = h.without(headers_of(db, item), *write.MADE, *write.CONTENT)
    made = write.made_headers(item.bag, for_owner=True)
    known = {name.lower() for name, _ in made}
    carried = [_in_mail(db, item, about, data) for about, data in attached(db, item)]
    content, body = write.body_entity(
        item.bag.get(Key.BODY_TYPE, BodyType.TEXT), body_text(db, item), carried
    )
    return h.join([*made, *(one for one in kept if one[0].lower() not in known), *content], body)


def body_text(db: sqlite3.Connection, item: Item) -> str:
    """The body as it is stored."""
    return (items.stream(db, item, Stream.BODY) or b"").decode("utf-8", "replace")


def attached(db: sqlite3.Connection, item: Item) -> list[tuple[dict[str, Any], bytes]]:
    """The attachments: what is known about each, and its bytes."""
    described = item.bag.get(Key.ATTACHMENTS, [])
    if not described:
        return []
    mime = items.stream(db, item, Stream.MIME)
    walked = list(parts.read(mime).walk()) if mime is not None else []
    found = []
    for about in described:
        data = items.stream(db, item, stream_name(about))
        if data is None and about["part"] < len(walked):
            part = walked[about["part"]]
            data = part.body if about["kind"] == "item" else part.content()
        found.append((about, data or b""))
    return found


def _in_mail(
    db: sqlite3.Connection, item: Item, about: dict[str, Any], data: bytes
) -> tuple[dict[str, Any], bytes]:
    """An attachment as a mail can carry it: attached items are mails, contacts are cards (MS-OXCMAIL)."""
    if not about.get(PACKED):
        return about, data
    attached_item = embedded.unpack(about, data, item.mailbox, ())
    if attached_item.cls.startswith("IPM.Contact"):
        about = {**about, "kind": "file", "content_type": "text/directory", "name": f"{about['name']}.vcf"}
    return about, mime_of(db, attached_item)


def make_stale(db: sqlite3.Connection, item: Item) -> None:
    """The item is edited: its MIME no longer says what it is. Attachments that only it held are kept."""
    if items.stream(db, item, Stream.MIME) is None:
        return
    for about, data in attached(db, item):
        item.streams[stream_name(about)] = data
    item.streams[Stream.MIME] = None
