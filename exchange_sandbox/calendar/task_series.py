"""Recurring tasks: one that is completed leaves a completed copy, and is due again (MS-OXOTASK 3.1.4.7)."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any

from exchange_sandbox.calendar.recurrence import LAST_DAY, Recurrence, problem, regenerated
from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store import items
from exchange_sandbox.store.items import TOUCHED, Item

_DATES = ("StartDate", "DueDate", "ReminderDueBy", "ReminderNextTime")
_DONE = ("CompleteDate", "ActualWork", TOUCHED)


def settle(bag: dict[str, Any]) -> None:
    """Give a recurring task its first day, unless it has one."""
    value = bag.get("Recurrence")
    if value is None:
        return
    wrong = problem(value)
    if wrong is not None:
        raise Refused(*wrong)
    if "DueDate" not in bag:
        first = _start(value) if "Regeneration" in value["Pattern"] else Recurrence.of(value).nth(1)
        bag["DueDate"] = _midnight(first or _start(value))


def advance(db: sqlite3.Connection, item: Item, before: dict[str, Any], now: datetime) -> None:
    """Let a recurring task that was just completed be due again, and keep a copy of it as completed; the
    last of a series stays completed."""
    bag = item.bag
    if "Recurrence" not in bag or bag.get("Status") != "Completed" or before.get("Status") == "Completed":
        return
    due = _next(bag, datetime.fromisoformat(bag["CompleteDate"]).date())
    if due is None:
        return
    done = {key: value for key, value in bag.items() if key not in ("Recurrence", TOUCHED)}
    streams = items.streams(db, item) | item.streams
    items.insert(db, Item(item.mailbox, item.folder, done, streams=streams), now)
    _move(bag, due)
    bag.update(Status="NotStarted", PercentComplete=0.0, ReminderIsSet=before.get("ReminderIsSet", False))
    for key in _DONE:
        bag.pop(key, None)


def skip(db: sqlite3.Connection, item: Item, now: datetime) -> bool:
    """Delete the occurrence of a recurring task that is due now; False if it is the only one. Raises
    ErrorCannotDeleteTaskOccurrence for a task that only comes again after it was completed."""
    if "Recurrence" not in item.bag:
        return False
    if "Regeneration" in item.bag["Recurrence"]["Pattern"]:
        raise Refused(Problem.TASK_OCCURRENCE_NOT_DELETED, "The task comes again only once it is completed.")
    due = _next(item.bag, now.date())
    if due is None:
        return False
    _move(item.bag, due)
    items.update(db, item, now)
    return True


def _next(bag: dict[str, Any], completed: date) -> date | None:
    """The day on which the task is due after the one on which it is due now."""
    value = bag["Recurrence"]
    left = value.get("NumberOfOccurrences")
    if "Regeneration" not in value["Pattern"]:
        current = datetime.fromisoformat(bag["DueDate"]).astimezone(UTC).date()
        return next(Recurrence.of(value).between(current + timedelta(days=1), LAST_DAY), None)
    if left is not None:
        if left <= 1:
            return None
        bag["Recurrence"] = {**value, "NumberOfOccurrences": left - 1}
    due = regenerated(value, completed)
    return None if due.isoformat() > value.get("EndDate", LAST_DAY.isoformat()) else due


def _move(bag: dict[str, Any], due: date) -> None:
    by = due - datetime.fromisoformat(bag["DueDate"]).astimezone(UTC).date()
    for key in _DATES:
        if bag.get(key):
            bag[key] = iso(datetime.fromisoformat(bag[key]) + by)


def _start(value: dict[str, Any]) -> date:
    return date.fromisoformat(value["StartDate"])


def _midnight(day: date) -> str:
    return iso(datetime(day.year, day.month, day.day, tzinfo=UTC))
