"""Items by their ids, occurrences of series among them (EWS ``ItemId``, ``OccurrenceItemId``,
``RecurringMasterItemId``)."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, timedelta
from itertools import islice

from exchange_sandbox.calendar import series
from exchange_sandbox.calendar.recurrence import Recurrence
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.ids import ObjectId
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import Element, attributes, children, listed, local
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

# the attribute in which each element has the id
ELEMENTS = {
    "ItemId": "Id",
    "ReferenceItemId": "Id",
    "ParentItemId": "Id",
    "OccurrenceItemId": "RecurringMasterId",
    "RecurringMasterItemId": "OccurrenceId",
    "RecurringMasterItemIdRanges": "Id",
}


def read(element: Element) -> dict[str, str]:
    """The attributes of an id's element; raises SchemaViolation."""
    name = local(element)
    more = ("InstanceIndex",) if name == "OccurrenceItemId" else ()
    values = attributes(element, (ELEMENTS.get(name, "Id"), *more), ("ChangeKey",))
    if more:
        kinds.Integer().constant(values["InstanceIndex"], UTC)
    if name != "RecurringMasterItemIdRanges":
        children(element)
        return values
    for one in _ranges(element):
        _range(one)
    return values


def find(db: sqlite3.Connection, one: ObjectId) -> Item:
    """The item or occurrence with this id; raises ErrorItemNotFound."""
    item = items.get(db, one.number)
    if one.kind != ids.OCCURRENCE:
        return item
    if not series.is_master(item) or one.day > date.max.toordinal():
        raise EwsError("ErrorItemNotFound")
    return series.occurrence(db, item, date.fromordinal(one.day))


def follow(db: sqlite3.Connection, element: Element, one: ObjectId) -> Item:
    """What an element means by the id in it; raises ErrorItemNotFound and, for ids that do not fit,
    ErrorCalendarCannotUseIdForRecurringMasterId, ErrorCalendarCannotUseIdForOccurrenceId."""
    name = local(element)
    if name == "RecurringMasterItemId":
        if one.kind != ids.OCCURRENCE:
            raise EwsError("ErrorCalendarCannotUseIdForOccurrenceId")
        return items.get(db, one.number)
    item = find(db, one)
    if name in ("OccurrenceItemId", "RecurringMasterItemIdRanges") and not series.is_master(item):
        raise EwsError("ErrorCalendarCannotUseIdForRecurringMasterId")
    if name == "OccurrenceItemId":
        day = Recurrence.of(item.bag[Key.RECURRENCE]).nth(int(element.get("InstanceIndex", "0")))
        if day is None:
            raise EwsError("ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange")
        return series.occurrence(db, item, day)
    return item


def in_ranges(db: sqlite3.Connection, element: Element, master: Item) -> list[Item]:
    """The master and those occurrences of it that the ranges of a RecurringMasterItemIdRanges name."""
    found: dict[int, Item] = {}
    for one in _ranges(element):
        start, end, count = _range(one)
        aside = timedelta(days=2)
        usual = series.expanded(db, master, series.shifted(start, -aside), series.shifted(end, aside))
        within = (item for item in usual if item.bag[Key.START] < end and item.bag[Key.END] > start)
        found |= {item.occurrence: item for item in islice(within, count)}
    return [master, *found.values()]


def _ranges(element: Element) -> list[Element]:
    parts = children(element, "t:Ranges?")
    return list(listed(parts["Ranges"], "t:Range")) if "Ranges" in parts else []


def _range(element: Element) -> tuple[str, str, int]:
    values = attributes(element, (), ("Start", "End", "Count", "CompareOriginalStartTime"))
    start = kinds.Moment().constant(values.get("Start", "1601-01-01T00:00:00Z"), UTC)
    end = kinds.Moment().constant(values.get("End", "4500-08-31T00:00:00Z"), UTC)
    count = kinds.Integer().constant(values.get("Count", "999"), UTC)
    return start, end, max(0, min(count, 999))
