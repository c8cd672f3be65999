"""Taking away what ackd leaves in a mailbox: killed at every call, and begun anew, it ends the same."""

from __future__ import annotations

from typing import Any

import pytest

from ackd.engine import leaving
from ackd.engine.leaving import Wishes
from ackd.errors import Unreachable
from ackd.model import Mode
from tests.scenario import Scenario
from tests.steps import Fuse, Killed, Stepped

ALL, NOTHING = Wishes(tasks=True, categories=True), Wishes(tasks=False, categories=False)


def busy(**changes: Any) -> Scenario:
    """Two promised questions of Bob's, and what they left in the mailbox."""
    scenario = Scenario(**changes).begin()
    scenario.ask()
    scenario.work(1)
    return scenario


def clear(scenario: Scenario, wishes: Wishes, step: Any = None) -> list[leaving.Step]:
    machine = scenario.machines["here"]
    box = scenario.backend.open(machine.clock, "here")
    port = Stepped(box, step) if step else box
    return list(leaving.clear(port, machine.ledger, machine.clock, machine.settings, wishes))


def is_clean(scenario: Scenario) -> bool:
    box = scenario.backend.mailbox
    there = [task for task in box.tasks() if not task.is_deleted]
    mails = box.search()
    return not there and box.watermark() is None and not any("Promised" in mail.categories for mail in mails)


def test_killed_at_every_call_and_begun_anew_it_ends_the_same() -> None:
    counted = Fuse(0)
    clear(busy(), ALL, counted.burn)
    assert len(counted.steps) > 10
    for length in range(1, len(counted.steps) + 1):
        scenario = busy()
        assert not is_clean(scenario)
        with pytest.raises(Killed):
            clear(scenario, ALL, Fuse(length).burn)
        steps = clear(scenario, ALL)
        assert all(step.done for step in steps), (length, steps)
        assert is_clean(scenario), length


def test_what_fails_is_told_and_nothing_after_it_is_done() -> None:
    scenario = busy()

    def fail(step: str) -> None:
        if step == "before remove":
            raise Unreachable("nobody listens")

    steps = clear(scenario, ALL, fail)
    assert (steps[-1].done, "nobody listens" in steps[-1].words) == (False, True)
    assert scenario.backend.mailbox.watermark() is not None  # the hidden folder goes last


def test_a_task_that_stays_is_no_task_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = busy()
    monkeypatch.setattr(scenario.backend.mailbox, "remove", lambda *args, **how: frozenset())
    *_, last = clear(scenario, ALL)
    assert (last.done, last.words) == (False, "1 task couldn't be taken away")
    assert scenario.backend.mailbox.watermark() is not None


def test_what_is_kept_stays() -> None:
    scenario = busy()
    assert all(step.done for step in clear(scenario, NOTHING))
    box = scenario.backend.mailbox
    assert [task.is_deleted for task in box.tasks()] == [False]
    assert any("Promised" in mail.categories for mail in box.search())
    assert box.watermark() is None


def test_tasks_that_stay_lose_the_category_with_the_questions() -> None:
    scenario = busy()
    assert all(step.done for step in clear(scenario, Wishes(tasks=False, categories=True)))
    (task,) = scenario.backend.mailbox.tasks()
    assert task.categories == ()


def test_letters_that_wait_in_drafts_go() -> None:
    scenario = busy(mode=Mode.DRAFT)
    assert len(scenario.backend.mailbox.drafts) == 1
    assert "1 letter in Drafts taken away" in [step.words for step in clear(scenario, NOTHING)]
    assert not scenario.backend.mailbox.drafts


def test_another_ackd_at_work_is_left_alone() -> None:
    scenario = busy()
    scenario.backend.mailbox.take_lease("another machine")
    (step,) = clear(scenario, ALL)
    assert not step.done
    assert "another ackd works on this mailbox" in step.words


def test_without_a_ledger_the_tasks_tell_who_waits() -> None:
    scenario = busy()
    fresh = scenario.add("fresh", scenario.machines["here"].settings)
    found = leaving.look(scenario.backend.mailbox, fresh.ledger, fresh.settings)
    assert [one.asker for one in found.promises] == ["bob@corp.example"]
    assert found.promises[0].due is not None
