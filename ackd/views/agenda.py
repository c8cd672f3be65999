"""The open promises by day, and the room that each day has left. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice

from ackd.model import Promise, Urgency
from ackd.promise.calendar import Calendar

#: At least so many working days are shown.
DAYS = 10
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """An open promise: its moment by the owner's clock, and the question's subject, "" of a private or
    confidential one. It is `overdue` unless it `waits` for its asker; `told` says whether the asker
    is known to have been told a date."""

    due: datetime
    asker: str
    name: str
    subject: str
    message_id: str
    urgency: Urgency
    overdue: bool
    waits: bool
    told: bool
    moves: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day by the owner's calendar. `room` is how many promises may still fall on it: none on a
    day that is over, or on which the owner doesn't work."""

    day: date
    promises: tuple[Due, ...]
    room: int
    is_over: bool = False


def days_ahead(
    promises: Iterable[Promise], calendar: Calendar, per_day: int, now: datetime
) -> tuple[Day, ...]:
    """The next working days, and every other day with an open promise, in order."""

    def day_of(promise: Promise) -> date:
        return calendar.local_date(promise.due)

    given = (promise for promise in promises if promise.is_of_answer)
    ordered = sorted(given, key=lambda promise: promise.due)
    falling = {day: tuple(group) for day, group in groupby(ordered, day_of)}
    working = set(islice(_working_days(calendar, now), DAYS))
    today = calendar.local_date(now)
    last = max(working)
    found = []
    for day in sorted(working | falling.keys()):
        here = tuple(_due(promise, calendar, now) for promise in falling.get(day, ()))
        works = day in working or (day > last and _works(calendar, day))
        room = max(per_day - len(here), 0) if works else 0
        found.append(Day(day, here, room, is_over=day < today))
    return tuple(found)


def _due(promise: Promise, calendar: Calendar, now: datetime) -> Due:
    question = promise.question
    return Due(
        due=calendar.local(promise.due),
        asker=question.asker.email,
        name=question.asker.name,
        subject="" if question.sensitivity.is_secret else question.subject,
        message_id=question.message_id,
        urgency=question.urgency,
        overdue=promise.due < now and not promise.waits,
        waits=promise.waits,
        told=promise.told is not None,
        moves=promise.moves,
    )


def _working_days(calendar: Calendar, now: datetime) -> Iterator[date]:
    """Dates with work from now on, without end."""
    at = now
    while True:
        end = calendar.end_of_day(at)
        yield calendar.local_date(end - timedelta(microseconds=1))
        at = end + timedelta(microseconds=1)


def _works(calendar: Calendar, day: date) -> bool:
    noon = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
    start, _ = calendar.span(noon + timedelta(microseconds=1))
    return calendar.local_date(start) == day
