"""MarkAllItemsAsRead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.properties.kinds import Boolean
from exchange_sandbox.ews.xml import Element, children, listed
from exchange_sandbox.store import items, trees
from exchange_sandbox.store.schema import Key

NAME = "MarkAllItemsAsRead"


def answer(call: Call, request: Element) -> Element:
    """Set the read flag of all mail in folders, or take it off."""
    found = children(request, "m:ReadFlag", "m:SuppressReadReceipts", "m:FolderIds")
    is_read = Boolean().parse(found["ReadFlag"], UTC)
    Boolean().parse(found["SuppressReadReceipts"], UTC)

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            for item in trees.within(db, call.folder(db, element).id):
                if item.bag.get(Key.IS_READ, is_read) != is_read:
                    item.bag[Key.IS_READ] = is_read
                    items.update(db, item, call.now, touched=(Key.IS_READ,), read_flag_only=True)
        return ()

    return call.each(listed(found["FolderIds"], "t:FolderId", "t:DistinguishedFolderId"), one)
