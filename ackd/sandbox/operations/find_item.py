"""FindItem."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ackd.sandbox import paging, prefilter
from ackd.sandbox.call import Call, box
from ackd.sandbox.errors import EwsError, RequestFault
from ackd.sandbox.prefilter import Where
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
        request,
        "m:ItemShape",
        "m:IndexedPageItemView|m:FractionalPageItemView|m:SeekToConditionPageItemView|m:CalendarView|m:ContactsView?",
        "m:GroupBy|m:DistinguishedGroupBy?",
        "m:Restriction?",
        "m:SortOrder?",
        "m:ParentFolderIds",
        "m:QueryString?",
    )
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
    return _Search(traversal, _page(call, view, restriction), restriction, sort, span)


def _page(call: Call, view: Element | None, restriction: Restriction | None) -> paging.View:
    page = paging.read(view)
    if restriction is not None and call.quirks.find_pages_of_250:
        return replace(page, most=min(page.most, 250))
    return page


def _find(db: sqlite3.Connection, reader: Reader, folder: Folder, search: _Search) -> Sequence[Item | int]:
    """What is found, in order; numbers of items where the store alone could say which they are."""
    if search.traversal == "SoftDeleted":
        folder = folders.distinguished(db, folder.mailbox, "recoverableitemsdeletions")
    place = (folder.id, search.traversal == "Associated")
    where = search.restriction.where if search.restriction else Where("1", (), True)
    order = _order(search.sort)
    if search.span is None and where is not None and where.exact and order is not None:
        sql = f"SELECT id FROM item WHERE folder = ? AND associated = ? AND ({where.sql}) ORDER BY {order}"  # noqa: S608
        return [row[0] for row in db.execute(sql, (*place, *where.values))]
    matching = _candidates(db, place, search.restriction)
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
        matching.sort(key=_key(path, reader), reverse=downwards)
    return matching


def _order(sort: list[tuple[paths.Path, bool]]) -> str | None:
    """The order as the store knows it: newest first, unless it is to be sorted by something else."""
    if not sort:
        return "received DESC, id DESC"
    (path, downwards), *more = sort
    if more:
        return None
    if path.key == "DateTimeReceived":
        return "received DESC, id DESC" if downwards else "received, id"
    by = prefilter.order(path)
    return f"{by} {'DESC' if downwards else 'ASC'}, received DESC, id DESC" if by else None


def _candidates(
    db: sqlite3.Connection, place: tuple[int, bool], restriction: Restriction | None
) -> list[Item]:
    """The items that a restriction must look at: newest first."""
    base = f"{items.SELECT} WHERE folder = ? AND associated = ?"
    if restriction is None or restriction.lookups is None:
        where = restriction.where if restriction and restriction.where else Where("1", (), True)
        rows = db.execute(
            f"{base} AND ({where.sql}) ORDER BY received DESC, id DESC", (*place, *where.values)
        ).fetchall()
        return [items.from_row(row) for row in rows]
    numbers: set[int] = set()
    for name, value in restriction.lookups:
        rows = db.execute(
            "SELECT item FROM findable WHERE property = ? AND value = ?", (name, value)
        ).fetchall()
        numbers.update(row[0] for row in rows)
    found = [db.execute(f"{base} AND id = ?", (*place, one)).fetchone() for one in numbers]
    kept = [items.from_row(row) for row in found if row is not None]
    return sorted(kept, key=lambda item: (item.bag["DateTimeReceived"], item.id), reverse=True)


def _key(path: paths.Path, reader: Reader) -> Callable[[Item], tuple[int, Any]]:
    return lambda item: _sort_key(_values(item, reader)(path))


def _values(item: Item, reader: Reader) -> Any:
    kind = type_of(item.cls)
    return lambda path: path.value(item, reader, kind)


def _sort_key(value: Any) -> tuple[int, Any]:
    """Missing values first; texts without case."""
    if value is None or isinstance(value, (list, dict)):
        text = value["name"] if isinstance(value, dict) and "name" in value else None
        return (0, 0) if text is None else (2, text.casefold())
    return (2, value.casefold()) if isinstance(value, str) else (1, value)
