"""CreateAttachment."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import attaching
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.errors import in_ews
from exchange_sandbox.ews.properties import attachments
from exchange_sandbox.ews.properties.setting import Setting, check_attachment
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.ews.xml import Element, attributes, children, listed, sub
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

NAME = "CreateAttachment"


def answer(call: Call, request: Element) -> Element:
    """Attach files and items to an item, or to an item that is attached to another. Each changes the item,
    and the answer has its new change key."""
    found = children(request, "m:ParentItemId", "m:Attachments")
    parent = found["ParentItemId"]
    attributes(parent, ("Id",), ("ChangeKey",))

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item, way = _parent(call, db, parent)
            about = _attach(call, db, item, way, attachments.parse(element))
            item.bag[Key.MODIFIED_BY] = call.user.name
            items.update(db, item, call.now, touched={Key.ATTACHMENTS})
            reader = call.reader(db)
            number, key = reader.item_id(item)
            created = box("m:Attachments")
            written = sub(created, "t:ItemAttachment" if about["kind"] == "item" else "t:FileAttachment")
            sub(
                written,
                "t:AttachmentId",
                Id=reader.attachment_id(item.mailbox, (item.id, *way, about["part"])),
                RootItemId=number,
                RootItemChangeKey=key,
            )
            return [created]

    def check(element: Element) -> None:
        check_attachment(attachments.parse(element), call.zone)

    return call.each(
        listed(found["Attachments"], *attachments.ELEMENTS), one, empty={"m:Attachments": None}, check=check
    )


def _parent(call: Call, db: sqlite3.Connection, element: Element) -> tuple[Item, tuple[int, ...]]:
    """The item to attach to and, where that is itself attached to another, the way to it."""
    try:
        return call.attachment(db, element)
    except Refused as failure:
        error = in_ews(failure)
        if error.code != "ErrorInvalidAttachmentId":
            raise
    return call.item(db, element)[0], ()


def _attach(
    call: Call, db: sqlite3.Connection, item: Item, way: tuple[int, ...], given: attachments.Given
) -> dict[str, Any]:
    def attach(parent: Item) -> dict[str, Any]:
        return Setting(db, parent, type_of(parent.cls), call.zone, call.now).attach(given)

    return attaching.edit(db, item, way, attach)
