"""Two ackds on one mailbox over real HTTP, one by EWS and one by Graph: people do what they like, servers
fail as they like, and in the end each question has one letter and one task, and both ackds say the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from ackd.errors import AckdError
from tests.backends import OverBoth
from tests.crash.office import snapshot
from tests.people import settings
from tests.plays import seeds
from tests.scenario import FOLLOWING, HERE, Scenario

THERE = "there"
MOST = 8  # questions
FAULTS = (
    ("messages.create", "cut-after-commit"),
    ("messages.send", "cut-after-commit"),
    ("messages.send", "cut-before-commit"),
    ("tasks.create", "503-after-commit"),
    ("batch", "429"),
    ("batch", "cut-in-answer"),
    ("CreateItem", "cut-after-commit"),
    ("CreateItem", "cut-before-commit"),
    ("messages.delta", "503"),
    ("SyncFolderItems", "503"),
)


class Play:
    """A mailbox, two machines, and what happened so far."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        backend = OverBoth(folder, users={THERE: "THERE\\alice"})
        self.office = Scenario(folder, backend, follow=FOLLOWING)
        self.office.add(THERE, settings(holder=THERE))
        self.office.machines[THERE].use(follow=FOLLOWING)
        self.office.begin()
        self.asked: list[str] = []
        self.touched: set[str] = set()

    def step(self) -> None:
        acts: list[Callable[[], None]] = [self.ask, self.answer, self.move, self.tick, self.fail]
        acts += [self.work] * 5
        self.chance.choice(acts)()
        self.office.later(self.chance.choice((0.5, 2, 7, 12)))

    def ask(self) -> None:
        if len(self.asked) < MOST:
            self.asked.append(self.office.deliver(f"q{len(self.asked)}"))

    def answer(self) -> None:
        if self.asked:
            self.office.owner.answer(self._one(self.asked))

    def move(self) -> None:
        self._with_task(lambda name: self.office.owner.move(name, self._day()))

    def tick(self) -> None:
        self._with_task(self.office.owner.tick)

    def fail(self) -> None:
        self.office.sandbox.faults.add(*self.chance.choice(FAULTS))

    def work(self) -> None:
        with suppress(AckdError):
            self.office.run(self.chance.choice((HERE, THERE)))

    def settle(self) -> None:
        """The trouble ends, and both work until all waits are over."""
        self.office.sandbox.faults.clear()
        for _ in range(6):
            self.office.later(12)
            self.office.run(HERE, THERE)

    def check(self) -> None:
        found = snapshot(self.office.backend.data, self.asked)
        assert max(found.copies.values(), default=0) <= 1, "a letter went out twice"
        assert max(found.tasks.values(), default=0) <= 1, "a task was made twice"
        untouched = set(self.asked) - self.touched
        assert {name: (found.copies[name], found.tasks[name]) for name in untouched} == dict.fromkeys(
            untouched, (1, 1)
        )
        states = [
            {name: one.promise.state for name, one in machine.ledger.snapshots(self.asked).items()}
            for machine in self.office.machines.values()
        ]
        assert states[0] == states[1]
        print(f"{len(self.asked)} questions, {Counter(self.office.sandbox.faults.met())}")

    def _with_task(self, act: Callable[[str], object]) -> None:
        there = [name for name in self.asked if len(self.office.owner.tasks(name)) == 1]
        if there:
            act(self._one(there))

    def _one(self, names: list[str]) -> str:
        """One of them, with which the owner does something that succeeds."""
        self.office.sandbox.faults.clear()
        name = self.chance.choice(names)
        self.touched.add(name)
        return name

    def _day(self) -> date:
        return (self.office.clock.now() + timedelta(days=self.chance.randint(2, 9))).date()


@pytest.mark.parametrize(
    ("seed", "steps"),
    [(seeds(1)[0], 12), *(pytest.param(seed, 40, marks=pytest.mark.long) for seed in seeds(2, 3))],
)
def test_one_letter_and_one_task_whichever_way_it_is_reached(tmp_path: Path, seed: int, steps: int) -> None:
    play = Play(tmp_path, seed)
    for _ in range(steps):
        play.step()
    play.settle()
    play.check()
    play.office.close()
