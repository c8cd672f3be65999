"""FindItem."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ackd.sandbox import paging
from ackd.sandbox.call import Call, box
from ackd.sandbox.errors import EwsError, RequestFault
from ackd.sandbox.properties import kinds, paths, shape
from ackd.sandbox.properties.prop import Reader
from ackd.sandbox.properties.types import type_of
from ackd.sandbox.restriction import Compiler, Restriction
from ackd.sandbox.store import folders, items
from ackd.sandbox.store.folders import Folder
from ackd.sandbox.store.items import Item
from ackd.sandbox.xml import Element, attributes, children, listed, sub

NAME = "FindItem"
_VIEWS = ("IndexedPageItemView", "FractionalPageItemView")
_TRAVERSALS = ("Shallow", "SoftDeleted", "Associated")


@dataclass(frozen=True, slots=True)
class _Search:
    """A FindItem request, read; ``sort`` are paths with whether each goes downwards."""

    traversal: str
    view: paging.View
    restriction: Restriction | None
    sort: list[tuple[paths.Path, bool]]
    span: tuple[str, str] | None


def answer(call: Call, request: Element) -> Element:
    """Find items in folders, by a restriction, sorted, in pages."""
    traversal = attributes(request, ("Traversal",), (), {"Traversal": _TRAVERSALS})["Traversal"]
    found = children(
        request, "m:ItemShape",
        "m:IndexedPageItemView|m:FractionalPageItemView|m:SeekToConditionPageItemView|m:CalendarView|m:ContactsView?",
        "m:GroupBy|m:DistinguishedGroupBy?", "m:Restriction?", "m:SortOrder?", "m:ParentFolderIds", "m:QueryString?",
    )  # fmt: skip
    for name in (
        "SeekToConditionPageItemView",
        "ContactsView",
        "GroupBy",
        "DistinguishedGroupBy",
        "QueryString",
    ):
        if name in found:
            raise RequestFault(
                "ErrorInvalidRequest", f"The request is invalid. {name} is not supported by this sandbox."
            )
    wanted_shape = shape.parse(found["ItemShape"], finding=True)
    with call.store.read() as db:

        def one(element: Element) -> Sequence[Element]:
            wanted = wanted_shape()
            search = _read(call, traversal, found)
            reader = call.shape_reader(db, wanted)
            page, about = search.view.page(_find(db, reader, call.folder(db, element), search))
            root = box("m:RootFolder")
            for key, value in about.items():
                root.set(key, value)
            listing = sub(root, "t:Items")
            for item in page:
                wanted.write(listing, item if isinstance(item, Item) else items.get(db, item), reader)
            return [root]

        return call.each(listed(found["ParentFolderIds"], "t:FolderId", "t:DistinguishedFolderId"), one)


def _read(call: Call, traversal: str, found: dict[str, Element]) -> _Search:
    view = next((found[name] for name in _VIEWS if name in found), None)
    restriction = None
    if "Restriction" in found:
        restriction = Compiler(paths.parse, call.zone).read(found["Restriction"])
    sort = []
    if "SortOrder" in found:
        for field in listed(found["SortOrder"], "t:FieldOrder"):
            downwards = (
                attributes(field, ("Order",), (), {"Order": ("Ascending", "Descending")})["Order"]
                == "Descending"
            )
            sort.append((paths.parse(next(iter(children(field, "|".join(paths.PATHS)).values()))), downwards))
    span = None
    if "CalendarView" in found:
        values = attributes(found["CalendarView"], ("StartDate", "EndDate"), ("MaxEntriesReturned",))
        start, end = (kinds.parse_moment(values[name], call.zone, None) for name in ("StartDate", "EndDate"))
        if end < start:
            raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
        span = (start, end)
    return _Search(traversal, paging.read(view), restriction, sort, span)


def _find(db: sqlite3.Connection, reader: Reader, folder: Folder, search: _Search) -> Sequence[Item | int]:
    """What is found, in order; numbers of items where nothing but their order had to be known."""
    if search.traversal == "SoftDeleted":
        folder = folders.distinguished(db, folder.mailbox, "recoverableitemsdeletions")
    associated = search.traversal == "Associated"
    if search.restriction is None and not search.sort and search.span is None:
        rows = db.execute(
            "SELECT id FROM item WHERE folder = ? AND associated = ? ORDER BY received DESC, id DESC",
            (folder.id, associated),
        )
        return [row[0] for row in rows]
    lookups = search.restriction.lookups if search.restriction else None
    matching = list(_candidates(db, folder.id, associated, lookups))
    if search.restriction is not None:
        holds = search.restriction.holds
        matching = [item for item in matching if holds(_values(item, reader))]
    if search.span is not None:
        start, end = search.span
        matching = [
            one for one in matching if one.bag.get("Start", "") < end and one.bag.get("End", "") > start
        ]
        matching.sort(key=lambda one: str(one.bag["Start"]))
    for path, downwards in reversed(search.sort):
        matching.sort(key=lambda item, path=path: _sort_key(_values(item, reader)(path)), reverse=downwards)  # type: ignore[misc]
    return matching


def _candidates(
    db: sqlite3.Connection, folder: int, associated: bool, lookups: Iterable[tuple[str, str]] | None
) -> Iterable[Item]:
    """The items that a restriction must look at: newest first."""
    where, order = "WHERE folder = ? AND associated = ?", "ORDER BY received DESC, item.id DESC"
    if lookups is None:
        rows = db.execute(f"{items.SELECT} {where} {order}", (folder, associated)).fetchall()
        return [items.from_row(row) for row in rows]
    numbers: set[int] = set()
    for name, value in lookups:
        rows = db.execute(
            "SELECT item FROM findable WHERE property = ? AND value = ?", (name, value)
        ).fetchall()
        numbers.update(row[0] for row in rows)
    found = [
        db.execute(f"{items.SELECT} {where} AND id = ?", (folder, associated, one)).fetchone()
        for one in numbers
    ]
    kept = [items.from_row(row) for row in found if row is not None]
    return sorted(kept, key=lambda item: (item.bag["DateTimeReceived"], item.id), reverse=True)


def _values(item: Item, reader: Reader) -> Any:
    kind = type_of(item.cls)
    return lambda path: path.value(item, reader, kind)


def _sort_key(value: Any) -> tuple[int, Any]:
    """Missing values first; texts without case."""
    if value is None or isinstance(value, (list, dict)):
        text = value["name"] if isinstance(value, dict) and "name" in value else None
        return (0, 0) if text is None else (2, text.casefold())
    return (2, value.casefold()) if isinstance(value, str) else (1, value)
