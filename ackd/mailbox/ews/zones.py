"""Time zones as Exchange tells them: by Windows names, and by a bias with two yearly changes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from exchangelib.winzone import MS_TIMEZONE_TO_IANA_MAP

from ackd.mailbox.ews import reading
from ackd.mailbox.ews.requests import element

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST = 80  # characters of a zone's name
#: Of zones with the same rule the one where most people live.
_LARGE = (
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Moscow", "Asia/Dubai"),
    *("Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/Sao_Paulo", "Africa/Lagos", "Africa/Johannesburg"),
)
_STEP = timedelta(hours=12)
_YEAR = timedelta(days=364)


def by_name(name: str) -> str | None:
    """The IANA name of a zone that is given by its Windows or IANA name; None for neither."""
    known: str = MS_TIMEZONE_TO_IANA_MAP.get(name.strip(), name.strip())
    return known if len(known) <= LONGEST and _zone(known) else None


def by_rule(rule: Any, likely: ZoneInfo, now: datetime) -> str | None:
    """A zone that goes by a SerializableTimeZone in the year around now: the likely one if it
    does, else the first that does, which may be another city of the same time; None without."""
    expected = _offsets(rule, now)
    if expected is None:
        return None
    names: list[str] = [likely.key, *_LARGE, *dict.fromkeys(MS_TIMEZONE_TO_IANA_MAP.values())]
    for name in names:
        zone = _zone(name)
        if zone and all(moment.astimezone(zone).utcoffset() == offset for moment, offset in expected):
            return name
    return None


def utc() -> Any:
    """UTC as a SerializableTimeZone."""
    change = ("t:Bias", "0"), ("t:Time", "00:00:00"), ("t:DayOrder", "0"), ("t:Month", "0")
    parts = [*change, ("t:DayOfWeek", "Sunday")]
    changes = [
        element(name, children=[element(tag, text) for tag, text in parts])
        for name in ("t:StandardTime", "t:DaylightTime")
    ]
    return element("t:TimeZone", children=[element("t:Bias", "0"), *changes])


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _offsets(rule: Any, now: datetime) -> list[tuple[datetime, timedelta]] | None:
    """The offsets from UTC that a rule gives through a year; None where it can't be read."""
    bias = _integer(rule, "t:Bias")
    standard = _change(rule, "t:StandardTime")
    daylight = _change(rule, "t:DaylightTime")
    if bias is None or standard is None or daylight is None:
        return None
    begin = datetime(now.year, 1, 1, tzinfo=UTC)
    found = []
    for number in range(_YEAR // _STEP):
        moment = begin + number * _STEP
        change = standard
        if standard[1] and daylight[1]:
            starts = _moment(daylight, now.year, bias + standard[0])
            ends = _moment(standard, now.year, bias + daylight[0])
            is_summer = starts <= moment < ends if starts < ends else not ends <= moment < starts
            change = daylight if is_summer else standard
        found.append((moment, -timedelta(minutes=bias + change[0])))
    return found


#: Bias in minutes, month (0: never), order of the day in the month, weekday (Monday 0), local time.
_Change = tuple[int, int, int, int, time]


def _change(rule: Any, path: str) -> _Change | None:
    bias, month, order = (_integer(rule, f"{path}/t:{name}") for name in ("Bias", "Month", "DayOrder"))
    day = reading.text_at(rule, f"{path}/t:DayOfWeek").strip()
    try:
        at = time.fromisoformat(reading.text_at(rule, f"{path}/t:Time").strip()[:8])
    except ValueError:
        return None
    if bias is None or month is None or order is None or not 0 <= month <= 12 or not 0 <= order <= 5:
        return None
    return bias, month, max(order, 1), _WEEKDAYS.index(day) if day in _WEEKDAYS else 6, at


def _moment(change: _Change, year: int, bias: int) -> datetime:
    """When a yearly change happens; `bias` is that of the time before it."""
    _, month, order, weekday, at = change
    first = datetime(year, month, 1, at.hour, at.minute, at.second, tzinfo=UTC)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (order - 1))
    while day.month != month:
        day -= timedelta(days=7)
    return day + timedelta(minutes=bias)


def _integer(rule: Any, path: str) -> int | None:
    text = reading.text_at(rule, path).strip()
    return int(text) if re.fullmatch(r"-?\d{1,4}", text) and abs(int(text)) <= 24 * 60 else None
