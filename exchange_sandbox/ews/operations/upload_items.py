"""UploadItems."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import export
from exchange_sandbox.ews.call import Call, box, flag
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties.kinds import parse_base64
from exchange_sandbox.ews.xml import Element, attributes, children, listed, text_of
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item

NAME = "UploadItems"
_ACTIONS = ("CreateNew", "Update", "UpdateOrCreate")


def answer(call: Call, request: Element) -> Element:
    """Put exported items into folders, as new ones or in place of others."""
    found = children(request, "m:Items")

    def one(element: Element) -> Sequence[Element]:
        parts, action = _read(element)
        with call.store.write() as db:
            named = box("t:FolderId")
            named.set("Id", parts["ParentFolderId"].get("Id", ""))
            folder = call.folder(db, named)
            fresh = export.loaded(text_of(parts["Data"]), call.user.id, folder.id)
            if "IsAssociated" in element.attrib:
                fresh.associated = flag(dict(element.attrib), "IsAssociated")  # type: ignore[arg-type]
            placed = _placed(call, db, fresh, parts.get("ItemId"), action)
            number = box("m:ItemId")
            item_id, change_key = call.reader(db).item_id(placed)
            number.set("Id", item_id)
            number.set("ChangeKey", change_key)
            return [number]

    return call.each(listed(found["Items"], "t:Item"), one, check=_read)


def _read(element: Element) -> tuple[dict[str, Element], str]:
    values = attributes(element, ("CreateAction",), ("IsAssociated",), {"CreateAction": _ACTIONS})
    flag(values, "IsAssociated")
    parts = children(element, "t:ParentFolderId", "t:ItemId?", "t:Data")
    for name in ("ParentFolderId", "ItemId"):
        if name in parts:
            attributes(parts[name], ("Id",), ("ChangeKey",))
    parse_base64(text_of(parts["Data"]), parts["Data"])
    return parts, values["CreateAction"]


def _placed(call: Call, db: sqlite3.Connection, fresh: Item, old: Element | None, action: str) -> Item:
    """Update keeps the id of the item; where there is none, UpdateOrCreate makes a new one."""
    if action == "CreateNew":
        return items.insert(db, fresh, call.now)
    if old is None:
        raise EwsError("ErrorInvalidIdEmpty", f"{action} needs an ItemId.")
    try:
        item, _ = call.item(db, old)
    except Refused as failure:
        error = in_ews(failure)
        if action == "UpdateOrCreate" and error.code == "ErrorItemNotFound":
            return items.insert(db, fresh, call.now)
        raise
    item.streams = {**dict.fromkeys(items.streams(db, item)), **fresh.streams}
    item.bag = fresh.bag
    items.update(db, item, call.now, touched=fresh.bag)
    return item
