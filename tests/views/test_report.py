"""The report counts what happened, exactly, and the same every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from ackd.letters.preview import example
from ackd.model import Course, EffectKind, PromiseState, token_of
from ackd.views.report import Figures, Pace, Report, report
from tests.people import BOB, CAROL, MONDAY, settings
from tests.scenario import FOLLOWING, Scenario


@pytest.fixture
def office() -> Scenario:
    return Scenario(follow=FOLLOWING).begin()


def counted(office: Scenario) -> Report:
    now = office.clock.now()
    made = office.daemon.ledger.courses(MONDAY, now)
    return report(made, office.daemon.settings.calendar, MONDAY, now, now, by_colleague=True)


def answer(office: Scenario, name: str, to: str = BOB) -> None:
    office.mailbox.owner_sends(to=[to], in_reply_to=f"<{name}@corp.example>")
    office.work()


def task_of(name: str) -> str:
    return token_of(f"<{name}@corp.example>", EffectKind.TASK)


def test_nothing_is_nothing(office: Scenario) -> None:
    assert counted(office).total == Figures()


def test_every_end_is_counted_once(office: Scenario) -> None:
    for name in ("kept", "late", "ticked", "deleted", "moved", "open"):
        office.ask(name)
    office.ask("other", sender=CAROL)
    answer(office, "kept")
    office.mailbox.owner_changes_task(task_of("ticked"), is_complete=True)
    office.mailbox.owner_trashes_task(task_of("deleted"))
    for day in (30, 28):
        office.mailbox.owner_changes_task(task_of("moved"), due_date=date(2026, 12, day))
        office.work(10)
    office.work(60 * 24 * 3)
    answer(office, "late")
    found = counted(office)
    assert found.total.made == 7
    assert (found.total.kept_in_time, found.total.kept_late) == (1, 1)
    assert (found.total.dropped, found.total.withdrawn) == (1, 1)
    assert (found.total.open, found.total.overdue, found.total.moved) == (3, 2, 1)
    assert [(name, figures.made) for name, figures in found.by_colleague or ()] == [(BOB, 6), (CAROL, 1)]
    assert [(name, figures.made) for name, figures in found.by_week] == [("2026-W48", 7)]


@pytest.mark.parametrize(
    ("day", "hour", "pace"),
    [
        (23, 12, Pace.QUARTER),
        (23, 17, Pace.HALF),
        (24, 12, Pace.THREE_QUARTERS),
        (24, 17, Pace.WHOLE),
        (24, 20, Pace.LATE),  # in the evening, when no working time passes: late all the same
        (25, 12, Pace.LATE),
        (27, 9, Pace.LATER),
    ],
)
def test_an_answer_is_set_against_the_promised_time(day: int, hour: int, pace: Pace) -> None:
    calendar = settings().calendar
    asked, due, at = (
        datetime(2026, 11, *when, tzinfo=calendar.zone) for when in ((23, 9), (24, 17), (day, hour))
    )
    promise = replace(
        example(calendar, settings().rules.within, asked, "en"), due=due, state=PromiseState.KEPT
    )
    found = report([Course(promise, asked, due, answered=at)], calendar, asked, at, at)
    assert [one for one, count in found.paces if count] == [pace]
    assert (found.total.kept_in_time == 1) == (pace not in (Pace.LATE, Pace.LATER))


def test_the_answer_is_measured_in_working_hours(office: Scenario) -> None:
    office.ask()
    office.work(60 * 24)
    answer(office, "q")
    median = counted(office).total.median_answer
    assert median is not None
    assert timedelta(hours=7) < median < timedelta(hours=9), "a working day, not a night"


def test_an_answer_after_a_tick_counts_as_kept(office: Scenario) -> None:
    office.ask()
    office.mailbox.owner_changes_task(task_of("q"), is_complete=True)
    office.work()
    assert counted(office).total.dropped == 1
    answer(office, "q")
    assert (counted(office).total.kept_in_time, counted(office).total.dropped) == (1, 0)


def test_a_rebuilt_ledger_counts_only_what_it_saw_being_made(office: Scenario) -> None:
    office.ask()
    office.start_on("second")
    office.work()
    assert counted(office).total.made == 0
