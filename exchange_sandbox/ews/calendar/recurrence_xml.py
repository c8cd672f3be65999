"""Recurrence as the value of a property: read from XML and written to it, kept as
:mod:`exchange_sandbox.calendar.recurrence` has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Any

from exchange_sandbox.calendar import recurrence
from exchange_sandbox.calendar.recurrence import Pattern, Range
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import Element, SchemaViolation, children, local, sub, text_of

OFFSET = "offset"  # what stands behind dates: they are those of a zone
_INTERVAL = ("Interval",)
_PATTERNS: dict[str, tuple[str, ...]] = {
    "RelativeYearlyRecurrence": ("DaysOfWeek", "DayOfWeekIndex", "Month"),
    "AbsoluteYearlyRecurrence": ("DayOfMonth", "Month"),
    "RelativeMonthlyRecurrence": ("Interval", "DaysOfWeek", "DayOfWeekIndex"),
    "AbsoluteMonthlyRecurrence": ("Interval", "DayOfMonth"),
    "WeeklyRecurrence": ("Interval", "DaysOfWeek", "FirstDayOfWeek?"),
    "DailyRecurrence": _INTERVAL,
}
_REGENERATIONS = dict.fromkeys(
    ("DailyRegeneration", "WeeklyRegeneration", "MonthlyRegeneration", "YearlyRegeneration"), _INTERVAL
)
_RANGES = {
    "NoEndRecurrence": ("StartDate",),
    "EndDateRecurrence": ("StartDate", "EndDate"),
    "NumberedRecurrence": ("StartDate", "NumberOfOccurrences"),
}
_KEYS = {
    "StartDate": "start", "EndDate": "end", "NumberOfOccurrences": "count", "Interval": "interval",
    "DaysOfWeek": "days", "DayOfWeekIndex": "order", "DayOfMonth": "day_of_month", "Month": "month",
    "FirstDayOfWeek": "first_day",
}  # fmt: skip
_WORDS: dict[str, str] = {
    "RelativeYearlyRecurrence": Pattern.RELATIVE_YEARLY,
    "AbsoluteYearlyRecurrence": Pattern.ABSOLUTE_YEARLY,
    "RelativeMonthlyRecurrence": Pattern.RELATIVE_MONTHLY,
    "AbsoluteMonthlyRecurrence": Pattern.ABSOLUTE_MONTHLY,
    "WeeklyRecurrence": Pattern.WEEKLY,
    "DailyRecurrence": Pattern.DAILY,
    "DailyRegeneration": Pattern.DAILY_AGAIN,
    "WeeklyRegeneration": Pattern.WEEKLY_AGAIN,
    "MonthlyRegeneration": Pattern.MONTHLY_AGAIN,
    "YearlyRegeneration": Pattern.YEARLY_AGAIN,
    "NoEndRecurrence": Range.ENDLESS,
    "EndDateRecurrence": Range.UNTIL,
    "NumberedRecurrence": Range.COUNTED,
}
_ELEMENTS = {word: element for element, word in _WORDS.items()}
_DAYS = kinds.Choice(
    (*(day.capitalize() for day in recurrence.WEEKDAYS), "Day", "Weekday", "WeekendDay"),
    (*recurrence.WEEKDAYS, *recurrence.SETS),
)
_ORDERS = ("First", "Second", "Third", "Fourth", "Last")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_NUMBERED = {"DayOfWeekIndex": _ORDERS, "Month": _MONTHS}  # kept as numbers
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind(kinds.Incomparable):
    """The kind of a recurrence; that of tasks has patterns that regenerate, too."""

    regenerating: bool = False

    def parse(self, element: Element, zone: tzinfo) -> dict[str, Any]:
        patterns = _PATTERNS | (_REGENERATIONS if self.regenerating else {})
        found = list(children(element, _choice(patterns), _choice(_RANGES)).values())
        value: dict[str, Any] = {"pattern": _WORDS[local(found[0])], "range": _WORDS[local(found[1])]}
        for box, parts in zip(found, (patterns, _RANGES), strict=True):
            for name, child in children(box, *(f"t:{part}" for part in parts[local(box)])).items():
                value[_KEYS[name]] = _read(name, child, weekly=local(box) == "WeeklyRecurrence")
        wrong = recurrence.problem(value)
        if wrong is not None:
            raise Refused(*wrong)
        return value

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        box = sub(parent, name)
        for key, parts in (("pattern", _PATTERNS | _REGENERATIONS), ("range", _RANGES)):
            element = _ELEMENTS[value[key]]
            one = sub(box, f"t:{element}")
            for part in (part.rstrip("?") for part in parts[element]):
                if _KEYS[part] in value:
                    sub(one, f"t:{part}", _shown(part, value))


def _choice(names: dict[str, tuple[str, ...]]) -> str:
    return "|".join(f"t:{name}" for name in names)


def _shown(name: str, value: dict[str, Any]) -> str:
    one = value[_KEYS[name]]
    if name.endswith("Date"):
        return f"{one}{value.get(OFFSET, 'Z')}"
    if name == "DaysOfWeek":
        return " ".join(map(_DAYS.shown, one))
    if name == "FirstDayOfWeek":
        return _DAYS.shown(one)
    return _NUMBERED[name][one - 1] if name in _NUMBERED else str(one)


def _read(name: str, element: Element, *, weekly: bool) -> Any:
    if name in ("Interval", "DayOfMonth", "NumberOfOccurrences"):
        return kinds.Integer().parse(element, UTC)
    if name.endswith("Date"):
        return read_date(text_of(element), element)
    if name == "DaysOfWeek":
        words = text_of(element).split()
        if not set(words) <= set(_DAYS.words) or (not weekly and len(words) != 1):
            raise SchemaViolation(f"'{text_of(element)[:40]}' are not days of the week.", element)
        return [_DAYS.constant(word, UTC) for word in words]
    if name == "FirstDayOfWeek":
        return _DAYS.parse(element, UTC)
    choice = kinds.Choice(_NUMBERED[name])
    return 1 + choice.rank(choice.parse(element, UTC))


def read_date(text: str, element: Element | None) -> str:
    """An xs:date without its zone; raises SchemaViolation."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        return date.fromisoformat(match[1]).isoformat()
    except ValueError as error:
        raise SchemaViolation(f"'{text[:40]}' is not a valid date value.", element) from error
