"""Lives of one ackd after another on one mailbox in memory, with the ledger's file between them: each may be
killed at a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.people import PlainLetters
from tests.property.world import Exchange
from tests.scenario import InMemory, Scenario
from tests.steps import Fuse, Killed


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place for ledgers without fsync's wait, where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(prefix="ackd-", dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


def fresh(folder: Path, name: object) -> Path:
    made = folder / str(name)
    made.mkdir()
    return made


def born(folder: Path, **changes: Any) -> Scenario:
    """A mailbox that outlives the daemon, and the daemon's ledger file, after a first pass."""
    office = Scenario(folder, InMemory(Exchange), letters=PlainLetters(), **changes)
    live(office)  # the first pass sets the watermark
    office.later(seconds=10)
    return office


def live(office: Scenario, fuse: int = 0) -> int:
    """One process's life: a pass that dies at the step `fuse` (0: never); returns how many steps it took."""
    burning = Fuse(fuse)
    with suppress(Killed):
        office.here.restart(burning.burn).run_pass()
    return len(burning.steps)


def live_on(office: Scenario) -> None:
    """Passes of new processes until nothing is left to wait for."""
    for _ in range(3):
        live(office)
        office.later(11)
