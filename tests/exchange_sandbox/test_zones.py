"""Time zones by their Windows names: what a client is told of them is what they do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import exchangelib
import pytest

from exchange_sandbox import Sandbox
from exchange_sandbox.calendar import zones
from exchange_sandbox.calendar.zonerule import RuleZone

from .conftest import ALICE
from .test_client import account
from .wire import NS, Wire, envelope


def test_every_zone_goes_as_its_definition_says() -> None:
    known = list(zones.definitions())
    assert len(known) > 130
    for definition in known:
        zone = zones.zone(definition.id)
        for year in (2026, 2036):
            made = RuleZone([rule for since, rule in definition.rules if since <= year][-1])
            moments = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(364)]
            expected = [one.astimezone(zone).utcoffset() for one in moments]
            changes = sum(one != other for one, other in pairwise(expected))
            if changes in (0, 2):  # clocks that change more often, or once, follow no yearly rule
                assert [one.astimezone(made).utcoffset() for one in moments] == expected, definition.id


def test_a_client_asks_for_all_and_for_one(sandbox: Sandbox) -> None:
    owner = account(sandbox, ALICE)
    every = list(owner.protocol.get_timezones(return_full_timezone_data=True))
    assert {one.id for one in every} >= {"UTC", "W. Europe Standard Time", "Tokyo Standard Time"}
    for one in every:
        for year in (2007, 2015, 2026, 2037):
            one.get_std_and_dst(year)
    (berlin,) = owner.protocol.get_timezones([owner.default_timezone], return_full_timezone_data=True)
    standard, daylight, period = berlin.get_std_and_dst(2026)
    assert (period.bias_in_minutes, daylight.bias) == (-60, -60)
    assert (standard.iso_month, daylight.iso_month, daylight.occurrence) == (10, 3, 5)
    (brief,) = owner.protocol.get_timezones([owner.default_timezone])
    assert (brief.id, brief.periods) == ("W. Europe Standard Time", None)


def test_a_client_that_does_not_say_gets_all_of_it(alice: Wire) -> None:
    """As clients want it that leave the attribute out (the EWS Managed API does)."""
    ask = "<m:GetServerTimeZones{}><m:Ids><t:Id>UTC</t:Id><t:Id>Nowhere</t:Id></m:Ids></m:GetServerTimeZones>"
    assert len(alice(ask.format("")).all("t:Period")) == 1
    brief = alice(ask.format(' ReturnFullTimeZoneData="false"'))
    assert (len(brief.all("t:TimeZoneDefinition")), brief.all("t:Period")) == (1, [])


def test_names() -> None:
    assert zones.known("Europe/Berlin") == zones.known("w. europe STANDARD time") == "W. Europe Standard Time"
    assert zones.known("Nowhere") is None
    assert zones.name_of(ZoneInfo("Europe/Vienna")) == "W. Europe Standard Time"
    assert zones.name_of(UTC) == "UTC"


HALIFAX = (  # a definition with an Id that nobody knows, as clients make them from their own settings
    '<t:TimeZoneDefinition Id="Mine" Name="My own"><t:Periods>'
    '<t:Period Bias="PT240M" Name="Standard" Id="Std"/>'
    '<t:Period Bias="PT3H" Name="Daylight" Id="Dlt"/></t:Periods>'
    '<t:TransitionsGroups><t:TransitionsGroup Id="0">'
    '<t:RecurringDayTransition><t:To Kind="Period">Dlt</t:To><t:TimeOffset>PT2H</t:TimeOffset>'
    "<t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>2</t:Occurrence></t:RecurringDayTransition>"
    '<t:RecurringDayTransition><t:To Kind="Period">Std</t:To><t:TimeOffset>PT2H</t:TimeOffset>'
    "<t:Month>11</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>1</t:Occurrence></t:RecurringDayTransition>"
    "</t:TransitionsGroup></t:TransitionsGroups>"
    '<t:Transitions><t:Transition><t:To Kind="Group">0</t:To></t:Transition></t:Transitions>'
    "</t:TimeZoneDefinition>"
)
SERIES = (
    '<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem><t:Subject>x</t:Subject>'
    "<t:Start>2026-10-30T09:00:00</t:Start><t:End>2026-10-30T10:00:00</t:End><t:Recurrence><t:WeeklyRecurrence>"
    "<t:Interval>1</t:Interval><t:DaysOfWeek>Friday</t:DaysOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence>"
    "<t:StartDate>2026-10-30</t:StartDate><t:NumberOfOccurrences>2</t:NumberOfOccurrences></t:NumberedRecurrence>"
    "</t:Recurrence></t:CalendarItem></m:Items></m:CreateItem>"
)


def in_zone(wire: Wire, zone: str, body: str = SERIES) -> list[str]:
    """The codes of a request with this TimeZoneContext."""
    header = f"<t:TimeZoneContext>{zone}</t:TimeZoneContext></s:Header>"
    return wire.raw(envelope(body).replace(b"</s:Header>", header.encode())).codes


@pytest.mark.parametrize(
    ("zone", "hours", "name"),
    [
        (HALIFAX, [12, 13], "Mine"),
        ('<t:TimeZoneDefinition Id="Eastern Standard Time"/>', [13, 14], "Eastern Standard Time"),
        ('<t:TimeZoneDefinition Id="Tokyo Standard Time"/>', [0, 0], "Tokyo Standard Time"),
    ],
)
def test_times_without_an_offset_are_in_the_zone_of_the_request(
    alice: Wire, zone: str, hours: list[int], name: str
) -> None:
    assert in_zone(alice, zone) == ["NoError"]
    ((item, _),) = alice.find("calendar").ids
    got = alice.get(item, "calendar:FirstOccurrence", "calendar:LastOccurrence", "calendar:StartTimeZone")
    starts = [datetime.fromisoformat(one.findtext("t:Start", "", NS)) for one in
              (*got.all("t:FirstOccurrence"), *got.all("t:LastOccurrence"))]  # fmt: skip
    assert [one.hour for one in starts] == hours
    assert got.all("t:StartTimeZone")[0].get("Id") == name


def test_zones_that_are_refused(alice: Wire) -> None:
    assert in_zone(alice, '<t:TimeZoneDefinition Id="Nowhere"/>') == ["ErrorTimeZone"]
    assert in_zone(alice, HALIFAX.replace("PT240M", "P2D")) == ["ErrorTimeZone"]
    assert in_zone(alice, HALIFAX.replace("PT240M", "often")) == ["ErrorSchemaValidation"]
    assert in_zone(alice, HALIFAX.replace(">Dlt<", ">Other<")) == ["ErrorTimeZone"]
    mine = SERIES.replace("</t:Recurrence>", '</t:Recurrence><t:StartTimeZone Id="Nowhere"/>')
    assert alice(mine).codes == ["ErrorTimeZone"]
    assert alice.find("calendar").ids == []


def test_the_zone_of_clients_of_2007(alice: Wire) -> None:
    zone = '<t:MeetingTimeZone TimeZoneName="Eastern Standard Time"/>'
    assert alice(SERIES.replace("</t:Recurrence>", f"</t:Recurrence>{zone}")).codes == ["NoError"]
    ((item, _),) = alice.find("calendar").ids
    got = alice.get(item, "calendar:MeetingTimeZone", "calendar:StartTimeZoneId", "calendar:TimeZone")
    assert got.text("t:StartTimeZoneId") == "Eastern Standard Time"
    assert got.all("t:MeetingTimeZone")[0].get("TimeZoneName") == "Eastern Standard Time"


def test_an_all_day_event_is_a_day_of_its_zone(sandbox: Sandbox) -> None:
    owner = account(sandbox, ALICE)
    days = exchangelib.EWSDate(2026, 11, 24), exchangelib.EWSDate(2026, 11, 25)
    item = exchangelib.CalendarItem(
        account=owner, folder=owner.calendar, subject="Off", is_all_day=True, start=days[0], end=days[1]
    ).save()
    item.refresh()
    assert (item.start, item.end) == days
    owner.default_timezone = exchangelib.EWSTimeZone("America/New_York")
    item.refresh()
    assert item.start == date(2026, 11, 24)
