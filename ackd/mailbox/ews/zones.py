"""Time zones as EWS writes them: a SerializableTimeZone, which is a bias with two yearly changes
(https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezone-availability)."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from ackd.mailbox.ews import reading
from ackd.mailbox.ews.requests import element
from ackd.mailbox.zone_rules import Change, Rule

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rule_of(zone: Any) -> Rule | None:
    """The rule of a SerializableTimeZone; None for one that can't be read."""
    bias = _integer(zone, "t:Bias")
    standard, daylight = _change(zone, "t:StandardTime"), _change(zone, "t:DaylightTime")
    if bias is None or standard is None or daylight is None:
        return None
    return Rule(bias, standard, daylight)


def utc() -> Any:
    """UTC as a SerializableTimeZone."""
    change = ("t:Bias", "0"), ("t:Time", "00:00:00"), ("t:DayOrder", "0"), ("t:Month", "0")
    parts = [*change, ("t:DayOfWeek", "Sunday")]
    changes = [
        element(name, children=[element(tag, text) for tag, text in parts])
        for name in ("t:StandardTime", "t:DaylightTime")
    ]
    return element("t:TimeZone", children=[element("t:Bias", "0"), *changes])


def _change(zone: Any, path: str) -> Change | None:
    bias, month, order = (_integer(zone, f"{path}/t:{name}") for name in ("Bias", "Month", "DayOrder"))
    day = reading.text_at(zone, f"{path}/t:DayOfWeek").strip()
    try:
        at = time.fromisoformat(reading.text_at(zone, f"{path}/t:Time").strip()[:8])
    except ValueError:
        return None
    if bias is None or month is None or order is None:
        return None
    weekday = _WEEKDAYS.index(day) if day in _WEEKDAYS else 6
    return Change(bias, month, order, weekday, at, _integer(zone, f"{path}/t:Year") or 0)


def _integer(zone: Any, path: str) -> int | None:
    text = reading.text_at(zone, path).strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,4}", text) else None
