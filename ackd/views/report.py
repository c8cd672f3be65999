"""What became of promises over a period: counted from the ledger alone, the same every time. Pure."""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from ackd.model import Course, PromiseState
from ackd.promise.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of promises. Each is `kept_in_time`, `kept_late`, `open`, `dropped` or `withdrawn`;
    `moved` and `overdue` (open, and the moment has passed) are counted besides. `median_answer` is
    the working time from the question's arrival to the answer, None without an answer."""

    made: int = 0
    kept_in_time: int = 0
    kept_late: int = 0
    open: int = 0
    dropped: int = 0
    withdrawn: int = 0
    moved: int = 0
    overdue: int = 0
    median_answer: timedelta | None = None


class Pace(enum.StrEnum):
    """How much of the promised working time an answer took, from the question's arrival to the moment that
    was promised last."""

    QUARTER = "quarter"
    HALF = "half"
    THREE_QUARTERS = "three_quarters"
    WHOLE = "whole"
    LATE = "late"  # half as much again, at most
    LATER = "later"


_LATEST = ((0.25, Pace.QUARTER), (0.5, Pace.HALF), (0.75, Pace.THREE_QUARTERS))
_LATE = 1.5


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of the promises made from `since` on and before `until`: all of them, by the ISO week
    in which they were made ("2026-W48"), and, only where that was asked for, by the asker's address.
    `referred` are questions whose letter says that somebody else can help, or the owner can't: they
    promise nothing and are in no figure. `untold` are those of all of which no date is known to have
    been told to the asker: a letter is held or unsent, or there was none. `paces` counts the answers by the
    share of the promised time that they took."""

    since: datetime
    until: datetime
    total: Figures
    referred: int
    untold: int
    by_week: tuple[tuple[str, Figures], ...]
    paces: tuple[tuple[Pace, int], ...]
    by_colleague: tuple[tuple[str, Figures], ...] | None = None


def report(
    courses: Sequence[Course],
    calendar: Calendar,
    since: datetime,
    until: datetime,
    now: datetime,
    *,
    by_colleague: bool = False,
) -> Report:
    """Count the promises; in order by week, most promises first by colleague."""
    given = [course for course in courses if course.promise.is_of_answer]

    def week(course: Course) -> str:
        year, number, _ = calendar.local_date(course.made).isocalendar()
        return f"{year}-W{number:02}"

    def by(key: Callable[[Course], str]) -> list[tuple[str, Figures]]:
        groups: defaultdict[str, list[Course]] = defaultdict(list)
        for course in given:
            groups[key(course)].append(course)
        return [(name, figures(group, calendar, now)) for name, group in sorted(groups.items())]

    referred, untold = len(courses) - len(given), sum(course.promise.told is None for course in given)
    answers = Counter(
        _pace(course, calendar) for course in given if course.promise.state is PromiseState.KEPT
    )
    paces = tuple((pace, answers[pace]) for pace in Pace)
    found = Report(since, until, figures(given, calendar, now), referred, untold, tuple(by(week)), paces)
    if not by_colleague:
        return found
    colleagues = sorted(by(lambda c: c.promise.question.asker.key), key=lambda pair: -pair[1].made)
    return replace(found, by_colleague=tuple(colleagues))


def figures(courses: Iterable[Course], calendar: Calendar, now: datetime) -> Figures:
    """Count some promises."""
    every = list(courses)
    states = [course.promise.state for course in every]
    kept = [course for course in every if course.promise.state is PromiseState.KEPT]
    answers = [
        calendar.worked(course.promise.question.received, course.answered).total_seconds()
        for course in kept
        if course.answered
    ]
    in_time = sum(_in_time(course) for course in kept)
    return Figures(
        made=len(every),
        kept_in_time=in_time,
        kept_late=len(kept) - in_time,
        open=states.count(PromiseState.OPEN),
        dropped=states.count(PromiseState.DROPPED),
        withdrawn=states.count(PromiseState.WITHDRAWN),
        moved=sum(course.moved > 0 for course in every),
        overdue=sum(_is_overdue(course, now) for course in every),
        median_answer=timedelta(seconds=median(answers)) if answers else None,
    )


def _in_time(course: Course) -> bool:
    """Whether the answer was sent by the date that was promised last."""
    answered = course.answered or course.closed
    return answered is not None and answered <= course.promise.due


def _pace(course: Course, calendar: Calendar) -> Pace:
    """Of a promise that was kept. In time is what came by the moment itself, outside working hours too."""
    received, due = course.promise.question.received, course.promise.due
    answered = course.answered or course.closed or due
    promised = calendar.worked(received, due).total_seconds()
    share = calendar.worked(received, answered).total_seconds() / max(promised, 1)
    if _in_time(course):
        return next((pace for most, pace in _LATEST if share <= most), Pace.WHOLE)
    return Pace.LATE if share <= _LATE else Pace.LATER


def _is_overdue(course: Course, now: datetime) -> bool:
    promise = course.promise
    return promise.state is PromiseState.OPEN and not promise.waits and promise.due <= now
