"""The process is killed before and after every call of a port while a promise is followed: moved, told,
asked for more, answered. Each letter goes out once, and in the end task and promise agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date

import pytest

from ackd.model import Command, EffectKind, EffectState, OnMove, PromiseState, token_of
from ackd.promise.lifecycle import FollowRules
from tests.people import BOB, PlainLetters, mail
from tests.scenario import TASK, Q, Scenario
from tests.steps import Fuse, Killed

NEED_MORE = "ackd: need more"
MOVED_TO = date(2026, 12, 1)
FOLLOW = FollowRules(moved=OnMove.TELL, commands={NEED_MORE: Command.NEED_MORE})


def born() -> Scenario:
    """A mailbox and a ledger that outlive the processes."""
    office = Scenario(follow=FOLLOW, letters=PlainLetters())
    work(office, Fuse(0))
    return office


def work(office: Scenario, fuse: Fuse) -> None:
    """Half an hour: each time a new process does a pass. There is one fuse for the whole story."""
    for _ in range(3):
        with suppress(Killed):
            office.start(fuse.burn).run_pass()
        office.later(11)


def _ask(office: Scenario) -> None:
    office.mailbox.arrive(mail("q", at=office.clock.now()))


def _move(office: Scenario) -> None:
    office.mailbox.owner_changes_task(TASK, due_date=MOVED_TO)


def _need_more(office: Scenario) -> None:
    office.mailbox.owner_categorizes(Q, *office.mailbox.categories_of(Q), "Mine", NEED_MORE)


def _give_more(office: Scenario) -> None:
    text = "It is about the figures of the northern region, in euros."
    office.mailbox.arrive(mail("more", text, references=Q, at=office.clock.now()))


def _answer(office: Scenario) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)


#: What happens, and which letters are out half an hour later.
STORY: tuple[tuple[Callable[[Scenario], None], int], ...] = (
    (_ask, 1),
    (_move, 2),
    (_need_more, 3),
    (_give_more, 3),
    (_answer, 3),
)
KINDS = (
    token_of(Q, EffectKind.ACKNOWLEDGEMENT),
    token_of(Q, EffectKind.NEW_DATE, f"0 {MOVED_TO}"),
    token_of(Q, EffectKind.NEED_MORE),
)


def play(length: int) -> int:
    """The whole story with one death; returns how many steps it took."""
    office, fuse = born(), Fuse(length)
    for happens, letters in STORY:
        happens(office)
        work(office, fuse)
        assert len(office.mailbox.letters) == letters, happens.__name__
        agree(office)
    assert tuple(letter.token for letter in office.mailbox.letters) == KINDS
    assert office.promise().state is PromiseState.KEPT
    assert office.mailbox.categories_of(Q) == ("Mine",)
    assert "northern region" in "".join(office.mailbox.notes[TASK])
    settled = (EffectState.DONE, EffectState.CANCELLED)
    assert office.ledger.in_state(*(s for s in EffectState if s not in settled)) == ()
    office.close()
    return len(fuse.steps)


def agree(office: Scenario) -> None:
    """The one task shows how the promise stands."""
    promise = office.promise()
    ((_, task),) = office.mailbox.task_items.values()
    assert task.is_complete == (promise.state is not PromiseState.OPEN)
    assert task.due_date == office.local_day(promise.due)
    assert task.promised == promise.due


def kill_at(fuses: Iterable[int]) -> None:
    for fuse in fuses:
        play(fuse)


def test_killed_at_some_steps() -> None:
    whole = play(100_000)
    assert whole > 500
    kill_at(range(1, whole + 1, whole // 5))


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("share", [0, pytest.param(1, marks=pytest.mark.more)])
def test_killed_at_many_steps(share: int) -> None:
    """Every twentieth step; the property's deaths at random meet the others."""
    whole = play(100_000)
    kill_at(range(1 + 10 * share, whole + 1, 20))
