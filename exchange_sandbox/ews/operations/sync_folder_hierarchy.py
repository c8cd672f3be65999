"""SyncFolderHierarchy."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.call import Call, box, check_target
from exchange_sandbox.ews.ids import TreeState
from exchange_sandbox.ews.properties.folder_shape import FolderShape
from exchange_sandbox.ews.xml import Element, children, sub, text_of
from exchange_sandbox.store import folders
from exchange_sandbox.store.database import last_change
from exchange_sandbox.store.folders import Folder

NAME = "SyncFolderHierarchy"
_NOTHING = {"m:SyncState": None, "m:IncludesLastFolderInRange": "true"}


def answer(call: Call, request: Element) -> Element:
    """Give what changed among the folders below one (by default of the whole mailbox) since a state.

    Created is what the client does not know, deleted what it knows and is no longer below the folder, also
    when it was moved away; updated is what was renamed, moved or changed otherwise, not what got mail.
    """
    found = children(request, "m:FolderShape", "m:SyncFolderId?", "m:SyncState?")
    shape = call.folder_shape(found["FolderShape"])
    text = text_of(found["SyncState"]) if "SyncState" in found else ""
    with call.store.read() as db:

        def one(element: Element) -> Sequence[Element]:
            wanted = shape()
            root = _root(call, db, found.get("SyncFolderId"))
            return _changes(call, db, wanted, root, _state(call, root.id, text))

        def check(_element: Element) -> None:
            check_target(found.get("SyncFolderId"))

        return call.each([request], one, empty=_NOTHING, check=check)


def _root(call: Call, db: sqlite3.Connection, element: Element | None) -> Folder:
    if element is None:
        return folders.distinguished(db, call.user.id, "root")
    return call.target(db, element, missing="ErrorSyncFolderNotFound")


def _state(call: Call, root: int, text: str) -> TreeState:
    fresh = TreeState(root, 0, frozenset())
    if not text.strip():
        return fresh
    try:
        return ids.decode_tree(call.store.guid, root, text)
    except Refused:
        if call.quirks.nonsense_sync_state:
            return fresh
        raise


def _changes(
    call: Call, db: sqlite3.Connection, wanted: FolderShape, root: Folder, state: TreeState
) -> Sequence[Element]:
    there = folders.below(db, root.id, deep=True)
    reader = call.reader(db)
    text, last, listing = box("m:SyncState"), box("m:IncludesLastFolderInRange"), box("m:Changes")
    numbers = frozenset(one.id for one in there)
    text.text = ids.encode_tree(call.store.guid, TreeState(root.id, last_change(db), numbers))
    last.text = "true"
    for folder in there:
        if folder.id not in state.known:
            wanted.write(sub(listing, "t:Create"), folder, reader)
        elif folder.change > state.changed:
            wanted.write(sub(listing, "t:Update"), folder, reader)
    for number in sorted(state.known - numbers):
        sub(sub(listing, "t:Delete"), "t:FolderId", Id=reader.folder_id(root.mailbox, number, 0)[0])
    return [text, last, listing]
