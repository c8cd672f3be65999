"""Search folders: where they look and for what. They hold no items of their own."""

from __future__ import annotations

import sqlite3
from datetime import UTC

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import compound, paths
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.ews.restriction import Compiler, Restriction
from exchange_sandbox.ews.xml import Element, attributes, children, listed, local, tag
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.folders import Counts, Folder
from exchange_sandbox.store.schema import FolderKey, Key


def check(element: Element) -> str:
    """Read the element SearchParameters; what it says, for a folder's bag. Raises SchemaViolation and
    EwsError."""
    _parts(element)
    return etree.tostring(element, encoding="unicode")


def _parts(element: Element) -> tuple[Restriction, list[Element], bool]:
    values = attributes(element, (), ("Traversal",), {"Traversal": ("Shallow", "Deep")})
    found = children(element, "t:Restriction", "t:BaseFolderIds")
    restriction = Compiler(paths.parse, UTC).read(found["Restriction"])
    bases = list(listed(found["BaseFolderIds"], "t:FolderId", "t:DistinguishedFolderId"))
    for base in bases:
        if local(base) == "DistinguishedFolderId" and (box := base.find(tag("t:Mailbox"))) is not None:
            compound.parse_mailbox(box)
    return restriction, bases, values.get("Traversal") == "Deep"


def source(db: sqlite3.Connection, folder: Folder, reader: Reader) -> tuple[list[int], Restriction]:
    """The folders that a search folder looks into, and for what; a folder that is gone is left out."""
    restriction, bases, deep = _parts(etree.fromstring(folder.bag[FolderKey.SEARCH]))
    found: dict[int, None] = {}
    for base in bases:
        try:
            place = _base(db, folder, reader, base)
        except Refused:
            continue
        found[place.id] = None
        if deep:
            found |= dict.fromkeys(one.id for one in folders.below(db, place.id, deep=True))
    return list(found), restriction


def _base(db: sqlite3.Connection, folder: Folder, reader: Reader, element: Element) -> Folder:
    if local(element) == "DistinguishedFolderId":
        return folders.distinguished(db, folder.mailbox, element.get("Id", ""))
    one = ids.decode(reader.store, element.get("Id", ""))
    if one.kind != ids.FOLDER or one.mailbox != folder.mailbox:
        raise EwsError("ErrorFolderNotFound")
    return folders.get(db, one.number)


def counts(db: sqlite3.Connection, folder: Folder, reader: Reader) -> Counts:
    """What a folder holds, or for a search folder what it finds."""
    counted = folders.counts(db, folder.id)
    if not folder.is_search:
        return counted
    numbers, restriction = source(db, folder, reader)
    total = unread = 0
    for number in numbers:
        for row in db.execute(f"{items.SELECT} WHERE folder = ? AND associated = 0", (number,)):
            item = items.from_row(row)
            kind = type_of(item.cls)
            if restriction.holds(lambda path, item=item, kind=kind: path.value(item, reader, kind)):  # type: ignore[misc]
                total += 1
                unread += not item.bag.get(Key.IS_READ, True)
    return Counts(total, unread, counted.children)
