"""``patternedRecurrence``: on which days an event happens again, as JSON and as the store has it
(:mod:`exchange_sandbox.calendar.recurrence`)."""

from __future__ import annotations

from datetime import date
from typing import Any

from exchange_sandbox.calendar import recurrence
from exchange_sandbox.calendar.recurrence import SETS, WEEKDAYS, Pattern, Range
from exchange_sandbox.errors import Refused
from exchange_sandbox.graph.errors import bad_body, bad_request
from exchange_sandbox.graph.shape import dict_of, inner, list_of, text_of, word_of

_PATTERNS: dict[str, Any] = {
    "daily": Pattern.DAILY,
    "weekly": Pattern.WEEKLY,
    "absoluteMonthly": Pattern.ABSOLUTE_MONTHLY,
    "relativeMonthly": Pattern.RELATIVE_MONTHLY,
    "absoluteYearly": Pattern.ABSOLUTE_YEARLY,
    "relativeYearly": Pattern.RELATIVE_YEARLY,
}
_RANGES: dict[str, Any] = {"endDate": Range.UNTIL, "noEnd": Range.ENDLESS, "numbered": Range.COUNTED}
_ORDERS: dict[str, Any] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 5}
_DAYS: dict[str, Any] = {day: day for day in WEEKDAYS}
_NONE = "0001-01-01"
_RELATIVE = (Pattern.RELATIVE_MONTHLY, Pattern.RELATIVE_YEARLY)
_ABSOLUTE = (Pattern.ABSOLUTE_MONTHLY, Pattern.ABSOLUTE_YEARLY)
_YEARLY = (Pattern.ABSOLUTE_YEARLY, Pattern.RELATIVE_YEARLY)


def shown(value: dict[str, Any] | None, zone: str) -> dict[str, Any] | None:
    """A recurrence as JSON; its days are those of ``zone``."""
    if value is None:
        return None
    pattern = {
        "type": _word(_PATTERNS, value["pattern"]),
        "interval": value.get("interval", 1),
        "month": value.get("month", 0),
        "dayOfMonth": value.get("day_of_month", 0),
        "firstDayOfWeek": value.get("first_day", "sunday"),
        "index": _word(_ORDERS, value.get("order", 1)),
    }
    if value.get("days"):
        pattern["daysOfWeek"] = [day for word in value["days"] for day in _days_in(word)]
    span = {
        "type": _word(_RANGES, value["range"]),
        "startDate": value["start"],
        "endDate": value.get("end", _NONE),
        "recurrenceTimeZone": zone,
        "numberOfOccurrences": value.get("count", 0),
    }
    return {"pattern": pattern, "range": span}


def zone_name(value: Any) -> str | None:
    """The zone in which a client counts days, None if it says none."""
    span = inner(dict_of(value, "recurrence"), "range")
    found = inner(dict_of(span, "recurrence/range"), "recurrenceTimeZone")
    return text_of(found, "recurrence/range/recurrenceTimeZone") if found else None


def parse(value: Any, start: date) -> dict[str, Any]:
    """A client's recurrence of what begins on a day, as the store has it; raises GraphError, Refused."""
    found = dict_of(value, "recurrence")
    pattern = dict_of(inner(found, "pattern"), "recurrence/pattern")
    span = dict_of(inner(found, "range"), "recurrence/range")
    out = {**_pattern(pattern), **_range(span, start)}
    wrong = recurrence.problem(out)
    if wrong is not None:
        raise Refused(*wrong)
    return out


def _pattern(value: dict[str, Any]) -> dict[str, Any]:
    kind = word_of(inner(value, "type"), "recurrence/pattern/type", _PATTERNS)
    out: dict[str, Any] = {"pattern": kind}
    if kind not in _YEARLY:
        out["interval"] = _number(value, "interval", 1)
    if kind in _ABSOLUTE:
        out["day_of_month"] = _number(value, "dayOfMonth", 0)
    if kind in _YEARLY:
        out["month"] = _number(value, "month", 0)
        if not 1 <= out["month"] <= 12:
            raise bad_request("A month of a yearly recurrence is 1 to 12.", "ErrorPropertyValidationFailure")
    if kind in _RELATIVE:
        index = inner(value, "index")
        out["order"] = 1 if index is None else word_of(index, "recurrence/pattern/index", _ORDERS)
        out["days"] = [_one_word(_days(value))]
    if kind is Pattern.WEEKLY:
        out["days"] = _days(value)
        first = inner(value, "firstDayOfWeek")
        if first is not None:
            out["first_day"] = word_of(first, "recurrence/pattern/firstDayOfWeek", _DAYS)
    return out


def _range(value: dict[str, Any], start: date) -> dict[str, Any]:
    kind = word_of(inner(value, "type"), "recurrence/range/type", _RANGES)
    begin = inner(value, "startDate")
    out: dict[str, Any] = {"range": kind, "start": start.isoformat() if begin is None else _day(begin)}
    if kind is Range.UNTIL:
        out["end"] = _day(inner(value, "endDate"))
    if kind is Range.COUNTED:
        out["count"] = _number(value, "numberOfOccurrences", 0)
    return out


def _day(value: Any) -> str:
    text = text_of(value, "recurrence/range")
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise bad_body(
            f"Cannot convert the literal '{text[:40]}' to the expected type 'Edm.Date'."
        ) from error


def _days(value: dict[str, Any]) -> list[str]:
    name = "recurrence/pattern/daysOfWeek"
    return list(dict.fromkeys(word_of(one, name, _DAYS) for one in list_of(inner(value, "daysOfWeek"), name)))


def _number(value: dict[str, Any], name: str, usual: int) -> int:
    found = inner(value, name)
    if found is None:
        return usual
    if not isinstance(found, int) or isinstance(found, bool):
        raise bad_body(f"A whole number is expected as the value of 'recurrence/pattern/{name}'.")
    return found


def _one_word(days: list[str]) -> str:
    """A day, or the word for several that Exchange has; raises GraphError for others."""
    if len(days) == 1:
        return days[0]
    numbers = sorted(WEEKDAYS.index(day) for day in days)
    for word, some in SETS.items():
        if numbers == list(some):
            return word
    raise bad_request(
        "A relative recurrence is on one day of the week, on all, on weekdays or on days of the weekend.",
        "ErrorPropertyValidationFailure",
    )


def _days_in(word: str) -> list[str]:
    return [WEEKDAYS[number] for number in SETS[word]] if word in SETS else [word]


def _word(words: dict[str, Any], meaning: Any) -> str:
    return next(name for name, one in words.items() if one == meaning)
