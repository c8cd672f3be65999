"""UpdateFolder."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews import searching
from exchange_sandbox.ews.call import Call, box, check_id
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import extended, folder_properties, folder_shape, permissions
from exchange_sandbox.ews.xml import Element, children, listed, local, tag, text_of
from exchange_sandbox.store import folders
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.schema import FolderKey

NAME = "UpdateFolder"
_IDS = "t:FolderId|t:DistinguishedFolderId"
_CHANGES = ("t:AppendToFolderField", "t:SetFolderField", "t:DeleteFolderField")
_PATHS = "t:FieldURI|t:IndexedFieldURI|t:ExtendedFieldURI"


def answer(call: Call, request: Element) -> Element:
    """Rename folders, change their class and their extended properties."""
    found = children(request, "m:FolderChanges")

    def one(element: Element) -> Sequence[Element]:
        what = children(element, _IDS, "t:Updates")
        with call.store.write() as db:
            folder = call.folder(db, next(iter(what.values())))
            for change in listed(what["Updates"], *_CHANGES):
                _apply(call, folder, change)
            if FolderKey.PERMISSIONS in folder.bag:
                folder.bag[FolderKey.PERMISSIONS] = permissions.settled(db, folder.bag[FolderKey.PERMISSIONS])
            folders.save(db, folder, call.now)
            updated = box("m:Folders")
            folder_shape.FolderShape({"FolderId"}).write(updated, folder, call.reader(db))
            return [updated]

    def check(element: Element) -> None:
        what = children(element, _IDS, "t:Updates")
        check_id(next(iter(what.values())))
        for change in listed(what["Updates"], *_CHANGES):
            _apply(call, Folder(0, 0, None, "", None, None, 0, "", "", "", 0), change)

    return call.each(
        listed(found["FolderChanges"], "t:FolderChange"), one, empty={"m:Folders": None}, check=check
    )


def _apply(call: Call, folder: Folder, change: Element) -> None:
    kind = local(change)
    if kind == "AppendToFolderField":
        raise EwsError("ErrorInvalidPropertyAppend")
    if kind == "DeleteFolderField":
        path = folder_properties.parse_path(next(iter(children(change, _PATHS).values())))
        if path.field is not None:
            folder.bag.pop(path.field.key, None)
        elif path.name == "PermissionSet":
            folder.bag.pop(FolderKey.PERMISSIONS, None)
        else:
            raise EwsError("ErrorInvalidPropertyDelete", path=f"folder:{path.name}")
        return
    path_element, box_element = children(change, _PATHS, "|".join(folder_shape.FOLDER_ELEMENTS)).values()
    path = folder_properties.parse_path(path_element)
    if len(box_element) != 1:
        raise EwsError("ErrorIncorrectUpdatePropertyCount")
    child = box_element[0]
    if child.tag == tag("t:ExtendedProperty"):
        field, value = extended.parse_property(child, call.zone)
        if path.field is None or field.key != path.field.key:
            raise EwsError("ErrorUpdatePropertyMismatch")
        folder.bag[field.key] = value
        return
    _set(folder, path.name, child)


def _set(folder: Folder, name: str, child: Element) -> None:
    if name != local(child):
        raise EwsError("ErrorUpdatePropertyMismatch", path=f"folder:{name}")
    if name == "DisplayName" and text_of(child).strip():
        if folder.distinguished and text_of(child) != folder.name:
            raise EwsError("ErrorAccessDenied", "A standard folder keeps its name.")
        folder.name = text_of(child)
    elif name == "FolderClass":
        _set_class(folder, text_of(child))
    elif name == "PermissionSet":
        folder.bag[FolderKey.PERMISSIONS] = permissions.parse(child)
    elif name == "SearchParameters" and (folder.is_search or not folder.id):
        folder.bag[FolderKey.SEARCH] = searching.check(child)
    else:
        raise EwsError("ErrorInvalidPropertySet", path=f"folder:{name}")


def _set_class(folder: Folder, cls: str) -> None:
    """A folder keeps its type: a calendar stays one, and what is none becomes none."""
    before = folder_shape.element_of(folder)
    folder.cls = cls
    if folder.id and folder_shape.element_of(folder) != before:
        raise EwsError("ErrorObjectTypeChanged", path="folder:FolderClass")
