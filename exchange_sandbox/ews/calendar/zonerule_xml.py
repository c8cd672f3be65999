"""Time zones as the availability service writes them (SerializableTimeZone)."""

from __future__ import annotations

from datetime import UTC, time, tzinfo

from exchange_sandbox.calendar.zonerule import DAYS, LAST, Change, Rule, RuleZone
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import Element, children, sub, text_of


def emit(parent: Element, name: str, rule: Rule) -> None:
    """Append a zone's element."""
    box = sub(parent, name)
    sub(box, "t:Bias", str(rule.bias))
    for which, change in (("t:StandardTime", rule.standard), ("t:DaylightTime", rule.daylight)):
        one = sub(box, which)
        sub(one, "t:Bias", str(change.bias))
        sub(one, "t:Time", change.at.isoformat())
        sub(one, "t:DayOrder", str(change.order))
        sub(one, "t:Month", str(change.month))
        sub(one, "t:DayOfWeek", DAYS[change.weekday])


def parse(element: Element) -> tzinfo:
    """The zone of a TimeZone element; raises SchemaViolation, and EwsError for what no zone can be."""
    found = children(element, "t:Bias", "t:StandardTime", "t:DaylightTime")
    rule = Rule(
        _number(found["Bias"], 24 * 60),
        *(_parse_change(found[name]) for name in ("StandardTime", "DaylightTime")),
    )
    zone = RuleZone(rule)
    if any(abs(rule.bias + change.bias) >= 24 * 60 for change in (rule.standard, rule.daylight)):
        raise EwsError("ErrorTimeZone", "The time zone is not valid.")
    return zone


def _parse_change(element: Element) -> Change:
    found = children(element, "t:Bias", "t:Time", "t:DayOrder", "t:Month", "t:DayOfWeek", "t:Year?")
    weekday = text_of(found["DayOfWeek"]).strip()
    try:
        at = time.fromisoformat(text_of(found["Time"]).strip())
    except ValueError as error:
        raise EwsError("ErrorTimeZone", "The time of a change is not valid.") from error
    return Change(
        _number(found["Bias"], 24 * 60),
        at.replace(tzinfo=None),
        _number(found["DayOrder"], LAST),
        _number(found["Month"], 12),
        DAYS.index(weekday) if weekday in DAYS else 6,
    )


def _number(element: Element, most: int) -> int:
    text = text_of(element).strip()
    number = kinds.Integer().constant(text, UTC)
    if abs(number) > most:
        raise EwsError("ErrorTimeZone", f"{number} is beyond {most}.")
    return number
