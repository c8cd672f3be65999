"""Two real ackds at work on one mailbox, each with its own state: at the same moment, and when one is
stopped with SIGSTOP, outlives its lease and is woken."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ackd.clock import FileClock
from ackd.model import EffectState
from ackd.model.promise import NOTICES
from exchange_sandbox.store.database import Store
from tests.crash.office import PASSWORD, ask, message_id, snapshot
from tests.people import MONDAY
from tests.scenario import OverHttp
from tests.system.commands import ACKD, ackd, configured, set_clock

PATIENCE = 250.0  # seconds of the machine that a test waits for something: against hangs alone
SETTLED = {EffectState.DONE.value, EffectState.CANCELLED.value}


def wait_for(what: Callable[[], bool], name: str) -> None:
    """Look again and again until something is so; fails when that takes too long."""
    pause, over = threading.Event(), time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < over, f"waited in vain for: {name}"
        pause.wait(0.03)


class Services:
    """A sandbox, and processes of ackd on one clock that the test moves."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock_file = folder, folder / "clock"
        set_clock(self.clock_file, MONDAY)
        self.clock = FileClock(self.clock_file)
        self.backend = OverHttp(folder, now=self.clock.now)
        self.sandbox = self.backend.sandbox
        self.names: list[str] = []
        self._running: list[subprocess.Popen[bytes]] = []

    def later(self, **span: float) -> None:
        set_clock(self.clock_file, self.clock.now() + timedelta(**span))

    def ask(self, *names: str) -> None:
        self.names += names
        ask(self.sandbox, *names, at=self.clock.now())

    def _command(self, name: str) -> list[str]:
        config = configured(self.folder, name, self.sandbox.url)
        return ["--config", str(config), "--clock", str(self.clock_file)]

    def once(self, name: str, *, status: int = 0) -> None:
        done = ackd("once", *self._command(name))
        assert done.returncode == status, done.stderr

    def run(self, name: str) -> subprocess.Popen[bytes]:
        """A service that has begun; its log is in a file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            service = subprocess.Popen(
                [*ACKD, "run", *self._command(name)],
                stderr=log,
                env={**os.environ, "ACKD_PASSWORD": PASSWORD},
            )
        self._running.append(service)
        wait_for(lambda: self.has_begun(name), f"the first pass of {name}")
        return service

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def _look(self, name: str, query: str) -> list[tuple[str, ...]]:
        """What a ledger says, read without touching it; nothing where it isn't there yet."""
        try:
            ledger = sqlite3.connect(f"file:{self.folder / name / 'ledger.sqlite'}?mode=ro", uri=True)
            try:
                return ledger.execute(query).fetchall()
            finally:
                ledger.close()
        except sqlite3.OperationalError:
            return []

    def has_begun(self, name: str) -> bool:
        """Whether the first pass is over."""
        return bool(self._look(name, "SELECT value FROM meta WHERE key = 'marked'"))

    def is_settled(self, name: str) -> bool:
        """Whether a ledger knows every question, and each effect as done."""
        effects = self._look(name, "SELECT message_id, state FROM effects")
        asked = {message_id(one) for one in self.names}
        known = {message for message, _ in effects} - {NOTICES}
        return known == asked and {state for _, state in effects} <= SETTLED

    def has_lease(self) -> bool:
        """Whether somebody holds the lease, by the server's store."""
        store = Store(self.backend.data)
        try:
            with store.read() as db:
                row = db.execute("SELECT count(*) FROM folder WHERE name_key = 'lease'").fetchone()
        finally:
            store.close()
        return bool(row[0])

    def has_copy(self) -> bool:
        """Whether a letter went out."""
        return bool(snapshot(self.backend.data, []).copies)

    def check(self) -> None:
        questions = [message_id(name) for name in self.names]
        found = snapshot(self.backend.data, questions)
        assert found.is_one_each(Counter(questions)), found

    def end(self) -> list[int]:
        """Stop the services; their exit statuses."""
        for service in self._running:
            service.send_signal(signal.SIGCONT)
            service.terminate()
        return [service.wait(100) for service in self._running]

    def close(self) -> None:
        for service in self._running:
            service.kill()
            service.wait(100)
        self.backend.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Services]:
    made = Services(tmp_path)
    yield made
    made.close()


@pytest.mark.long
def test_two_at_the_same_moment(office: Services) -> None:
    for name in ("here", "there"):
        office.run(name)
    for number in range(3):
        office.later(seconds=30)
        # while one waits for its answers, the other one wants to act as well
        office.sandbox.faults.add("CreateItem", "slow", 1.6)
        office.ask(*(f"q{number}-{one}" for one in range(4)))
        for name in ("here", "there"):
            wait_for(lambda name=name: office.is_settled(name), f"{name} to settle")  # type: ignore[misc]
        office.check()
    assert office.end() == [0, 0]
    assert "event=lease-busy" in office.log("here") + office.log("there")
    office.check()


@pytest.mark.long
@pytest.mark.parametrize("operation", ["CreateFolder", pytest.param("CreateItem", marks=pytest.mark.long)])
def test_one_that_sleeps_longer_than_its_lease(office: Services, operation: str) -> None:
    office.once("there")
    sleeper = office.run("here")
    office.later(seconds=30)
    office.sandbox.faults.add(operation, "slow", 5)  # done at once, answered late: time to stop it
    office.ask("q0", "q1", "q2")
    is_stopped_at = {"CreateFolder": office.has_lease, "CreateItem": office.has_copy}
    wait_for(is_stopped_at[operation], f"the server to do {operation}")
    sleeper.send_signal(signal.SIGSTOP)
    office.once("there", status=75)  # the lease isn't free: work is left
    office.later(minutes=11)
    office.once("there")
    if operation == "CreateFolder":
        office.check()
    sleeper.send_signal(signal.SIGCONT)
    wait_for(lambda: office.is_settled("here"), "the sleeper to settle")
    office.check()
    office.later(minutes=11)
    office.once("there")
    assert office.is_settled("there")
    assert office.end() == [0]
    office.check()
