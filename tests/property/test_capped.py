"""Random plays with a cap in the way, on one or two ackds: never two letters or tasks for a question, never
more letters in an hour than the cap but by the owner's order, and no question is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from ackd.engine import hold, unanswered
from ackd.engine.limits import Limits
from ackd.model import EffectKind, EffectState, PromiseState
from ackd.views.unanswered import find
from tests.people import PlainLetters
from tests.scenario import HERE, Scenario, grace
from tests.steps import Fuse, Killed

MOST = 3
LIMITS = Limits(per_hour=MOST, per_day=1000, per_sender_per_day=1000)
THERE = "there"


class Play:
    """One play by its seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names: list[str] = []
        self.answered: set[str] = set()
        self.uncounted: set[str] = set()  # ordered, or of before the count began anew
        self.sent: dict[str, datetime] = {}
        minutes = self.random.choice([0, 0, 7])
        self.office = Scenario(limits=LIMITS, letters=PlainLetters(), rules=grace(minutes)).begin()
        self.machines = [HERE]
        if self.random.random() < 0.5:
            self.office.add(THERE, replace(self.office.settings, holder=THERE))
            self.office.run(THERE)
            self.machines.append(THERE)

    def step(self) -> None:
        acts = [self.ask, self.ask, self.run, self.run, self.later, self.kill, self.lose, self.order]
        self.random.choice([*acts, self.resume, self.answer])()
        self.check()

    def ask(self) -> None:
        for _ in range(self.random.randint(1, 5)):
            number = len(self.names)
            self.names.append(self.office.deliver(f"q{number}", sender=f"asker{number}@corp.example"))

    def run(self) -> None:
        self.office.run(self.random.choice(self.machines))

    def later(self) -> None:
        self.office.later(self.random.choice([1, 5, 12, 35, 61]))
        self.run()

    def kill(self) -> None:
        machine = self.office.machines[self.random.choice(self.machines)]
        with suppress(Killed):
            machine.start(Fuse(self.random.randint(1, 60)).burn).run_pass()
        machine.start()

    def lose(self) -> None:
        if self.random.random() < 0.3:
            self.uncounted |= set(self.names)  # when those letters went isn't known any more
            self.office.machines[self.random.choice(self.machines)].lose_ledger()

    def order(self) -> None:
        ledger = self.office.machines[self.random.choice(self.machines)].ledger
        held = sorted(promise.question.message_id for promise in ledger.open_promises() if promise.is_held)
        if held:
            name = self.random.choice(held)
            unanswered.order(ledger, [name])
            self.uncounted.add(name)

    def resume(self) -> None:
        """The count begins anew."""
        if self.random.random() < 0.2:
            self.uncounted |= set(self.names)
            for name in self.machines:
                hold.resume(self.office.machines[name].ledger, self.office.clock.now())

    def answer(self) -> None:
        open_ones = [name for name in self.names if name not in self.answered]
        if open_ones and self.random.random() < 0.5:
            name = self.random.choice(open_ones)
            number = int(name[2 : name.index("@")])
            self.office.answer(name, to=f"asker{number}@corp.example")
            self.answered.add(name)

    def check(self) -> None:
        now, told, tasked = self.office.clock.now(), self.office.told(), self.office.tasked()
        assert len(told) == len(set(told)), "two letters for a question"
        assert len(tasked) == len(set(tasked)), "two tasks for a question"
        for name in told:
            self.sent.setdefault(name, now)
        if len(self.machines) > 1:
            return
        recent = [one for one, at in self.sent.items() if at > now - timedelta(hours=1)]
        assert len([one for one in recent if one not in self.uncounted]) <= MOST

    def end(self) -> None:
        """Quiet days: what is held is listed, what isn't has its letter."""
        for _ in range(6):
            self.office.later(13)
            self.office.run(*self.machines)
        self.check()
        told = set(self.office.told())
        ledger = self.office.machines[HERE].ledger
        listed = {
            one.message_id
            for one in find(self.office.mailbox, ledger, self.office.settings, self.office.clock.now())
        }
        assert not told & listed, "a letter that is out counts as held"
        for name, snapshot in ledger.snapshots(self.names).items():
            if snapshot.promise.state is PromiseState.OPEN:
                assert name in told or name in listed, "a question is lost"
                # a ledger that was lost between letter and task can't tell whether the owner deleted it
                parked = snapshot.state_of(EffectKind.TASK) is EffectState.PARKED
                assert name in self.office.tasked() or parked
                assert not (snapshot.promise.is_held and name in told)
        self.office.close()


def shares() -> Iterator[Any]:
    """Which seeds are played: two by default, twenty in a long test, and more when they are asked for."""
    yield pytest.param(range(2), id="some")
    yield pytest.param(range(2, 22), id="more", marks=pytest.mark.long)
    yield pytest.param(range(22, 122), id="many", marks=pytest.mark.more)


@pytest.mark.parametrize("seeds", list(shares()))
def test_with_a_cap_in_the_way(seeds: range) -> None:
    for seed in seeds:
        play = Play(seed)
        for _ in range(25):
            play.step()
        play.end()
