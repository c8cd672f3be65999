"""Series of appointments: a master that is stored, and occurrences that follow from it (MS-OXOCAL 2.2.1.44).

A master keeps in its bag what became of single occurrences: ``_changed`` (an ordinal of a day: what differs
from the master) and ``_deleted`` (ordinals of days). ``_span`` of every appointment is from when to when it,
or any of its series, lasts. An occurrence is an item with the number of its master and the day on which it
would be by the pattern, in the master's zone.
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
from exchange_sandbox.store.items import BODY, TOUCHED, Item

CHANGED, DELETED, SPAN, BASIS = "_changed", "_deleted", "_span", "_basis"
_FOREVER = "9999-12-31T00:00:00.000000Z"
# what only the master has, and what only an occurrence has
_MASTERS = ("Recurrence", CHANGED, DELETED, SPAN, BASIS)
_OCCURRENCES = ("OriginalStart", "RecurrenceId", "CalendarItemType")
_NEVER_DIFFERS = frozenset(
    (*_OCCURRENCES, TOUCHED, "LastModifiedTime", "LastModifiedName", "DateTimeStamp", "Size", "UID")
)


def is_master(item: Item) -> bool:
    """Whether an item is the master of a series of appointments."""
    return "Recurrence" in item.bag and "Start" in item.bag and not item.occurrence


def kind(item: Item) -> str:
    """The CalendarItemType."""
    return str(item.bag.get("CalendarItemType") or ("RecurringMaster" if is_master(item) else "Single"))


def basis(bag: dict[str, Any]) -> list[Any]:
    """What the days and times of a series follow from: once it changes, single changes are forgotten."""
    return [bag["Start"], bag["End"], bag.get("Recurrence"), bag.get("StartTimeZone")]


def times(bag: dict[str, Any], day: date) -> tuple[str, str]:
    """Start and end of an occurrence, by the clock of the master's zone."""
    zone = zones.zone_of(bag.get("StartTimeZone"))
    start, end = (
        datetime.fromisoformat(bag[key]).astimezone(zone).replace(tzinfo=None) for key in ("Start", "End")
    )
    moved = datetime.combine(day, start.time())
    return iso(moved.replace(tzinfo=zone)), iso((moved + (end - start)).replace(tzinfo=zone))


def day_of(bag: dict[str, Any], moment: str) -> date:
    """The day of a moment in a series' zone."""
    return datetime.fromisoformat(moment).astimezone(zones.zone_of(bag.get("StartTimeZone"))).date()


def span(bag: dict[str, Any]) -> list[str]:
    """From when to when an appointment lasts; a series with all its occurrences."""
    if "Recurrence" not in bag:
        return [bag["Start"], bag["End"]]
    last = Recurrence.of(bag["Recurrence"]).last()
    changed = [one["set"] for one in bag.get(CHANGED, {}).values()]
    ends = [times(bag, last)[1] if last else _FOREVER, *(one["End"] for one in changed if "End" in one)]
    return [min([bag["Start"], *(one["Start"] for one in changed if "Start" in one)]), max(ends)]


def occurrence(db: sqlite3.Connection, master: Item, day: date) -> Item:
    """The occurrence of a day; raises ErrorCalendarOccurrenceIsDeletedFromRecurrence, ErrorItemNotFound."""
    number = Recurrence.of(master.bag["Recurrence"]).number(day)
    if number is None:
        raise Refused(Problem.ITEM_NOT_FOUND)
    if day.toordinal() in master.bag.get(DELETED, ()):
        raise Refused(Problem.OCCURRENCE_DELETED)
    item = _plain(master, day)
    change = master.bag.get(CHANGED, {}).get(str(day.toordinal()))
    if change is not None:
        item.bag.update(change["set"], CalendarItemType="Exception")
        for key in change["gone"]:
            item.bag.pop(key, None)
        own_body = items.stream(db, master, _body_of(item))
        if own_body is not None:
            item.streams[BODY] = own_body
    return item


def _plain(master: Item, day: date) -> Item:
    bag = {key: value for key, value in master.bag.items() if key not in _MASTERS}
    start, end = times(master.bag, day)
    bag.update(Start=start, End=end, OriginalStart=start, RecurrenceId=start, CalendarItemType="Occurrence")
    return Item(
        master.mailbox, master.folder, bag, id=master.id, change=master.change,
        content_change=master.content_change, arrived=master.arrived, occurrence=day.toordinal(),
    )  # fmt: skip


