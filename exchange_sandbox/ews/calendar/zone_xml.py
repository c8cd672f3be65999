"""Time zone definitions in XML (EWS ``TimeZoneDefinitionType``, ``TimeZoneType``).

A zone as a property's value is its Windows name, or, for one that only the client knows, a dict with ``id``,
``name`` and ``rule`` (see :meth:`exchange_sandbox.calendar.zonerule.Rule.packed`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, time, timedelta, tzinfo
from typing import Any

from exchange_sandbox.calendar import zones
from exchange_sandbox.calendar.zonerule import DAYS, Change, Rule
from exchange_sandbox.calendar.zones import Definition
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import (
    Element,
    SchemaViolation,
    attributes,
    children,
    listed,
    local,
    sub,
    tag,
    text_of,
)

_DURATION = re.compile(
    r"(-?)P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:\.\d{1,9})?S)?)?"
)
_TRANSITIONS = ("Transition", "AbsoluteDateTransition", "RecurringDayTransition", "RecurringDateTransition")


class ZoneKind(kinds.Incomparable):
    """The kind of StartTimeZone and EndTimeZone."""

    def parse(self, element: Element, zone: tzinfo) -> str | dict[str, Any]:
        return read(element)

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if isinstance(value, dict):
            rules = ((zones.FIRST_YEAR, Rule.unpacked(value["rule"])),)
            write(parent, name, Definition(value["id"], value["name"], rules), full=True)
        elif value:
            write(parent, name, zones.definition(value), full=True)


class MeetingZoneKind(kinds.Incomparable):
    """The kind of MeetingTimeZone, with which Exchange 2007 said what StartTimeZone says since."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        name = attributes(element, (), ("TimeZoneName",)).get("TimeZoneName", "")
        found = zones.known(name) if name else zones.name_of(zone)
        if found is None:
            raise EwsError("ErrorTimeZone", f"The time zone {name[:60]!r} is not known.")
        return found

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        sub(parent, name, TimeZoneName=value["id"] if isinstance(value, dict) else value)


def read(element: Element) -> str | dict[str, Any]:
    """A zone by the Id of a definition, or by what it defines; raises SchemaViolation, ErrorTimeZone."""
    values = attributes(element, (), ("Id", "Name"))
    parts = children(element, "t:Periods?", "t:TransitionsGroups?", "t:Transitions?")
    name = zones.known(values.get("Id", ""))
    if name is not None:
        return name
    if "Periods" not in parts:
        raise EwsError("ErrorTimeZone", f"The time zone {values.get('Id', '')[:60]!r} is not known.")
    rule = _rule(parts)
    return {"id": values.get("Id", "")[:255], "name": values.get("Name", "")[:255], "rule": rule.packed()}


def _rule(parts: dict[str, Element]) -> Rule:
    """The rule of a definition's last group: earlier years are not kept."""
    biases = {}
    for period in listed(parts["Periods"], "t:Period"):
        about = attributes(period, (), ("Bias", "Name", "Id"))
        biases[about.get("Id", "")] = minutes(about.get("Bias", "PT0S"), period)
    groups = parts.get("TransitionsGroups")
    found = (
        list(groups[-1].iterchildren(*(tag(f"t:{one}") for one in _TRANSITIONS)))
        if groups is not None
        else []
    )
    changes = [_change(one, biases) for one in found if local(one) == "RecurringDayTransition"]
    if len(changes) != 2:
        to = next((one.findtext(tag("t:To")) or "" for one in found), next(iter(biases), ""))
        return Rule(biases.get(to, 0))
    daylight, standard = sorted(changes, key=lambda one: one.bias)
    base = standard.bias
    return Rule(base, replace(standard, bias=0), replace(daylight, bias=daylight.bias - base))


