"""A mailbox's own list of categories: the configuration ``CategoryList`` of its calendar, an XML document
(MS-OXOCFG 2.2.5.2). Outlook and EWS clients have the same one."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from exchange_sandbox.calendar.workhours import CONFIGURATION
from exchange_sandbox.ews import configurations
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import GraphError, bad_request
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, Stream

_NAME, _NAMESPACE = "CategoryList", "CategoryList.xsd"
_TAG = f"{{{_NAMESPACE}}}category"
_NEVER = "1601-01-01T00:00:00.000"
_EMPTY = f'<categories xmlns="{_NAMESPACE}" default="" lastSavedSession="0"/>'.encode()
_NO_COLOR = -1
_COLORS = range(25)  # preset0 to preset24


@dataclass(frozen=True, slots=True)
class Category:
    """An entry: ``color`` is a number of a preset, None for no colour."""

    id: str
    name: str
    color: int | None


def read(call: Call, db: sqlite3.Connection) -> list[Category]:
    """The list; empty where there is none, or where what lies there is no list."""
    root = _root(_data(call, db))
    return [] if root is None else [_category(call, one) for one in root.iter(_TAG)]


def change(call: Call, db: sqlite3.Connection, act: Callable[[Any], Any]) -> None:
    """Change the list: ``act`` gets the document. What else stands in it stays. Raises GraphError for what is
    no list, which is left alone."""
    item, data = _item(call, db), _data(call, db)
    root = _root(data or _EMPTY)
    if root is None:
        raise GraphError(500, "ErrorCorruptData", "The list of categories can't be read.")
    act(root)
    root.set("lastSavedTime", f"{call.now:%Y-%m-%dT%H:%M:%S}.000")
    written = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    if item is None:
        place = folders.distinguished(db, call.user.id, "calendar").id
        bag: dict[str, Any] = {Key.ITEM_CLASS: CONFIGURATION + _NAME, Key.MODIFIED_BY: call.user.name}
        made = Item(call.user.id, place, bag, associated=True, streams={Stream.XML: written})
        items.insert(db, made, call.now)
    else:
        item.streams[Stream.XML] = written
        item.bag[Key.MODIFIED_BY] = call.user.name
        items.update(db, item, call.now)


def add(root: Any, name: str, color: int | None) -> None:
    """Put a category at the end of the document; raises GraphError for a name that XML can't hold."""
    one = etree.SubElement(root, _TAG)
    try:
        one.set("name", name)
    except ValueError as error:
        raise bad_request("The name has characters that no category has.", "ErrorInvalidParameter") from error
    one.set("color", _number(color))
    one.set("keyboardShortcut", "0")
    one.set("usageCount", "0")
    one.set("lastTimeUsed", _NEVER)
    one.set("guid", f"{{{str(uuid.uuid4()).upper()}}}")


def paint(call: Call, root: Any, category: Category, color: int | None) -> None:
    """Give a category another colour in the document."""
    _element(call, root, category).set("color", _number(color))


def remove(call: Call, root: Any, category: Category) -> None:
    """Take a category out of the document."""
    found = _element(call, root, category)
    found.getparent().remove(found)


def _element(call: Call, root: Any, category: Category) -> Any:
    return next(one for one in root.iter(_TAG) if _category(call, one).id == category.id)


def _number(color: int | None) -> str:
    return str(_NO_COLOR if color is None else color)


def _item(call: Call, db: sqlite3.Connection) -> Item | None:
    return configurations.find(db, folders.distinguished(db, call.user.id, "calendar"), _NAME)


def _data(call: Call, db: sqlite3.Connection) -> bytes:
    item = _item(call, db)
    return b"" if item is None else items.stream(db, item, Stream.XML) or b""


def _root(data: bytes) -> Any:
    """The document; None for what is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root.tag == f"{{{_NAMESPACE}}}categories" else None


def _category(call: Call, one: Any) -> Category:
    name = one.get("name") or ""
    color = one.get("color") or ""
    number = int(color) if color.isascii() and color.isdigit() and len(color) < 4 else _NO_COLOR
    return Category(_id(call, one.get("guid") or "", name), name, number if number in _COLORS else None)


def _id(call: Call, text: str, name: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:  # other clients leave it out
        return str(uuid.uuid5(call.store.guid, f"{call.user.id} {name}"))
