"""A real process is killed with SIGKILL before and after every call of a port and around every HTTP
request, and new processes go on from what it left: the server always ends with one acknowledgement
and one task for each question. By EWS and by Graph, where a letter is made and sent in two steps."""

from __future__ import annotations

import re
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from tests.clock import StepClock
from tests.crash.forge import Forge, Life
from tests.crash.office import (
    BY_MIME,
    EWS,
    GRAPH,
    UNFINISHED,
    again,
    ask,
    message_id,
    open_ledger,
    sandbox,
    snapshot,
)
from tests.crash.shares import Share, rarely, shared
from tests.people import MONDAY

NAMES = ("q0", "q1", "q2")
QUESTIONS = [message_id(name) for name in NAMES]
SHARES = 24
WIRE_SHARES = 6
GRAPH_SHARES = 4
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
    way: str

    def steps(self, folder: Path, *, wire: bool) -> tuple[str, ...]:
        """The steps of a pass that nobody disturbs."""
        return self.play(folder, 0, wire=wire)

    def play(self, folder: Path, fuse: int, *, wire: bool) -> tuple[str, ...]:
        """Kill a process at its step `fuse` (0: not at all), let others go on, and count."""
        shutil.copytree(self.folder, folder)
        clock, ledger = StepClock(MONDAY + timedelta(minutes=1)), folder / "ledger.sqlite"
        with again(folder / "exchange", clock.now) as place:
            first = self._live(place.url, ledger, clock, fuse=fuse, wire=wire)
            assert first.signal == (signal.SIGKILL if fuse else 0)
            self._go_on(place.url, ledger, clock)
        self._check(folder)
        return first.steps

    def _live(self, url: str, ledger: Path, clock: StepClock, *, fuse: int = 0, wire: bool = False) -> Life:
        return self.forge.live(url, ledger, clock.now(), fuse=fuse, wire=wire, way=self.way)

    def _go_on(self, url: str, ledger: Path, clock: StepClock) -> None:
        """New processes until nothing is left to wait for."""
        for _ in range(LONGEST):
            life = self._live(url, ledger, clock)
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


Scenes = Callable[[str], Scene]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    """A scene for each way to the mailbox, made when it is first asked for."""
    with Forge() as forge:

        @cache
        def scene(way: str) -> Scene:
            folder, clock = tmp_path_factory.mktemp("scene"), StepClock(MONDAY)
            with sandbox(folder / "exchange", clock.now) as place:
                assert forge.live(place.url, folder / "ledger.sqlite", MONDAY, way=way).error == ""
                clock.move(timedelta(seconds=50))
                ask(place, *NAMES, "thanks", at=clock.now())
            return Scene(folder, forge, way)

        yield scene


def moments(steps: tuple[str, ...]) -> list[int]:
    """The steps at which a death leaves something of its own behind: the one before a call is the
    same moment as the one after the call before it, since a pass is one thread."""
    return [1, *(n for n, step in enumerate(steps, start=1) if step.startswith("after"))]


@shared("share", SHARES)
def test_killed_around_every_call_of_a_port(scenes: Scenes, tmp_path: Path, share: Share) -> None:
    around_calls(scenes(EWS), tmp_path, share)


@rarely("share", SHARES)
def test_killed_around_every_call_of_a_port_by_graph(scenes: Scenes, tmp_path: Path, share: Share) -> None:
    around_calls(scenes(GRAPH), tmp_path, share)


def around_calls(scene: Scene, folder: Path, share: Share) -> None:
    steps = scene.steps(folder / "whole", wire=False)
    assert set(steps) >= DANGEROUS
    deaths = moments(steps)
    assert len(deaths) > 70
    for fuse in share.of(deaths):
        scene.play(folder / str(fuse), fuse, wire=False)


@shared("share", WIRE_SHARES)
def test_killed_around_every_request(scenes: Scenes, tmp_path: Path, share: Share) -> None:
    scene = scenes(EWS)
    steps = scene.steps(tmp_path / "whole", wire=True)
    assert len(steps) > 20
    for fuse in share.of(range(1, len(steps) + 1)):
        scene.play(tmp_path / str(fuse), fuse, wire=True)


@pytest.mark.parametrize(
    ("way", "wanted"),
    [
        (GRAPH, ("after batch of POST messages", "after batch of POST send")),
        (BY_MIME, ("after POST messages", "after batch of PATCH 0")),
    ],
)
@pytest.mark.long
def test_killed_between_a_draft_and_its_sending(
    scenes: Scenes, tmp_path: Path, way: str, wanted: tuple[str, ...]
) -> None:
    """The moments that only Graph has."""
    scene = scenes(way)
    steps = [re.sub(r"PATCH \S+", "PATCH 0", one) for one in scene.steps(tmp_path / "whole", wire=True)]
    for step in wanted:
        scene.play(tmp_path / step, 1 + steps.index(step), wire=True)


@pytest.mark.parametrize("way", [GRAPH, BY_MIME])
@rarely("share", GRAPH_SHARES)
def test_killed_around_every_request_of_graph(scenes: Scenes, tmp_path: Path, way: str, share: Share) -> None:
    scene = scenes(way)
    steps = scene.steps(tmp_path / "whole", wire=True)
    assert len(steps) >= 40
    for fuse in share.of(moments(steps)):
        scene.play(tmp_path / str(fuse), fuse, wire=True)
