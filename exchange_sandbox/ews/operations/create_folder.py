"""CreateFolder."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any

from exchange_sandbox.ews import searching
from exchange_sandbox.ews.call import Call, box, check_target
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import extended, folder_shape, permissions
from exchange_sandbox.ews.xml import Element, children, listed, local, tag, text_of
from exchange_sandbox.store import folders
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.schema import FolderKey

NAME = "CreateFolder"


def answer(call: Call, request: Element) -> Element:
    """Create folders. Of many clients that create the same one at once, exactly one succeeds."""
    found = children(request, "m:ParentFolderId", "m:Folders")
    check_target(found["ParentFolderId"])

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            parent = parent_of(call, db, found["ParentFolderId"])
            folder = made(call, db, parent, element)
            created = box("m:Folders")
            folder_shape.FolderShape({"FolderId"}).write(created, folder, call.reader(db))
            return [created]

    return call.each(
        listed(found["Folders"], *folder_shape.FOLDER_ELEMENTS),
        one,
        empty={"m:Folders": None},
        check=partial(described, call),
    )


def parent_of(call: Call, db: sqlite3.Connection, element: Element) -> Folder:
    """The folder in a ParentFolderId; raises ErrorParentFolderNotFound."""
    return call.target(db, element, missing="ErrorParentFolderNotFound")


def made(call: Call, db: sqlite3.Connection, parent: Folder, element: Element) -> Folder:
    """Make the folder that an element describes."""
    name, cls, bag = described(call, element)
    if FolderKey.PERMISSIONS in bag:
        bag[FolderKey.PERMISSIONS] = permissions.settled(db, bag[FolderKey.PERMISSIONS])
    return folders.create(db, parent, name, cls, bag, call.now)


def described(call: Call, element: Element) -> tuple[str, str | None, dict[str, Any]]:
    """Name, class and extended properties of the folder that an element describes."""
    bag: dict[str, Any] = {}
    plain = [child for child in element if child.tag != tag("t:ExtendedProperty")]
    for child in element:
        if child.tag == tag("t:ExtendedProperty"):
            field, value = extended.parse_property(child, call.zone)
            bag[field.key] = value
    values: dict[str, str] = {}
    for child in plain:
        name = local(child)
        if child.tag == tag("t:PermissionSet"):
            bag[FolderKey.PERMISSIONS] = permissions.parse(child)
        elif child.tag == tag("t:SearchParameters") and local(element) == "SearchFolder":
            bag[FolderKey.SEARCH] = searching.check(child)
        elif child.tag not in (tag("t:FolderClass"), tag("t:DisplayName")):
            raise EwsError("ErrorInvalidPropertySet", path=f"folder:{name}")
        else:
            values[name] = text_of(child)
    if local(element) == "SearchFolder" and FolderKey.SEARCH not in bag:
        raise EwsError("ErrorRequiredPropertyMissing", path="folder:SearchParameters")
    if not values.get("DisplayName", "").strip():
        raise EwsError("ErrorFolderSavePropertyError", "A folder needs a name.", path="folder:DisplayName")
    by_element = folder_shape.CLASSES[local(element)]
    cls = values.get("FolderClass", by_element) or None
    if local(element) == "Folder" and "FolderClass" not in values:
        cls = None  # as Exchange does it: nobody said what the folder is for
    elif by_element != "IPF.Note" and not (cls or "").startswith(by_element):
        raise EwsError("ErrorNoFolderClassOverride", "The class does not fit the type of folder.")
    return values["DisplayName"], cls, bag
