"""Weekdays, times of the day, working hours, and when the digest comes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Literal

from ackd.config.field_types import Kind, read_one_or_each
from ackd.config.value_error import Wrong, WrongParts, nearest
from ackd.model import WorkingHours

MAILBOX: Literal["mailbox"] = "mailbox"
NEVER: Literal["never"] = "never"

Span = tuple[time, time]
"""A part of one day; the end `time.max` stands for 24:00."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NUMBERS = {name: number for names in (_DAYS, _LONG_DAYS) for number, name in enumerate(names)}
_TIME = re.compile(r"([01]?[0-9]|2[0-4])(?::([0-5][0-9]))?")
_SPAN = "a span such as 09:00-12:30"
_DAY = "mon, tue, wed, thu, fri, sat, sun or a range such as mon-fri"


@dataclass(frozen=True, slots=True)
class Digest:
    """When the digest comes: on which weekdays (Monday is 0), at what local time."""

    days: tuple[int, ...]
    at: time


def read_time(text: str) -> time:
    """A time of the day; 24:00 is `time.max`."""
    form = _TIME.fullmatch(text.strip())
    if form is None or (form[1] == "24" and form[2] not in (None, "00")):
        raise Wrong("a time is written 09:00; the last one is 24:00")
    return time.max if form[1] == "24" else time(int(form[1]), int(form[2] or 0))


def read_days(text: str) -> tuple[int, ...]:
    """Weekdays in order, Monday is 0: "mon", "mon-thu", "mon, wed", "fri-mon"."""
    days: set[int] = set()
    for part in text.split(","):
        ends = [_day(name) for name in part.split("-", 1)]
        days.update((ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))
    return tuple(sorted(days))


def _day(name: str) -> int:
    word = name.strip().casefold()
    if word not in _DAY_NUMBERS:
        raise Wrong("there is no such weekday", allowed=_DAY, near=nearest(word, _DAYS + _LONG_DAYS))
    return _DAY_NUMBERS[word]


def read_spans(text: str) -> tuple[Span, ...]:
    """Spans of one day in order; overlaps are wrong."""
    spans = sorted(_span(part) for part in text.split(","))
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            raise Wrong(f"{_span_text(before)} and {_span_text(after)} overlap", allowed=_SPAN)
    return tuple(spans)


def _span(text: str) -> Span:
    ends = re.split(r"\s*[-–]\s*", text.strip())
    if len(ends) != 2:
        raise Wrong(allowed=_SPAN)
    start, end = read_time(ends[0]), read_time(ends[1])
    if start >= end:
        raise Wrong("the span ends before it begins", allowed=_SPAN)
    return start, end


def read_working_hours(value: object) -> WorkingHours | Literal["mailbox"]:
    """The map of weekdays to spans, or `mailbox`. Days that aren't named are free."""
    if isinstance(value, WorkingHours) or value == MAILBOX:
        return value
    if not isinstance(value, dict):
        raise Wrong(near=nearest(value, [MAILBOX]) if isinstance(value, str) else None)
    week: dict[int, tuple[Span, ...]] = {}
    parts: list[tuple[tuple[str | int, ...], Wrong]] = []
    for key, text in value.items():
        try:
            _add_days(week, str(key), text)
        except Wrong as wrong:
            wrong.allowed = wrong.allowed or f"for a day, {_SPAN}, several with commas and in quotes"
            parts.append(((key,), wrong))
    if parts:
        raise WrongParts(parts)
    if not any(week.values()):
        raise Wrong("no day has working hours")
    return WorkingHours(tuple(week.get(day, ()) for day in range(7)))


def _add_days(week: dict[int, tuple[Span, ...]], key: str, text: object) -> None:
    if re.match(r"\s*[0-9]", key):
        raise Wrong("a time stands where a weekday should: several spans of a day need quotes")
    days = read_days(key)
    if again := sorted(set(days) & set(week)):
        raise Wrong(f"{_DAYS[again[0]]} is set twice")
    if text is not None and not isinstance(text, str):
        raise Wrong
    spans = read_spans(text) if text else ()
    week.update(dict.fromkeys(days, spans))


