"""The properties of folders: their names in schema order, what a request names, and their values."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from exchange_sandbox.ews import ids
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import extended, permissions
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.xml import Element, SchemaViolation, attributes, local
from exchange_sandbox.store import folders
from exchange_sandbox.store.folders import Counts, Folder
from exchange_sandbox.store.schema import FolderKey, by_tag

COMMIT_TIME = by_tag(0x670A, "SystemTime")  # PidTagLocalCommitTimeMax
DELETED_COUNT = by_tag(0x670B, "Integer")  # PidTagDeletedCountTotal
NAMES = (
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
_NOT_HERE = (
    "ManagedFolderInformation",
    "SharingEffectiveRights",
    "PolicyTag",
    "ArchiveTag",
)
URIS = frozenset(f"folder:{name}" for name in (*NAMES, *_NOT_HERE) if name != "ExtendedProperty")


@dataclass(frozen=True, slots=True)
class FolderPath:
    """A property of folders as a request names it."""

    name: str
    field: ExtendedField | None = None

    def value(self, folder: Folder, reader: Reader, counts: Counts) -> Any:
        """The value of the property."""
        if self.field is not None:
            return extended_value(folder, self.field.key, reader, counts)
        return value_of(self.name, folder, reader, counts)


def value_of(name: str, folder: Folder, reader: Reader, counts: Counts) -> Any:
    """A property of a folder by its name in the schema."""
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
