"""ArchiveItem: nobody has an archive mailbox here."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews.call import Call, check_target
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.operations.get_item import ITEM_IDS
from exchange_sandbox.ews.xml import Element, children, listed

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
