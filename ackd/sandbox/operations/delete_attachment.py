"""DeleteAttachment."""

from __future__ import annotations

from collections.abc import Sequence

from ackd.sandbox import attaching
from ackd.sandbox.call import Call, box
from ackd.sandbox.operations.get_attachment import ATTACHMENT_ID, check
from ackd.sandbox.store import items
from ackd.sandbox.xml import Element, children, listed

NAME = "DeleteAttachment"


def answer(call: Call, request: Element) -> Element:
    """Take attachments off their items; the answer has each item's new change key."""
    found = children(request, "m:AttachmentIds")

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item, way = call.attachment(db, element)
            attaching.remove(db, item, way)
            item.bag["LastModifiedName"] = call.user.name
            items.update(db, item, call.now, touched={"Attachments"})
            number, key = call.reader(db).item_id(item)
            root = box("m:RootItemId")
            root.set("RootItemId", number)
            root.set("RootItemChangeKey", key)
            return [root]

    return call.each(listed(found["AttachmentIds"], ATTACHMENT_ID), one, check=check)
