"""The service at its edges: errors, waiting, stopping, and its word to systemd."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ackd.clock import SystemClock
from ackd.errors import AccessBlocked, Busy, ClocksApart, ConfigError, SignInRefused, Unreachable
from ackd.model import Summary
from ackd.runtime.scheduler import LONGEST_STEP, LONGEST_WAIT, Service, notify
from tests.clock import StepClock

QUICK = timedelta(milliseconds=20)
Step = Callable[[], object]


class Passes:
    """A script of passes: each step returns or raises; after the last the service is stopped."""

    def __init__(self, *steps: Step) -> None:
        self.service = Service(self.run, SystemClock(), lambda: QUICK, heartbeat=0.02)
        self.done = 0
        self._steps = list(steps)

    def run(self, should_stop: Callable[[], bool]) -> Summary:
        if not self._steps:  # one that had begun as the service was stopped
            return Summary()
        self.done += 1
        step = self._steps.pop(0)
        if not self._steps:
            self.service.stop()
        step()
        return Summary()


def well() -> None:
    """A pass that goes well."""


def failing(error: BaseException) -> Step:
    def step() -> None:
        raise error

    return step


def test_passes_go_on_and_stop_with_0() -> None:
    passes = Passes(well, well, well)
    assert passes.service.run() == 0
    assert passes.done == 3


def test_what_may_not_be_retried_stops_with_its_status(caplog: pytest.LogCaptureFixture) -> None:
    passes = Passes(well, failing(ConfigError("another mailbox")), well)
    assert passes.service.run() == 78
    assert passes.done == 2
    assert "event=stopping" in caplog.text


def test_a_refused_sign_in_or_access_is_no_end(caplog: pytest.LogCaptureFixture) -> None:
    refused, blocked = failing(SignInRefused("401")), failing(AccessBlocked("403"))
    passes = Passes(refused, refused, refused, blocked, well)
    assert passes.service.run() == 0
    assert passes.done == 5
    assert caplog.text.count("event=sign-in-refused") == 1  # told once, not at each look
    assert "event=waiting" in caplog.text


def test_trouble_is_waited_out_and_a_bug_is_told_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        passes = Passes(failing(Unreachable("down")), failing(ValueError("private text")), well)
        assert passes.service.run() == 0
    assert passes.done == 3
    assert "event=waiting" in caplog.text
    assert "event=bug" in caplog.text
    assert "private text" not in caplog.text


def test_waits_grow_obey_the_server_and_end() -> None:
    service = Service(lambda _: Summary(), SystemClock(), lambda: timedelta(minutes=1))
    waits = []
    for failures in range(1, 30):
        service._failures = failures
        waits.append(service._back_off(None))
    assert timedelta(minutes=1) <= waits[0] <= timedelta(minutes=1.2)
    assert timedelta(minutes=2) <= waits[1] <= timedelta(minutes=2.4)
    assert max(waits) <= LONGEST_WAIT
    asked = Busy("slow down", wait=timedelta(hours=2)).wait
    assert timedelta(hours=2) <= service._back_off(asked) <= timedelta(hours=2.4)
    assert len(set(waits)) > 20  # jitter


class Systemd(threading.Thread):
    """Listens as systemd does, and keeps what it hears."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.heard: list[str] = []
        self.is_fed = threading.Event()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))

    def run(self) -> None:
        while (message := self._socket.recv(1000).decode()) != "END":
            self.heard.append(message)
            if message == "WATCHDOG=1":
                self.is_fed.set()
        self._socket.close()


