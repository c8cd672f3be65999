"""Working hours, the time zone and free/busy, as availability and the calendar's settings tell them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import exchangelib
import pytest
from exchangelib.properties import (
    DaylightTime,
    FreeBusyViewOptions,
    MailboxData,
    StandardTime,
    TimeWindow,
    TimeZone,
)
from exchangelib.services import GetUserAvailability

from exchange_sandbox import Period, Sandbox, WorkHours
from exchange_sandbox.calendar.zonerule import RuleZone, rule_of

from .conftest import ALICE, BOB
from .test_client import account
from .wire import Got, Wire

HOURS = WorkHours(
    "W. Europe Standard Time",
    (Period(time(9), time(17, 30)), Period(time(10), time.max, ("Saturday",))),
)
_BERLIN = (
    "<t:TimeZone><t:Bias>-60</t:Bias><t:StandardTime><t:Bias>0</t:Bias><t:Time>03:00:00</t:Time>"
    "<t:DayOrder>5</t:DayOrder><t:Month>10</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:StandardTime>"
    "<t:DaylightTime><t:Bias>-60</t:Bias><t:Time>02:00:00</t:Time><t:DayOrder>5</t:DayOrder>"
    "<t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:DaylightTime></t:TimeZone>"
)


def ask(
    wire: Wire, *addresses: str, start: str = "2026-11-23T00:00:00", end: str = "2026-11-27T00:00:00",
    view: str = "DetailedMerged", interval: int = 360, zone: str = _BERLIN,
) -> object:  # fmt: skip
    data = "".join(
        f"<t:MailboxData><t:Email><t:Address>{one}</t:Address></t:Email>"
        "<t:AttendeeType>Required</t:AttendeeType></t:MailboxData>"
        for one in addresses
    )
    return wire(
        f"<m:GetUserAvailabilityRequest>{zone}<m:MailboxDataArray>{data}</m:MailboxDataArray>"
        f"<t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>{start}</t:StartTime><t:EndTime>{end}</t:EndTime>"
        f"</t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>{interval}</t:MergedFreeBusyIntervalInMinutes>"
        f"<t:RequestedView>{view}</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>"
    )


def appointment(wire: Wire, start: str, end: str, *, busy: str = "Busy", all_day: bool = False) -> None:
    whole = "<t:IsAllDayEvent>true</t:IsAllDayEvent>" if all_day else ""
    got = wire.create(
        f"<t:CalendarItem><t:Subject>Trip</t:Subject><t:Start>{start}</t:Start><t:End>{end}</t:End>{whole}"
        f"<t:LegacyFreeBusyStatus>{busy}</t:LegacyFreeBusyStatus>"
        '<t:StartTimeZone Id="W. Europe Standard Time"/></t:CalendarItem>'
    )
    assert got.codes == ["NoError"]


def test_hours_zone_and_events_in_the_zone_of_the_request(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    appointment(alice, "2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z", busy="Tentative")
    appointment(alice, "2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z", busy="OOF", all_day=True)
    sandbox.set_work_hours(ALICE, HOURS)
    got = ask(alice, ALICE, "nobody@corp.example")
    assert got.codes == ["NoError", "ErrorMailRecipientNotFound"]
    assert got.texts("t:FreeBusyViewType") == ["DetailedMerged", "None"]
    assert got.text("t:MergedFreeBusy") == "0000010033330000"
    assert got.texts("t:StartTime") == ["2026-11-24T09:00:00", "2026-11-25T00:00:00"]
    assert got.texts("t:BusyType") == ["Tentative", "OOF"]
    assert got.texts("t:Subject") == ["Trip", "Trip"]
    assert got.texts("t:StartTimeInMinutes") == ["540", "600"]
    assert got.texts("t:EndTimeInMinutes") == ["1050", "1440"]
    assert got.texts("t:DayOfWeek")[-2:] == ["Monday Tuesday Wednesday Thursday Friday", "Saturday"]
    assert got.texts("t:Bias") == ["-60", "0", "-60"]
    assert got.texts("t:Month") == ["10", "3"]
    assert got.texts("t:DayOrder") == ["5", "5"]
    others = ask(bob, ALICE)
    assert others.text("t:FreeBusyViewType") == "FreeBusyMerged"
    assert others.texts("t:Subject") == []
    assert ask(alice, ALICE, view="MergedOnly").texts("t:StartTime") == []


def test_before_hours_are_set_none_are_told(alice: Wire) -> None:
    got = ask(alice, ALICE)
    assert got.codes == ["NoError"]
    assert got.all("t:WorkingHours") == []


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"end": "2026-11-22T00:00:00"}, "ErrorInvalidTimeInterval"),
        ({"end": "2027-11-22T00:00:00"}, "ErrorTimeIntervalTooBig"),
        ({"interval": 1}, "ErrorInvalidMergedFreeBusyInterval"),
        ({"view": "Everything"}, "ErrorSchemaValidation"),
        ({"view": "None"}, "ErrorInvalidFreeBusyViewType"),
        ({"start": "soon"}, "ErrorSchemaValidation"),
        ({"zone": _BERLIN.replace("-60", "-9999")}, "ErrorTimeZone"),
        ({"zone": _BERLIN.replace("03:00:00", "never")}, "ErrorTimeZone"),
    ],
)
def test_what_is_refused(alice: Wire, how: dict[str, object], code: str) -> None:
    got = ask(alice, ALICE, **how)  # type: ignore[arg-type]
    assert (got.status, got.codes) == (500, [code])


def test_the_calendars_configuration_names_the_zone(sandbox: Sandbox, alice: Wire) -> None:
    request = (
        '<m:GetUserConfiguration><m:UserConfigurationName Name="WorkHours">'
        '<t:DistinguishedFolderId Id="calendar"/></m:UserConfigurationName>'
        "<m:UserConfigurationProperties>Id XmlData</m:UserConfigurationProperties></m:GetUserConfiguration>"
    )
    assert alice(request).codes == ["ErrorItemNotFound"]
    sandbox.set_work_hours(ALICE, HOURS)
    sandbox.set_work_hours(ALICE, HOURS)
    got = alice(request)
    assert got.codes == ["NoError"]
    xml = base64.b64decode(got.text("t:XmlData")).decode()
    assert "<Name>W. Europe Standard Time</Name>" in xml
    assert "<Start>09:00:00</Start><End>17:30:00</End>" in xml
    assert alice(request.replace("WorkHours", "Other")).codes == ["ErrorItemNotFound"]


def test_exchangelib_reads_it(sandbox: Sandbox) -> None:
    sandbox.set_work_hours(ALICE, HOURS)
    owner = account(sandbox, ALICE)
    zone = owner.default_timezone
    start = exchangelib.EWSDateTime(2026, 11, 24, 9, 0, tzinfo=zone)
    busy = exchangelib.CalendarItem(
        account=owner, folder=owner.calendar, subject="meet", start=start, end=start + timedelta(hours=1)
    )
    busy.save()
    rule = TimeZone(
        bias=-60,
        standard_time=StandardTime(bias=0, time=time(3), occurrence=5, iso_month=10, weekday=7),
        daylight_time=DaylightTime(bias=-60, time=time(2), occurrence=5, iso_month=3, weekday=7),
    )
    views = GetUserAvailability(owner.protocol).call(
        tzinfo=zone,
        mailbox_data=[MailboxData(email=one, attendee_type="Required") for one in (BOB, ALICE)],
        timezone=rule,
        free_busy_view_options=FreeBusyViewOptions(
            time_window=TimeWindow(start=start - timedelta(hours=1), end=start + timedelta(days=1)),
            merged_free_busy_interval=30,
            requested_view="Detailed",
        ),
    )
    _, mine = list(views)
    assert [event.start for event in mine.calendar_events] == [start]
    assert [period.start for period in mine.working_hours] == [time(9), time(10)]


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Tokyo", "UTC"]
)
def test_a_rule_is_the_zone_that_it_was_made_of(name: str) -> None:
    zone = ZoneInfo(name)
    made = RuleZone(rule_of(zone, 2026))
    at = datetime(2026, 1, 2, tzinfo=UTC)
    while at.year == 2026:
        assert at.astimezone(made).utcoffset() == at.astimezone(zone).utcoffset(), at
        at += timedelta(hours=7)


def suggest(wire: Wire, *people: tuple[str, str], options: str = "", days: int = 1) -> Got:
    data = "".join(
        f"<t:MailboxData><t:Email><t:Address>{one}</t:Address></t:Email>"
        f"<t:AttendeeType>{role}</t:AttendeeType></t:MailboxData>"
        for one, role in people
    )
    return wire(
        f"<m:GetUserAvailabilityRequest>{_BERLIN}<m:MailboxDataArray>{data}</m:MailboxDataArray>"
        f"<t:SuggestionsViewOptions>{options}<t:DetailedSuggestionsWindow>"
        f"<t:StartTime>2026-11-25T00:00:00</t:StartTime><t:EndTime>2026-11-{25 + days}T00:00:00</t:EndTime>"
        "</t:DetailedSuggestionsWindow></t:SuggestionsViewOptions></m:GetUserAvailabilityRequest>"
    )


def test_suggested_are_the_times_at_which_all_can(make: Callable[..., Sandbox]) -> None:
    sandbox = make(groups={"team@corp.example": [ALICE, BOB]})
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    sandbox.set_work_hours(ALICE, HOURS)
    appointment(alice, "2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z")
    appointment(bob, "2026-11-25T10:00:00Z", "2026-11-25T16:00:00Z", busy="Tentative")
    both = ((ALICE, "Organizer"), (BOB, "Required"), ("nobody@corp.example", "Optional"))
    best = "<t:MinimumSuggestionQuality>Excellent</t:MinimumSuggestionQuality>"
    got = suggest(alice, *both, options=best)
    assert got.codes == ["NoError"]
    assert got.texts("t:MeetingTime") == ["2026-11-25T10:00:00"]
    assert got.texts("t:SuggestionQuality") == ["Excellent"]
    assert got.texts("t:BusyType") == ["Free", "Free"]
    assert len(got.all("t:UnknownAttendeeConflictData")) == 1
    half_an_hour = "<t:MeetingDurationInMinutes>30</t:MeetingDurationInMinutes>"
    worse = f"{half_an_hour}<t:MinimumSuggestionQuality>Poor</t:MinimumSuggestionQuality>"
    every = suggest(alice, *both, options=f"<t:MaximumResultsByDay>48</t:MaximumResultsByDay>{worse}")
    assert every.texts("t:SuggestionQuality") == ["Excellent"] * 3 + ["Fair"] * 12 + ["Poor"] * 2
    assert len(every.texts("t:MeetingTime")) == 17  # all of the day's work
    team = suggest(alice, ("team@corp.example", "Required"), options=worse)
    assert set(team.texts("t:NumberOfMembers")) == {"2"}
    assert {"0", "1"} == set(team.texts("t:NumberOfMembersWithConflict"))
    assert suggest(alice, *both, days=0).codes == ["ErrorInvalidTimeInterval"]
    wrong = "<t:GoodThreshold>99</t:GoodThreshold>"
    assert suggest(alice, *both, options=wrong).codes == ["ErrorInvalidParameter"]


def test_a_list_is_busy_with_its_members_and_series_count(make: Callable[..., Sandbox]) -> None:
    sandbox = make(groups={"team@corp.example": [ALICE, BOB]})
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    alice.create(
        "<t:CalendarItem><t:Subject>x</t:Subject><t:Start>2026-11-23T05:00:00Z</t:Start>"
        "<t:End>2026-11-23T11:00:00Z</t:End><t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval>"
        "</t:DailyRecurrence><t:NoEndRecurrence><t:StartDate>2026-11-23</t:StartDate></t:NoEndRecurrence>"
        "</t:Recurrence></t:CalendarItem>"
    )
    appointment(bob, "2026-11-24T11:00:00Z", "2026-11-24T17:00:00Z", busy="OOF")
    got = ask(bob, "team@corp.example", ALICE)
    assert got.texts("t:MergedFreeBusy") == ["0200023002000200", "0200020002000200"]
    assert got.texts("t:FreeBusyViewType") == ["MergedOnly", "FreeBusyMerged"]
    assert len(ask(alice, ALICE).texts("t:IsRecurring")) == 4
