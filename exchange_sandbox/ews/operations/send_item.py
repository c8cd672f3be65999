"""SendItem."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from exchange_sandbox.ews.call import Call, check_target, flag
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.operations.get_item import ITEM_IDS
from exchange_sandbox.ews.xml import Element, attributes, children, listed
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.transport import outbox
from exchange_sandbox.transport.transport import is_sendable

NAME = "SendItem"


def answer(call: Call, request: Element) -> Element:
    """Send messages that were saved before; each leaves its folder, a copy goes where it was asked for."""
    save = flag(attributes(request, ("SaveItemToFolder",)), "SaveItemToFolder")
    found = children(request, "m:ItemIds", "m:SavedItemFolderId?")
    check_target(found.get("SavedItemFolderId"))

    def one(element: Element) -> Sequence[Element]:
        if not save and "SavedItemFolderId" in found:
            raise EwsError("ErrorInvalidSendItemSaveSettings")
        with call.store.write() as db:
            _send(call, db, element, found.get("SavedItemFolderId"), save=save)
        return ()

    return call.each(listed(found["ItemIds"], *ITEM_IDS), one)


def _send(
    call: Call, db: sqlite3.Connection, element: Element, target: Element | None, *, save: bool
) -> None:
    draft, change = call.item(db, element)
    if change is None:
        raise EwsError("ErrorChangeKeyRequired")
    if change != draft.change:
        raise EwsError("ErrorStaleObject")
    if not is_sendable(draft):
        raise EwsError("ErrorInvalidItemForOperationSendItem")
    folder = (
        folders.distinguished(db, call.user.id, "sentitems") if target is None else call.target(db, target)
    )
    sent = Item(draft.mailbox, 0, dict(draft.bag), streams=items.streams(db, draft))
    call.transport(db).submit(call.person, sent)
    if call.quirks.sent_drafts_stay:
        return
    items.delete(db, draft, call.now)
    if save:
        outbox.keep_copy(db, sent, folder, call.now, call.hook.keeps_copy())
