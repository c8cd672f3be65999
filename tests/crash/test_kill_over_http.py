"""A real process is killed with SIGKILL before and after every call of a port and around every HTTP
request, and new processes go on from what it left: the server always ends with one acknowledgement
and one task for each question."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.crash.forge import Forge
from tests.crash.office import UNFINISHED, ask, message_id, open_ledger, sandbox, snapshot
from tests.crash.shares import shared
from tests.people import MONDAY

NAMES = ("q0", "q1", "q2")
QUESTIONS = [message_id(name) for name in NAMES]
SHARES = 24
WIRE_SHARES = 6
LONGEST = 4  # passes after a kill

#: Where a death is dangerous: each must be among the steps.
DANGEROUS = {
    f"{when} {call}"
    for when in ("before", "after")
    for call in ("record", "take_lease", "holds", "attempting", "send", "create_tasks", "write", "release")
}


@dataclass(frozen=True)
class Scene:
    """Three questions and a word of thanks wait for an ackd that has run before: its folders are
    copied for each death."""

    folder: Path
    forge: Forge

    def steps(self, folder: Path, *, wire: bool) -> tuple[str, ...]:
        """The steps of a pass that nobody disturbs."""
        return self.play(folder, 0, wire=wire)

    def play(self, folder: Path, fuse: int, *, wire: bool) -> tuple[str, ...]:
        """Kill a process at its step `fuse` (0: not at all), let others go on, and count."""
        shutil.copytree(self.folder, folder)
        clock, ledger = StepClock(MONDAY + timedelta(minutes=1)), folder / "ledger.sqlite"
        with Sandbox(folder / "exchange", clock=clock.now) as place:
            first = self.forge.live(place.url, ledger, clock.now(), fuse=fuse, wire=wire)
            assert first.signal == (signal.SIGKILL if fuse else 0)
            self._go_on(place.url, ledger, clock)
        self._check(folder)
        return first.steps

    def _go_on(self, url: str, ledger: Path, clock: StepClock) -> None:
        """New processes until nothing is left to wait for."""
        for _ in range(LONGEST):
            life = self.forge.live(url, ledger, clock.now())
            assert (life.signal, life.error) == (0, "")
            if not life.unfinished:
                return
            clock.move(timedelta(minutes=11))
        pytest.fail(f"after {LONGEST} passes there is left: {life.unfinished}")

    def _check(self, folder: Path) -> None:
        found = snapshot(folder / "exchange", QUESTIONS)
        assert found.is_one_each(Counter(QUESTIONS)), found
        ledger = open_ledger(folder / "ledger.sqlite")
        assert len(ledger.open_promises()) == len(QUESTIONS)
        assert ledger.in_state(*UNFINISHED) == ()
        ledger.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    clock = StepClock(MONDAY)
    with Forge() as forge:
        with sandbox(folder / "exchange", clock.now) as place:
            assert forge.live(place.url, folder / "ledger.sqlite", MONDAY).error == ""
            clock.move(timedelta(seconds=50))
            ask(place, *NAMES, "thanks", at=clock.now())
        yield Scene(folder, forge)


def moments(steps: tuple[str, ...]) -> list[int]:
    """The steps at which a death leaves something of its own behind: the one before a call is the
    same moment as the one after the call before it, since a pass is one thread."""
    return [1, *(n for n, step in enumerate(steps, start=1) if step.startswith("after"))]


@shared("share", SHARES)
def test_killed_around_every_call_of_a_port(scene: Scene, tmp_path: Path, share: int) -> None:
    steps = scene.steps(tmp_path / "whole", wire=False)
    assert set(steps) >= DANGEROUS
    deaths = moments(steps)
    assert len(deaths) > 70
    for fuse in deaths[share::SHARES]:
        scene.play(tmp_path / str(fuse), fuse, wire=False)


@shared("share", WIRE_SHARES)
def test_killed_around_every_request(scene: Scene, tmp_path: Path, share: int) -> None:
    steps = scene.steps(tmp_path / "whole", wire=True)
    assert len(steps) > 20
    for fuse in range(1 + share, len(steps) + 1, WIRE_SHARES):
        scene.play(tmp_path / str(fuse), fuse, wire=True)
