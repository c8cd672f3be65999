"""ArchiveItem: nobody has an archive mailbox here."""

from __future__ import annotations

from collections.abc import Sequence

from ackd.sandbox.call import Call, check_target
from ackd.sandbox.errors import EwsError
from ackd.sandbox.operations.get_item import ITEM_IDS
from ackd.sandbox.xml import Element, children, listed

NAME = "ArchiveItem"


def answer(call: Call, request: Element) -> Element:
    """Refuse each item with ErrorArchiveMailboxNotEnabled, or with what is wrong with it."""
    found = children(request, "m:ArchiveSourceFolderId", "m:ItemIds")
    check_target(found["ArchiveSourceFolderId"])

    def one(element: Element) -> Sequence[Element]:
        with call.store.read() as db:
            call.item(db, element)
        raise EwsError("ErrorArchiveMailboxNotEnabled")

    return call.each(listed(found["ItemIds"], *ITEM_IDS), one, empty={"m:Items": None})
