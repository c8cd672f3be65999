"""Time zones by their Windows names: their rules year by year, as GetServerTimeZones tells them.

What the zones do comes from the IANA data of this machine (or tzdata), which zone a Windows name means from
the CLDR table that babel carries.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import get_global

from exchange_sandbox.calendar.zonerule import Rule, RuleZone, rule_of

FIRST_YEAR, LAST_YEAR = 2007, 2037  # from when on Windows tells rules by the year, and as far as IANA does


@dataclass(frozen=True, slots=True)
class Definition:
    """A zone as EWS defines it: ``rules`` are pairs of a year and the rule from then on, the earliest for all
    years before."""

    id: str
    name: str
    rules: tuple[tuple[int, Rule], ...]


@functools.cache
def windows() -> dict[str, str]:
    """Windows names of zones with the IANA zone that each means, those that this machine knows."""
    return {"UTC": "Etc/UTC", **get_global("windows_zone_mapping")}


@functools.cache
def by_name() -> dict[str, str]:
    """Windows names by themselves without case, and by the IANA names that mean the same."""
    found = {iana.casefold(): name for name, iana in windows().items()}
    also = dict.fromkeys(("utc", "gmt", "tzone://microsoft/utc"), "UTC")
    return found | {name.casefold(): name for name in windows()} | also


@functools.cache
def zone(name: str) -> tzinfo:
    """The zone of a Windows name; raises KeyError for one that is not known, and its subclass
    ZoneInfoNotFoundError where this machine has no data for it."""
    return UTC if name == "UTC" else ZoneInfo(windows()[name])


def known(name: str) -> str | None:
    """The Windows name that a Windows or IANA name means, None if it means none."""
    return by_name().get(name.casefold())


def named(name: str) -> tuple[tzinfo, str] | None:
    """The zone of a Windows name, or of any IANA name that this machine knows, and its Windows name; None
    for what names no zone."""
    windows_name = known(name)
    try:
        where = zone(windows_name) if windows_name else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
    return where, windows_name or name_of(where)


def name_of(where: tzinfo) -> str:
    """The Windows name of a zone; UTC for one without."""
    key = getattr(where, "key", "UTC")
    return known(key) or _same_rules(where)


def _same_rules(where: tzinfo) -> str:
    """A zone of Windows that goes as this one does this decade."""
    looks = [datetime(2025, month, 15, 12, tzinfo=UTC) for month in range(1, 13)]
    offsets = [one.astimezone(where).utcoffset() for one in looks]
    for name in windows():
        try:
            if [one.astimezone(zone(name)).utcoffset() for one in looks] == offsets:
                return name
        except KeyError:
            continue
    return "UTC"


def value_of(where: tzinfo) -> str | dict[str, Any]:
    """The zone as a property's value: its Windows name, or for one that only a client knows a dict."""
    if isinstance(where, RuleZone):
        return {"id": where.names[0], "name": where.names[1], "rule": where.rule.packed()}
    return name_of(where)


@functools.cache
def definition(name: str) -> Definition:
    """The definition of a Windows zone; raises KeyError as :func:`zone` does."""
    where = zone(name)
    rules: list[tuple[int, Rule]] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        rule = _quiet_rule(where, year) or rule_of(where, year)
        if not rules or rules[-1][1] != rule:
            rules.append((year, rule))
    return Definition(name, f"({_offset_text(rules[-1][1].bias)}) {name}", tuple(rules))


def definitions(wanted: Collection[str | None] | None = None) -> Iterator[Definition]:
    """The zones of Windows that this machine has data for, all or those wanted, from west to east."""
    found = []
    for name in windows():
        if wanted is not None and name not in wanted:
            continue
        try:
            found.append(definition(name))
        except KeyError:
            continue
    yield from sorted(found, key=lambda one: (-one.rules[-1][1].bias, one.id))


def zone_of(value: str | dict[str, Any] | None) -> tzinfo:
    """The zone that a property's value names (see :func:`value_of`); UTC without one."""
    if isinstance(value, dict):
        return RuleZone(Rule.unpacked(value["rule"]), (value["id"], value["name"]))
    try:
        return zone(value or "UTC")
    except KeyError:
        return UTC


def _quiet_rule(where: tzinfo, year: int) -> Rule | None:
    """The rule of a year in which the offset never changes: quickly found."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    offsets = {(start + timedelta(days=day)).astimezone(where).utcoffset() for day in range(0, 371, 7)}
    if len(offsets) != 1:
        return None
    return Rule(-int((offsets.pop() or timedelta()).total_seconds()) // 60)


def _offset_text(bias: int) -> str:
    hours, minutes = divmod(abs(bias), 60)
    return "UTC" if bias == 0 else f"UTC{'-' if bias > 0 else '+'}{hours:02}:{minutes:02}"
