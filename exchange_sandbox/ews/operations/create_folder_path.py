"""CreateFolderPath."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from exchange_sandbox.ews.call import Call, box, check_target
from exchange_sandbox.ews.operations.create_folder import described, made, parent_of
from exchange_sandbox.ews.properties import folder_shape
from exchange_sandbox.ews.xml import Element, children, listed
from exchange_sandbox.store import folders

NAME = "CreateFolderPath"


def answer(call: Call, request: Element) -> Element:
    """Create folders each below the one before; those that are there already are taken as they are."""
    found = children(request, "m:ParentFolderId", "m:RelativeFolderPath")
    check_target(found["ParentFolderId"])
    path = listed(found["RelativeFolderPath"], *folder_shape.FOLDER_ELEMENTS)
    place = None

    def one(element: Element) -> Sequence[Element]:
        nonlocal place
        name = described(call, element)[0]
        with call.store.write() as db:
            parent = place or parent_of(call, db, found["ParentFolderId"])
            below = folders.below(db, parent.id, deep=False)
            place = next((one for one in below if one.name.casefold() == name.casefold()), None)
            place = place or made(call, db, parent, element)
            created = box("m:Folders")
            folder_shape.FolderShape({"FolderId"}).write(created, place, call.reader(db))
            return [created]

    return call.each(path, one, empty={"m:Folders": None}, check=partial(described, call))
