"""GetAttachment."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Sequence

from exchange_sandbox.ews import attaching
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.properties import attachments, shape
from exchange_sandbox.ews.properties.shape import Shape
from exchange_sandbox.ews.xml import Element, attributes, children, listed, sub
from exchange_sandbox.store.items import Item

NAME = "GetAttachment"
ATTACHMENT_ID = "t:AttachmentId"


def answer(call: Call, request: Element) -> Element:
    """Give the content of attachments: of files their bytes, of items their properties."""
    found = children(request, "m:AttachmentShape?", "m:AttachmentIds")
    wanted_shape = shape.parse_attachment(found.get("AttachmentShape"))
    with call.store.read() as db:

        def one(element: Element) -> Sequence[Element]:
            wanted = wanted_shape()
            item, way = call.attachment(db, element)
            given = box("m:Attachments")
            _write(call, db, given, wanted, item, way)
            return [given]

        return call.each(
            listed(found["AttachmentIds"], ATTACHMENT_ID), one, empty={"m:Attachments": None}, check=check
        )


def check(element: Element) -> None:
    """Check the element of an attachment's id by the schema; clients send back what they were given."""
    attributes(element, ("Id",), ("RootItemId", "RootItemChangeKey"))


def _write(
    call: Call, db: sqlite3.Connection, parent: Element, wanted: Shape, item: Item, way: tuple[int, ...]
) -> None:
    about, data = attaching.find(db, item, way)
    reader = call.shape_reader(db, wanted)
    number = reader.attachment_id(item.mailbox, (item.id, *way))
    written = attachments.emit(parent, {**about, "id": number}, reader.style)
    if about["kind"] == "item":
        wanted.write(written, attaching.opened(item, way, about, data), reader)
    else:
        sub(written, "t:Content", base64.b64encode(data).decode())
