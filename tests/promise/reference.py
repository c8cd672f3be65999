"""Working time by stepping through it minute by minute: slow, and too simple to be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ackd.model import WorkingHours

MINUTE = timedelta(minutes=1)


def works_in_the_minute_from(at: datetime, zone: ZoneInfo, hours: WorkingHours, off: frozenset[date]) -> bool:
    """Whether the minute that begins at `at` is worked, by the clock on the wall."""
    wall = at.astimezone(zone)
    if wall.date() in off:
        return False
    now = wall.time().replace(tzinfo=None)
    return any(start <= now and (now < end or end == time.max) for start, end in hours.days[wall.weekday()])


def add_minutes(
    at: datetime, minutes: int, zone: ZoneInfo, hours: WorkingHours, off: frozenset[date]
) -> datetime:
    """The moment when so many worked minutes (at least one) have passed."""
    moment = at.astimezone(UTC)
    while minutes:
        minutes -= works_in_the_minute_from(moment, zone, hours, off)
        moment += MINUTE
    return moment


def subtract_minutes(
    at: datetime, minutes: int, zone: ZoneInfo, hours: WorkingHours, off: frozenset[date]
) -> datetime:
    """The moment since which so many worked minutes (at least one) have passed."""
    moment = at.astimezone(UTC)
    while minutes:
        moment -= MINUTE
        minutes -= works_in_the_minute_from(moment, zone, hours, off)
    return moment


def working_dates(
    first: date, zone: ZoneInfo, hours: WorkingHours, off: frozenset[date], way: int = 1
) -> Iterator[date]:
    """The dates from `first` on (back) that have a worked minute."""
    day = first
    while True:
        start = datetime.combine(day, time(), zone).astimezone(UTC)
        minutes = (start + n * MINUTE for n in range(26 * 60))
        if any(
            works_in_the_minute_from(m, zone, hours, off) for m in minutes if m.astimezone(zone).date() == day
        ):
            yield day
        day += way * timedelta(days=1)