def _change(element: Element, biases: dict[str, int]) -> Change:
    found = children(element, "t:To", "t:TimeOffset", "t:Month", "t:DayOfWeek", "t:Occurrence")
    to, weekday = text_of(found["To"]), text_of(found["DayOfWeek"]).strip()
    month = kinds.Integer(1, 12).parse(found["Month"], UTC)
    order = kinds.Integer(-1, 5).parse(found["Occurrence"], UTC)
    offset = minutes(text_of(found["TimeOffset"]), found["TimeOffset"])
    if to not in biases or weekday not in DAYS or not 0 <= offset < 24 * 60:
        raise EwsError("ErrorTimeZone", "The time zone's transitions do not fit together.")
    return Change(
        biases[to], time(*divmod(offset, 60)), 5 if order < 1 else order, month, DAYS.index(weekday)
    )


def minutes(text: str, element: Element) -> int:
    """An xs:duration of less than a day in minutes; raises SchemaViolation, ErrorTimeZone."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        raise SchemaViolation(f"'{text[:40]}' is not a valid duration value.", element)
    sign, days, hours, mins, seconds = match.groups()
    total = int(days or 0) * 1440 + int(hours or 0) * 60 + int(mins or 0) + int(seconds or 0) // 60
    if total >= 24 * 60:
        raise EwsError("ErrorTimeZone", "A time zone is less than a day away from UTC.")
    return -total if sign else total


def duration(value: timedelta) -> str:
    """A time span as xs:duration."""
    total = int(value.total_seconds())
    days, rest = divmod(abs(total), 86400)
    hours, rest = divmod(rest, 3600)
    mins, seconds = divmod(rest, 60)
    parts = "".join(
        f"{number}{unit}" for number, unit in ((hours, "H"), (mins, "M"), (seconds, "S")) if number
    )
    text = f"{f'{days}D' if days else ''}{f'T{parts}' if parts else ''}"
    return f"{'-' if total < 0 else ''}P{text or 'T0S'}"


def write(parent: Element, name: str, what: Definition, *, full: bool) -> None:
    """Append a definition's element: only its names, or all that there is to know."""
    box = sub(parent, name, Id=what.id, Name=what.name)
    if not full:
        return
    periods, groups, transitions = (
        sub(box, f"t:{one}") for one in ("Periods", "TransitionsGroups", "Transitions")
    )
    width = len(str(len(what.rules) - 1))  # clients sort groups by their ids as texts
    for number, (year, rule) in enumerate(what.rules):
        group = sub(groups, "t:TransitionsGroup", Id=f"{number:0{width}}")
        _write_rule(periods, group, rule, f"trule:Microsoft/Registry/{what.id}/{year}")
        one = sub(transitions, "t:AbsoluteDateTransition" if number else "t:Transition")
        sub(one, "t:To", f"{number:0{width}}", Kind="Group")
        if number:
            sub(one, "t:DateTime", f"{year}-01-01T00:00:00")


def _write_rule(periods: Element, group: Element, rule: Rule, prefix: str) -> None:
    standard = f"{prefix}-Standard"
    bias = timedelta(minutes=rule.bias)
    sub(periods, "t:Period", Bias=duration(bias), Name="Standard", Id=standard)
    if not rule.daylight.month:
        sub(sub(group, "t:Transition"), "t:To", standard, Kind="Period")
        return
    summer = duration(bias + timedelta(minutes=rule.daylight.bias))
    sub(periods, "t:Period", Bias=summer, Name="Daylight", Id=f"{prefix}-Daylight")
    for to, change in ((f"{prefix}-Daylight", rule.daylight), (standard, rule.standard)):
        one = sub(group, "t:RecurringDayTransition")
        sub(one, "t:To", to, Kind="Period")
        at = timedelta(hours=change.at.hour, minutes=change.at.minute)
        sub(one, "t:TimeOffset", duration(at))
        sub(one, "t:Month", str(change.month))
        sub(one, "t:DayOfWeek", DAYS[change.weekday])
        sub(one, "t:Occurrence", str(change.order if change.order < 5 else -1))
