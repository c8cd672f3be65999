"""Folder shapes: the properties of folders in schema order, and folders written with those asked for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import compound, extended, kinds, permissions
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.xml import (
    Element,
    SchemaViolation,
    attributes,
    children,
    listed,
    local,
    sub,
    text_of,
)
from exchange_sandbox.store import folders
from exchange_sandbox.store.folders import Counts, Folder
from exchange_sandbox.store.schema import FolderKey, by_tag

_ELEMENTS = (
    ("IPF.Appointment", "CalendarFolder"),
    ("IPF.Contact", "ContactsFolder"),
    ("IPF.Task", "TasksFolder"),
)
CLASSES = {element: cls for cls, element in _ELEMENTS} | {"Folder": "IPF.Note", "SearchFolder": "IPF.Note"}
FOLDER_ELEMENTS = tuple(f"t:{element}" for element in CLASSES)
COMMIT_TIME = by_tag(0x670A, "SystemTime")  # PidTagLocalCommitTimeMax
DELETED_COUNT = by_tag(0x670B, "Integer")  # PidTagDeletedCountTotal
_NAMES = (
    "FolderId",
    "ParentFolderId",
    "FolderClass",
    "DisplayName",
    "TotalCount",
    "ChildFolderCount",
    "ExtendedProperty",
    "EffectiveRights",
    "DistinguishedFolderId",
    "PermissionSet",
    "UnreadCount",
    "SearchParameters",
)
_SHOWN = {"FolderId", "DisplayName", "TotalCount", "ChildFolderCount", "UnreadCount"}
_NOT_HERE = (
    "ManagedFolderInformation",
    "SharingEffectiveRights",
    "PolicyTag",
    "ArchiveTag",
)
URIS = frozenset(f"folder:{name}" for name in (*_NAMES, *_NOT_HERE) if name != "ExtendedProperty")
_COUNTED = {"TotalCount", "ChildFolderCount", "UnreadCount"}
_COUNT_TAGS = {
    by_tag(0x3602, "Integer"),
    by_tag(0x3603, "Integer"),
    by_tag(0x360A, "Boolean"),
    by_tag(0x6638, "Integer"),
}


def counts_of(folder: Folder, reader: Reader) -> Counts:
    """What a folder holds, or as a search folder finds."""
    from exchange_sandbox.ews import (
        searching,  # it reads restrictions, which know folders' properties from here
    )

    return searching.counts(reader.db, folder, reader)


def element_of(folder: Folder) -> str:
    """The element of a folder, by its class; a search folder's is its own."""
    if folder.is_search:
        return "SearchFolder"
    return next((element for cls, element in _ELEMENTS if (folder.cls or "").startswith(cls)), "Folder")


@dataclass(frozen=True, slots=True)
class FolderPath:
    """A property of folders as a request names it."""

    name: str
    field: ExtendedField | None = None

    def value(self, folder: Folder, reader: Reader, counts: Counts) -> Any:
        """The value of the property."""
        if self.field is not None:
            return extended_value(folder, self.field.key, reader, counts)
        return _value(self.name, folder, reader, counts)


@dataclass(slots=True)
class FolderShape:
    """What to give of each folder; ``commit_times`` is False where a quirk withholds 0x670A."""

    names: set[str]
    fields: list[ExtendedField] = field(default_factory=list)
    commit_times: bool = True

    def write(self, parent: Element, folder: Folder, reader: Reader) -> None:
        """Append the folder to ``parent``."""
        element = element_of(folder)
        box = sub(parent, f"t:{element}")
        keys = {one.key for one in self.fields}
        counted = bool(self.names & _COUNTED or keys & _COUNT_TAGS)
        counts = counts_of(folder, reader) if counted else Counts(0, 0, 0)
        for name in _NAMES:
            if name == "ExtendedProperty":
                self._write_extended(box, folder, reader, counts)
            elif name in self.names:
                _write(box, name, _value(name, folder, reader, counts), element)

    def _write_extended(self, box: Element, folder: Folder, reader: Reader, counts: Counts) -> None:
        for one in self.fields:
            value = extended_value(folder, one.key, reader, counts)
            if value is not None and value != [] and (self.commit_times or one.key != COMMIT_TIME):
                extended.emit(box, one, value, reader.style)


