"""The owner's working time: adding to a moment, and taking away from it.

What a business unit means:

- *Business hours* are clock time that passes during work. Monday 16:00 plus 2 business hours is
  Tuesday 10:00 where the day ends at 17:00 and begins at 09:00; plus 1 it is Monday 17:00, not
  Tuesday 09:00.
- *Business days* lead to the same place in the working day so many working days on: asked on
  Monday at 10:00, "2 business days" is Wednesday 10:00. It is the strictest reading of "within
  two business days", so nobody is told a date that another would call late. Between days of
  different length the place is the share of the day that is done, so that halfway through a
  long day leads to halfway through a short one, and days may be added one by one or all at once.
- *Seconds, minutes, hours, days* are clock time; they may lead out of the working hours.

A moment without work counts as the next moment of work when adding, and as the last one when
taking away. The end of a span belongs to it: 17:00 sharp is still in time. With these,
adding a then b equals adding a + b (but for the rounding of shares to microseconds), and a later
moment never leads to an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from ackd.model import Duration, Unit, WorkingHours
from ackd.promise.public_holidays import Holidays
from ackd.promise.worktime import Span, spans_of, without

_ONE_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_LONGEST_PAUSE = 1_100  # days without any work before we give up
_KEPT = 256  # moments that were reckoned
_FARTHEST = 40 * 366  # days that one step may reach
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _never(_day: date) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working time in a zone: the hours of a week, less the days off and the absences.

    `usual` is the same calendar without the absences: for what goes on while the owner is away.

    Takes any aware moment and gives moments in UTC (arithmetic between moments of one ZoneInfo
    would silently ignore changes of the clock). Raises ValueError when built without any
    working time or with hours out of order, and by its methods for a naive moment or a span
    that leads more than forty years away.
    """

    zone: ZoneInfo
    hours: WorkingHours
    days_off: Callable[[date], bool] = _never
    absences: tuple[Span, ...] = ()
    usual: Calendar = field(init=False, repr=False, compare=False)
    _days: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _shifted: dict[tuple[datetime, Duration, int], datetime] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        _check(self.hours)
        usual = Calendar(self.zone, self.hours, self.days_off) if self.absences else self
        object.__setattr__(self, "usual", usual)

    def add(self, moment: datetime, duration: Duration) -> datetime:
        """The moment so much later."""
        return self._shift(moment, duration, 1)

    def subtract(self, moment: datetime, duration: Duration) -> datetime:
        """The moment so much earlier."""
        return self._shift(moment, duration, -1)

    def span(self, moment: datetime) -> Span:
        """The span of work that holds the moment, or the next one after it."""
        at = _aware(moment)
        return next((start, end) for spans in self._from(at, 1) for start, end in spans if end >= at)

    def is_working(self, moment: datetime) -> bool:
        """Whether the owner works at this moment; the end of a span belongs to it."""
        return self.span(moment)[0] <= moment

    def end_of_day(self, moment: datetime) -> datetime:
        """When work ends on this day, or on the next working day if it is already over."""
        at = _aware(moment)
        return next(spans[-1][1] for spans in self._from(at, 1) if spans[-1][1] >= at)

    def local(self, moment: datetime) -> datetime:
        """The moment by the owner's clock, to be shown to people."""
        return _aware(moment).astimezone(self.zone)

    def local_date(self, moment: datetime) -> date:
        """The owner's date at a moment."""
        return self.local(moment).date()

    def day_began(self, moment: datetime) -> datetime:
        """When the local day of a moment began."""
        return datetime.combine(self.local_date(moment), time(), tzinfo=self.zone).astimezone(UTC)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much work lies between two moments; zero if they are out of order."""
        begin, until, total = _aware(start), _aware(end), timedelta()
        for spans in self._from(begin, 1) if begin < until else ():
            if spans[0][0] >= until:
                break
            total += sum((_overlap(span, begin, until) for span in spans), timedelta())
        return total

    # --- the two ways of counting ---

    def _shift(self, moment: datetime, duration: Duration, way: int) -> datetime:
        """Kept for a while: the mails of a page are asked for by the same moments."""
        known = self._shifted.get((moment, duration, way))
        if known is None:
            if len(self._shifted) >= _KEPT:
                self._shifted.clear()
            known = self._shifted[moment, duration, way] = self._reckoned(moment, duration, way)
        return known

    def _reckoned(self, moment: datetime, duration: Duration, way: int) -> datetime:
        at = _aware(moment)
        try:
            if duration.unit is Unit.BUSINESS_DAYS:
                return self._by_days(at, Fraction(duration.amount), way)
            if duration.unit is Unit.BUSINESS_HOURS:
                return self._by_time(at, timedelta(hours=duration.amount), way)
            return at + way * duration.elapsed
        except OverflowError:
            raise ValueError(f"{duration} leads too far from {moment.isoformat()}") from None

    def _by_time(self, at: datetime, left: timedelta, way: int) -> datetime:
        for spans in self._from(at, way):
            for start, end in spans[::way]:
                begin, until = (max(start, at), end) if way > 0 else (min(end, at), start)
                if (until - begin) * way < timedelta():
                    continue  # over before the moment that we count from
                if abs(until - begin) >= left:
                    return begin + way * left
                left -= abs(until - begin)
        raise AssertionError  # _from goes on until it raises

    def _by_days(self, at: datetime, amount: Fraction, way: int) -> datetime:
        days = self._from(at, way)
        target = first = next(days)
        done = sum((_overlap(span, first[0][0], at) for span in first), timedelta())
        share = Fraction(done // _TICK, _length(first))
        count, rest = divmod(amount, 1)
        share += way * rest
        if not 0 <= share <= 1:
            share, count = share - way, count + 1
        for _ in range(count):
            target = next(days)
        return _place(target, round(share * _length(target)) * _TICK, way)

    def _from(self, at: datetime, way: int) -> Iterator[tuple[Span, ...]]:
        """The working days at and after (before) a moment, in order; endless."""
        day, pause = self.local_date(at) - way * _ONE_DAY, 0
        for _ in range(_FARTHEST):
            spans = self._spans(day)
            if spans and (spans[-1][1] >= at if way > 0 else spans[0][0] <= at):
                yield spans
                pause = 0
            day, pause = day + way * _ONE_DAY, pause + 1
            if pause > _LONGEST_PAUSE:
                raise ValueError(f"the calendar has no working time for {_LONGEST_PAUSE} days around {day}")
        raise ValueError(f"a span of working time leads more than 40 years from {at.date()}")

    def _spans(self, day: date) -> tuple[Span, ...]:
        if day not in self._days:
            hours = () if self.days_off(day) else self.hours.days[day.weekday()]
            self._days[day] = without(spans_of(day, hours, self.zone), self.absences)
        return self._days[day]


def make(
    zone: ZoneInfo,
    hours: WorkingHours,
    country: str | None = None,
    subdivision: str | None = None,
    extra: Iterable[date] = (),
    absences: Iterable[Span] = (),
) -> Calendar:
    """A calendar with the public holidays of a country, extra days off, and periods (aware
    moments) in which the owner is away.

    Raises ValueError for an unknown country or subdivision, and as `Calendar` does.
    """
    away = tuple(sorted((_aware(start), _aware(end)) for start, end in absences))
    return Calendar(zone, hours, Holidays(country, subdivision, frozenset(extra)), away)


def _length(spans: tuple[Span, ...]) -> int:
    """The working time of a day in microseconds."""
    return sum(((end - start) // _TICK for start, end in spans), 0)


def _overlap(span: Span, begin: datetime, until: datetime) -> timedelta:
    return max(min(span[1], until) - max(span[0], begin), timedelta())


def _place(spans: tuple[Span, ...], done: timedelta, way: int) -> datetime:
    """The moment at which so much of a day's work is done. In a break it is the break's end
    when counting forward (in the owner's favour), its beginning when counting back."""
    for start, end in spans:
        if done < end - start or (way < 0 and done == end - start):
            return start + done
        done -= end - start
    return spans[-1][1]


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


def _check(hours: WorkingHours) -> None:
    if len(hours.days) != len(_WEEKDAYS):
        raise ValueError(f"working hours need seven days, Monday first, not {len(hours.days)}")
    if not any(hours.days):
        raise ValueError("no working time at all: give at least one weekday working hours")
    for name, spans in zip(_WEEKDAYS, hours.days, strict=True):
        last = time.min
        for start, end in spans:
            if not last <= start < end:
                raise ValueError(
                    f"working hours of {name}: {start:%H:%M}-{end:%H:%M} is out of order "
                    "(a span that passes midnight is written as two)"
                )
            last = end
