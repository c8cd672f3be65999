"""Recurrence: on which days something happens again (MS-OXOCAL 2.2.1.44).

In the store it is a dict: ``pattern`` (a Pattern), ``interval``, ``start`` (a day); by the pattern ``days``
(words of WEEKDAYS, or one of SETS), ``order`` (which of these days in a month, 1 to 5, 5 the last),
``day_of_month``, ``month`` (1 to 12), ``first_day`` (of weeks); ``range`` (a Range) and with it ``end`` (a
day) or ``count``.

Days are counted in *periods* (a day, a week, a month or a year, times the interval), each of which after the
first has the same number of them. So the n-th day, the number of a day and the days of a span are found
without counting through those before.
"""

from __future__ import annotations

import itertools
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from exchange_sandbox.errors import Problem

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SETS = {"day": range(7), "weekday": range(5), "weekend_day": range(5, 7)}
LAST = 5  # the order of the last of some days in a month
LAST_DAY = date(4500, 8, 31)  # no calendar of Exchange goes further
MOST_OCCURRENCES = 999


class Pattern(StrEnum):
    """What the days of a recurrence follow from; those of tasks may count from when they were completed."""

    DAILY = "daily"
    WEEKLY = "weekly"
    ABSOLUTE_MONTHLY = "absolute_monthly"
    RELATIVE_MONTHLY = "relative_monthly"
    ABSOLUTE_YEARLY = "absolute_yearly"
    RELATIVE_YEARLY = "relative_yearly"
    DAILY_AGAIN = "daily_again"
    WEEKLY_AGAIN = "weekly_again"
    MONTHLY_AGAIN = "monthly_again"
    YEARLY_AGAIN = "yearly_again"

    @property
    def unit(self) -> str:
        """daily, weekly, monthly or yearly."""
        return next(unit for unit in ("daily", "weekly", "monthly", "yearly") if unit in self)

    @property
    def regenerates(self) -> bool:
        """Whether there is a next day only once a task was completed."""
        return self.endswith("_again")


class Range(StrEnum):
    """How far a recurrence goes."""

    ENDLESS = "endless"
    UNTIL = "until"  # a day
    COUNTED = "counted"


