"""EmptyFolder."""

from __future__ import annotations

from collections.abc import Sequence

from ackd.sandbox.call import Call, flag
from ackd.sandbox.operations.delete_folder import HOW
from ackd.sandbox.store import trees
from ackd.sandbox.xml import Element, attributes, children, listed

NAME = "EmptyFolder"


def answer(call: Call, request: Element) -> Element:
    """Delete what is in folders, with or without the folders below."""
    values = attributes(request, ("DeleteType", "DeleteSubFolders"), (), {"DeleteType": HOW})
    folders_too = flag(values, "DeleteSubFolders")
    found = children(request, "m:FolderIds")

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            folder = call.folder(db, element)
            trees.empty(db, folder, values["DeleteType"], call.now, folders_too=folders_too)
        return ()

    return call.each(listed(found["FolderIds"], "t:FolderId", "t:DistinguishedFolderId"), one)
