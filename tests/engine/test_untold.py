"""What the owner reads of questions whose askers were told nothing: held by a limit, or with a task alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.letters.task import TaskStyle
from ackd.letters.task_words import words_in
from ackd.model import Command, DigestTimes, EffectKind, token_of
from ackd.text.languages import LANGUAGES
from ackd.views.agenda import days_ahead
from ackd.views.report import Report, report
from tests.engine.test_breaker import MOST, PER_HOUR, asked, capped, order
from tests.people import MONDAY
from tests.scenario import FOLLOWING, Scenario


def test_the_task_says_that_its_letter_was_held_and_that_it_went() -> None:
    office = capped()
    names = asked(office, 0, 6)
    bodies = {task.message_id: task.body for task, _ in office.mailbox.task_items.values()}
    held = [name for name in names if "As this task was made, a limit held the letter" in bodies[name]]
    assert held == names[MOST:]
    assert all("ackd unanswered" in bodies[name] for name in held)
    assert set(notes(office, *names)) == {""}
    order(office, names[4])
    office.work()
    (added, *none) = notes(office, names[4], names[5], names[0])
    assert added.startswith("Promised: an answer by ")
    assert none == ["", ""], "what is held still, and what was never held"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_says_once_in_its_language_what_was_promised(language: str) -> None:
    office = capped(task_style=TaskStyle(language))
    name = asked(office, 0, 6)[4]
    order(office, name)
    for _ in range(2):
        office.work()
        office.move(office.local_day(office.promise(name).due + timedelta(days=7)), name)
        office.later(hours=1)
        office.work()
    first, *moved = notes(office, name)[0].split("\n")
    assert words_in(language).promised.partition("{")[0] in first
    assert len({first, *moved}) == len([first, *moved])


def notes(office: Scenario, *names: str) -> list[str]:
    """What was added to the tasks of questions, a line a note."""
    return ["\n".join(office.mailbox.notes.get(token_of(name, EffectKind.TASK), ())) for name in names]


@pytest.mark.parametrize("mode", ["held", "rebuilt", "task alone"])
def test_nothing_that_no_letter_told_is_called_promised(mode: str) -> None:
    """The overdue mail, the digest and the counts, of one that was told a date and two that weren't."""
    daily = DigestTimes(tuple(range(7)), time(8, 30))
    office = capped(replace(PER_HOUR, per_hour=1), follow=FOLLOWING, digest=daily)
    first, *untold = asked(office, 0, 1 if mode == "task alone" else 3)
    if mode == "task alone":
        office.use(owner_rules=(OwnerRule("board", When(), Then(acknowledge=False, task=True)),))
        untold = asked(office, 1, 3)
    elif mode == "rebuilt":
        office.here.lose_ledger()
        office.work()
    assert [office.snapshot(name).is_unwritten for name in (first, *untold)] == [False, True, True]
    for _ in range(5):
        office.later(hours=24)
        office.work()
    late = [one for one in office.notices() if "overdue" in one.subject.lower()]
    assert late
    for one in late:
        assert one.text.count("promised by ") == one.text.count("Asker0:")
        assert one.text.count("to be answered by ") == one.text.count("no letter went out")
        assert one.text.count("to be answered by ") == one.text.count("Asker1:") + one.text.count("Asker2:")
        assert "You promised" not in one.text
    assert any("Asker1:" in one.text for one in late)
    days = days_ahead(office.ledger.open_promises(), office.settings.calendar, 8, office.clock.now())
    assert sorted((one.message_id, one.told) for day in days for one in day.promises) == sorted(
        [(first, True), (untold[0], False), (untold[1], False)]
    )
    if mode != "rebuilt":
        assert counted(office).untold == 2


def counted(office: Scenario) -> Report:
    now = office.clock.now()
    return report(office.ledger.courses(MONDAY, now), office.settings.calendar, MONDAY, now, now)


def test_one_that_was_asked_for_more_is_not_without_a_letter() -> None:
    """A command sends a held question's asker a letter of its own."""
    office = capped(follow=FOLLOWING)
    name = asked(office, 0, 6)[4]
    assert office.snapshot(name).is_unwritten
    more = next(one for one, said in FOLLOWING.commands.items() if said is Command.NEED_MORE)
    office.mailbox.owner_categorizes(name, more)
    office.work()
    office.work()
    assert name in office.told()
    assert not office.snapshot(name).is_unwritten
