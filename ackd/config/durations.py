"""Durations: "60 s", "2 business days"."""

from __future__ import annotations

import re
from typing import Literal

from ackd.config.field_types import Kind
from ackd.config.value_error import Wrong, nearest
from ackd.model import Duration, Unit

END_OF_DAY: Literal["end of day"] = "end of day"

_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), Unit.SECONDS),
    **dict.fromkeys(("min", "minute", "minutes"), Unit.MINUTES),
    **dict.fromkeys(("h", "hour", "hours"), Unit.HOURS),
    **dict.fromkeys(("day", "days"), Unit.DAYS),
    **dict.fromkeys(("business hour", Unit.BUSINESS_HOURS.value), Unit.BUSINESS_HOURS),
    **dict.fromkeys(("business day", Unit.BUSINESS_DAYS.value), Unit.BUSINESS_DAYS),
}
_SECONDS = {
    Unit.SECONDS: 1,
    Unit.MINUTES: 60,
    Unit.HOURS: 3600,
    Unit.DAYS: 86400,
    Unit.BUSINESS_HOURS: 3600,
    Unit.BUSINESS_DAYS: 86400,
}
_TEN_YEARS = 3653 * 86400
_FORM = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?|\.[0-9]{1,12})\s*([^\W\d_][^0-9]{0,60})?")

_CLOCK_WORDS = "a number and s, min, hours or days"
_WORDS = "a number and s, min, hours, days, business hours or business days"
_NUMBER = r"^\s*([0-9]+(\.[0-9]+)?|\.[0-9]+)\s*"
_CLOCK_NAMES = r"s|sec|seconds?|min|minutes?|h|hours?|days?"


def read_duration(value: object) -> Duration:
    """A span of any unit, from zero to ten years."""
    if isinstance(value, Duration):
        return value
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    form = _FORM.fullmatch(text.strip())
    if form is None:
        raise Wrong(_why_not(text))
    amount, unit = float(form[1]), _unit(form[1], form[2])
    if amount * _SECONDS[unit] > _TEN_YEARS:
        raise Wrong("it is longer than ten years")
    return Duration(amount, unit)


def _unit(number: str, word: str | None) -> Unit:
    if not word:
        raise Wrong("the unit is missing", near=f"{number} {'hours' if float(number) == 0 else 's'}")
    unit = _UNITS.get(" ".join(word.casefold().split()))
    if unit is None:
        near = nearest(re.sub(r"work(ing)?", "business", " ".join(word.split()), count=1), _UNITS)
        raise Wrong("there is no such unit", near=f"{number} {near}" if near else None)
    return unit


def _why_not(text: str) -> str:
    if text.lstrip().startswith("-"):
        return "it is negative"
    return "the fraction is written with a comma" if re.match(r"\s*[0-9]+,[0-9]", text) else ""


def read_clock_duration(value: object) -> Duration:
    """A span of clock time: no business units, for it is counted by the clock alone."""
    duration = read_duration(value)
    if duration.unit.is_business:
        raise Wrong("this span is counted by the clock, not in business time")
    return duration


def read_poll(value: object) -> Duration:
    """A span of clock time from one second to one day."""
    duration = read_clock_duration(value)
    if not 1 <= duration.elapsed.total_seconds() <= 86400:
        raise Wrong("it is shorter than a second or longer than a day")
    return duration


def read_keep(value: object) -> Duration:
    """A span of clock time of at least a day."""
    duration = read_clock_duration(value)
    if duration.elapsed.total_seconds() < 86400:
        raise Wrong("it is shorter than a day")
    return duration


def read_silence(value: object) -> Duration:
    """A span of clock time from ten minutes to a week."""
    duration = read_clock_duration(value)
    if not 600 <= duration.elapsed.total_seconds() <= 7 * 86400:
        raise Wrong("it is shorter than ten minutes or longer than a week")
    return duration


def read_positive_duration(value: object) -> Duration:
    """A span of any unit that is longer than nothing."""
    duration = read_duration(value)
    if not duration.amount:
        raise Wrong("it is zero")
    return duration


def read_grace(value: object) -> Duration | Literal["end of day"]:
    """A span of any unit, or the end of the working day."""
    if isinstance(value, str) and " ".join(value.casefold().split()) == END_OF_DAY:
        return END_OF_DAY
    try:
        return read_duration(value)
    except Wrong as wrong:
        wrong.near = wrong.near or (nearest(value, [END_OF_DAY]) if isinstance(value, str) else None)
        raise


def duration_text(duration: Duration) -> str:
    """The span as a person writes it, so that it reads back as the same."""
    unit = duration.unit.value
    number = f"{duration.amount:.12f}".rstrip("0").rstrip(".")
    return (
        f"{number} {unit.removesuffix('s') if number == '1' and unit.endswith('s') and unit != 's' else unit}"
    )


def _json(names: str, *others: str) -> dict[str, object]:
    others_pattern = "".join(f"|^{other}$" for other in others)
    return {"type": "string", "pattern": f"{_NUMBER}({names})\\s*$" + others_pattern}


_ALL_NAMES = _CLOCK_NAMES + r"|business\s+(hours?|days?)"
DURATION = Kind(read_duration, _WORDS, _json(_ALL_NAMES))
POSITIVE_DURATION = Kind(read_positive_duration, f"{_WORDS}; more than 0", _json(_ALL_NAMES))
CLOCK_DURATION = Kind(read_clock_duration, _CLOCK_WORDS, _json(_CLOCK_NAMES))
POLL = Kind(read_poll, f"{_CLOCK_WORDS}; from 1 s to 1 day", _json(_CLOCK_NAMES))
KEEP = Kind(read_keep, f"{_CLOCK_WORDS}; at least 1 day", _json(_CLOCK_NAMES))
SILENCE = Kind(read_silence, f"{_CLOCK_WORDS}; from 10 min to 7 days", _json(_CLOCK_NAMES))
GRACE = Kind(read_grace, f"{_WORDS}; or: {END_OF_DAY}", _json(_ALL_NAMES, END_OF_DAY))
