"""Several things happen between two polls, in any order; what the owner said counts, and nothing is
sent for a promise that is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any, cast

import pytest

from ackd.model import PromiseState
from ackd.ports import Mailbox
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import Make
from tests.scenario import Q, Scenario

DAY, LATER = date(2026, 11, 30), date(2026, 12, 2)

Act = Callable[[Scenario], object]
MOVES: dict[str, Act] = {
    "moved": lambda office: office.owner.move(Q, DAY),
    "urgent": lambda office: office.deliver("urgent", "It's urgent now, I need it today!", references=Q),
    "more": lambda office: office.deliver("more", "I forgot: it is about the blue ones.", references=Q),
}
ENDS: dict[str, tuple[Act, PromiseState]] = {
    "answered": (lambda office: office.owner.answer(Q), PromiseState.KEPT),
    "ticked off": (lambda office: office.owner.tick(Q), PromiseState.DROPPED),
    "trashed": (lambda office: office.owner.trash(Q), PromiseState.WITHDRAWN),
    "erased": (lambda office: office.owner.erase(Q), PromiseState.WITHDRAWN),
    "not a question": (lambda office: office.owner.mark(Q, "ackd: not a question"), PromiseState.WITHDRAWN),
    "never mind": (
        lambda office: office.deliver("solved", "Never mind, solved!", references=Q),
        PromiseState.WITHDRAWN,
    ),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("together", [True, False], ids=["one-poll", "two-polls"])
def test_nothing_is_sent_after_the_end(make_office: Make, end: str, together: bool) -> None:
    office = make_office()
    act, state = ENDS[end]
    office.owner.move(Q, DAY)
    if not together:
        office.work()
    act(office)
    for _ in range(3):
        office.work(10)
    office.until(office.promise().due)
    assert office.state() is state
    answers = 1 if end == "answered" else 0
    assert len(office.letters()) == 1 + answers
    assert office.notices() == []
    assert office.owner.drafts() == []
    assert office.owner.categories(Q) == []
    assert not office.daemon.ledger.has_updates()


@pytest.mark.parametrize("first", ["ticked off", "not a question", "never mind"])
def test_an_answer_beside_another_end_keeps_the_promise(make_office: Make, first: str) -> None:
    office = make_office()
    ENDS[first][0](office)
    office.owner.answer(Q)
    for _ in range(2):
        office.work(10)
    assert office.state() is PromiseState.KEPT
    assert len(office.letters()) == 2
    assert office.owner.categories(Q) == []


@pytest.mark.parametrize("order", list(permutations(MOVES)), ids="-".join)
def test_moves_in_any_order_leave_one_date(make_office: Make, order: tuple[str, ...]) -> None:
    office = make_office(quirks=ALL_QUIRKS if order[0] == "urgent" else None)
    for name in order:
        MOVES[name](office)
    for _ in range(3):
        office.work(10)
    office.agree()
    letters = office.letters()
    assert len(letters) <= 2
    promise = office.promise()
    assert office.local_day(promise.due) in (DAY, office.local_day(office.clock.now()))
    assert (len(letters) == 2) == (office.local_day(promise.due) == DAY), "told of the date in force alone"
    assert "blue ones" in office.owner.task(Q).body


def test_done_and_undone_between_two_polls(office: Scenario) -> None:
    before = office.promise()
    office.owner.tick(Q)
    office.owner.tick(Q, done=False)
    office.owner.mark(Q, "Promised", "ackd: not a question")
    office.owner.mark(Q, "Promised")
    office.work()
    assert office.promise() == before
    office.agree()


def test_everything_at_once_after_a_long_sleep(office: Scenario) -> None:
    office.owner.move(Q, DAY)
    office.later(60 * 24)
    office.deliver("urgent", "It's urgent now, I need it today!", references=Q)
    office.owner.mark(Q, "Promised", "ackd: need more", "Mine")
    office.later(60 * 24)
    office.owner.move(Q, LATER)
    office.deliver("more", "It is about the blue ones.", references=Q)
    office.later(60 * 24)
    office.owner.answer(Q)
    for _ in range(3):
        office.work(10)
    assert office.state() is PromiseState.KEPT
    assert len(office.letters()) == 2, "the acknowledgement and the owner's answer"
    assert office.owner.categories(Q) == ["Mine"]
    assert office.owner.task(Q).is_complete


def test_the_commands_on_question_and_task_contradict_each_other(office: Scenario) -> None:
    office.owner.mark(Q, "Promised", "ackd: not a question")
    office.owner.categorize(office.owner.task(Q), "Promised", "ackd: can't help")
    for _ in range(3):
        office.work(10)
    assert office.state() is PromiseState.WITHDRAWN
    assert len(office.letters()) <= 2
    assert office.owner.categories(Q) == []


@pytest.mark.graph(long=True)
def test_two_ackds_tell_a_move_once(make_office: Make) -> None:
    """A second ackd with a ledger of its own, rebuilt from the mailbox, sees the same move."""
    office = make_office()
    here = office.daemon
    there = office.start_on("second")
    office.work()
    office.owner.move(Q, DAY)
    for _ in range(4):
        office.later(6)
        for daemon in (here, there):
            daemon.run_pass()
    assert len(office.letters()) == 2
    for daemon in (here, there):
        assert office.local_day(daemon.ledger.snapshots([Q])[Q].promise.due) == DAY
    here.ledger.close()


class Interrupted:
    """A mailbox in which somebody acts right before a call of the port."""

    def __init__(self, mailbox: Mailbox, call: str, act: Callable[[], object]) -> None:
        self._mailbox, self._call, self._act = mailbox, call, act

    def __getattr__(self, name: str) -> Any:
        if name == self._call:
            self._call = ""
            self._act()
        return getattr(self._mailbox, name)


@pytest.mark.graph(long=True)
@pytest.mark.parametrize("call", ["holds", "change_tasks", "categorize"])
@pytest.mark.parametrize("quirky", [False, True])
def test_a_move_while_ackd_writes_is_not_overlooked(make_office: Make, call: str, quirky: bool) -> None:
    """Our own write of something else comes back with the owner's day in it."""
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    office.owner.mark(Q, "Mine", "Promised", "ackd: need more")
    office.owner.categorize(office.owner.task(Q), "Promised", "ackd: need more")
    interrupted = Interrupted(office.daemon.mailbox, call, lambda: office.owner.move(Q, DAY))
    office.daemon.use(office.settings, cast("Mailbox", interrupted))
    for _ in range(3):
        office.work(10)
    assert office.local_day(office.promise().due) == DAY
    assert office.owner.categories(Q) == ["Mine", "Promised"]
    office.agree()


def test_a_move_while_the_asker_hurries_is_the_owners(office: Scenario) -> None:
    office.deliver("urgent", "It's urgent now, I need it today!", references=Q)
    interrupted = Interrupted(office.daemon.mailbox, "change_tasks", lambda: office.owner.move(Q, DAY))
    office.daemon.use(office.settings, cast("Mailbox", interrupted))
    for _ in range(3):
        office.work(10)
    assert office.local_day(office.promise().due) == DAY
    office.agree()
