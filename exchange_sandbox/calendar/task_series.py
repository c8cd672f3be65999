"""Recurring tasks: one that is completed leaves a completed copy, and is due again (MS-OXOTASK 3.1.4.7)."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any

from exchange_sandbox.calendar.recurrence import LAST_DAY, Pattern, Recurrence, problem, regenerated
from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, TaskStatus

_DATES = (Key.START_DATE, Key.DUE_DATE, Key.REMINDER_DUE, Key.REMINDER_NEXT)
_DONE = (Key.COMPLETED, Key.ACTUAL_WORK, Key.TOUCHED)


def settle(bag: dict[str, Any]) -> None:
    """Give a recurring task its first day, unless it has one."""
    value = bag.get(Key.RECURRENCE)
    if value is None:
        return
    wrong = problem(value)
    if wrong is not None:
        raise Refused(*wrong)
    if Key.DUE_DATE not in bag:
        first = _start(value) if Pattern(value["pattern"]).regenerates else Recurrence.of(value).nth(1)
        bag[Key.DUE_DATE] = _midnight(first or _start(value))


def advance(db: sqlite3.Connection, item: Item, before: dict[str, Any], now: datetime) -> None:
    """Let a recurring task that was just completed be due again, and keep a copy of it as completed; the
    last of a series stays completed."""
    bag = item.bag
    is_news = bag.get(Key.STATUS) == TaskStatus.COMPLETED != before.get(Key.STATUS)
    if Key.RECURRENCE not in bag or not is_news:
        return
    due = _next(bag, datetime.fromisoformat(bag[Key.COMPLETED]).date())
    if due is None:
        return
    done = {key: value for key, value in bag.items() if key not in (Key.RECURRENCE, Key.TOUCHED)}
    streams = items.streams(db, item) | item.streams
    items.insert(db, Item(item.mailbox, item.folder, done, streams=streams), now)
    _move(bag, due)
    bag |= {
        Key.STATUS: TaskStatus.NOT_STARTED,
        Key.PERCENT_COMPLETE: 0.0,
        Key.HAS_REMINDER: before.get(Key.HAS_REMINDER, False),
    }
    for key in _DONE:
        bag.pop(key, None)


def skip(db: sqlite3.Connection, item: Item, now: datetime) -> bool:
    """Delete the occurrence of a recurring task that is due now; False if it is the only one. Raises
    Problem.TASK_OCCURRENCE_NOT_DELETED for a task that only comes again after it was completed."""
    if Key.RECURRENCE not in item.bag:
        return False
    if Pattern(item.bag[Key.RECURRENCE]["pattern"]).regenerates:
        raise Refused(Problem.TASK_OCCURRENCE_NOT_DELETED, "The task comes again only once it is completed.")
    due = _next(item.bag, now.date())
    if due is None:
        return False
    _move(item.bag, due)
    items.update(db, item, now)
    return True


def _next(bag: dict[str, Any], completed: date) -> date | None:
    """The day on which the task is due after the one on which it is due now."""
    value = bag[Key.RECURRENCE]
    left = value.get("count")
    if not Pattern(value["pattern"]).regenerates:
        current = datetime.fromisoformat(bag[Key.DUE_DATE]).astimezone(UTC).date()
        return next(Recurrence.of(value).between(current + timedelta(days=1), LAST_DAY), None)
    if left is not None:
        if left <= 1:
            return None
        bag[Key.RECURRENCE] = {**value, "count": left - 1}
    due = regenerated(value, completed)
    return None if due.isoformat() > value.get("end", LAST_DAY.isoformat()) else due


def _move(bag: dict[str, Any], due: date) -> None:
    by = due - datetime.fromisoformat(bag[Key.DUE_DATE]).astimezone(UTC).date()
    for key in _DATES:
        if bag.get(key):
            bag[key] = iso(datetime.fromisoformat(bag[key]) + by)


def _start(value: dict[str, Any]) -> date:
    return date.fromisoformat(value["start"])


def _midnight(day: date) -> str:
    return iso(datetime(day.year, day.month, day.day, tzinfo=UTC))
