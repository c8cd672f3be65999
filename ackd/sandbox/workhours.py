"""Working hours of a mailbox, in the configuration item ``WorkHours`` of its calendar as Exchange keeps them.

Outlook writes such an item (MS-OXOCFG, 2.2.6) once somebody sets the calendar's options; before, there is
none.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from lxml import etree

from ackd.sandbox import zonerule
from ackd.sandbox.store import folders, items
from ackd.sandbox.store.items import Item

CONFIGURATION = "IPM.Configuration."
NAME = "WorkHours"
_NAMESPACE = "WorkingHours.xsd"
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
    """When somebody works: periods in a time zone by its Windows or IANA name."""

    zone: str
    periods: tuple[Period, ...]


def put(db: sqlite3.Connection, mailbox: int, hours: WorkHours, now: datetime) -> None:
    """Set a mailbox's working hours; raises ValueError for what can't be some."""
    zonerule.zone_named(hours.zone)
    for period in hours.periods:
        start, end = period.minutes
        if start >= end or not set(period.days) <= set(zonerule.DAYS):
            raise ValueError(f"{period}: work starts before it ends, on days such as Monday")
    calendar = folders.distinguished(db, mailbox, "calendar").id
    known = find(db, mailbox)
    item = known or Item(mailbox, calendar, {"ItemClass": CONFIGURATION + NAME}, associated=True)
    item.bag["WorkHours"] = {
        "zone": hours.zone,
        "periods": [[*period.minutes, list(period.days)] for period in hours.periods],
    }
    if known is None:
        items.insert(db, item, now)
    else:
        items.update(db, item, now)


def find(db: sqlite3.Connection, mailbox: int) -> Item | None:
    """The item with a mailbox's working hours."""
    calendar = folders.distinguished(db, mailbox, "calendar").id
    rows = db.execute(f"{items.SELECT} WHERE folder = ? AND associated = 1", (calendar,))
    found = (items.from_row(row) for row in rows)
    return next((item for item in found if item.cls == CONFIGURATION + NAME), None)


def document(item: Item, year: int) -> bytes:
    """The item's XML as Outlook writes it: one time slot for all days, the first there is."""
    hours = item.bag["WorkHours"]
    root = etree.Element("Root", xmlns=_NAMESPACE)
    version = _put(root, "WorkHoursVersion1")
    rule = zonerule.rule_of(zonerule.zone_named(hours["zone"]), year)
    zone = _put(version, "TimeZone")
    _put(zone, "Bias", rule.bias)
    for name, change in (("Standard", rule.standard), ("DaylightSavings", rule.daylight)):
        box = _put(zone, name)
        _put(box, "Bias", change.bias)
        when = _put(box, "ChangeDate")
        _put(when, "Time", change.at.isoformat())
        _put(when, "Date", f"0000/{change.month:02}/{change.order:02}")
        _put(when, "DayOfWeek", (change.weekday + 1) % 7)
    _put(zone, "Name", hours["zone"])
    start, end, days = hours["periods"][0] if hours["periods"] else (0, 0, ())
    slot = _put(version, "TimeSlot")
    for name, minutes in (("Start", start), ("End", end)):
        _put(slot, name, f"{minutes // 60:02}:{minutes % 60:02}:00")
    _put(version, "WorkDays", " ".join(days))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _put(parent: etree._Element, name: str, text: Any = None) -> etree._Element:
    child = etree.SubElement(parent, name)
    child.text = None if text is None else str(text)
    return child


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
