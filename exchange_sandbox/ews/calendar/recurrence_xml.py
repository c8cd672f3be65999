"""Recurrence as the value of a property: read from XML, kept as a dict of EWS's names, written to XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Any

from exchange_sandbox.calendar import recurrence
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import Element, SchemaViolation, children, local, sub, text_of

OFFSET = "Offset"  # what stands behind dates: they are those of a zone
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
_DAYS = (*recurrence.WEEKDAYS, *recurrence.SETS)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind(kinds.Incomparable):
    """The kind of a recurrence; that of tasks has patterns that regenerate, too."""

    regenerating: bool = False

    def parse(self, element: Element, zone: tzinfo) -> dict[str, Any]:
        patterns = _PATTERNS | (_REGENERATIONS if self.regenerating else {})
        found = list(children(element, _choice(patterns), _choice(_RANGES)).values())
        value: dict[str, Any] = {"Pattern": local(found[0]), "Range": local(found[1])}
        for box, parts in zip(found, (patterns, _RANGES), strict=True):
            for name, child in children(box, *(f"t:{part}" for part in parts[local(box)])).items():
                value[name] = _read(name, child, weekly=local(box) == "WeeklyRecurrence")
        wrong = recurrence.problem(value)
        if wrong is not None:
            raise Refused(*wrong)
        return value

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        box = sub(parent, name)
        for kind, parts in (("Pattern", _PATTERNS | _REGENERATIONS), ("Range", _RANGES)):
            one = sub(box, f"t:{value[kind]}")
            for part in parts[value[kind]]:
                key = part.rstrip("?")
                if key in value:
                    shown = value[key]
                    text = " ".join(shown) if isinstance(shown, list) else str(shown)
                    sub(one, f"t:{key}", text + value.get(OFFSET, "Z") if key.endswith("Date") else text)


def _choice(names: dict[str, tuple[str, ...]]) -> str:
    return "|".join(f"t:{name}" for name in names)


def _read(name: str, element: Element, *, weekly: bool) -> Any:
    if name in ("Interval", "DayOfMonth", "NumberOfOccurrences"):
        return kinds.Integer().parse(element, UTC)
    if name.endswith("Date"):
        return read_date(text_of(element), element)
    if name == "DaysOfWeek":
        words = text_of(element).split()
        if not set(words) <= set(_DAYS) or (not weekly and len(words) != 1):
            raise SchemaViolation(f"'{text_of(element)[:40]}' are not days of the week.", element)
        return words
    words_of = {"DayOfWeekIndex": recurrence.ORDERS, "Month": recurrence.MONTHS, "FirstDayOfWeek": _DAYS}
    return kinds.Choice(words_of[name]).parse(element, UTC)


def read_date(text: str, element: Element | None) -> str:
    """An xs:date without its zone; raises SchemaViolation."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        return date.fromisoformat(match[1]).isoformat()
    except ValueError as error:
        raise SchemaViolation(f"'{text[:40]}' is not a valid date value.", element) from error
