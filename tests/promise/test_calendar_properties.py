"""Properties of working time, on random calendars in zones with every kind of clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.model import Duration, Unit
from ackd.promise.calendar import Calendar
from ackd.promise.public_holidays import Holidays
from tests.plays import many
from tests.promise import reference
from tests.promise.strategies import calendars

Case = tuple[Calendar, datetime]
_few = settings(max_examples=many(50))
_some = settings(max_examples=many(100))
_units = st.sampled_from((Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS))
_BREATH = timedelta(milliseconds=1)  # shares of days that differ in length are rounded


def _off(calendar: Calendar) -> frozenset[date]:
    assert isinstance(calendar.days_off, Holidays)
    return calendar.days_off.extra


def _hours(minutes: int) -> Duration:
    return Duration(minutes / 60, Unit.BUSINESS_HOURS)


def _days(amount: float) -> Duration:
    return Duration(amount, Unit.BUSINESS_DAYS)


@_few
@given(calendars(), st.integers(1, 12 * 60))
def test_business_hours_equal_the_minutes_counted_one_by_one(case: Case, minutes: int) -> None:
    calendar, at = case
    zone, hours, off = calendar.zone, calendar.hours, _off(calendar)
    assert calendar.add(at, _hours(minutes)) == reference.add_minutes(at, minutes, zone, hours, off)
    assert calendar.subtract(at, _hours(minutes)) == reference.subtract_minutes(at, minutes, zone, hours, off)


@settings(max_examples=many(25))
@given(calendars(), st.integers(0, 4))
def test_business_days_lead_to_the_same_working_date_as_counting_dates(case: Case, days: int) -> None:
    calendar, at = case
    start = calendar.add(at, _days(0))
    first = calendar.local_date(start)
    if calendar.local(start).time() == time():
        return  # 24:00 belongs to the day before: the reference doesn't know that
    dates = reference.working_dates(first, calendar.zone, calendar.hours, _off(calendar))
    wanted = [next(dates) for _ in range(days + 1)][-1]
    end = calendar.add(at, _days(days))
    # midnight is the end of one day of work or the beginning of another
    dates_of_end = {calendar.local_date(end), calendar.local_date(end - timedelta(seconds=1))}
    assert (
        wanted in dates_of_end if calendar.local(end).time() == time() else wanted == calendar.local_date(end)
    )


@_some
@given(calendars(), _units, st.integers(0, 20), st.integers(0, 20))
def test_adding_a_then_b_is_adding_both(case: Case, unit: Unit, a: int, b: int) -> None:
    calendar, at = case
    scale = 4 if unit is Unit.BUSINESS_HOURS else 2  # quarter hours, half days
    first = calendar.add(at, Duration(a / scale, unit))
    stepwise = calendar.add(first, Duration(b / scale, unit))
    at_once = calendar.add(at, Duration((a + b) / scale, unit))
    early, late = sorted((stepwise, at_once))
    if unit is Unit.BUSINESS_HOURS:
        assert stepwise == at_once
    elif a % 2 == b % 2 == 0:
        assert late - early <= _BREATH
    else:  # half days may end at the two sides of one break
        assert calendar.worked(early + _BREATH, late - _BREATH) == timedelta()


@_some
@given(calendars(), _units, st.integers(0, 40), st.booleans())
def test_never_outside_of_working_hours(case: Case, unit: Unit, amount: int, back: bool) -> None:
    calendar, at = case
    move = calendar.subtract if back else calendar.add
    assert calendar.is_working(move(at, Duration(amount / 4, unit)))


@_some
@given(calendars(), _units, st.integers(0, 40), st.integers(0, 4000))
def test_later_moments_and_longer_spans_never_lead_to_earlier_ones(
    case: Case, unit: Unit, amount: int, later: int
) -> None:
    calendar, at = case
    span, longer = Duration(amount / 4, unit), Duration((amount + 1) / 4, unit)
    assert at <= calendar.add(at, span) <= calendar.add(at, longer) + _BREATH
    after = at + timedelta(minutes=later)
    assert calendar.add(at, span) <= calendar.add(after, span) + _BREATH
    assert calendar.subtract(at, span) <= calendar.subtract(after, span) + _BREATH


@_some
@given(calendars(), st.integers(1, 2000))
def test_what_was_added_is_what_was_worked_and_can_be_taken_away(case: Case, minutes: int) -> None:
    calendar, at = case
    end = calendar.add(at, _hours(minutes))
    assert calendar.worked(at, end) == timedelta(minutes=minutes)
    start = calendar.subtract(end, _hours(minutes))
    assert calendar.worked(start, end) == timedelta(minutes=minutes)
    assert calendar.worked(min(at, start), max(at, start)) == timedelta()


@_some
@given(calendars())
def test_the_end_of_the_day_ends_a_day_of_work(case: Case) -> None:
    calendar, at = case
    end = calendar.end_of_day(at)
    assert end >= at
    assert calendar.is_working(end)
    next_work = calendar.span(end + timedelta(seconds=1))[0]
    assert calendar.local_date(next_work) > calendar.local_date(end - timedelta(seconds=1))
    assert end.tzinfo is UTC