def _value(name: str, folder: Folder, reader: Reader, counts: Counts) -> Any:
    if name == "FolderId":
        return reader.folder_id(folder.mailbox, folder.id, folder.change)
    if name == "ParentFolderId":
        if folder.parent is None:
            return None
        return reader.folder_id(folder.mailbox, folder.parent, folders.get(reader.db, folder.parent).change)
    return {
        "FolderClass": folder.cls,
        "DisplayName": folder.name,
        "TotalCount": counts.total,
        "UnreadCount": counts.unread,
        "ChildFolderCount": counts.children,
        "EffectiveRights": True,
        "DistinguishedFolderId": folder.distinguished,
        "PermissionSet": folder.bag.get(FolderKey.PERMISSIONS)
        or permissions.default(is_calendar=folder.distinguished == "calendar"),
        "SearchParameters": folder.bag.get(FolderKey.SEARCH),
    }.get(name)


def extended_value(folder: Folder, key: str, reader: Reader, counts: Counts) -> Any:
    """An extended property of a folder: what the store knows, else what was set."""
    known: dict[str, Callable[[], Any]] = {
        by_tag(0x0FFF, "Binary"): lambda: base64.b64encode(
            ids.entry_id(reader.store, ids.FOLDER, folder.id)
        ).decode(),
        by_tag(0x0E08, "Integer"): lambda: folders.size(reader.db, folder.id),
        by_tag(0x0E08, "Long"): lambda: folders.size(reader.db, folder.id),
        by_tag(0x3001, "String"): lambda: folder.name,
        by_tag(0x3007, "SystemTime"): lambda: folder.created,
        by_tag(0x3008, "SystemTime"): lambda: folder.modified,
        by_tag(0x3602, "Integer"): lambda: counts.total,
        by_tag(0x3603, "Integer"): lambda: counts.unread,
        by_tag(0x360A, "Boolean"): lambda: counts.children > 0,
        by_tag(0x3613, "String"): lambda: folder.cls,
        by_tag(0x6638, "Integer"): lambda: counts.children,
        by_tag(0x6709, "SystemTime"): lambda: folder.modified,
        COMMIT_TIME: lambda: folder.committed,
        DELETED_COUNT: lambda: folder.deleted,
    }
    return known[key]() if key in known else folder.bag.get(key)


def _write(box: Element, name: str, value: Any, element: str) -> None:
    if value is None:
        return
    if name in ("FolderId", "ParentFolderId"):
        sub(box, f"t:{name}", Id=value[0], ChangeKey=value[1])
    elif name == "EffectiveRights":
        compound.Rights().emit(box, f"t:{name}", value, kinds.Style())
    elif name == "PermissionSet":
        permissions.emit(box, value, "Calendar" if element == "CalendarFolder" else "")
    elif name == "SearchParameters":
        box.append(etree.fromstring(value))
    elif name != "UnreadCount" or element not in ("CalendarFolder", "ContactsFolder"):
        sub(box, f"t:{name}", str(value))


def parse_path(element: Element) -> FolderPath:
    """Read the path of a folder's property; raises SchemaViolation, or EwsError for an item's property."""
    if local(element) == "ExtendedFieldURI":
        one = extended.parse_field(element)
        return FolderPath(one.key, one)
    if local(element) == "IndexedFieldURI":
        raise EwsError("ErrorInvalidPropertyRequest")
    uri = attributes(element, ("FieldURI",))["FieldURI"]
    group, _, name = uri.partition(":")
    if group != "folder":
        raise EwsError("ErrorInvalidPropertyRequest")
    if uri not in URIS:
        raise SchemaViolation(
            f"The 'FieldURI' attribute is invalid - the value '{uri[:40]}' is not known.", element
        )
    return FolderPath(name)


def parse(element: Element, *, commit_times: bool) -> Callable[[], FolderShape]:
    """Read a FolderShape; as with items, what is refused folder by folder raises from what is returned."""
    found = children(element, "t:BaseShape", "t:AdditionalProperties?")
    base = text_of(found["BaseShape"]).strip()
    wanted = {
        "IdOnly": {"FolderId"},
        "Default": set(_SHOWN),
        "AllProperties": set(_NAMES) - {"SearchParameters"},
    }
    if base not in wanted:
        raise SchemaViolation(f"'{base[:40]}' is not a base shape.", found["BaseShape"])
    shape = FolderShape(wanted[base], commit_times=commit_times)
    refused: list[EwsError] = []
    if "AdditionalProperties" in found:
        for one in listed(
            found["AdditionalProperties"], "t:FieldURI", "t:IndexedFieldURI", "t:ExtendedFieldURI"
        ):
            try:
                path = parse_path(one)
            except Refused as failure:
                error = in_ews(failure)
                refused.append(error)
                continue
            if path.field is not None:
                shape.fields.append(path.field)
            else:
                shape.names.add(path.name)

    def checked() -> FolderShape:
        if refused:
            raise refused[0]
        return shape

    return checked
