"""Zones as servers tell them, by name and by rule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from ackd.mailbox.ews import zones
from exchange_sandbox.calendar import zonerule
from exchange_sandbox.ews.calendar import zonerule_xml
from exchange_sandbox.ews.xml import NSMAP, tag

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def rule(name: str) -> Any:
    root = etree.Element(tag("t:WorkingHours"), nsmap=NSMAP)
    zonerule_xml.emit(root, "t:TimeZone", zonerule.rule_of(ZoneInfo(name), NOW.year))
    return root[0]


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"]
)
def test_a_rule_leads_to_a_zone_that_goes_by_it(name: str) -> None:
    assert zones.by_rule(rule(name), TOKYO, NOW) == name


def test_of_several_zones_the_likely_one_is_taken() -> None:
    assert zones.by_rule(rule("Europe/Paris"), ZoneInfo("Europe/Paris"), NOW) == "Europe/Paris"
    assert zones.by_rule(rule("Europe/Paris"), TOKYO, NOW) == "Europe/Berlin"


@pytest.mark.parametrize(
    ("path", "text"),
    [("t:Bias", "17"), ("t:Bias", "x"), ("t:StandardTime/t:Month", "13"), ("t:DaylightTime/t:Time", "25:00")],
)
def test_a_rule_that_no_zone_has_is_none(path: str, text: str) -> None:
    broken = rule("Europe/Berlin")
    broken.find(path, NSMAP).text = text
    assert zones.by_rule(broken, TOKYO, NOW) is None


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Europe/Vienna", "Europe/Vienna"),
        ("Customized Time Zone", None),
        ("../../etc/passwd", None),
        ("x" * 500, None),
        ("", None),
    ],
)
def test_names(name: str, zone: str | None) -> None:
    assert zones.by_name(name) == zone
