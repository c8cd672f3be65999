"""The server's time over real HTTP: told by each answer, by none, or wrongly by one; and a machine whose
clock is set while all that goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ackd.engine import lease
from ackd.errors import ClocksApart, LedgerError
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.model import Change, EffectState
from exchange_sandbox import Quirks
from exchange_sandbox.faults import ALWAYS
from tests.backends import ALL_QUIRKS
from tests.clock import Skewed
from tests.followup.outlook import PASSWORD
from tests.people import ALICE
from tests.scenario import FOLLOWING, OverHttp, Scenario

pytestmark = pytest.mark.ews_only

MINUTE, YEAR = timedelta(minutes=1), timedelta(days=365)
DATED, UNDATED = Quirks(), Quirks(no_date_header=True)


def machine_on(folder: Path, quirks: Quirks, *, once: bool = True) -> Scenario:
    """An ackd on a machine with a clock of its own, after its first pass."""
    made = Scenario(folder, OverHttp(folder, quirks=quirks), clock=Skewed, once=once, follow=FOLLOWING)
    made.work()
    return made


def asked(machine: Scenario, minutes: float = 1) -> int:
    """The requests of one pass."""
    before = len(machine.sandbox.requests)
    machine.work(minutes)
    return len(machine.sandbox.requests) - before


def lose_an_answer(machine: Scenario) -> None:
    """A letter goes out, ackd dies before it has read the answer, and the copy comes late."""
    machine.sandbox.faults.add("CreateItem", "late-sent-copy", 480)
    machine.deliver()
    machine.later(1)

    write = machine.ledger.write

    def die(changes: Sequence[Change], **more: Any) -> frozenset[str]:
        before = [effect for one in changes if one.before for effect in one.before.effects]
        if any(effect.state is EffectState.ATTEMPTING for effect in before):
            raise LedgerError("disk is full")
        return write(changes, **more)

    machine.ledger.write = die  # type: ignore[method-assign,assignment]
    with pytest.raises(LedgerError):
        machine.daemon.run_pass()
    del machine.ledger.write
    assert machine.states() == [EffectState.ATTEMPTING]


@pytest.fixture(params=[DATED, UNDATED, ALL_QUIRKS], ids=["dated", "undated", "every quirk"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scenario]:
    with machine_on(tmp_path, request.param) as made:
        yield made


@pytest.fixture(params=[False, True], ids=["service", "once"])
def undated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scenario]:
    with machine_on(tmp_path, UNDATED, once=request.param) as made:
        yield made


@pytest.mark.parametrize("jump", [12, 4.5, -4.5])
def test_a_lost_answer_a_late_copy_and_a_clock_that_is_set(machine: Scenario, jump: float) -> None:
    lose_an_answer(machine)
    machine.here.clock.wrong_by = jump * MINUTE
    for minutes in (1, 1, 4):
        try:
            machine.work(minutes)
        except ClocksApart:
            assert abs(jump) > 5
    assert len(machine.letters()) == 1
    machine.here.clock.wrong_by = timedelta(0)
    for _ in range(3):
        machine.work(6)
    assert len(machine.letters()) == 1
    assert machine.states() == [EffectState.DONE]


@pytest.mark.parametrize("wrong", [YEAR, -YEAR])
def test_a_clock_that_is_a_year_off_decides_nothing(machine: Scenario, wrong: timedelta) -> None:
    machine.deliver("early")
    machine.work()
    machine.here.clock.wrong_by = wrong
    machine.here.clock.boots += 1
    machine.deliver()
    with pytest.raises(ClocksApart):
        machine.work()
    assert len(machine.letters()) == 1
    assert not machine.owner.drafts()
    assert not machine.notices()
    machine.here.clock.wrong_by = timedelta(0)
    machine.work()
    assert len(machine.letters()) == 2
    assert machine.daemon.ledger.count_open() == 2


def test_an_idle_poll_is_one_request_where_no_answer_is_dated(undated: Scenario) -> None:
    undated.work()
    undated.work()
    assert [asked(undated) for _ in range(3)] == [1, 1, 1]
    undated.ask()
    assert len(undated.letters()) == 1
    undated.work()
    undated.work()
    assert [asked(undated) for _ in range(3)] == [1, 1, 1]


def test_changes_within_a_second_are_all_seen_where_no_answer_is_dated(undated: Scenario) -> None:
    undated.work()
    undated.deliver("one")
    undated.work(0)
    undated.deliver("two")  # within the same second: the folder's commit time stays as it was
    undated.work(0)
    undated.work(1 / 60)
    undated.work()
    undated.work()
    assert len(undated.letters()) == 2


def test_the_lease_of_one_that_died_is_over_where_no_answer_is_dated(undated: Scenario) -> None:
    other = EwsMailbox(
        Access(ALICE.address, undated.sandbox.url, ALICE.address, PASSWORD),
        zone=ZoneInfo(undated.backend.zone),
        clock=undated.clock,
    )
    assert other.take_lease("f00dbeefcafe")
    other.close()
    undated.ask()
    assert len(undated.letters()) == 0
    met = lease.met(undated.daemon.ledger)
    assert met
    assert "another ackd (f00dbeef)" in met.words
    assert undated.daemon.mailbox.report().lease.holder == "f00dbeefcafe"  # type: ignore[union-attr]
    undated.work(8)
    assert len(undated.letters()) == 0
    undated.work(4)
    assert len(undated.letters()) == 1
    assert lease.met(undated.daemon.ledger) is None
    assert undated.daemon.mailbox.report().lease is None


@pytest.mark.parametrize(
    "seconds", [-3600, *(pytest.param(one, marks=pytest.mark.long) for one in (3600, 365 * 86400))]
)
@pytest.mark.parametrize("skip", range(8))
def test_one_wrong_date_takes_no_lease_and_hurries_no_letter(
    tmp_path: Path, seconds: float, skip: int
) -> None:
    """While another ackd acts, and while it is open what became of a letter."""
    office = machine_on(tmp_path, DATED, once=False)
    lose_an_answer(office)
    office.sandbox.faults.add("*", "wrong-date", seconds, skip=skip)
    for _ in range(5):
        try:
            office.work()
        except ClocksApart:
            continue
    assert len(office.letters()) == 1
    for _ in range(3):
        office.work(6)
    assert len(office.letters()) == 1
    assert office.states() == [EffectState.DONE]
    office.close()


def test_a_server_that_is_wrong_itself_is_told(tmp_path: Path) -> None:
    office = machine_on(tmp_path, DATED)
    office.sandbox.faults.add("*", "wrong-date", 86400, times=ALWAYS)
    office.deliver()
    with pytest.raises(ClocksApart, match=r"1 day, 0:00:0. behind the server's"):
        office.work()
    assert not office.letters()
    office.close()
