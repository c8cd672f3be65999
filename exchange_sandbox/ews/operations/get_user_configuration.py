"""GetUserConfiguration: the settings that clients keep in hidden items of a folder."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Sequence

from lxml import etree

from exchange_sandbox.ews import configurations, workhours
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties.shape import Shape
from exchange_sandbox.ews.xml import Element, SchemaViolation, children, sub, text_of
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

NAME = "GetUserConfiguration"
_PROPERTIES = frozenset(("Id", *configurations.PARTS, "All"))


def answer(call: Call, request: Element) -> Element:
    """Give a configuration by its folder and name, or ErrorItemNotFound."""
    found = children(request, "m:UserConfigurationName", "m:UserConfigurationProperties")
    name, folder = configurations.named(found["UserConfigurationName"])
    wanted = frozenset(text_of(found["UserConfigurationProperties"]).split())
    if not wanted <= _PROPERTIES:
        raise SchemaViolation("A property is not known.", found["UserConfigurationProperties"])
    with call.store.read() as db:

        def one(_element: Element) -> Sequence[Element]:
            item = configurations.find(db, call.folder(db, folder), name)
            if item is None:
                raise EwsError("ErrorItemNotFound")
            configuration = box("m:UserConfiguration")
            title = sub(configuration, "t:UserConfigurationName", Name=name)
            title.append(etree.fromstring(etree.tostring(folder)))
            if wanted & {"Id", "All"}:
                boxed = box("m:Items")
                Shape("IdOnly").write(boxed, item, call.reader(db))
                configuration.append(boxed[0][0])
            for part, data in _parts(call, db, item).items():
                if wanted & {part, "All"}:
                    _write(configuration, part, data)
            return [configuration]

        return call.each([folder], one)


def _parts(call: Call, db: sqlite3.Connection, item: Item) -> dict[str, bytes]:
    """By their elements, in the order of the schema."""
    if Key.WORK_HOURS in item.bag:
        return {"Dictionary": b"", "XmlData": workhours.document(item, call.now.year)}
    kept = {part: items.stream(db, item, stream) for part, stream in configurations.PARTS.items()}
    return {part: data for part, data in kept.items() if data is not None}


def _write(configuration: Element, part: str, data: bytes) -> None:
    if part != "Dictionary":
        sub(configuration, f"t:{part}", base64.b64encode(data).decode())
    elif data:
        configuration.append(etree.fromstring(data))
    else:
        sub(configuration, "t:Dictionary")
