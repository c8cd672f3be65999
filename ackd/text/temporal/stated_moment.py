"""A moment as it is stated: what was read of it so far, and what it is relative to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from ackd.model import WorkingHours

LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class Found:
    """A moment up to token `end`. `clock` is an hour; `part` a part of the day: morning, noon,
    afternoon, evening, night, end (of work), am, pm, or exact (the hour needs no guess).

    `again` marks a weekday that is also today's; `closed` a period, of which "before its end" is
    the end; `bare` a word such as "today" that may be a deadline without a cue.
    """

    end: int
    day: date | None = None
    clock: time | None = None
    part: str = ""
    zone: timezone | None = None
    is_weekday: bool = False
    again: bool = False
    closed: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """The mail's own time, by the clock of its zone, and the hours of the owner's work."""

    at: datetime
    zone: tzinfo
    hours: WorkingHours

    @property
    def today(self) -> date:
        """The date on which the mail was written."""
        return self.at.astimezone(self.zone).date()

    @property
    def monday(self) -> date:
        """The Monday of the week in which it was written."""
        return self.today - timedelta(days=self.today.weekday())

    def end_of_work(self, day: date) -> time:
        """When a day's work ends; 23:59 where it has none."""
        spans = self.hours.days[day.weekday()]
        return min(spans[-1][1], LAST_MINUTE) if spans else LAST_MINUTE

    def last_work(self, first: date, last: date) -> date:
        """The last day with work from `first` to `last`; the last of all if that is over."""
        day = last
        while day > first and not self.hours.days[day.weekday()]:
            day -= timedelta(days=1)
        return day if day >= self.today else max(last, self.today)

    def working_day_before(self, day: date) -> date:
        """The last day with work before a day; the day before it if that is over already."""
        return min(self.last_work(day - timedelta(days=7), day - timedelta(days=1)), day - timedelta(days=1))

    def moment(self, day: date, clock: time, zone: tzinfo | None = None) -> datetime:
        """A wall-clock reading as a moment in UTC."""
        return datetime.combine(day, clock, zone or self.zone).astimezone(UTC)
