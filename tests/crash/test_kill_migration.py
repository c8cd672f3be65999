"""Killed with SIGKILL around each HTTP request of the first pass by another way to the mailbox: in the end
each colleague was told once, and each question has one task that is followed."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import pytest

from ackd.model import PromiseState, ValueKey
from exchange_sandbox import Quirks
from tests.clock import StepClock
from tests.crash.forge import Forge
from tests.crash.office import EWS, GRAPH, UNFINISHED, again, ask, message_id, open_ledger, sandbox, snapshot
from tests.crash.shares import Share, shared
from tests.followup.outlook import OutlookBesideBoth
from tests.people import ALICE, MONDAY

MOVED, TICKED, STILL, NEW = NAMES = ("moved", "ticked", "still", "new")
DAY = date(2026, 11, 30)
SHARES = 8
LONGEST = 4  # passes after a kill
#: Requests after which a death leaves something of its own behind: those that begin so.
TELLING = tuple(f"after {what}" for what in ("POST", "PATCH", "batch of POST", "batch of PATCH"))
#: POSTs that change nothing.
SILENT = ("token", "translateExchangeIds")
QUIRKS = Quirks(graph_todo_own_ids=True, graph_no_linked_resources=True)


@dataclass
class Scene:
    """Three promises by EWS, of which one was moved and one ticked off since, and a new question: folders
    that are copied for each death."""

    folder: Path
    forge: Forge

    @cached_property
    def deaths(self) -> list[int]:
        """The steps of an undisturbed pass after which a death leaves something behind, and the first."""
        steps = self.play(self.folder.with_name("whole"), 0)
        told = (n for n, step in enumerate(steps, start=1) if step.startswith(TELLING))
        return [1, *(n for n in told if not steps[n - 1].endswith(SILENT))]

    def play(self, folder: Path, fuse: int) -> tuple[str, ...]:
        """Kill the first process by Graph at its step `fuse` (0: not at all), let others go on, go back to
        EWS, and count."""
        shutil.copytree(self.folder, folder)
        clock, ledger = StepClock(MONDAY + timedelta(hours=1)), folder / "ledger.sqlite"
        with again(folder / "exchange", clock.now, QUIRKS) as place:
            first = self.forge.live(place.url, ledger, clock.now(), fuse=fuse, wire=True, way=GRAPH)
            assert first.signal == (signal.SIGKILL if fuse else 0)
            for way in (GRAPH, EWS):
                self._go_on(place.url, ledger, clock, way)
        self._check(folder)
        return first.steps

    def _go_on(self, url: str, ledger: Path, clock: StepClock, way: str) -> None:
        for _ in range(LONGEST):
            clock.move(timedelta(minutes=11))
            life = self.forge.live(url, ledger, clock.now(), way=way)
            assert (life.signal, life.error) == (0, "")
            if not life.unfinished:
                return
        pytest.fail(f"after {LONGEST} passes there is left: {life.unfinished}")

    def _check(self, folder: Path) -> None:
        names = [message_id(name) for name in NAMES]
        found = snapshot(folder / "exchange", names)
        assert (found.tasks, set(found.copies.values())) == (Counter(names), {1}), found
        assert len(found.copies) == len(NAMES) + 1, "the new date is told too"
        assert found.letters == Counter({**dict.fromkeys(names, 1), message_id(MOVED): 2})
        ledger = open_ledger(folder / "ledger.sqlite")
        states = {name: ledger.snapshots([message_id(name)])[message_id(name)] for name in NAMES}
        assert states[TICKED].promise.state is PromiseState.DROPPED
        assert states[MOVED].promise.due.date() == DAY
        assert len(ledger.open_promises()) == len(NAMES) - 1
        assert (ledger.in_state(*UNFINISHED), ledger.value(ValueKey.BACKEND)) == ((), "ews")
        ledger.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    clock, ledger = StepClock(MONDAY), folder / "ledger.sqlite"
    with Forge() as forge:
        with sandbox(folder / "exchange", clock.now) as place:
            assert forge.live(place.url, ledger, MONDAY).error == ""
            clock.move(timedelta(minutes=1))
            ask(place, MOVED, TICKED, STILL, at=clock.now())
            clock.move(timedelta(minutes=1))
            assert forge.live(place.url, ledger, clock.now()).error == ""
            outlook = OutlookBesideBoth(place.url, ALICE.address)
            outlook.move(message_id(MOVED), DAY)
            outlook.tick(message_id(TICKED))
            outlook.close()
            clock.move(timedelta(minutes=50))
            ask(place, NEW, at=clock.now())
        yield Scene(folder, forge)


@shared("share", SHARES)
def test_killed_around_each_request(scene: Scene, tmp_path: Path, share: Share) -> None:
    assert len(scene.deaths) > 12
    for fuse in share.of(scene.deaths):
        scene.play(tmp_path / str(fuse), fuse)
