"""DeleteAttachment."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews import attaching
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.operations.get_attachment import ATTACHMENT_ID, check
from exchange_sandbox.ews.xml import Element, children, listed
from exchange_sandbox.store import items
from exchange_sandbox.store.schema import Key

NAME = "DeleteAttachment"


def answer(call: Call, request: Element) -> Element:
    """Take attachments off their items; the answer has each item's new change key."""
    found = children(request, "m:AttachmentIds")

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item, way = call.attachment(db, element)
            attaching.remove(db, item, way)
            item.bag[Key.MODIFIED_BY] = call.user.name
            items.update(db, item, call.now, touched={Key.ATTACHMENTS})
            number, key = call.reader(db).item_id(item)
            root = box("m:RootItemId")
            root.set("RootItemId", number)
            root.set("RootItemChangeKey", key)
            return [root]

    return call.each(listed(found["AttachmentIds"], ATTACHMENT_ID), one, check=check)
