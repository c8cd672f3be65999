"""CreateFolder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ackd.sandbox.call import Call, box, check_target
from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties import extended, folder_shape
from ackd.sandbox.store import folders
from ackd.sandbox.xml import Element, children, listed, local, tag, text_of

NAME = "CreateFolder"


def answer(call: Call, request: Element) -> Element:
    """Create folders. Of many clients that create the same one at once, exactly one succeeds."""
    found = children(request, "m:ParentFolderId", "m:Folders")
    check_target(found["ParentFolderId"])

    def one(element: Element) -> Sequence[Element]:
        name, cls, bag = _read(call, element)
        with call.store.write() as db:
            parent = call.target(db, found["ParentFolderId"])
            folder = folders.create(db, parent, name, cls, bag, call.now)
            created = box("m:Folders")
            folder_shape.FolderShape({"FolderId"}).write(created, folder, call.reader(db))
            return [created]

    return call.each(
        listed(found["Folders"], *folder_shape.FOLDER_ELEMENTS),
        one,
        empty={"m:Folders": None},
        check=partial(_read, call),
    )


def _read(call: Call, element: Element) -> tuple[str, str, dict[str, Any]]:
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
        if child.tag not in (tag("t:FolderClass"), tag("t:DisplayName"), tag("t:PermissionSet")):
            raise EwsError("ErrorInvalidPropertySet", path=f"folder:{name}")
        values[name] = "" if name == "PermissionSet" else text_of(child)
    if not values.get("DisplayName", "").strip():
        raise EwsError("ErrorFolderSavePropertyError", "A folder needs a name.", path="folder:DisplayName")
    by_element = folder_shape.CLASSES[local(element)]
    cls = values.get("FolderClass", by_element)
    if by_element != "IPF.Note" and not cls.startswith(by_element):
        raise EwsError("ErrorNoFolderClassOverride", "The class does not fit the type of folder.")
    return values["DisplayName"], cls, bag
