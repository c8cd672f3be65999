"""Reminders of appointments and tasks: when each is, and what becomes of it (EWS ``GetReminders``)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from exchange_sandbox.calendar import series
from exchange_sandbox.clock import iso
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

_PLACES = "class LIKE 'IPF.Appointment%' OR class LIKE 'IPF.Task%'"
_AHEAD = timedelta(days=2 * 366)  # as far as the next occurrence of a series is looked for
_BEFORE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder: of what, and when."""

    item: Item
    at: str


def when(item: Item) -> str | None:
    """The moment of an item's reminder, None without one."""
    bag = item.bag
    if not bag.get(Key.HAS_REMINDER):
        return None
    if Key.REMINDER_NEXT in bag:
        return str(bag[Key.REMINDER_NEXT])
    if Key.START not in bag:
        return bag.get(Key.REMINDER_DUE)
    before = timedelta(minutes=bag.get(Key.REMINDER_MINUTES, 0))
    try:
        return iso(datetime.fromisoformat(bag[Key.START]) - before)
    except OverflowError:
        return str(bag[Key.START])


def every(db: sqlite3.Connection, mailbox: int, start: str, end: str) -> list[Reminder]:
    """The reminders of a mailbox between two moments, the earliest first; of a series one."""
    rows = db.execute(
        f"{items.SELECT} WHERE mailbox = ? AND associated = 0 AND json_extract(bag, '$.{Key.HAS_REMINDER}')"  # noqa: S608 - constants alone
        f" AND folder IN (SELECT id FROM folder WHERE {_PLACES})",
        (mailbox,),
    ).fetchall()
    found = [
        reminder
        for item in map(items.from_row, rows)
        for reminder in (_of_series(db, item, start, end) if series.is_master(item) else _of(item))
        if start <= reminder.at <= end
    ]
    return sorted(found, key=lambda one: (one.at, one.item.id))


def _of(item: Item) -> Iterator[Reminder]:
    at = when(item)
    if at is not None:
        yield Reminder(item, at)


def _of_series(db: sqlite3.Connection, master: Item, start: str, end: str) -> Iterator[Reminder]:
    """The first reminder of a series in a span of time that nobody has dismissed."""
    answered = master.bag.get(Key.REMINDERS_ANSWERED, {})
    begin = series.shifted(start, -timedelta(days=1))
    last = min(series.shifted(end, _BEFORE), series.shifted(start, _AHEAD))
    for item in series.expanded(db, master, begin, last):
        at = answered.get(str(item.occurrence), when(item))
        if at and start <= at <= end:
            yield Reminder(item, at)
            return


def dismiss(db: sqlite3.Connection, item: Item, now: datetime) -> Item:
    """End a reminder; that of an occurrence alone, which does not make it an exception."""
    return _answer(db, item, now, None)


def snooze(db: sqlite3.Connection, item: Item, now: datetime, until: str) -> Item:
    """Remind again at ``until``."""
    return _answer(db, item, now, until)


def _answer(db: sqlite3.Connection, item: Item, now: datetime, until: str | None) -> Item:
    if not item.occurrence:
        item.bag[Key.HAS_REMINDER] = until is not None
        item.bag.pop(Key.REMINDER_NEXT, None)
        if until is not None:
            item.bag[Key.REMINDER_NEXT] = until
        items.update(db, item, now)
        return item
    master = items.get(db, item.id)
    master.bag.setdefault(Key.REMINDERS_ANSWERED, {})[str(item.occurrence)] = until or ""
    items.update(db, master, now)
    item.change = master.change
    return item


def soon(now: datetime) -> str:
    """When a reminder comes again that was snoozed without saying until when."""
    return iso(now + timedelta(minutes=5))
