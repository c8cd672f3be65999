"""Zones as servers tell them: by a name, by a rule, by both, in the shape of either protocol."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from ackd import zones
from ackd.mailbox.ews import zones as ews
from ackd.mailbox.graph.owner import _zone as of_graph
from ackd.mailbox.graph.reading import due_date
from ackd.mailbox.graph.writing import _local, due_on
from ackd.mailbox.zone_rules import Change, Rule, meant
from exchange_sandbox.calendar import zonerule
from exchange_sandbox.ews.calendar import zonerule_xml
from exchange_sandbox.ews.xml import NSMAP, tag
from exchange_sandbox.graph import custom_zone

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN, LONDON = "Europe/Berlin", "Europe/London"


def element(name: str, year: int = NOW.year) -> Any:
    """A zone's rule as the sandbox writes it."""
    root = etree.Element(tag("t:WorkingHours"), nsmap=NSMAP)
    zonerule_xml.emit(root, "t:TimeZone", zonerule.rule_of(ZoneInfo(name), year))
    return root[0]


def rule(name: str, year: int = NOW.year) -> Rule:
    found = ews.rule_of(element(name, year))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"]
)
def test_a_rule_leads_to_a_zone_that_goes_by_it(name: str) -> None:
    assert meant("", rule(name), TOKYO, NOW) == name


def test_of_several_zones_the_likely_one_is_taken_or_that_of_the_name() -> None:
    assert meant("", rule("Europe/Paris"), ZoneInfo("Europe/Paris"), NOW) == "Europe/Paris"
    assert meant("", rule("Europe/Paris"), TOKYO, NOW) == BERLIN
    assert meant("Romance Standard Time", rule(BERLIN), TOKYO, NOW) == "Europe/Paris"


@pytest.mark.parametrize(
    "name",
    [
        *("tzone://Microsoft/Utc", "UTC", "(UTC) Coordinated Universal Time", "tzone://Microsoft/Custom"),
        *("Customized Time Zone", "", "Mitteleuropäische Zeit", "Mars/Base", "Pacific Standard Time"),
        *("GMT Standard Time", "(UTC-08:00) Pacific Time (US & Canada)", "Etc/GMT-1"),
    ],
)
def test_the_rule_says_what_time_it_is_whatever_the_name(name: str) -> None:
    assert meant(name, rule(BERLIN), TOKYO, NOW) == BERLIN


@pytest.mark.parametrize("key", sorted(set(map(zones.named, zones._ids())) - {None})[::20])
def test_a_name_alone_is_enough(key: str) -> None:
    assert meant(key, None, TOKYO, NOW) == key


@pytest.mark.parametrize(
    ("name", "place", "year"),
    [
        ("Egypt Standard Time", "Africa/Cairo", 2020),  # no summer time then
        ("Russian Standard Time", "Europe/Moscow", 2013),
        ("Turkey Standard Time", "Europe/Istanbul", 2012),
        ("Jordan Standard Time", "Asia/Amman", 2020),
        ("Central Asia Standard Time", "Asia/Bishkek", 2026),
    ],
)
def test_a_server_that_goes_by_an_old_law_means_the_place(name: str, place: str, year: int) -> None:
    assert meant(name, rule(place, year), TOKYO, NOW) == place


@pytest.mark.parametrize("name", sorted(set(map(zones.named, zones._ids())) - {None})[::7])
@pytest.mark.every(6)
def test_a_zone_s_own_rule_leads_to_its_time(name: str) -> None:
    found = meant("Customized Time Zone", rule(name), TOKYO, NOW)
    assert found
    assert zones.differ(found, zones.course(ZoneInfo(name), NOW.year)) <= 14


def test_days_of_change_that_are_a_little_off_still_mean_the_zone() -> None:
    berlin = rule(BERLIN)
    odd = replace(berlin, daylight=replace(berlin.daylight, order=4))  # a week early
    assert meant("", odd, TOKYO, NOW) in (BERLIN, LONDON, "Europe/Paris")
    dated = Change(-60, 3, 29, 6, time(2), year=2026)  # SYSTEMTIME: a day of one year
    assert meant("", replace(berlin, daylight=dated), TOKYO, NOW) == BERLIN


@pytest.mark.parametrize(
    ("path", "text"),
    [
        *(("t:Bias", text) for text in ("17", "x", "", "99999", "٣")),
        *((f"t:StandardTime/t:{name}", "13") for name in ("Month", "DayOrder")),
        *(("t:DaylightTime/t:Time", text) for text in ("25:00", "", "noon")),
    ],
)
def test_a_rule_that_no_zone_has_is_none(path: str, text: str) -> None:
    broken = element(BERLIN)
    broken.find(path, NSMAP).text = text
    assert meant("", ews.rule_of(broken), TOKYO, NOW) is None
    assert meant("tzone://Microsoft/Utc", ews.rule_of(broken), TOKYO, NOW) in (None, "UTC")
    assert meant("W. Europe Standard Time", ews.rule_of(broken), TOKYO, NOW) == BERLIN


