"""The process is killed before and after every call of a port while a promise is followed: moved, told,
asked for more, answered. Each letter goes out once, and in the end task and promise agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.engine.daemon import Daemon
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Command, EffectKind, EffectState, Promise, PromiseState, token_of
from ackd.promise.lifecycle import FollowRules
from tests.clock import StepClock
from tests.crash.test_kill_everywhere import Killed, Mortal, folder
from tests.people import ALICE, MONDAY, mail, settings
from tests.property.world import PlainLetters

Q = "<q@corp.example>"
BOB = "bob@corp.example"
TASK = token_of(Q, EffectKind.TASK)
NEED_MORE = "ackd: need more"
MOVED_TO = date(2026, 12, 1)
FOLLOW = FollowRules(moved="tell", commands={NEED_MORE: Command.NEED_MORE})
SETTINGS = replace(settings(), follow=FOLLOW, letters=PlainLetters())


__all__ = ["folder"]  # a fixture


class Office:
    """A mailbox that outlives the daemon, its ledger file, and the one fuse of the whole story."""

    def __init__(self, file: Path, fuse: int) -> None:
        self.clock = StepClock(MONDAY)
        self.mailbox = MemoryMailbox(self.clock.now)
        self.fuse = [0]
        self.ledger = SqlLedger(f"sqlite:///{file}", ALICE.address)
        self.work()
        self.fuse = [fuse]

    def work(self) -> None:
        """Half an hour: each time a new process does a pass."""
        for _ in range(3):
            ports: list[Any] = [Mortal(port, self.fuse) for port in (self.mailbox, self.ledger)]
            with suppress(Killed):
                Daemon(*ports, self.clock, SETTINGS).run_pass()
            self.clock.move(timedelta(minutes=11))

    def promise(self) -> Promise:
        return self.ledger.snapshots([Q])[Q].promise


def _ask(office: Office) -> None:
    office.mailbox.arrive(mail("q", at=office.clock.now()))


def _move(office: Office) -> None:
    office.mailbox.owner_changes_task(TASK, due_date=MOVED_TO)


def _need_more(office: Office) -> None:
    office.mailbox.owner_categorizes(Q, *office.mailbox.categories_of(Q), "Mine", NEED_MORE)


def _give_more(office: Office) -> None:
    text = "It is about the figures of the northern region, in euros."
    office.mailbox.arrive(mail("more", text, references=Q, at=office.clock.now()))


def _answer(office: Office) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)


#: What happens, and which letters are out half an hour later.
STORY: tuple[tuple[Callable[[Office], None], int], ...] = (
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


def play(file: Path, fuse: int) -> int:
    """The whole story with one death; returns how many steps it took."""
    office = Office(file, fuse)
    for happens, letters in STORY:
        happens(office)
        office.work()
        assert len(office.mailbox.letters) == letters, happens.__name__
        agree(office)
    assert tuple(letter.token for letter in office.mailbox.letters) == KINDS
    assert office.promise().state is PromiseState.KEPT
    assert office.mailbox.categories_of(Q) == ("Mine",)
    assert "northern region" in "".join(office.mailbox.notes[TASK])
    settled = (EffectState.DONE, EffectState.CANCELLED)
    assert office.ledger.in_state(*(s for s in EffectState if s not in settled)) == ()
    office.ledger.close()
    return fuse - office.fuse[0]


def agree(office: Office) -> None:
    """The one task shows how the promise stands."""
    promise = office.promise()
    ((_, task),) = office.mailbox.task_items.values()
    assert task.is_complete == (promise.state is not PromiseState.OPEN)
    assert task.due_date == SETTINGS.calendar.local_date(promise.due)
    assert task.promised == promise.due


def kill_at(folder: Path, fuses: Iterable[int]) -> None:
    for fuse in fuses:
        play(folder / f"{fuse}.sqlite", fuse)


def test_killed_at_some_steps(folder: Path) -> None:
    whole = play(folder / "whole.sqlite", 100_000)
    assert whole > 500
    kill_at(folder, range(1, whole + 1, whole // 13))


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("share", range(2))
def test_killed_at_many_steps(folder: Path, share: int) -> None:
    """Every tenth step; the property's deaths at random meet the others."""
    whole = play(folder / "whole.sqlite", 100_000)
    kill_at(folder, range(1 + 10 * share, whole + 1, 20))
