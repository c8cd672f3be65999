"""``patternedRecurrence``: on which days an event or a task comes again."""

from __future__ import annotations

from datetime import date
from typing import Any

from exchange_sandbox.calendar.recurrence import SETS, WEEKDAYS, Pattern, Range, problem
from exchange_sandbox.errors import Refused
from exchange_sandbox.graph.errors import bad_body
from exchange_sandbox.graph.shape import dict_of, inner, list_of, text_of, word_of

_TYPES: dict[str, Any] = {
    "daily": Pattern.DAILY,
    "weekly": Pattern.WEEKLY,
    "absoluteMonthly": Pattern.ABSOLUTE_MONTHLY,
    "relativeMonthly": Pattern.RELATIVE_MONTHLY,
    "absoluteYearly": Pattern.ABSOLUTE_YEARLY,
    "relativeYearly": Pattern.RELATIVE_YEARLY,
}
_RANGES: dict[str, Any] = {"endDate": Range.UNTIL, "noEnd": Range.ENDLESS, "numbered": Range.COUNTED}
_INDEXES = ("first", "second", "third", "fourth", "last")
_DAYS: dict[str, Any] = {one: one for one in WEEKDAYS}
_NO_DAY = "0001-01-01"
_AGAIN = {
    Pattern.DAILY_AGAIN: Pattern.DAILY,
    Pattern.WEEKLY_AGAIN: Pattern.WEEKLY,
    Pattern.MONTHLY_AGAIN: Pattern.ABSOLUTE_MONTHLY,
    Pattern.YEARLY_AGAIN: Pattern.ABSOLUTE_YEARLY,
}


def shown(value: dict[str, Any] | None, zone: str) -> dict[str, Any] | None:
    """A recurrence of the store's as JSON; what comes again only once it is done looks like what it is
    nearest to."""
    if value is None:
        return None
    pattern = _AGAIN.get(Pattern(value["pattern"]), Pattern(value["pattern"]))
    days = [day for word in value.get("days", ()) for day in _weekdays(word)]
    return {
        "pattern": {
            "type": next(name for name, one in _TYPES.items() if one == pattern),
            "interval": value.get("interval", 1),
            "month": value.get("month", 0),
            "dayOfMonth": value.get("day_of_month", 0),
            **({"daysOfWeek": days} if days else {}),
            "firstDayOfWeek": value.get("first_day", "sunday"),
            "index": _INDEXES[value.get("order", 1) - 1],
        },
        "range": {
            "type": next(name for name, one in _RANGES.items() if one == value["range"]),
            "startDate": value["start"],
            "endDate": value.get("end", _NO_DAY),
            "recurrenceTimeZone": zone,
            "numberOfOccurrences": value.get("count", 0),
        },
    }


def _weekdays(word: str) -> list[str]:
    return [WEEKDAYS[number] for number in SETS[word]] if word in SETS else [word]


def parsed(value: Any) -> dict[str, Any] | None:
    """A client's recurrence as the store keeps it; raises GraphError, and Refused for one without sense."""
    if value is None:
        return None
    found = dict_of(value, "recurrence")
    pattern = dict_of(inner(found, "pattern"), "recurrence/pattern")
    reach = dict_of(inner(found, "range"), "recurrence/range")
    kind = word_of(inner(pattern, "type"), "recurrence/pattern/type", _TYPES)
    out: dict[str, Any] = {"pattern": kind, "interval": _number(pattern, "interval", 1)}
    if kind in (Pattern.WEEKLY, Pattern.RELATIVE_MONTHLY, Pattern.RELATIVE_YEARLY):
        given = list_of(inner(pattern, "daysOfWeek"), "recurrence/pattern/daysOfWeek")
        out["days"] = [word_of(one, "recurrence/pattern/daysOfWeek", _DAYS) for one in given]
        if not out["days"]:
            raise bad_body("A recurrence by weekdays needs its daysOfWeek.")
    if kind is Pattern.WEEKLY:
        out["first_day"] = word_of(inner(pattern, "firstDayOfWeek") or "sunday", "firstDayOfWeek", _DAYS)
    if kind in (Pattern.RELATIVE_MONTHLY, Pattern.RELATIVE_YEARLY):
        index = {name: number for number, name in enumerate(_INDEXES, 1)}
        out["order"] = word_of(inner(pattern, "index") or "first", "recurrence/pattern/index", index)
        out["days"] = [_set_of(out["days"])]
    if kind in (Pattern.ABSOLUTE_MONTHLY, Pattern.ABSOLUTE_YEARLY):
        out["day_of_month"] = _number(pattern, "dayOfMonth", None)
    if kind in (Pattern.ABSOLUTE_YEARLY, Pattern.RELATIVE_YEARLY):
        out["month"] = _number(pattern, "month", None)
        if out["month"] > 12:
            raise bad_body("A month is a number from 1 to 12.")
    out |= _range(reach)
    wrong = problem(out)
    if wrong is not None:
        raise Refused(*wrong)
    return out


def zone_name(value: Any) -> str | None:
    """The zone by which a client's recurrence counts days, None if it says none; raises GraphError."""
    reach = dict_of(inner(dict_of(value, "recurrence"), "range"), "recurrence/range")
    found = inner(reach, "recurrenceTimeZone")
    return text_of(found, "recurrence/range/recurrenceTimeZone") if found else None


def _range(reach: dict[str, Any]) -> dict[str, Any]:
    kind = word_of(inner(reach, "type"), "recurrence/range/type", _RANGES)
    out: dict[str, Any] = {"range": kind, "start": _day(reach, "startDate")}
    if kind is Range.UNTIL:
        out["end"] = _day(reach, "endDate")
    if kind is Range.COUNTED:
        out["count"] = _number(reach, "numberOfOccurrences", None)
    return out


def _set_of(days: list[str]) -> str:
    """One word for several weekdays, as the store has it."""
    numbers = sorted({WEEKDAYS.index(day) for day in days})
    if len(numbers) == 1:
        return WEEKDAYS[numbers[0]]
    for word, members in SETS.items():
        if numbers == list(members):
            return word
    raise bad_body("These daysOfWeek can't be counted within a month: one day, or all of a kind.")


def _number(found: dict[str, Any], name: str, usual: int | None) -> int:
    value = inner(found, name)
    value = usual if value is None else value
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 10_000:
        raise bad_body(f"A number is expected as the value of '{name}'.")
    return value


def _day(found: dict[str, Any], name: str) -> str:
    text = text_of(inner(found, name), name)
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise bad_body(f"Cannot convert the literal '{text[:40]}' of '{name}' to a date.") from error
