"""Working hours of a mailbox, in the configuration item ``WorkHours`` of its calendar as Exchange keeps them.

Outlook writes such an item (MS-OXOCFG, 2.2.6) once somebody sets the calendar's options; before, there is
none.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Any

from exchange_sandbox.calendar import zonerule
from exchange_sandbox.calendar.zonerule import Rule, RuleZone
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

CONFIGURATION = "IPM.Configuration."
NAME = "WorkHours"
_WORKWEEK = zonerule.DAYS[:5]


@dataclass(frozen=True, slots=True)
class Period:
    """Work on some days of the week (``Monday``, …) from ``start`` to ``end``; 24:00 is ``time.max``."""

    start: time
    end: time
    days: tuple[str, ...] = _WORKWEEK

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes after midnight."""
        return _minutes(self.start), 24 * 60 if self.end == time.max else _minutes(self.end)


@dataclass(frozen=True, slots=True)
class WorkHours:
    """When somebody works: periods in a time zone by its Windows or IANA name, or by a ``rule`` where it has
    none that others know."""

    zone: str
    periods: tuple[Period, ...]
    rule: Rule | None = None


def put(db: sqlite3.Connection, mailbox: int, hours: WorkHours, now: datetime) -> None:
    """Set a mailbox's working hours; raises ValueError for what can't be some."""
    if hours.rule is None:
        zonerule.zone_named(hours.zone)
    for period in hours.periods:
        start, end = period.minutes
        if start >= end or not set(period.days) <= set(zonerule.DAYS):
            raise ValueError(f"{period}: work starts before it ends, on days such as Monday")
    calendar = folders.distinguished(db, mailbox, "calendar").id
    known = find(db, mailbox)
    item = known or Item(mailbox, calendar, {Key.ITEM_CLASS: CONFIGURATION + NAME}, associated=True)
    item.bag[Key.WORK_HOURS] = {
        "zone": hours.zone,
        "periods": [[*period.minutes, list(period.days)] for period in hours.periods],
        **({"rule": hours.rule.packed()} if hours.rule else {}),
    }
    if known is None:
        items.insert(db, item, now)
    else:
        items.update(db, item, now)


def zone_of(value: dict[str, Any]) -> tzinfo:
    """The zone of working hours, as an item keeps them."""
    if "rule" in value:
        return RuleZone(Rule.unpacked(value["rule"]), (value["zone"], value["zone"]))
    return zonerule.zone_named(value["zone"])


def rule_of(value: dict[str, Any], year: int) -> Rule:
    """The rule of that zone in a year."""
    return Rule.unpacked(value["rule"]) if "rule" in value else zonerule.rule_of(zone_of(value), year)


def find(db: sqlite3.Connection, mailbox: int) -> Item | None:
    """The item with a mailbox's working hours."""
    calendar = folders.distinguished(db, mailbox, "calendar").id
    rows = db.execute(f"{items.SELECT} WHERE folder = ? AND associated = 1", (calendar,))
    found = (items.from_row(row) for row in rows)
    return next((item for item in found if item.cls == CONFIGURATION + NAME), None)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
