"""``timeZoneBase`` and ``customTimeZone``: the zone of working hours, by a name or by a rule.

What a client sets comes back with standard time and daylight saving time exchanged where the bias of the
latter is positive: so real servers were seen to do it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from typing import Any

from exchange_sandbox.calendar import zones
from exchange_sandbox.calendar.zonerule import DAYS, LAST, Change, Rule
from exchange_sandbox.graph.errors import bad_body, bad_request
from exchange_sandbox.graph.shape import dict_of, inner, text_of, word_of
from exchange_sandbox.graph.values import zone_named

CUSTOM = "Customized Time Zone"
_TYPE = "#microsoft.graph.customTimeZone"
_DAYS: dict[str, Any] = {day.lower(): number for number, day in enumerate(DAYS)}
_TIME = re.compile(r"(\d\d):(\d\d)(?::\d\d(?:\.\d{1,12})?)?", re.ASCII)
_WHERE = "workingHours/timeZone"
_FARTHEST = 24 * 60  # minutes


def shown(hours: dict[str, Any], *, ahead_positive: bool) -> dict[str, Any]:
    """The zone of working hours as they are kept."""
    if "rule" not in hours:
        return {"name": zones.known(hours["zone"]) or hours["zone"]}
    rule = Rule.unpacked(hours["rule"])
    sign = -1 if ahead_positive else 1
    daylight = {
        "daylightBias": sign * (rule.daylight.bias - rule.standard.bias),
        **_shown_change(rule.daylight),
    }
    return {
        "@odata.type": _TYPE,
        "name": CUSTOM,
        "bias": sign * (rule.bias + rule.standard.bias),
        "standardOffset": _shown_change(rule.standard),
        "daylightOffset": daylight,
    }


def _shown_change(change: Change) -> dict[str, Any]:
    return {
        "time": f"{change.at:%H:%M:%S}.0000000",
        "dayOccurrence": change.order,
        "dayOfWeek": DAYS[change.weekday].lower(),
        "month": change.month,
        "year": 0,
    }


def parse(value: Any, *, ahead_positive: bool) -> tuple[str, Rule | None]:
    """A client's zone: its name, and its rule if it is one of its own; raises GraphError."""
    found = dict_of(value, _WHERE)
    if inner(found, "bias") is None:
        name = text_of(inner(found, "name"), f"{_WHERE}/name")
        zone_named(name, _WHERE)
        return zones.known(name) or name, None
    sign = -1 if ahead_positive else 1
    bias = sign * _number(inner(found, "bias"), "bias")
    standard = _change(inner(found, "standardOffset"), "standardOffset")
    given = inner(found, "daylightOffset")
    daylight = _change(given, "daylightOffset")
    if given is not None and daylight.month:
        shift = inner(dict_of(given, "daylightOffset"), "daylightBias")
        daylight = replace(daylight, bias=sign * _number(shift, "daylightBias"))
    if bool(daylight.month) != bool(standard.month) or abs(bias + daylight.bias) >= _FARTHEST:
        raise bad_request("The time zone is not valid.", "ErrorInvalidArgument")
    if daylight.bias > 0:
        swapped = replace(daylight, bias=0), replace(standard, bias=-daylight.bias)
        return CUSTOM, Rule(bias + daylight.bias, *swapped)
    return CUSTOM, Rule(bias, standard, daylight)


def _change(value: Any, name: str) -> Change:
    if value is None:
        return Change()
    found = dict_of(value, f"{_WHERE}/{name}")
    month, order = (
        _number(inner(found, "month") or 0, "month"),
        _number(inner(found, "dayOccurrence") or 0, "dayOccurrence"),
    )
    if not 0 <= month <= 12 or not 0 <= order <= LAST or bool(month) != bool(order):
        raise bad_request("The time of a change is not valid.", "ErrorInvalidArgument")
    day = inner(found, "dayOfWeek")
    weekday = 6 if day is None else word_of(day, f"{_WHERE}/{name}/dayOfWeek", _DAYS)
    at = time.min if inner(found, "time") is None else clock(inner(found, "time"), f"{_WHERE}/{name}/time")
    return Change(0, at, order, month, weekday)


def clock(value: Any, name: str) -> time:
    """A client's ``Edm.TimeOfDay``, in whole minutes; raises GraphError."""
    found = _TIME.fullmatch(text_of(value, name))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise bad_body(f"Cannot convert the literal '{str(value)[:40]}' of '{name}' to Edm.TimeOfDay.")
    return time(int(found[1]), int(found[2]))


def _number(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _FARTHEST:
        raise bad_body(f"A number of minutes or of a month is expected as the value of '{name}'.")
    return value
