"""What FindItem can do beside a restriction: query strings, views of contacts, groups, and pages that begin
where a condition holds for the first time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from exchange_sandbox.ews import aqs, paging
from exchange_sandbox.ews.call import Call, flag
from exchange_sandbox.ews.paging import View
from exchange_sandbox.ews.properties import paths
from exchange_sandbox.ews.properties.paths import Path
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.properties.shape import Shape
from exchange_sandbox.ews.properties.types import any_prop, type_of
from exchange_sandbox.ews.restriction import Compiler, Restriction
from exchange_sandbox.ews.xml import Element, SchemaViolation, attributes, children, sub, text_of
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

_ORDERS = {"Order": ("Ascending", "Descending")}
_PATHS = "|".join(paths.PATHS)
SortKey = Callable[[Item], tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """By which property items are grouped, and by the least or greatest value of which the groups come."""

    by: Path
    on: Path
    greatest: bool
    downwards: bool


@dataclass(frozen=True, slots=True)
class More:
    """What a request asks beside restriction, order and folders. ``names`` are the first and the last name
    of a view of contacts, ``seek`` the condition at which a page begins."""

    query: aqs.Test | None = None
    names: tuple[str, str] | None = None
    seek: Restriction | None = None
    grouping: Grouping | None = None

    @property
    def narrows(self) -> bool:
        """Whether every item must be looked at, in what is found or for the place of a page."""
        return bool(self.query or self.names or self.seek or self.grouping)

    def narrowed(self, found: list[Item], reader: Reader) -> list[Item]:
        """Those of the items that the query string and the view of contacts want, contacts by name."""
        if self.query is not None:
            query = self.query
            found = [item for item in found if query(item, reader)]
        if self.names is not None:
            low, high = self.names
            named = sorted(((_name(item), item) for item in found), key=lambda pair: pair[0])
            found = [item for name, item in named if low <= name[: len(low)] and name[: len(high)] <= high]
        return found


def read(call: Call, found: dict[str, Element]) -> tuple[View, More]:
    """Read the views, groups and query string of a FindItem; raises SchemaViolation, EwsError."""
    view, names, seek = View(), None, None
    compiler = Compiler(paths.parse, call.zone)
    if "ContactsView" in found:
        values = attributes(found["ContactsView"], (), ("MaxEntriesReturned", "InitialName", "FinalName"))
        names = (values.get("InitialName", "").casefold(), values.get("FinalName", "\U0010ffff").casefold())
        view = View(most=paging.most(values))
    elif "SeekToConditionPageItemView" in found:
        element = found["SeekToConditionPageItemView"]
        values = attributes(
            element, ("BasePoint",), ("MaxEntriesReturned",), {"BasePoint": ("Beginning", "End")}
        )
        seek = compiler.read(children(element, "t:Condition")["Condition"])
        view = View(most=paging.most(values), from_end=values["BasePoint"] == "End")
    else:
        paged = (found.get(name) for name in ("IndexedPageItemView", "FractionalPageItemView"))
        view = paging.read(next((one for one in paged if one is not None), None))
    return view, More(_query(call, found.get("QueryString")), names, seek, _grouping(found))


def _query(call: Call, element: Element | None) -> aqs.Test | None:
    if element is None or not text_of(element).strip():
        return None
    values = attributes(element, (), ("ResetCache", "ReturnHighlightTerms", "ReturnDeletedItems"))
    for name in values:
        flag(values, name)
    return aqs.parse(text_of(element), call.zone, call.now)


def _grouping(found: dict[str, Element]) -> Grouping | None:
    if "DistinguishedGroupBy" in found:
        element = found["DistinguishedGroupBy"]
        downwards = attributes(element, ("Order",), (), _ORDERS)["Order"] == "Descending"
        word = children(element, "t:StandardGroupBy")["StandardGroupBy"]
        if text_of(word).strip() != "ConversationTopic":
            raise SchemaViolation("The only standard grouping is ConversationTopic.", word)
        topic, received = "message:ConversationTopic", "item:DateTimeReceived"
        return Grouping(Path(topic, any_prop(topic)), Path(received, any_prop(received)), True, downwards)
    if "GroupBy" not in found:
        return None
    element = found["GroupBy"]
    downwards = attributes(element, ("Order",), (), _ORDERS)["Order"] == "Descending"
    by, aggregate = children(element, _PATHS, "t:AggregateOn").values()
    how = attributes(aggregate, ("Aggregate",), (), {"Aggregate": ("Minimum", "Maximum")})["Aggregate"]
    on = next(iter(children(aggregate, _PATHS).values()))
    return Grouping(paths.parse(by), paths.parse(on), how == "Maximum", downwards)


class Pages(Protocol):
    """Whatever divides a result into pages."""

    def page(self, found: Sequence[Any]) -> tuple[Sequence[Any], dict[str, str]]:
        """The page that is wanted, and the attributes that describe it."""


def page(
    found: Sequence[Item | int], view: Pages, more: More, reader: Reader
) -> tuple[Sequence[Item | int], dict[str, str]]:
    """The page that is wanted, and the attributes that describe it."""
    if more.seek is not None and isinstance(view, View):
        holds = more.seek.holds
        numbers = range(len(found))
        hits = [at for at in numbers if holds(values(loaded(reader.db, found[at]), reader))]
        if view.from_end:
            view = replace(view, offset=len(found) - 1 - hits[-1] if hits else len(found))
        else:
            view = replace(view, offset=hits[0] if hits else len(found))
    return view.page(found)


def loaded(db: sqlite3.Connection, item: Item | int) -> Item:
    """The item itself where only its number is known."""
    return item if isinstance(item, Item) else items.get(db, item)


def arranged(
    found: Sequence[Item | int], grouping: Grouping, reader: Reader, key: Callable[[Path], SortKey]
) -> list[Item]:
    """The items group after group; within a group they stay in their order."""
    groups: dict[str, list[Item]] = {}
    for one in found:
        item = loaded(reader.db, one)
        groups.setdefault(group_index(item, grouping, reader), []).append(item)
    aggregate = max if grouping.greatest else min
    of_item = key(grouping.on)
    ordered = sorted(
        groups.values(), key=lambda group: aggregate(map(of_item, group)), reverse=grouping.downwards
    )
    return [item for group in ordered for item in group]


def group_index(item: Item, grouping: Grouping, reader: Reader) -> str:
    """What the items of a group share, as a text."""
    value = values(item, reader)(grouping.by)
    if isinstance(value, dict):
        return str(value.get("name") or value.get("text") or "")
    if isinstance(value, list):
        return "; ".join(str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    choice = grouping.by.choice
    return "" if value is None else choice.shown(value) if choice else str(value)


def write(root: Element, found: Sequence[Item | int], more: More, wanted: Shape, reader: Reader) -> None:
    """Append a page's items, in their groups if they are grouped."""
    if more.grouping is None:
        listing = sub(root, "t:Items")
        for one in found:
            wanted.write(listing, loaded(reader.db, one), reader)
        return
    groups, place, last = sub(root, "t:Groups"), root, None
    for one in found:
        item = loaded(reader.db, one)
        index = group_index(item, more.grouping, reader)
        if index != last:
            box, last = sub(groups, "t:GroupedItems"), index
            sub(box, "t:GroupIndex", index)
            place = sub(box, "t:Items")
        wanted.write(place, item, reader)


def values(item: Item, reader: Reader) -> Any:
    """A function from paths to the values of an item."""
    kind = type_of(item.cls)
    return lambda path: path.value(item, reader, kind)


def _name(item: Item) -> str:
    bag = item.bag
    return str(bag.get(Key.DISPLAY_NAME) or bag.get(Key.FILE_AS) or bag.get(Key.SUBJECT) or "").casefold()
