"""FindItem."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from exchange_sandbox.ews import finding, paging, prefilter, searching
from exchange_sandbox.ews.calendar import view as calendar_view
from exchange_sandbox.ews.calendar.view import CalendarView
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.prefilter import Where
from exchange_sandbox.ews.properties import paths, shape
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.restriction import Compiler, Restriction, both
from exchange_sandbox.ews.xml import Element, attributes, children, listed
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

NAME = "FindItem"
_TRAVERSALS = ("Shallow", "SoftDeleted", "Associated")


@dataclass(frozen=True, slots=True)
class _Search:
    """A FindItem request, read; ``sort`` are paths with whether each goes downwards."""

    traversal: str
    view: paging.View
    restriction: Restriction | None
    sort: list[tuple[paths.Path, bool]]
    calendar: CalendarView | None
    more: finding.More


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
    wanted_shape = shape.parse(found["ItemShape"], finding=True)
    with call.store.read() as db:

        def one(element: Element) -> Sequence[Element]:
            wanted = wanted_shape()
            search = _read(call, traversal, found)
            reader = call.shape_reader(db, wanted)
            stays = call.hook.stays_on_page()
            if stays:
                search = replace(search, view=replace(search.view, offset=0))
            matching = _find(db, reader, call.folder(db, element), search)
            if search.more.grouping is not None:
                matching = finding.arranged(
                    matching, search.more.grouping, reader, lambda path: _key(path, reader)
                )
            if search.calendar is not None:
                page, about = search.calendar.page(matching)
            else:
                page, about = finding.page(matching, search.view, search.more, reader)
            if stays:
                about["IncludesLastItemInRange"] = "false"
            root = box("m:RootFolder")
            for key, value in about.items():
                root.set(key, value)
            finding.write(root, page, search.more, wanted, reader)
            return [root]

        return call.each(listed(found["ParentFolderIds"], "t:FolderId", "t:DistinguishedFolderId"), one)


def _read(call: Call, traversal: str, found: dict[str, Element]) -> _Search:
    view, more = finding.read(call, found)
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
    span = calendar_view.read(found["CalendarView"], call.zone) if "CalendarView" in found else None
    return _Search(traversal, _page(call, view, restriction), restriction, sort, span, more)


def _page(call: Call, page: paging.View, restriction: Restriction | None) -> paging.View:
    if restriction is not None and call.quirks.find_pages_of_250:
        return replace(page, most=min(page.most, 250))
    return page


def _find(db: sqlite3.Connection, reader: Reader, folder: Folder, search: _Search) -> Sequence[Item | int]:
    """What is found, in order; numbers of items where the store alone could say which they are."""
    left = folder.id if search.traversal == "SoftDeleted" else None
    if left is not None:
        folder = folders.distinguished(db, folder.mailbox, "recoverableitemsdeletions")
    numbers, restriction = [folder.id], search.restriction
    if folder.is_search:
        numbers, searched = searching.source(db, folder, reader)
        restriction = both([one for one in (searched, restriction) if one is not None])
    place = Place(tuple(numbers), search.traversal == "Associated")
    where = restriction.where if restriction else Where("1", (), True)
    order = _order(search.sort)
    plain = search.calendar is None and not search.more.narrows and left is None
    if plain and where is not None and where.exact and order is not None:
        sql = f"SELECT id FROM item WHERE {place.sql} AND ({where.sql}) ORDER BY {order}"  # noqa: S608
        return [row[0] for row in db.execute(sql, (*place.values, *where.values))]
    if search.calendar is not None:
        matching = search.calendar.find(db, folder)
    else:
        matching = _candidates(db, place, restriction)
    if left is not None:  # of all that can be recovered what was deleted from this folder
        matching = [item for item in matching if item.bag.get(Key.LEFT) == left]
    if restriction is not None:
        holds = restriction.holds
        matching = [item for item in matching if holds(finding.values(item, reader))]
    matching = search.more.narrowed(matching, reader)
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
    if path.key == Key.RECEIVED:
        return "received DESC, id DESC" if downwards else "received, id"
    by = prefilter.order(path)
    return f"{by} {'DESC' if downwards else 'ASC'}, received DESC, id DESC" if by else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where is searched: folders (a search folder looks into several), associated items or the others."""

    folders: tuple[int, ...]
    associated: bool

    @property
    def sql(self) -> str:
        """As a condition on the table of items."""
        many = f"folder IN ({', '.join('?' * len(self.folders))})"
        return f"{'folder = ?' if len(self.folders) == 1 else many} AND associated = ?"

    @property
    def values(self) -> tuple[int, ...]:
        """What stands for the question marks."""
        return (*self.folders, int(self.associated))


def _candidates(db: sqlite3.Connection, place: Place, restriction: Restriction | None) -> list[Item]:
    """The items that a restriction must look at: newest first."""
    base = f"{items.SELECT} WHERE {place.sql}"
    if restriction is None or restriction.lookups is None:
        where = restriction.where if restriction and restriction.where else Where("1", (), True)
        rows = db.execute(
            f"{base} AND ({where.sql}) ORDER BY received DESC, id DESC", (*place.values, *where.values)
        ).fetchall()
        return [items.from_row(row) for row in rows]
    numbers: set[int] = set()
    for name, value in restriction.lookups:
        rows = db.execute(
            "SELECT item FROM findable WHERE property = ? AND value = ?", (name, value)
        ).fetchall()
        numbers.update(row[0] for row in rows)
    found = [db.execute(f"{base} AND id = ?", (*place.values, one)).fetchone() for one in numbers]
    kept = [items.from_row(row) for row in found if row is not None]
    return sorted(kept, key=lambda item: (item.bag[Key.RECEIVED], item.id), reverse=True)


def _key(path: paths.Path, reader: Reader) -> Callable[[Item], tuple[int, Any]]:
    rank = path.rank
    return lambda item: _sort_key(rank(finding.values(item, reader)(path)))


def _sort_key(value: Any) -> tuple[int, Any]:
    """Missing values first; texts without case."""
    if value is None or isinstance(value, (list, dict)):
        text = value["name"] if isinstance(value, dict) and "name" in value else None
        return (0, 0) if text is None else (2, text.casefold())
    return (2, value.casefold()) if isinstance(value, str) else (1, value)