def _body_of(item: Item) -> str:
    return f"Exception/{item.occurrence}/Body"


def expanded(db: sqlite3.Connection, master: Item, begin: date, end: date) -> Iterator[Item]:
    """The occurrences whose day by the pattern lies between two days, both included; deleted ones not."""
    deleted = set(master.bag.get(DELETED, ()))
    for day in Recurrence.of(master.bag["Recurrence"]).between(begin, end):
        if day.toordinal() not in deleted:
            yield occurrence(db, master, day)


def changed(db: sqlite3.Connection, master: Item) -> list[Item]:
    """The occurrences that are exceptions, in order."""
    days = sorted(int(one) for one in master.bag.get(CHANGED, {}))
    return [occurrence(db, master, date.fromordinal(one)) for one in days]


def ends(db: sqlite3.Connection, master: Item) -> tuple[Item | None, Item | None]:
    """The first and the last occurrence that are left; no last one of a series without an end."""
    rule = Recurrence.of(master.bag["Recurrence"])
    deleted = set(master.bag.get(DELETED, ()))
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
            found += _within(db, item, start, end)
        elif item.bag.get("End"):
            found.append(item)
    return sorted(found, key=lambda one: (str(one.bag["Start"]), one.id))


def _within(db: sqlite3.Connection, master: Item, start: str, end: str) -> Iterable[Item]:
    length = datetime.fromisoformat(master.bag["End"]) - datetime.fromisoformat(master.bag["Start"])
    begin = shifted(start, -length - timedelta(days=2))
    usual = expanded(db, master, begin, shifted(end, timedelta(days=2)))
    found = {one.occurrence: one for one in [*usual, *changed(db, master)]}
    return [one for one in found.values() if one.bag["Start"] < end and one.bag["End"] >= start]


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
    number. Raises ErrorOccurrenceCrossingBoundary."""
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
    master.bag.setdefault(CHANGED, {})[str(item.occurrence)] = {"set": different, "gone": gone}
    if item.streams.get(BODY) is not None:
        master.streams[_body_of(item)] = item.streams[BODY]
    _save(db, master, now, touched)
    item.change, item.content_change = master.change, master.content_change


def _check_order(db: sqlite3.Connection, master: Item, item: Item) -> None:
    """An occurrence stays between its neighbours: it neither leaves the day before nor reaches the next."""
    rule = Recurrence.of(master.bag["Recurrence"])
    number = rule.number(date.fromordinal(item.occurrence))
    if number is None or item.bag["Start"] == item.bag["OriginalStart"]:
        return
    for step in (-1, 1):
        day = rule.nth(number + step)
        if day is None or day.toordinal() in master.bag.get(DELETED, ()):
            continue
        other = occurrence(db, master, day).bag
        if (step < 0 and item.bag["Start"] < other["End"]) or (step > 0 and item.bag["End"] > other["Start"]):
            raise Refused(Problem.OCCURRENCE_CROSSES_NEIGHBOUR)


def delete(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    """Remove an occurrence from its series, which goes with the last one; other items for good."""
    if not item.occurrence:
        items.delete(db, item, now)
        return
    master = items.get(db, item.id)
    master.bag.setdefault(DELETED, []).append(item.occurrence)
    master.bag.get(CHANGED, {}).pop(str(item.occurrence), None)
    if items.stream(db, master, _body_of(item)) is not None:
        master.streams[_body_of(item)] = None
    if ends(db, master)[0] is None:
        items.delete(db, master, now)
    else:
        _save(db, master, now)


def _save(db: sqlite3.Connection, master: Item, now: datetime, touched: Iterable[str] = ()) -> None:
    master.bag[SPAN] = span(master.bag)
    items.update(db, master, now, touched=touched)


def single(db: sqlite3.Connection, item: Item) -> Item:
    """An occurrence as an appointment of its own, not yet in a folder."""
    bag = {key: value for key, value in item.bag.items() if key not in (*_OCCURRENCES, TOUCHED)}
    bag[SPAN] = [bag["Start"], bag["End"]]
    streams = items.streams(db, item) | item.streams
    kept = {name: data for name, data in streams.items() if not name.startswith("Exception/")}
    return Item(item.mailbox, item.folder, bag, streams=kept)