def test_the_watchdog_is_fed_by_passes_that_end_and_by_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("ackd.runtime.scheduler.notify", told.append)
    clock, waits = StepClock(datetime(2026, 11, 23, tzinfo=UTC)), [timedelta(hours=1)]

    def run(_: Callable[[], bool]) -> Summary:
        if waits:
            raise Busy("slow down", wait=waits.pop())
        clock.move(timedelta(seconds=LONGEST_STEP + 1))  # a pass that hangs
        service._beat()
        return Summary()

    service = Service(run, clock, lambda: timedelta(minutes=1))
    service._scheduler.add_job(service._pass, "interval", seconds=60, id="pass")
    service._pass()
    told.clear()
    clock.move(timedelta(minutes=59))  # the server asked for an hour, and a little is left
    service._beat()
    assert told == ["WATCHDOG=1"]
    told.clear()
    service._pass()
    assert "WATCHDOG=1" not in told
    told.clear()
    clock.move(timedelta(minutes=1, seconds=LONGEST_STEP - 1))
    service._beat()
    assert told == ["WATCHDOG=1"]  # the pass that hung did end
    clock.move(timedelta(seconds=2))
    service._beat()
    assert told == ["WATCHDOG=1"]  # and no other came


def test_a_pass_is_alive_while_it_asks_and_while_answers_come(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("ackd.runtime.scheduler.notify", told.append)
    clock = StepClock(datetime(2026, 11, 23, tzinfo=UTC))
    service = Service(lambda _: Summary(), clock, lambda: timedelta(minutes=1))

    def fed(act: Callable[[], object] = lambda: None) -> bool:
        """Whether the watchdog is fed a little later, after this."""
        act()
        service._beat()
        told.clear()
        clock.move(timedelta(seconds=LONGEST_STEP - 1))
        service._beat()
        return told == ["WATCHDOG=1"]

    assert [fed(service._should_stop) for _ in range(5)] == [True] * 5, "a long pass that goes on"
    answers = iter(range(1, 10))
    monkeypatch.setattr("ackd.runtime.scheduler.transport.answered", lambda: next(answers) // 2)
    assert [fed() for _ in range(3)] == [True] * 3, "one long step, and the server answers"
    monkeypatch.setattr("ackd.runtime.scheduler.transport.answered", lambda: 10)
    assert [fed() for _ in range(3)] == [True, False, False], "nothing comes any more"


def test_a_step_without_an_end_keeps_nothing_from_stopping() -> None:
    left: list[int] = []
    over = threading.Event()

    def leave(status: int) -> None:
        left.append(status)
        over.set()

    def hangs(_: Callable[[], bool]) -> Summary:
        service.stop()
        over.wait(20)
        return Summary()

    service = Service(hangs, SystemClock(), lambda: QUICK, grace=0.2, leave=leave)
    assert service.run() == 0
    assert left == [0]
    for thread in threading.enumerate():  # a process would have ended: here it would speak to the next test
        if thread.name == "ackd end":
            thread.join(20)


def test_systemd_is_told_of_ready_waiting_watchdog_and_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    systemd = Systemd(tmp_path / "notify")
    systemd.start()
    Passes(well, failing(Unreachable("down")), well, lambda: systemd.is_fed.wait(30), well).service.run()
    notify("END")
    systemd.join(5)
    assert systemd.heard[0] == "READY=1"
    wanted = {"STATUS=waiting: down", "STATUS=polled", "WATCHDOG=1", "STOPPING=1"}
    assert wanted <= set(systemd.heard)


def test_a_clock_that_is_set_right_is_noticed_at_the_next_poll() -> None:
    """The server answers well: there is nothing to back off from."""
    passes = Passes(*[failing(ClocksApart("apart"))] * 8, well)
    passes.service.run()
    assert passes.done == 9
    waits: list[timedelta] = []
    service = Service(failing(ClocksApart("apart")), SystemClock(), lambda: timedelta(minutes=1))  # type: ignore[arg-type]
    service._scheduler.modify_job = lambda _id, next_run_time: waits.append(  # type: ignore[method-assign]
        next_run_time - datetime.now(UTC)
    )
    service._run_pass = lambda _stop: failing(ClocksApart("apart"))()  # type: ignore[assignment,return-value]
    for _ in range(8):
        service._pass()
    assert max(waits) <= timedelta(minutes=1)
