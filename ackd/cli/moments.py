"""Moments on the command line: a span back from now, a date, or a moment."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import typer

_SPAN = re.compile(r"([0-9]{1,9})\s*(min|minutes?|h|hours?|d|days?|w|weeks?)", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=36525)


def moment(text: str, now: datetime, zone: ZoneInfo, hint: str, *, end_of_day: bool = False) -> datetime:
    """What the owner means by "7d", "2026-11-01" or "2026-11-01T09:00", in the owner's zone.

    A date is its beginning, or with `end_of_day` its end. Raises typer.BadParameter, naming `hint`.
    """
    given = text.strip()
    try:
        if span := _SPAN.fullmatch(given):
            return _back(int(span[1]), _UNITS[span[2][0].lower()], now)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", given):
            day = date.fromisoformat(given) + timedelta(days=end_of_day)
            return datetime.combine(day, time(), zone)
        found = datetime.fromisoformat(given)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(zone)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is no moment: write a span back from now (30min, 12h, 7d, 2w), a date (2026-11-01) "
            "or a moment (2026-11-01T09:00)",
            param_hint=hint,
        ) from None


def _back(amount: int, unit: str, now: datetime) -> datetime:
    span = timedelta(**{unit: amount})
    if span > _LONGEST:
        raise OverflowError
    return now - span
