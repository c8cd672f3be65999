"""Going on at once: after a wake-up, and with another network."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ackd.clock import SystemClock
from ackd.errors import AccessBlocked, AckdError, Busy, LedgerError, Unreachable
from ackd.model import Summary
from ackd.runtime.machine_watch import Surroundings
from ackd.runtime.scheduler import CALM, LONGEST_BLOCKED, LONGEST_WAIT, Every, Service

HOUR = timedelta(hours=1)


class Machine:
    """A machine whose clocks and network a test moves."""

    def __init__(self, folder: Path) -> None:
        self.awake, self.slept = 1000.0, 0.0
        self.routes, self.names = folder / "route", folder / "resolv.conf"
        self.routes.write_text("eth0 0.0.0.0")
        self.surroundings = Surroundings(
            boot=lambda: self.awake + self.slept,
            awake=lambda: self.awake,
            files=(self.routes, self.names),
        )


class Night:
    """A service on such a machine, with a script of what its passes meet; `hurried` counts the passes
    that were brought about."""

    def __init__(self, machine: Machine, *steps: AckdError | None) -> None:
        self.machine, self.steps, self.hurried, self.waited = machine, list(steps), 0, 0.0
        self.service = Service(
            self._run, SystemClock(), lambda: timedelta(minutes=1), surroundings=machine.surroundings
        )
        self.service._scheduler.add_job(self.service._pass, "interval", seconds=3600, id="pass")
        self.service._scheduler.modify_job = self._modified  # type: ignore[method-assign]

    def _run(self, _: Callable[[], bool]) -> Summary:
        step = self.steps.pop(0) if self.steps else None
        if step is not None:
            raise step
        return Summary()

    def _modified(self, _: str, next_run_time: datetime) -> None:
        self.hurried += 1
        self.waited = (next_run_time - datetime.now(UTC)).total_seconds()

    def passes(self) -> None:
        self.service._pass()
        self.hurried = 0

    def looks(self, awake: float = 5.0) -> int:
        """A look around; returns how many passes it brought about."""
        self.machine.awake += awake
        self.hurried = 0
        self.service._notice()
        return self.hurried


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def waits(error: AckdError, failures: int, poll: timedelta = timedelta(minutes=1)) -> timedelta:
    service = Service(lambda _: Summary(), SystemClock(), lambda: poll)
    service._failures = failures - 1
    wait = service._wait_after(error)
    assert wait is not None
    return wait


@pytest.mark.parametrize(
    "error", [Unreachable("no connection"), Busy("slow down"), LedgerError("disk full"), Unreachable("500")]
)
@pytest.mark.parametrize("poll", [timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=30)])
def test_five_minutes_at_most_where_the_server_asked_for_nothing(error: AckdError, poll: timedelta) -> None:
    found = [waits(error, failures, poll) for failures in range(1, 40)]
    assert max(found) <= LONGEST_WAIT == timedelta(minutes=5)
    assert max(found) >= LONGEST_WAIT / 1.2
    assert len(set(found)) > 30  # jitter, at the limit too


def test_what_the_server_asked_for_is_waited_out() -> None:
    for asked in (timedelta(minutes=7), timedelta(hours=2)):
        assert asked <= waits(Busy("slow down", wait=asked), 1) <= asked * 1.2
        assert asked <= waits(Unreachable("503", wait=asked), 30) <= asked * 1.2


def test_a_403_is_waited_out_longer_each_time_up_to_an_hour() -> None:
    found = [waits(AccessBlocked("403"), failures) for failures in range(1, 40)]
    assert found[0] <= timedelta(minutes=1.2)
    assert max(found) <= LONGEST_BLOCKED == HOUR
    assert found[6] > timedelta(minutes=30)


def test_a_wake_up_brings_a_pass_at_once(machine: Machine) -> None:
    night = Night(machine, Unreachable("no connection"), Unreachable("no connection"))
    night.passes()
    assert night.looks() == 0
    machine.slept += 8 * 3600
    assert night.looks() == 1
    assert night.looks() == 0
    night.passes()
    assert night.service._failures == 1  # the waiting begins anew
    assert 0 < night.waited <= CALM * 1.2  # the network may need a moment


def test_a_wake_up_during_quiet_polls_brings_a_pass_too(machine: Machine) -> None:
    night = Night(machine)
    night.passes()
    machine.slept += 60
    assert night.looks() == 1


def test_neither_clock_drift_nor_a_slow_look_is_a_wake_up(machine: Machine) -> None:
    night = Night(machine, Unreachable("no connection"))
    night.passes()
    for _ in range(100):
        machine.slept += 0.01
        assert night.looks(awake=600) == 0


def test_a_server_that_asked_for_patience_gets_it(machine: Machine) -> None:
    night = Night(machine, Busy("slow down", wait=HOUR))
    night.passes()
    machine.routes.write_text("wlan0 0.0.0.0")
    assert night.looks() == 0
    machine.slept += 60
    assert night.looks() == 0


@pytest.mark.parametrize("error", [Unreachable("no connection"), AccessBlocked("a hotel's gate")])
def test_another_network_brings_a_pass(machine: Machine, error: AckdError) -> None:
    night = Night(machine, error, error, error)
    night.passes()
    machine.routes.write_text("wlan0 0.0.0.0")
    assert night.looks() == 1
    night.passes()
    assert night.looks() == 0
    machine.names.write_text("nameserver 192.0.2.1")
    assert night.looks() == 0  # soon after the last: calm
    assert night.looks(awake=CALM) == 1


def test_a_network_that_comes_during_the_pass_counts(machine: Machine) -> None:
    night = Night(machine)

    def run(_: Callable[[], bool]) -> Summary:
        machine.routes.write_text("wlan0 0.0.0.0")
        raise Unreachable("no connection")

    night.service._run_pass = run
    night.passes()
    assert night.looks() == 1


def test_another_network_while_all_is_well_brings_none(machine: Machine) -> None:
    night = Night(machine)
    night.passes()
    machine.routes.write_text("wlan0 0.0.0.0")
    assert night.looks() == 0


def test_a_stuck_pass_gets_its_time_after_a_wake_up(machine: Machine) -> None:
    night = Night(machine)
    night.service._fed_until = 0.0  # it was due while the machine slept
    machine.slept += 8 * 3600
    night.looks()
    assert night.service._fed_until > SystemClock().ticks()


def test_a_machine_that_tells_nothing_is_no_trouble(tmp_path: Path) -> None:
    quiet = Surroundings(boot=lambda: 1.0, awake=lambda: 1.0, files=(tmp_path / "none", tmp_path))
    quiet.remember_network()
    assert not quiet.is_other_network()
    assert not quiet.woke_up()


def test_a_service_is_back_soon_after_the_network(machine: Machine) -> None:
    """The whole way, with the real scheduler: a pass that fails, then a route."""
    passed = threading.Event()
    failed = threading.Event()

    def run(_: Callable[[], bool]) -> Summary:
        if machine.routes.read_text() == "eth0 0.0.0.0":
            failed.set()
            raise Unreachable("no connection")
        passed.set()
        service.stop()
        return Summary()

    service = Service(run, SystemClock(), lambda: HOUR, look=0.05, surroundings=machine.surroundings)

    def later() -> None:
        assert failed.wait(30)
        machine.routes.write_text("wlan0 0.0.0.0")

    helper = threading.Thread(target=later)
    helper.start()
    assert service.run() == 0
    helper.join(5)
    assert passed.is_set()


def test_a_clock_that_was_set_back_keeps_no_pass_waiting(machine: Machine) -> None:
    """The whole way, with the real scheduler: what was planned by the old time lies a day ahead."""
    wall = [0.0]
    first, second = threading.Event(), threading.Event()

    def run(_: Callable[[], bool]) -> Summary:
        if first.is_set():
            second.set()
            service.stop()
        first.set()
        return Summary()

    here = Surroundings(wall=lambda: time.time() + wall[0], files=())
    service = Service(run, SystemClock(), lambda: timedelta(days=1), look=0.05, surroundings=here)

    def set_back() -> None:
        assert first.wait(30)
        wall[0] -= 24 * 3600

    helper = threading.Thread(target=set_back)
    helper.start()
    assert service.run() == 0
    helper.join(5)
    assert second.is_set()


def test_only_what_sets_a_clock_back_counts() -> None:
    wall, awake = [1000.0], [50.0]
    here = Surroundings(boot=lambda: awake[0], awake=lambda: awake[0], wall=lambda: wall[0], files=())
    for on_wall, on_awake, back in (
        (5, 5, 0),
        (8 * 3600, 5, 0),  # the machine slept, or its clock was set forward
        (5 - 3600, 5, 3600),
        (5, 5, 0),  # told once
        (8 * 3600 - 86400, 5, 86405 - 8 * 3600),  # it woke up with a clock of yesterday
    ):
        wall[0] += on_wall
        awake[0] += on_awake
        assert here.set_back() == timedelta(seconds=back)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=8), timedelta(days=366 * 56)])
def test_times_that_were_missed_are_one(ahead: timedelta) -> None:
    """A night's sleep, or a clock of 1970 that is put right."""
    before, every = datetime(1970, 1, 1, tzinfo=UTC), Every(timedelta(seconds=5))
    due = [before]
    while due[-1] <= before + ahead and len(due) < 10:
        due.append(every.get_next_fire_time(due[-1], before + ahead))
    assert due[1:] == [before + ahead + timedelta(seconds=5)]
    assert every.get_next_fire_time(None, before) == before + timedelta(seconds=5)


def test_the_machine_of_this_test_tells_what_it_has() -> None:
    here = Surroundings()
    assert not here.woke_up()
    here.remember_network()
    assert here.is_other_network() in (True, False)
