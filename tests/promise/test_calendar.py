"""Working time by example: the mistakes that business-time code is known for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from ackd.model import Duration, Unit, WorkingHours
from ackd.promise.calendar import Calendar, make

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WorkingHours.office()
MORNING, AFTERNOON = (time(9), time(12, 30)), (time(13, 15), time(17, 30))
BREAKS = WorkingHours(((MORNING, AFTERNOON),) * 4 + (((time(9), time(15)),), (), ()))


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def span(text: str) -> Duration:
    amount, unit = text.split(" ", 1)
    return Duration(float(amount), Unit(unit))


# 2026-11-23 is a Monday.
ADDED = [
    # whole days
    ("2026-11-23T10:00", "2 business days", "2026-11-25T10:00"),
    ("2026-11-23T10:00", "3 business days", "2026-11-26T10:00"),  # Monday + 3 = Thursday
    ("2026-11-26T10:00", "1 business days", "2026-11-27T10:00"),
    ("2026-11-26T10:00", "2 business days", "2026-11-30T10:00"),  # Thursday + 2 = Monday
    ("2026-11-27T10:00", "1 business days", "2026-11-30T10:00"),  # Friday + 1 = Monday
    ("2026-11-23T10:00", "5 business days", "2026-11-30T10:00"),  # a week
    ("2026-11-23T10:00", "0 business days", "2026-11-23T10:00"),
    # from outside of working hours: as from the next work
    ("2026-11-28T12:00", "1 business days", "2026-12-01T09:00"),  # Saturday
    ("2026-11-29T23:59", "1 business days", "2026-12-01T09:00"),  # Sunday night
    ("2026-11-23T06:00", "1 business days", "2026-11-24T09:00"),
    ("2026-11-23T18:00", "1 business days", "2026-11-25T09:00"),
    ("2026-11-23T17:00", "1 business days", "2026-11-24T17:00"),  # the end is still in time
    ("2026-11-23T09:00", "1 business days", "2026-11-24T09:00"),  # not Monday 17:00
    # hours
    ("2026-11-23T10:00", "4 business hours", "2026-11-23T14:00"),
    ("2026-11-23T16:00", "1 business hours", "2026-11-23T17:00"),  # not Tuesday 09:00
    ("2026-11-23T16:00", "2 business hours", "2026-11-24T10:00"),
    ("2026-11-27T16:30", "1 business hours", "2026-11-30T09:30"),  # over the weekend
    ("2026-11-23T09:00", "8 business hours", "2026-11-23T17:00"),
    ("2026-11-23T09:00", "40 business hours", "2026-11-27T17:00"),
    ("2026-11-23T16:59", "0 business hours", "2026-11-23T16:59"),
    ("2026-11-23T17:01", "0 business hours", "2026-11-24T09:00"),
    # parts
    ("2026-11-23T09:00", "0.5 business days", "2026-11-23T13:00"),
    ("2026-11-23T15:00", "0.5 business days", "2026-11-24T11:00"),
    ("2026-11-23T15:00", "1.5 business days", "2026-11-25T11:00"),
    # clock time
    ("2026-11-27T16:30", "15 min", "2026-11-27T16:45"),
    ("2026-11-27T16:30", "1 hours", "2026-11-27T17:30"),
    ("2026-11-27T16:30", "2 days", "2026-11-29T16:30"),
    # year's end, Christmas (Bavaria; Epiphany too), and 2027-01-01 is a Friday
    ("2026-12-23T16:00", "2 business hours", "2026-12-24T10:00"),
    ("2026-12-24T16:00", "2 business hours", "2026-12-28T10:00"),
    ("2026-12-31T16:00", "2 business hours", "2027-01-04T10:00"),
    ("2027-01-05T10:00", "1 business days", "2027-01-07T10:00"),
    ("2026-12-30T10:00", "10 business days", "2027-01-15T10:00"),
]


@pytest.mark.parametrize(("start", "duration", "end"), ADDED)
def test_adding_in_an_office_in_bavaria(start: str, duration: str, end: str) -> None:
    calendar = make(BERLIN, OFFICE, "DE", "BY")
    assert calendar.add(at(start), span(duration)) == at(end)


SUBTRACTED = [
    ("2026-11-25T10:00", "2 business days", "2026-11-23T10:00"),
    ("2026-11-30T10:00", "2 business days", "2026-11-26T10:00"),
    ("2026-11-30T10:00", "2 business hours", "2026-11-27T16:00"),
    ("2026-11-28T10:00", "1 business days", "2026-11-26T17:00"),  # from Saturday: as from Friday's end
    ("2026-11-23T10:00", "1 business hours", "2026-11-23T09:00"),
    ("2026-11-23T09:00", "1 business hours", "2026-11-20T16:00"),
    ("2026-11-24T11:00", "0.5 business days", "2026-11-23T15:00"),
    ("2027-01-04T10:00", "2 business hours", "2026-12-31T16:00"),
]


@pytest.mark.parametrize(("end", "duration", "start"), SUBTRACTED)
def test_subtracting(end: str, duration: str, start: str) -> None:
    assert make(BERLIN, OFFICE, "DE", "BY").subtract(at(end), span(duration)) == at(start)


WITH_BREAKS = [
    ("2026-11-23T12:00", "1 business hours", "2026-11-23T13:45"),  # over lunch
    ("2026-11-23T12:00", "0.5 business hours", "2026-11-23T12:30"),
    ("2026-11-23T12:45", "1 business hours", "2026-11-23T14:15"),  # asked at lunch
    ("2026-11-23T12:45", "1 business days", "2026-11-24T13:15"),
    ("2026-11-26T17:00", "1 business hours", "2026-11-27T09:30"),
    ("2026-11-27T14:30", "1 business hours", "2026-11-30T09:30"),  # a short Friday
    ("2026-11-26T17:30", "1 business days", "2026-11-27T15:00"),  # a day's end leads to a day's end
    ("2026-11-26T09:00", "1 business days", "2026-11-27T09:00"),
    ("2026-11-27T12:00", "1 business days", "2026-11-30T13:37:30"),  # half of Friday → half of Monday
]


@pytest.mark.parametrize(("start", "duration", "end"), WITH_BREAKS)
def test_lunch_and_a_short_friday(start: str, duration: str, end: str) -> None:
    assert make(BERLIN, BREAKS).add(at(start), span(duration)) == at(end)


def test_until_24_and_on_from_0() -> None:
    day = ((time(0), time(6)), (time(20), time.max))
    calendar = make(ZoneInfo("UTC"), WorkingHours((day,) * 7))
    start = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert calendar.add(start, span("1 business hours")) == datetime(2026, 11, 24, 0, tzinfo=UTC)
    assert calendar.add(start, span("2 business hours")) == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert calendar.add(start, span("8 business hours")) == datetime(2026, 11, 24, 21, tzinfo=UTC)
    assert calendar.end_of_day(start) == datetime(2026, 11, 24, 0, tzinfo=UTC)


def test_round_the_clock() -> None:
    calendar = make(BERLIN, WorkingHours((((time(0), time.max),),) * 7))
    # the night with 25 hours: a business day is a day of the calendar, 24 business hours are an hour less
    start = at("2026-10-24T12:00")
    assert calendar.add(start, span("24 business hours")) == at("2026-10-25T11:00")
    assert calendar.local_date(calendar.add(start, span("1 business days"))) == date(2026, 10, 25)


def test_an_hour_that_the_clock_skips_is_not_worked() -> None:
    night = WorkingHours((((time(1), time(4)),),) * 7)
    calendar = make(BERLIN, night)
    assert calendar.add(at("2026-03-29T01:00"), span("1.5 business hours")) == at("2026-03-29T03:30")
    only_in_the_gap = make(BERLIN, WorkingHours((((time(2, 15), time(2, 45)),),) * 7))
    assert calendar.local_date(only_in_the_gap.add(at("2026-03-29T00:00"), span("0 business days"))) == date(
        2026, 3, 30
    )


def test_an_hour_that_the_clock_shows_twice_is_worked_twice() -> None:
    calendar = make(BERLIN, WorkingHours((((time(1), time(4)),),) * 7))
    second_two = datetime(2026, 10, 25, 1, tzinfo=UTC)  # 02:00, the second time
    assert calendar.add(at("2026-10-25T01:00"), span("2 business hours")) == second_two
    half = make(BERLIN, WorkingHours((((time(1), time(2, 30)),),) * 7))
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15, the second time
    assert half.is_working(second)
    assert (
        half.worked(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)).seconds
        == 7200
    )


def test_a_day_that_a_zone_left_out() -> None:
    apia = ZoneInfo("Pacific/Apia")  # went from Thursday 29 to Saturday 31 December 2011
    calendar = make(apia, WorkingHours((((time(9), time(17)),),) * 7))
    assert calendar.add(at("2011-12-29T10:00", apia), span("1 business days")) == at("2011-12-31T10:00", apia)


def test_extra_days_off_and_the_holidays_of_one_country_only() -> None:
    bridge = date(2026, 11, 24)
    calendar = make(BERLIN, OFFICE, None, None, [bridge])
    assert calendar.add(at("2026-11-23T10:00"), span("1 business days")) == at("2026-11-25T10:00")
    assert calendar.add(at("2026-12-24T10:00"), span("1 business days")) == at("2026-12-25T10:00")
    french = make(ZoneInfo("Europe/Paris"), OFFICE, "FR")
    assert french.add(at("2026-07-13T10:00"), span("1 business days")) == at("2026-07-15T10:00")


def test_the_end_of_a_span_is_work_and_the_break_is_not() -> None:
    calendar = make(BERLIN, BREAKS)
    assert calendar.is_working(at("2026-11-23T12:30"))
    assert not calendar.is_working(at("2026-11-23T12:31"))
    assert not calendar.is_working(at("2026-11-28T10:00"))
    assert calendar.end_of_day(at("2026-11-27T10:00")) == at("2026-11-27T15:00")
    assert calendar.end_of_day(at("2026-11-27T15:01")) == at("2026-11-30T17:30")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (WorkingHours(((),) * 7), "no working time"),
        (WorkingHours(((),) * 5), "seven days"),
        (WorkingHours((((time(22), time(6)),),) + ((),) * 6), "Monday: 22:00-06:00 is out of order"),
        (WorkingHours((((time(9), time(13)), (time(12), time(17))),) + ((),) * 6), "out of order"),
        (WorkingHours((((time(9), time(9)),),) + ((),) * 6), "out of order"),
    ],
)
def test_hours_that_cannot_be_kept_are_refused_when_built(hours: WorkingHours, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make(BERLIN, hours)


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("DE", "XX"), ("Germany and all", None)])
def test_an_unknown_country_is_refused_when_built(country: str, subdivision: str | None) -> None:
    with pytest.raises(ValueError, match="no holidays are known"):
        make(BERLIN, OFFICE, country, subdivision)


def test_a_calendar_that_never_works_ends_with_an_error_not_never() -> None:
    calendar = Calendar(BERLIN, OFFICE, lambda _day: True)
    with pytest.raises(ValueError, match="no working time for"):
        calendar.add(at("2026-11-23T10:00"), span("1 business days"))


@pytest.mark.parametrize(
    "duration", ["1e12 business days", "1e12 business hours", "1e300 business hours", "1e12 days"]
)
def test_spans_beyond_any_life_are_refused(duration: str) -> None:
    with pytest.raises(ValueError, match="leads"):
        make(BERLIN, OFFICE).add(at("2026-11-23T10:00"), span(duration))


def test_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        make(BERLIN, OFFICE).add(datetime(2026, 11, 23, 10), span("1 business days"))  # noqa: DTZ001 - the point


def test_equal_calendars_are_equal() -> None:
    assert make(BERLIN, OFFICE, "DE", "BY") == make(BERLIN, OFFICE, "DE", "BY")
    assert make(BERLIN, OFFICE, "DE", "BY") != make(BERLIN, OFFICE, "DE", "BE")