# --- Graph ---------------------------------------------------------------------------------------


def custom(name: str, *, ahead_positive: bool = False) -> dict[str, Any]:
    kept = {"zone": "Customized Time Zone", "rule": zonerule.rule_of(ZoneInfo(name), NOW.year).packed()}
    return custom_zone.shown(kept, ahead_positive=ahead_positive)


@pytest.mark.parametrize("ahead_positive", [False, True])
@pytest.mark.parametrize("name", [BERLIN, "America/New_York", "Australia/Sydney", "Asia/Kolkata"])
@pytest.mark.parametrize("told", ["UTC", "", "tzone://Microsoft/Utc", "Customized Time Zone"])
def test_graph_s_own_zone_of_the_working_hours(told: str, name: str, ahead_positive: bool) -> None:
    """Its documentation and its examples disagree about the sign of a bias."""
    settings = {"timeZone": told, "workingHours": {"timeZone": custom(name, ahead_positive=ahead_positive)}}
    likely = ZoneInfo(name) if name == "Asia/Kolkata" else TOKYO  # nothing else tells east from west
    assert of_graph(settings, likely, NOW) == (name, "")


@pytest.mark.parametrize(
    ("told", "hours", "expected"),
    [
        ("W. Europe Standard Time", {"name": "Pacific Standard Time"}, (BERLIN, "")),
        ("Europe/Vienna", custom("America/New_York"), ("Europe/Vienna", "")),
        ("UTC", {"name": "Pacific Standard Time"}, ("UTC", "")),
        ("", {"name": "Tokyo Standard Time"}, ("Asia/Tokyo", "")),
        ("Mars Standard Time", {"name": "Tokyo Standard Time"}, ("Asia/Tokyo", "")),
        ("Mars Standard Time", None, (None, "Mars Standard Time")),
        ("Mars\n\x1b[1m Time", {"name": ""}, (None, "Mars [1m Time")),
        ("", {"name": "Mars/Base"}, (None, "Mars/Base")),
        ("", None, (None, "")),
        ("UTC", {**custom(BERLIN), "bias": 17}, (None, "Customized Time Zone")),
        ("UTC", {**custom(BERLIN), "bias": "60"}, ("UTC", "")),
        ("UTC", {**custom(BERLIN), "standardOffset": 5}, ("UTC", "")),
        ("UTC", {**custom(BERLIN), "daylightOffset": {"month": 10**30}}, ("UTC", "")),
        ("UTC", ["Berlin"], ("UTC", "")),
    ],
)
def test_graph_s_names_and_what_is_wrong(told: str, hours: Any, expected: tuple[str | None, str]) -> None:
    assert of_graph({"timeZone": told, "workingHours": {"timeZone": hours}}, TOKYO, NOW) == expected
    if hours is None:
        for nothing in (None, 5, "x", []):
            assert of_graph({"timeZone": told, "workingHours": nothing}, TOKYO, NOW) == expected


# --- days and moments that a clock shows twice, or not at all ------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "written", "name"),
    [
        ("Europe/Vienna", date(2026, 11, 25), "2026-11-25T00:00:00", "W. Europe Standard Time"),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-24T01:00:00", "Egypt Standard Time"),  # no midnight
        ("Asia/Beirut", date(2027, 3, 28), "2027-03-28T01:00:00", "Middle East Standard Time"),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00:00", "UTC"),  # midnight comes twice
        (
            "Antarctica/Troll",
            date(2026, 11, 25),
            "2026-11-25T00:00:00",
            "Antarctica/Troll",
        ),  # Windows has none
    ],
)
def test_a_day_is_written_by_a_moment_that_there_is(zone: str, day: date, written: str, name: str) -> None:
    found = due_on(day, ZoneInfo(zone))
    assert found == {"dateTime": written, "timeZone": name}
    read = {"dueDateTime": {"dateTime": _in_utc(found)}}
    assert due_date(read, ZoneInfo(zone)) == day


def _in_utc(written: dict[str, str]) -> str:
    """As Graph gives back what was written."""
    zone = ZoneInfo(zones.named(written["timeZone"]) or "")
    at = datetime.fromisoformat(written["dateTime"]).replace(tzinfo=zone)
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


@pytest.mark.parametrize("name", ["Europe/Berlin", "Africa/Cairo", "America/Havana", "Australia/Lord_Howe"])
def test_a_moment_is_written_so_that_it_comes_back(name: str) -> None:
    zone = ZoneInfo(name)
    for hours in range(0, 366 * 24, 1):
        at = datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
        assert _in_utc(_local(at, zone)) == f"{at:%Y-%m-%dT%H:%M:%S}"
