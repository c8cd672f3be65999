"""Series of appointments: a master that is stored, and occurrences that follow from it (MS-OXOCAL 2.2.1.44).

A master keeps in its bag what became of single occurrences: those that were changed (by ordinal of a day what
differs from the master) and those that were deleted. An occurrence is an item with the number of its master
and the day on which it would be by the pattern, in the master's zone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from exchange_sandbox.calendar import zones
from exchange_sandbox.calendar.recurrence import Recurrence
from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store import items, spans
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, OccurrenceType, Stream

_FOREVER = "9999-12-31T00:00:00.000000Z"
# what only the master has, and what only an occurrence has
_MASTERS = (Key.RECURRENCE, Key.CHANGED, Key.DELETED, Key.SPAN, Key.BASIS)
_OCCURRENCES = (Key.ORIGINAL_START, Key.RECURRENCE_ID, Key.OCCURRENCE_TYPE)
_NEVER_DIFFERS = frozenset(
    (*_OCCURRENCES, Key.TOUCHED, Key.MODIFIED, Key.MODIFIED_BY, Key.STAMPED, Key.SIZE, Key.UID)
)


def is_master(item: Item) -> bool:
    """Whether an item is the master of a series of appointments."""
    return Key.RECURRENCE in item.bag and Key.START in item.bag and not item.occurrence


def kind(item: Item) -> OccurrenceType:
    """What an appointment is to its series."""
    usual = OccurrenceType.MASTER if is_master(item) else OccurrenceType.SINGLE
    return OccurrenceType(item.bag.get(Key.OCCURRENCE_TYPE, usual))


def basis(bag: dict[str, Any]) -> list[Any]:
    """What the days and times of a series follow from: once it changes, single changes are forgotten."""
    return [bag[Key.START], bag[Key.END], bag.get(Key.RECURRENCE), bag.get(Key.START_TIME_ZONE)]


def times(bag: dict[str, Any], day: date) -> tuple[str, str]:
    """Start and end of an occurrence, by the clock of the master's zone."""
    zone = zones.zone_of(bag.get(Key.START_TIME_ZONE))
    start, end = (
        datetime.fromisoformat(bag[key]).astimezone(zone).replace(tzinfo=None) for key in (Key.START, Key.END)
    )
    moved = datetime.combine(day, start.time())
    return iso(moved.replace(tzinfo=zone)), iso((moved + (end - start)).replace(tzinfo=zone))


def day_of(bag: dict[str, Any], moment: str) -> date:
    """The day of a moment in a series' zone."""
    return datetime.fromisoformat(moment).astimezone(zones.zone_of(bag.get(Key.START_TIME_ZONE))).date()


def span(bag: dict[str, Any]) -> list[str]:
    """From when to when an appointment lasts; a series with all its occurrences."""
    if Key.RECURRENCE not in bag:
        return [bag[Key.START], bag[Key.END]]
    last = Recurrence.of(bag[Key.RECURRENCE]).last()
    changed = [one["set"] for one in bag.get(Key.CHANGED, {}).values()]
    ends = [times(bag, last)[1] if last else _FOREVER, *(one[Key.END] for one in changed if Key.END in one)]
    return [min([bag[Key.START], *(one[Key.START] for one in changed if Key.START in one)]), max(ends)]


def occurrence(db: sqlite3.Connection, master: Item, day: date) -> Item:
    """The occurrence of a day; raises Problem.OCCURRENCE_DELETED, Problem.ITEM_NOT_FOUND."""
    number = Recurrence.of(master.bag[Key.RECURRENCE]).number(day)
    if number is None:
        raise Refused(Problem.ITEM_NOT_FOUND)
    if day.toordinal() in master.bag.get(Key.DELETED, ()):
        raise Refused(Problem.OCCURRENCE_DELETED)
    item = _plain(master, day)
    change = master.bag.get(Key.CHANGED, {}).get(str(day.toordinal()))
    if change is not None:
        item.bag |= {**change["set"], Key.OCCURRENCE_TYPE: OccurrenceType.EXCEPTION}
        for key in change["gone"]:
            item.bag.pop(key, None)
        own_body = items.stream(db, master, _body_of(item))
        if own_body is not None:
            item.streams[Stream.BODY] = own_body
    return item


def _plain(master: Item, day: date) -> Item:
    bag = {key: value for key, value in master.bag.items() if key not in _MASTERS}
    start, end = times(master.bag, day)
    bag |= {
        Key.START: start, Key.END: end, Key.ORIGINAL_START: start, Key.RECURRENCE_ID: start,
        Key.OCCURRENCE_TYPE: OccurrenceType.OCCURRENCE,
    }  # fmt: skip
    return Item(
        master.mailbox, master.folder, bag, id=master.id, change=master.change,
        content_change=master.content_change, arrived=master.arrived, occurrence=day.toordinal(),
    )  # fmt: skip


def _body_of(item: Item) -> str:
    return f"exception/{item.occurrence}/{Stream.BODY}"


def expanded(db: sqlite3.Connection, master: Item, begin: date, end: date) -> Iterator[Item]:
    """The occurrences whose day by the pattern lies between two days, both included; deleted ones not."""
    deleted = set(master.bag.get(Key.DELETED, ()))
    for day in Recurrence.of(master.bag[Key.RECURRENCE]).between(begin, end):
        if day.toordinal() not in deleted:
            yield occurrence(db, master, day)


def changed(db: sqlite3.Connection, master: Item) -> list[Item]:
    """The occurrences that are exceptions, in order."""
    days = sorted(int(one) for one in master.bag.get(Key.CHANGED, {}))
    return [occurrence(db, master, date.fromordinal(one)) for one in days]


