"""Working hours as the XML that Outlook keeps in the calendar's configuration item (MS-OXOCFG 2.2.6)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from exchange_sandbox.calendar import workhours
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

_NAMESPACE = "WorkingHours.xsd"


def document(item: Item, year: int) -> bytes:
    """The item's XML as Outlook writes it: one time slot for all days, the first there is."""
    hours = item.bag[Key.WORK_HOURS]
    root = etree.Element("Root", xmlns=_NAMESPACE)
    version = _put(root, "WorkHoursVersion1")
    rule = workhours.rule_of(hours, year)
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
