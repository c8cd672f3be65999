"""MoveItem and CopyItem, MoveFolder and CopyFolder: what they share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from exchange_sandbox.ews.call import Call, box, check_target
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.operations.get_item import ITEM_IDS
from exchange_sandbox.ews.properties.folder_shape import FolderShape
from exchange_sandbox.ews.properties.kinds import Boolean
from exchange_sandbox.ews.properties.shape import Shape
from exchange_sandbox.ews.xml import Element, children, listed
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item

_NO_TARGET = "ErrorToFolderNotFound"


def answer(
    call: Call, request: Element, act: Callable[[sqlite3.Connection, Item, int, datetime], Item]
) -> Element:
    """Do ``act`` with each item and the folder it goes to; the answer has the new ids."""
    found = children(request, "m:ToFolderId", "m:ItemIds", "m:ReturnNewItemIds?")
    check_target(found["ToFolderId"])
    new_ids = Boolean().parse(found["ReturnNewItemIds"], UTC) if "ReturnNewItemIds" in found else True

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item, _ = call.item(db, element)
            if item.occurrence:
                raise EwsError("ErrorCalendarCannotMoveOrCopyOccurrence")
            target = call.target(db, found["ToFolderId"], missing=_NO_TARGET)
            moved = act(db, item, target.id, call.now)
            result = box("m:Items")
            if new_ids:
                Shape("IdOnly").write(result, moved, call.reader(db))
            return [result]

    return call.each(listed(found["ItemIds"], *ITEM_IDS), one, empty={"m:Items": None})


def of_folders(
    call: Call, request: Element, act: Callable[[sqlite3.Connection, Folder, Folder, datetime], Folder | None]
) -> Element:
    """Do ``act`` with each folder and the one it goes into; None is given for the same folder as before."""
    found = children(request, "m:ToFolderId", "m:FolderIds")
    check_target(found["ToFolderId"])

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            folder = call.folder(db, element)
            target = call.target(db, found["ToFolderId"], missing=_NO_TARGET)
            placed = act(db, folder, target, call.now) or folder
            result = box("m:Folders")
            FolderShape({"FolderId"}).write(result, placed, call.reader(db))
            return [result]

    return call.each(
        listed(found["FolderIds"], "t:FolderId", "t:DistinguishedFolderId"), one, empty={"m:Folders": None}
    )
