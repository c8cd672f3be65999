"""CreateAttachment."""

from __future__ import annotations

from collections.abc import Sequence

from ackd.sandbox import ids
from ackd.sandbox.call import Call, box
from ackd.sandbox.properties import attachments
from ackd.sandbox.properties.setting import Setting, check_attachment
from ackd.sandbox.properties.types import type_of
from ackd.sandbox.store import items
from ackd.sandbox.xml import Element, attributes, children, listed, sub

NAME = "CreateAttachment"


def answer(call: Call, request: Element) -> Element:
    """Attach files and items to an item; each attachment changes the item, and the answer has its new change
    key."""
    found = children(request, "m:ParentItemId", "m:Attachments")
    parent = found["ParentItemId"]
    attributes(parent, ("Id",), ("ChangeKey",))

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item, _ = call.item(db, parent)
            setting = Setting(db, item, type_of(item.cls), call.zone, call.now)
            about = setting.attach(attachments.parse(element))
            item.bag["LastModifiedName"] = call.user.name
            items.update(db, item, call.now, touched={"Attachments"})
            number, key = call.reader(db).item_id(item)
            created = box("m:Attachments")
            written = sub(created, "t:ItemAttachment" if about["Kind"] == "item" else "t:FileAttachment")
            sub(
                written,
                "t:AttachmentId",
                Id=ids.encode_attachment(call.store.guid, item.mailbox, (item.id, about["Part"])),
                RootItemId=number,
                RootItemChangeKey=key,
            )
            return [created]

    def check(element: Element) -> None:
        check_attachment(attachments.parse(element), call.zone)

    return call.each(
        listed(found["Attachments"], *attachments.ELEMENTS), one, empty={"m:Attachments": None}, check=check
    )
