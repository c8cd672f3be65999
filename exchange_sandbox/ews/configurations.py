"""User configurations: the settings that clients keep in hidden items of a folder (MS-OXOCFG 2.2.2), by
name; the calendar's ``CategoryList`` is one. ``WorkHours`` is the sandbox's own, see :mod:`.workhours`.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from exchange_sandbox.calendar.workhours import CONFIGURATION
from exchange_sandbox.ews.xml import (
    NSMAP,
    Element,
    SchemaViolation,
    attributes,
    children,
    listed,
    local,
    sub,
    tag,
    text_of,
)
from exchange_sandbox.store import items
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Stream

_FOLDERS = "t:FolderId|t:DistinguishedFolderId|t:AddressListId"
_TYPES = """DateTime Boolean Byte String Integer32 UnsignedInteger32 Integer64 UnsignedInteger64
    StringArray ByteArray""".split()  # noqa: SIM905 - names read best as a text
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

#: The parts that a configuration may have, by their elements: streams of its item.
PARTS = {"Dictionary": Stream.DICTIONARY, "XmlData": Stream.XML, "BinaryData": Stream.BINARY}


@dataclass(frozen=True, slots=True)
class Described:
    """A configuration as a request describes it: its name, the element of its folder, its
    parts by their streams."""

    name: str
    folder: Element
    parts: Mapping[str, bytes]


def named(element: Element) -> tuple[str, Element]:
    """Read a UserConfigurationName: the name, and the element of the folder."""
    name = attributes(element, ("Name",))["Name"]
    if not name:
        raise SchemaViolation("The 'Name' attribute is invalid - it is empty.", element)
    return name, next(iter(children(element, _FOLDERS).values()))


def described(element: Element) -> Described:
    """Read a UserConfiguration. Raises SchemaViolation."""
    found = children(
        element, "t:UserConfigurationName", "t:ItemId?", "t:Dictionary?", "t:XmlData?", "t:BinaryData?"
    )
    name, folder = named(found["UserConfigurationName"])
    parts: dict[str, bytes] = {}
    for part, stream in PARTS.items():
        if part in found:
            read = _dictionary if stream is Stream.DICTIONARY else _decoded
            parts[stream] = read(found[part])
    return Described(name, folder, parts)


def find(db: sqlite3.Connection, folder: Folder, name: str) -> Item | None:
    """The item of a configuration; names compare without case."""
    rows = db.execute(f"{items.SELECT} WHERE folder = ? AND associated = 1", (folder.id,))
    wanted = (CONFIGURATION + name).lower()
    return next((item for item in map(items.from_row, rows) if item.cls.lower() == wanted), None)


def _decoded(element: Element) -> bytes:
    try:
        return base64.b64decode("".join(text_of(element).split()), validate=True)
    except ValueError as error:  # binascii.Error, or a character that isn't ASCII
        raise SchemaViolation("The value is no xs:base64Binary.", element) from error


def _dictionary(element: Element) -> bytes:
    """A Dictionary as it is given back: written anew, so that nothing beside it is kept."""
    attributes(element)
    made = etree.Element(tag("t:Dictionary"), nsmap=NSMAP)
    for entry in listed(element, "t:DictionaryEntry", least=0):
        attributes(entry)
        pair = children(entry, "t:DictionaryKey", "t:DictionaryValue")
        box = sub(made, "t:DictionaryEntry")
        _copy_object(pair["DictionaryKey"], sub(box, "t:DictionaryKey"))
        value = sub(box, "t:DictionaryValue")
        if attributes(pair["DictionaryValue"], (), (_NIL,)).get(_NIL) in ("true", "1"):
            value.set(_NIL, "true")
        else:
            _copy_object(pair["DictionaryValue"], value)
    return etree.tostring(made)


def _copy_object(element: Element, made: Element) -> None:
    """A type and its values; Booleans by their names, as Exchange gives them."""
    attributes(element, (), (_NIL,))
    kind, *values = listed(element, "t:Type", "t:Value", least=2)
    is_made = local(kind) == "Type" and all(local(value) == "Value" for value in values)
    name = text_of(kind)
    if not is_made or name not in _TYPES:
        raise SchemaViolation("A dictionary holds pairs of a known type and a value.", element)
    sub(made, "t:Type", name)
    for value in values:
        text = text_of(value)
        sub(made, "t:Value", {"1": "true", "0": "false"}.get(text, text) if name == "Boolean" else text)
