"""Folder shapes: the properties of folders in schema order, and folders written with those asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import searching
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import compound, extended, kinds, permissions
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.ews.properties.folder_properties import (
    COMMIT_TIME,
    NAMES,
    extended_value,
    parse_path,
    value_of,
)
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.xml import (
    Element,
    SchemaViolation,
    children,
    listed,
    sub,
    text_of,
)
from exchange_sandbox.store.folders import Counts, Folder
from exchange_sandbox.store.schema import by_tag

_ELEMENTS = (
    ("IPF.Appointment", "CalendarFolder"),
    ("IPF.Contact", "ContactsFolder"),
    ("IPF.Task", "TasksFolder"),
)
CLASSES = {element: cls for cls, element in _ELEMENTS} | {"Folder": "IPF.Note", "SearchFolder": "IPF.Note"}
FOLDER_ELEMENTS = tuple(f"t:{element}" for element in CLASSES)
_SHOWN = {"FolderId", "DisplayName", "TotalCount", "ChildFolderCount", "UnreadCount"}
_COUNTED = {"TotalCount", "ChildFolderCount", "UnreadCount"}
_COUNT_TAGS = {
    by_tag(0x3602, "Integer"),
    by_tag(0x3603, "Integer"),
    by_tag(0x360A, "Boolean"),
    by_tag(0x6638, "Integer"),
}


def counts_of(folder: Folder, reader: Reader) -> Counts:
    """What a folder holds, or as a search folder finds."""
    return searching.counts(reader.db, folder, reader)


def element_of(folder: Folder) -> str:
    """The element of a folder, by its class; a search folder's is its own."""
    if folder.is_search:
        return "SearchFolder"
    return next((element for cls, element in _ELEMENTS if (folder.cls or "").startswith(cls)), "Folder")


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
        for name in NAMES:
            if name == "ExtendedProperty":
                self._write_extended(box, folder, reader, counts)
            elif name in self.names:
                _write(box, name, value_of(name, folder, reader, counts), element)

    def _write_extended(self, box: Element, folder: Folder, reader: Reader, counts: Counts) -> None:
        for one in self.fields:
            value = extended_value(folder, one.key, reader, counts)
            if value is not None and value != [] and (self.commit_times or one.key != COMMIT_TIME):
                extended.emit(box, one, value, reader.style)


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


def parse(element: Element, *, commit_times: bool) -> Callable[[], FolderShape]:
    """Read a FolderShape; as with items, what is refused folder by folder raises from what is returned."""
    found = children(element, "t:BaseShape", "t:AdditionalProperties?")
    base = text_of(found["BaseShape"]).strip()
    wanted = {
        "IdOnly": {"FolderId"},
        "Default": set(_SHOWN),
        "AllProperties": set(NAMES) - {"SearchParameters"},
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
