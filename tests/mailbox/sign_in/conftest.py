"""A sandbox for each module: each test signs in with a state directory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange_sandbox import Sandbox
from tests.app import APP, SECRET
from tests.clock import StepClock
from tests.mailbox.sign_in.people import ALICE, BOB, PASSWORD
from tests.people import MONDAY


@pytest.fixture(scope="module")
def clock() -> StepClock:
    return StepClock(MONDAY)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, clock: StepClock) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("exchange")
    people = dict.fromkeys((ALICE, BOB), PASSWORD)
    with Sandbox(folder, people, clock=clock.now, tls=True, apps={APP: SECRET}) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def _nothing_is_left(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.faults.clear()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"
