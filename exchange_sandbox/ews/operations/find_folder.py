"""FindFolder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exchange_sandbox.ews import paging
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.properties import folder_properties, folder_shape
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.restriction import Compiler
from exchange_sandbox.ews.xml import Element, attributes, children, listed, sub
from exchange_sandbox.store import folders
from exchange_sandbox.store.folders import Folder

NAME = "FindFolder"


def answer(call: Call, request: Element) -> Element:
    """Find folders below others, by a restriction, in pages."""
    traversal = attributes(request, ("Traversal",), (), {"Traversal": ("Shallow", "Deep", "SoftDeleted")})[
        "Traversal"
    ]
    found = children(
        request,
        "m:FolderShape",
        "m:IndexedPageFolderView|m:FractionalPageFolderView?",
        "m:Restriction?",
        "m:ParentFolderIds",
    )
    shape = call.folder_shape(found["FolderShape"])
    with call.store.read() as db:
        reader = call.reader(db)

        def one(element: Element) -> Sequence[Element]:
            wanted = shape()
            view = paging.read(found.get("IndexedPageFolderView", found.get("FractionalPageFolderView")))
            parent = call.folder(db, element)
            if traversal == "SoftDeleted":
                parent = folders.distinguished(db, call.user.id, "recoverableitemsdeletions")
            matching = folders.below(db, parent.id, deep=traversal == "Deep")
            if "Restriction" in found:
                holds = Compiler(folder_properties.parse_path, call.zone).read(found["Restriction"]).holds
                matching = [folder for folder in matching if holds(_values(folder, reader))]
            page, about = view.page(matching)
            root = box("m:RootFolder")
            for key, value in about.items():
                root.set(key, value)
            listing = sub(root, "t:Folders")
            for folder in page:
                wanted.write(listing, folder, reader)
            return [root]

        return call.each(listed(found["ParentFolderIds"], "t:FolderId", "t:DistinguishedFolderId"), one)


def _values(folder: Folder, reader: Reader) -> Any:
    counts = folder_shape.counts_of(folder, reader)
    return lambda path: path.value(folder, reader, counts)