_LONGEST_INTERVAL = {Pattern.DAILY: 999, Pattern.WEEKLY: 99}
_YEARLY = (Pattern.ABSOLUTE_YEARLY, Pattern.RELATIVE_YEARLY)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A pattern and its range. ``weekdays`` are numbers from Monday 0; ``order`` is that of a day in its
    month, :data:`LAST` the last; ``month`` is 1 to 12."""

    pattern: Pattern
    start: date
    interval: int = 1
    day: int = 1
    weekdays: tuple[int, ...] = ()
    order: int = 1
    month: int = 1
    first_weekday: int = 6
    end: date | None = None
    count: int | None = None

    @classmethod
    def of(cls, value: dict[str, Any]) -> Recurrence:
        """The recurrence that a property's value describes; the value must have passed :func:`problem`."""
        days = [number for word in value.get("days", ()) for number in _numbers(word)]
        return cls(
            Pattern(value["pattern"]),
            date.fromisoformat(value["start"]),
            value.get("interval", 1),
            value.get("day_of_month", 1),
            tuple(sorted(set(days))),
            value.get("order", 1),
            value.get("month", 1),
            WEEKDAYS.index(value.get("first_day", "sunday")),
            date.fromisoformat(value["end"]) if "end" in value else None,
            value.get("count"),
        )

    def nth(self, number: int) -> date | None:
        """The day of an occurrence, the first has the number 1; None beyond the range."""
        if number < 1 or (self.count is not None and number > self.count):
            return None
        first = self._period(0)
        if number <= len(first):
            day = first[number - 1]
        else:
            period, place = divmod(number - len(first) - 1, self._size)
            days = self._period(period + 1)
            if place >= len(days):
                return None
            day = days[place]
        return day if day <= self._limit else None

    def number(self, day: date) -> int | None:
        """The number of the occurrence on a day, None if there is none."""
        if not self.start <= day <= self._limit:
            return None
        period = self._period_of(day)
        days = self._period(period)
        if day not in days:
            return None
        before = len(self._period(0)) + (period - 1) * self._size if period else 0
        number = before + days.index(day) + 1
        return None if self.count is not None and number > self.count else number

    def between(self, begin: date, end: date) -> Iterator[date]:
        """The days from ``begin`` to ``end``, both included."""
        last = self.last()
        end = min(end, self._limit, *([last] if last else []))
        for period in itertools.count(max(0, self._period_of(max(begin, self.start)))):
            days = self._period(period)
            if period and not days:
                return
            for day in days:
                if day > end:
                    return
                if day >= begin:
                    yield day

    def last(self) -> date | None:
        """The last day, None without an end (and where there is no day at all)."""
        if self.count is not None:
            return self.nth(self.count) or self._last_until(LAST_DAY)
        return None if self.end is None else self._last_until(min(self.end, LAST_DAY))

    def _last_until(self, end: date) -> date | None:
        period = self._period_of(end) if end >= self.start else -1
        while period >= 0:
            found = [day for day in self._period(period) if day <= end]
            if found:
                return found[-1]
            period -= 1
        return None

    @property
    def _limit(self) -> date:
        return LAST_DAY if self.end is None else min(self.end, LAST_DAY)

    @property
    def _size(self) -> int:
        return len(self.weekdays) if self.pattern is Pattern.WEEKLY else 1

    @property
    def _step(self) -> int:
        """The length of a period in days, or in months where those count."""
        unit = {Pattern.WEEKLY: 7, **dict.fromkeys(_YEARLY, 12)}
        return unit.get(self.pattern, 1) * self.interval

    def _anchor(self) -> date:
        if self.pattern is Pattern.WEEKLY:
            return self.start - timedelta(days=(self.start.weekday() - self.first_weekday) % 7)
        return self.start

    def _period_of(self, day: date) -> int:
        if self.pattern in (Pattern.DAILY, Pattern.WEEKLY):
            return (day - self._anchor()).days // self._step
        months = (day.year - self.start.year) * 12 + day.month - self._first_month
        return months // self._step

    @property
    def _first_month(self) -> int:
        return self.month if self.pattern in _YEARLY else self.start.month

    def _period(self, number: int) -> list[date]:
        """The days of a period, in order; none beyond the last day of all calendars."""
        try:
            return [day for day in self._days(number) if self.start <= day <= LAST_DAY]
        except (OverflowError, ValueError):
            return []

    def _days(self, number: int) -> list[date]:
        if self.pattern is Pattern.DAILY:
            return [self.start + timedelta(days=number * self._step)]
        if self.pattern is Pattern.WEEKLY:
            week = self._anchor() + timedelta(days=number * self._step)
            return sorted(week + timedelta(days=(one - self.first_weekday) % 7) for one in self.weekdays)
        year, month = divmod(self.start.year * 12 + self._first_month - 1 + number * self._step, 12)
        length = monthrange(year, month + 1)[1]
        if self.pattern in (Pattern.ABSOLUTE_MONTHLY, Pattern.ABSOLUTE_YEARLY):
            return [date(year, month + 1, min(self.day, length))]
        found = [
            day
            for day in (date(year, month + 1, one) for one in range(1, length + 1))
            if day.weekday() in self.weekdays
        ]
        return [found[-1] if self.order == LAST else found[self.order - 1]]


def problem(value: dict[str, Any]) -> tuple[Problem, str] | None:
    """Why Exchange would refuse a recurrence, as a problem and a text; None if it would not."""
    pattern, words = Pattern(value["pattern"]), value.get("days", ["monday"])
    most = 9999 if pattern.regenerates else _LONGEST_INTERVAL.get(pattern, 99)
    numbers = (("interval", most), ("day_of_month", 31), ("count", MOST_OCCURRENCES))
    for name, longest in numbers:
        if not 1 <= value.get(name, 1) <= longest:
            return Problem.RECURRENCE_INVALID, f"{name} is not between 1 and {longest}."
    if pattern is Pattern.WEEKLY and (not words or {*words, value.get("first_day")} & {*SETS}):
        return Problem.WEEKLY_DAY_INVALID, "A week has days such as Monday."
    if "end" in value and value["end"] < value["start"]:
        return Problem.END_BEFORE_START, "The recurrence ends before it starts."
    if max(value["start"], value.get("end", "")) > LAST_DAY.isoformat():
        return Problem.DATE_OUT_OF_RANGE, f"No calendar goes beyond {LAST_DAY}."
    if not pattern.regenerates and Recurrence.of(value).nth(1) is None:
        return Problem.NO_OCCURRENCE, "The recurrence has no occurrence."
    return None


def regenerated(value: dict[str, Any], completed: date) -> date:
    """The day on which a regenerating task is due again after it was completed."""
    interval, unit = value["interval"], Pattern(value["pattern"]).unit
    if unit in ("daily", "weekly"):
        days = interval * (7 if unit == "weekly" else 1)
        return min(LAST_DAY, completed + timedelta(days=min(days, (LAST_DAY - completed).days)))
    months = completed.year * 12 + completed.month - 1 + interval * (12 if unit == "yearly" else 1)
    if months >= LAST_DAY.year * 12:
        return LAST_DAY
    year, month = divmod(months, 12)
    return date(year, month + 1, min(completed.day, monthrange(year, month + 1)[1]))


def _numbers(word: str) -> range | tuple[int, ...]:
    return SETS.get(word) or (WEEKDAYS.index(word),)
