"""What stands behind a keyword of a query string when it is no text: moments, sizes, yes and no."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from exchange_sandbox.clock import iso

Within = Callable[[Any], bool]

_SIZE = re.compile(r"(\d{1,12})(?:\.(\d{1,3}))?\s*(b|kb|mb|gb)?", re.IGNORECASE | re.ASCII)
_UNITS = {"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}
_SIZES = {
    "empty": (0, 1),
    "tiny": (0, 10 << 10),
    "small": (10 << 10, 100 << 10),
    "medium": (100 << 10, 1 << 20),
    "large": (1 << 20, 16 << 20),
    "huge": (16 << 20, 128 << 20),
    "gigantic": (128 << 20, 1 << 62),
}
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def yes(text: str) -> bool:
    """Whether a word says yes."""
    return text.lower() in ("yes", "true", "1", "y")


def moments(text: str, zone: tzinfo, now: datetime) -> Within:
    """A test of moments as the store keeps them: by days, words such as ``today`` and ``last week``, and
    ranges (``2026-11-01..2026-11-15``) in a time zone. What is no date matches nothing."""

    def span(words: str) -> tuple[str, str] | None:
        days = _days(words.strip().lower(), now.astimezone(zone).date())
        if days is None:
            return None
        first, after = days
        return iso(datetime.combine(first, time(), zone)), iso(datetime.combine(after, time(), zone))

    return _compared(text, span)


def sizes(text: str) -> Within:
    """A test of sizes in bytes: ``>1MB``, ``10KB..2MB``, ``large``. What is no size matches nothing."""
    return _compared(text, _size)


def _compared(text: str, span: Callable[[str], tuple[Any, Any] | None]) -> Within:
    """``span`` gives the beginning of a value and what comes after its end."""
    if ".." in text:
        low, high = (span(part) for part in text.split("..", 1))
        return lambda value: bool(low and high and value is not None and low[0] <= value < high[1])
    sign = next((one for one in (">=", "<=", ">", "<", "=") if text.startswith(one)), "")
    found = span(text[len(sign) :].strip())
    if found is None:
        return lambda value: False
    first, after = found
    tests: dict[str, Within] = {
        "": lambda value: first <= value < after,
        "=": lambda value: first <= value < after,
        ">": lambda value: value >= after,
        ">=": lambda value: value >= first,
        "<": lambda value: value < first,
        "<=": lambda value: value < after,
    }
    test = tests[sign]
    return lambda value: value is not None and test(value)


def _size(text: str) -> tuple[int, int] | None:
    if text.lower() in _SIZES:
        return _SIZES[text.lower()]
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        return None
    size = int(float(f"{match[1]}.{match[2] or 0}") * _UNITS[(match[3] or "").lower()])
    return size, size + 1


def _days(text: str, today: date) -> tuple[date, date] | None:
    """The first day of a period, and the day after its last."""
    match = _DATE.fullmatch(text)
    try:
        if match is not None:
            year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[4], match[5])
            if not 1601 <= int(year) <= 9000:
                return None  # a zone's offset would lead out of what can be said
            first = date(int(year), int(month), int(day))
            return first, first + timedelta(days=1)
        return _named(text.replace(" ", ""), today)
    except (ValueError, OverflowError):
        return None


def _named(text: str, today: date) -> tuple[date, date] | None:
    day, week = timedelta(days=1), timedelta(days=7)
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    last_month, next_month = (first - day).replace(day=1), (first + 32 * day).replace(day=1)
    year = today.replace(month=1, day=1)
    return {
        "today": (today, today + day),
        "yesterday": (today - day, today),
        "tomorrow": (today + day, today + 2 * day),
        "thisweek": (monday, monday + week),
        "lastweek": (monday - week, monday),
        "nextweek": (monday + week, monday + 2 * week),
        "thismonth": (first, next_month),
        "lastmonth": (last_month, first),
        "thisyear": (year, year.replace(year=year.year + 1)),
        "lastyear": (year.replace(year=year.year - 1), year),
    }.get(text)
