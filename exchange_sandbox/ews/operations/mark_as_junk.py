"""MarkAsJunk."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews.call import Call, box, flag
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.operations.get_item import ITEM_IDS
from exchange_sandbox.ews.xml import Element, attributes, children, listed
from exchange_sandbox.store import folders, items, kept
from exchange_sandbox.store.schema import Key

NAME = "MarkAsJunk"


def answer(call: Call, request: Element) -> Element:
    """Block the senders of mail, or no longer, and with MoveItem put it into Junk Email, or back into the
    inbox. From a blocked sender mail goes to Junk Email."""
    values = attributes(request, ("IsJunk", "MoveItem"))
    junk, moving = flag(values, "IsJunk"), flag(values, "MoveItem")
    found = children(request, "m:ItemIds")

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item, _ = call.item(db, element)
            if Key.IS_READ not in item.bag:
                raise EwsError("ErrorInvalidOperation", "Only a message can be junk.")
            sender = (item.bag.get(Key.FROM) or item.bag.get(Key.SENDER) or {}).get("address")
            if sender and sender.lower() != call.user.address:
                kept.block(db, call.user.id, sender, blocked=junk)
            target = folders.distinguished(db, call.user.id, "junkemail" if junk else "inbox")
            if not moving or item.folder == target.id:
                return []
            moved = box("m:MovedItemId")
            item_id, change_key = call.reader(db).item_id(items.move(db, item, target.id, call.now))
            moved.set("Id", item_id)
            moved.set("ChangeKey", change_key)
            return [moved]

    return call.each(listed(found["ItemIds"], *ITEM_IDS), one)
