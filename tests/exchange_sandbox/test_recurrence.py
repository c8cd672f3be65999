"""Recurrence: the days of a pattern, against a library that knows calendars and against counting."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange_sandbox.calendar.recurrence import (
    LAST,
    LAST_DAY,
    SETS,
    WEEKDAYS,
    Recurrence,
    problem,
    regenerated,
)
from exchange_sandbox.errors import Problem
from tests.plays import many

rrule = pytest.importorskip("dateutil.rrule", reason="python-dateutil is what the days are compared with")

_STARTS = st.dates(date(1999, 1, 1), date(2035, 12, 31))
_WORDS = st.sampled_from((*WEEKDAYS, *SETS))
PATTERNS = st.one_of(
    st.builds(lambda n: {"pattern": "daily", "interval": n}, st.integers(1, 400)),
    st.builds(
        lambda n, days, first: {
            "pattern": "weekly",
            "interval": n,
            "days": sorted(days),
            "first_day": first,
        },
        st.integers(1, 9),
        st.sets(st.sampled_from(WEEKDAYS), min_size=1),
        st.sampled_from(WEEKDAYS),
    ),
    st.builds(
        lambda n, day: {"pattern": "absolute_monthly", "interval": n, "day_of_month": day},
        st.integers(1, 30),
        st.integers(1, 31),
    ),
    st.builds(
        lambda n, word, order: {
            "pattern": "relative_monthly",
            "interval": n,
            "days": [word],
            "order": order,
        },
        st.integers(1, 30),
        _WORDS,
        st.integers(1, LAST),
    ),
    st.builds(
        lambda day, month: {"pattern": "absolute_yearly", "day_of_month": day, "month": month},
        st.integers(1, 31),
        st.integers(1, 12),
    ),
    st.builds(
        lambda word, order, month: {
            "pattern": "relative_yearly",
            "days": [word],
            "order": order,
            "month": month,
        },
        _WORDS,
        st.integers(1, LAST),
        st.integers(1, 12),
    ),
)


def by_library(value: dict[str, Any], count: int) -> list[date]:
    """The first days as dateutil finds them."""
    pattern, start = value["pattern"], date.fromisoformat(value["start"])
    more: dict[str, Any] = {"interval": value.get("interval", 1)}
    words = [number for word in value.get("days", ()) for number in SETS.get(word) or [WEEKDAYS.index(word)]]
    if words:
        more["byweekday"] = words
    if "order" in value:
        more["bysetpos"] = -1 if value["order"] == LAST else value["order"]
    if "day_of_month" in value:  # the last day of a shorter month stands for the day that it has not
        more |= {"bymonthday": range(1, value["day_of_month"] + 1), "bysetpos": -1}
    if "month" in value:
        more["bymonth"] = value["month"]
    if "first_day" in value:
        more["wkst"] = WEEKDAYS.index(value["first_day"])
    kinds = {"daily": rrule.DAILY, "weekly": rrule.WEEKLY, "monthly": rrule.MONTHLY, "yearly": rrule.YEARLY}
    unit = next(kind for word, kind in kinds.items() if word in pattern)
    # sets count within whole months: from the first day of the first, what is before the start is cut off
    begin = start.replace(day=1) if unit in (rrule.MONTHLY, rrule.YEARLY) else start
    found = rrule.rrule(unit, dtstart=datetime(begin.year, begin.month, begin.day), **more)  # noqa: DTZ001
    days = (one.date() for one in found)
    return list(itertools.islice((day for day in days if day >= start), count))


@settings(max_examples=many(150))
@given(PATTERNS, _STARTS)
def test_the_days_are_those_that_a_library_finds(pattern: dict[str, Any], start: date) -> None:
    value = {**pattern, "start": start.isoformat(), "range": "endless"}
    assert problem(value) is None
    rule = Recurrence.of(value)
    expected = by_library(value, 12)
    assert [rule.nth(number) for number in range(1, 13)] == expected
    assert [rule.number(day) for day in expected] == list(range(1, 13))
    assert list(rule.between(date.min, expected[-1])) == expected
    assert list(rule.between(expected[3], expected[7])) == expected[3:8]
    between = expected[3] + timedelta(days=1)
    assert rule.number(between) == (5 if between == expected[4] else None)
    assert rule.last() is None


@settings(max_examples=many(100))
@given(PATTERNS, _STARTS, st.integers(0, 3000), st.integers(1, 40))
def test_ends(pattern: dict[str, Any], start: date, length: int, count: int) -> None:
    value = {**pattern, "start": start.isoformat()}
    numbered = Recurrence.of({**value, "range": "counted", "count": count})
    days = [numbered.nth(number) for number in range(1, count + 1)]
    assert list(numbered.between(start, LAST_DAY)) == days
    assert numbered.last() == days[-1]
    assert numbered.nth(count + 1) is None
    end = start + timedelta(days=length)
    dated = Recurrence.of({**value, "range": "until", "end": end.isoformat()})
    every = list(dated.between(date.min, date.max))
    assert every == list(numbered.between(start, end)) or len(every) > count
    assert dated.last() == (every[-1] if every else None)
    assert all(dated.number(day) == number for number, day in enumerate(every, 1))
    assert dated.nth(len(every) + 1) is None


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ({"pattern": "absolute_monthly", "interval": 1, "day_of_month": 31}, "1-31 2-28 3-31 4-30"),
        ({"pattern": "absolute_yearly", "day_of_month": 29, "month": 2}, "2-28"),
        (
            {
                "pattern": "relative_monthly",
                "interval": 1,
                "days": ["weekday"],
                "order": LAST,
            },
            "1-30 2-27 3-31",
        ),
        (
            {
                "pattern": "relative_yearly",
                "days": ["thursday"],
                "order": 4,
                "month": 11,
            },
            "11-26",  # Thanksgiving
        ),
    ],
)
def test_known_days(pattern: dict[str, Any], days: str) -> None:
    rule = Recurrence.of({**pattern, "start": "2026-01-01"})
    expected = [date(2026, *(int(part) for part in one.split("-"))) for one in days.split()]
    assert [rule.nth(number) for number in range(1, len(expected) + 1)] == expected


def test_far_away_costs_nothing() -> None:
    daily = Recurrence.of({"pattern": "daily", "interval": 1, "start": "1700-01-01"})
    assert daily.nth(1_000_000) == date(1700, 1, 1) + timedelta(days=999_999)
    assert daily.nth(2**31) is None
    weekly = {
        "pattern": "weekly",
        "interval": 99,
        "days": ["friday"],
        "start": "4500-08-30",
    }
    assert problem({**weekly, "range": "endless"}) == (
        Problem.NO_OCCURRENCE,
        "The recurrence has no occurrence.",
    )


@pytest.mark.parametrize(
    ("unit", "interval", "due"),
    [
        ("daily", 3, date(2026, 2, 3)),
        ("weekly", 2, date(2026, 2, 14)),
        ("monthly", 1, date(2026, 2, 28)),
        ("yearly", 2, date(2028, 1, 31)),
        ("yearly", 9999, LAST_DAY),
        ("daily", 2**31 - 1, LAST_DAY),
    ],
)
def test_regeneration_counts_from_the_day_of_completion(unit: str, interval: int, due: date) -> None:
    value = {"pattern": f"{unit}_again", "interval": interval}
    assert regenerated(value, datetime(2026, 1, 31, tzinfo=UTC).date()) == due