def ends(db: sqlite3.Connection, master: Item) -> tuple[Item | None, Item | None]:
    """The first and the last occurrence that are left; no last one of a series without an end."""
    rule = Recurrence.of(master.bag[Key.RECURRENCE])
    deleted = set(master.bag.get(Key.DELETED, ()))
    number, day = 1, rule.nth(1)
    while day is not None and day.toordinal() in deleted:
        number += 1
        day = rule.nth(number)
    last = rule.last()
    back = rule.number(last) if last else None
    while last is not None and back is not None and last.toordinal() in deleted:
        back -= 1
        last = rule.nth(back)
    found = [occurrence(db, master, one) if one else None for one in (day, last)]
    return found[0], found[1]


def between(db: sqlite3.Connection, folder: int, start: str, end: str) -> list[Item]:
    """The appointments of a folder that begin before ``end`` and end at ``start`` or later, the earliest
    first; series by their occurrences."""
    rows = db.execute(
        f"{items.SELECT} WHERE folder = ? AND associated = 0 AND {spans.DATED} AND {spans.END} >= ?"
        f" AND {spans.START} < ?",
        (folder, start, end),
    ).fetchall()
    found: list[Item] = []
    for item in map(items.from_row, rows):
        if is_master(item):
            found += within(db, item, start, end)
        elif item.bag.get(Key.END):
            found.append(item)
    return sorted(found, key=lambda one: (str(one.bag[Key.START]), one.id))


def within(db: sqlite3.Connection, master: Item, start: str, end: str) -> list[Item]:
    """The occurrences of a series that begin before ``end`` and end at ``start`` or later."""
    length = datetime.fromisoformat(master.bag[Key.END]) - datetime.fromisoformat(master.bag[Key.START])
    begin = shifted(start, -length - timedelta(days=2))
    usual = expanded(db, master, begin, shifted(end, timedelta(days=2)))
    found = {one.occurrence: one for one in [*usual, *changed(db, master)]}
    return [one for one in found.values() if one.bag[Key.START] < end and one.bag[Key.END] >= start]


def shifted(moment: str, by: timedelta) -> date:
    """The day of a moment that lies so much later; the first or last of all days where that is none."""
    try:
        return (datetime.fromisoformat(moment).astimezone(UTC) + by).date()
    except OverflowError:
        return date.min if by < timedelta() else date.max


# changing


def update(
    db: sqlite3.Connection,
    item: Item,
    now: datetime,
    *,
    touched: Iterable[str] = (),
    read_flag_only: bool = False,
) -> None:
    """Write a changed item back; an occurrence as an exception of its series, with the master's new change
    number. Raises Problem.OCCURRENCE_CROSSES_NEIGHBOUR."""
    if not item.occurrence:
        items.update(db, item, now, touched=touched, read_flag_only=read_flag_only)
        return
    master = items.get(db, item.id)
    _check_order(db, master, item)
    plain = _plain(master, date.fromordinal(item.occurrence)).bag
    different = {
        key: value
        for key, value in item.bag.items()
        if key not in _NEVER_DIFFERS and (key not in plain or plain[key] != value)
    }
    gone = [key for key in plain if key not in item.bag and key not in _NEVER_DIFFERS]
    master.bag.setdefault(Key.CHANGED, {})[str(item.occurrence)] = {"set": different, "gone": gone}
    if item.streams.get(Stream.BODY) is not None:
        master.streams[_body_of(item)] = item.streams[Stream.BODY]
    _save(db, master, now, touched)
    item.change, item.content_change = master.change, master.content_change


def _check_order(db: sqlite3.Connection, master: Item, item: Item) -> None:
    """An occurrence stays between its neighbours: it neither leaves the day before nor reaches the next."""
    rule = Recurrence.of(master.bag[Key.RECURRENCE])
    number = rule.number(date.fromordinal(item.occurrence))
    if number is None or item.bag[Key.START] == item.bag[Key.ORIGINAL_START]:
        return
    for step in (-1, 1):
        day = rule.nth(number + step)
        if day is None or day.toordinal() in master.bag.get(Key.DELETED, ()):
            continue
        other = occurrence(db, master, day).bag
        first, second = (other, item.bag) if step < 0 else (item.bag, other)
        if second[Key.START] < first[Key.END]:
            raise Refused(Problem.OCCURRENCE_CROSSES_NEIGHBOUR)


def delete(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    """Remove an occurrence from its series, which goes with the last one; other items for good."""
    if not item.occurrence:
        items.delete(db, item, now)
        return
    master = items.get(db, item.id)
    master.bag.setdefault(Key.DELETED, []).append(item.occurrence)
    master.bag.get(Key.CHANGED, {}).pop(str(item.occurrence), None)
    if items.stream(db, master, _body_of(item)) is not None:
        master.streams[_body_of(item)] = None
    if ends(db, master)[0] is None:
        items.delete(db, master, now)
    else:
        _save(db, master, now)


def _save(db: sqlite3.Connection, master: Item, now: datetime, touched: Iterable[str] = ()) -> None:
    master.bag[Key.SPAN] = span(master.bag)
    items.update(db, master, now, touched=touched)


def single(db: sqlite3.Connection, item: Item) -> Item:
    """An occurrence as an appointment of its own, not yet in a folder."""
    bag = {key: value for key, value in item.bag.items() if key not in (*_OCCURRENCES, Key.TOUCHED)}
    bag[Key.SPAN] = [bag[Key.START], bag[Key.END]]
    streams = items.streams(db, item) | item.streams
    kept = {name: data for name, data in streams.items() if not name.startswith("exception/")}
    return Item(item.mailbox, item.folder, bag, streams=kept)