def read_digest(value: object) -> Digest | Literal["never"]:
    """Weekdays and a time, or `never`."""
    if isinstance(value, Digest) or value == NEVER:
        return value
    words = value.rsplit(None, 1) if isinstance(value, str) else []
    if len(words) != 2:
        raise Wrong(near=nearest(value, [NEVER]) if isinstance(value, str) else None)
    at = read_time(words[1])
    if at == time.max:
        raise Wrong("a day's last minute is 23:59")
    return Digest(read_days(words[0]), at)


def read_weekdays(value: object) -> tuple[int, ...]:
    """One or several weekdays or ranges, for a rule."""
    if isinstance(value, tuple) and value and all(isinstance(day, int) for day in value):
        return value
    read = read_one_or_each(value, _one_weekdays)
    return tuple(sorted({day for days in read for day in days}))


def _one_weekdays(value: object) -> tuple[int, ...]:
    if not isinstance(value, str):
        raise Wrong
    return read_days(value)


def read_day_hours(value: object) -> tuple[Span, ...]:
    """One or several hours or spans of the day, for a rule: "9", "9-17", "22-6"."""
    if isinstance(value, tuple) and value and all(isinstance(span, tuple) for span in value):
        return value
    return tuple(span for spans in read_one_or_each(value, _one_day_hours) for span in spans)


def _one_day_hours(value: object) -> list[Span]:
    if not isinstance(value, str | int):
        raise Wrong
    return [span for part in str(value).split(",") for span in _day_hours(part)]


def _day_hours(text: str) -> Iterable[Span]:
    """The span of one hour, or of two times; over midnight it becomes two."""
    ends = re.split(r"\s*[-–]\s*", text.strip())
    if len(ends) == 1 and ends[0].isascii() and ends[0].isdigit() and int(ends[0][:4]) < 24:
        hour = int(ends[0])
        return [(time(hour), time(hour + 1) if hour < 23 else time.max)]
    if len(ends) != 2:
        raise Wrong
    start, end = read_time(ends[0]), read_time(ends[1])
    if start in (end, time.max):
        raise Wrong("the span is empty")
    if start < end:
        return [(start, end)]
    return [(start, time.max), *([(time(0), end)] if end > time(0) else [])]


def time_text(at: time) -> str:
    """The time as the configuration writes it."""
    return "24:00" if at == time.max else at.strftime("%H:%M")


def _span_text(span: Span) -> str:
    return f"{time_text(span[0])}-{time_text(span[1])}"


def spans_text(spans: Iterable[Span]) -> str:
    """Spans as the configuration writes them."""
    return ", ".join(_span_text(span) for span in spans)


def days_text(days: Iterable[int]) -> str:
    """Weekdays as the configuration writes them, neighbours as a range."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_DAYS[run[0]] if len(run) == 1 else f"{_DAYS[run[0]]}-{_DAYS[run[-1]]}" for run in runs)


def week_map(hours: WorkingHours) -> dict[str, str]:
    """Working hours as the configuration writes them; days that are alike share a key."""
    alike: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(hours.days):
        if spans:
            alike.setdefault(spans, []).append(day)
    return {days_text(days): spans_text(spans) for spans, days in alike.items()}


_SPANS_JSON = {"type": "string", "examples": ["09:00-12:30, 13:15-17:30"]}
WORKING_HOURS = Kind(
    read_working_hours,
    'mailbox, or a map such as {mon-thu: "09:00-12:30, 13:15-17:30", fri: "09:00-15:00"}',
    {
        "oneOf": [
            {"const": "mailbox"},
            {"type": "object", "minProperties": 1, "additionalProperties": _SPANS_JSON},
        ]
    },
)
DIGEST = Kind(read_digest, 'weekdays and a time such as "Mon-Fri 08:30", or never', {"type": "string"})
WEEKDAYS = Kind(
    read_weekdays,
    f"{_DAY}, or a list of them",
    {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
)
DAY_HOURS = Kind(
    read_day_hours,
    "an hour such as 9, a span such as 9-17 or 22:30-6:00, or a list of them",
    {
        "anyOf": [
            {"type": ["string", "integer"]},
            {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1},
        ]
    },
)
