"""EmptyFolder."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews.call import Call, flag
from exchange_sandbox.ews.operations.delete_folder import HOW
from exchange_sandbox.ews.xml import Element, attributes, children, listed
from exchange_sandbox.store import trees

NAME = "EmptyFolder"


def answer(call: Call, request: Element) -> Element:
    """Delete what is in folders, with or without the folders below."""
    values = attributes(request, ("DeleteType", "DeleteSubFolders"), (), {"DeleteType": tuple(HOW)})
    folders_too = flag(values, "DeleteSubFolders")
    found = children(request, "m:FolderIds")

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            folder = call.folder(db, element)
            trees.empty(db, folder, HOW[values["DeleteType"]], call.now, folders_too=folders_too)
        return ()

    return call.each(listed(found["FolderIds"], "t:FolderId", "t:DistinguishedFolderId"), one)
