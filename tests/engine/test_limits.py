"""The caps count what colleagues get, or may get: nothing that only a preview would have sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ackd.engine import hold
from ackd.engine.daemon import Daemon
from ackd.engine.limits import Limits
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Duration, Mode, Unit
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, mail, settings
from tests.property.world import PlainLetters

BOB = "bob@corp.example"
PER_SENDER = Limits(per_sender_per_day=3, per_hour=100, per_day=100)
PER_HOUR = Limits(per_sender_per_day=100, per_hour=3, per_day=100)
PER_DAY = Limits(per_sender_per_day=100, per_hour=100, per_day=3)
ONE = Limits(Duration(12, Unit.HOURS), per_sender_per_day=100, per_hour=100, per_day=100)


class Office:
    """Alice's ackd with caps, in one mode after the other."""

    def __init__(self, limits: Limits, mode: Mode) -> None:
        self.clock = StepClock(MONDAY)
        self.mailbox = MemoryMailbox(self.clock.now)
        self.ledger = SqlLedger("sqlite://", ALICE.address)
        how = replace(settings(mode=mode), limits=limits, letters=PlainLetters())
        self.daemon = Daemon(self.mailbox, self.ledger, self.clock, how)
        self.daemon.run_pass()
        self.clock.move(timedelta(minutes=1))
        self.asked = 0

    def switch(self, mode: Mode) -> None:
        self.daemon.use(replace(self.daemon.settings, mode=mode))
        self.daemon.run_pass()

    def ask(self, count: int, sender: str = BOB) -> list[bool]:
        """Questions come; which of them were to be acknowledged."""
        before = self.clock.now()
        for _ in range(count):
            self.asked += 1
            self.mailbox.arrive(mail(f"q{self.asked}", sender=sender, at=self.clock.now()))
        self.daemon.run_pass()
        found = [row.verdict.acknowledge for row in self.ledger.judged(before)]
        self.clock.move(timedelta(minutes=1))
        return found


@pytest.mark.parametrize("mode", [Mode.SEND, Mode.DRAFT])
@pytest.mark.parametrize("limits", [PER_SENDER, PER_HOUR, PER_DAY, ONE])
def test_a_preview_uses_nothing_up(limits: Limits, mode: Mode) -> None:
    office = Office(limits, Mode.PREVIEW)
    office.ask(3)
    office.switch(mode)
    assert office.ask(1) == [True]
    assert hold.current(office.ledger) is None
    assert len(office.mailbox.letters) + len(office.mailbox.drafts) == 1


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("limits", [PER_SENDER, PER_HOUR, PER_DAY])
def test_a_cap_holds_within_each_mode(limits: Limits, mode: Mode) -> None:
    office = Office(limits, mode)
    assert office.ask(2) + office.ask(2) == [True, True, True, False]


@pytest.mark.parametrize("mode", list(Mode))
def test_one_per_sender_holds_within_each_mode(mode: Mode) -> None:
    office = Office(ONE, mode)
    assert office.ask(1) + office.ask(1) == [True, False]
    assert office.ask(1, "carol@corp.example") == [True]


@pytest.mark.parametrize(("first", "then"), [(Mode.SEND, Mode.DRAFT), (Mode.DRAFT, Mode.SEND)])
def test_letters_and_drafts_count_in_both(first: Mode, then: Mode) -> None:
    office = Office(PER_SENDER, first)
    assert office.ask(2) == [True, True]
    office.switch(then)
    assert office.ask(2) == [True, False]
    office.switch(Mode.PREVIEW)
    assert office.ask(1) == [False]


def test_back_and_forth_counts_each_for_itself() -> None:
    office = Office(PER_SENDER, Mode.PREVIEW)
    assert office.ask(2) == [True, True]
    office.switch(Mode.SEND)
    assert office.ask(1) == [True]
    office.switch(Mode.PREVIEW)
    assert office.ask(1) == [False]  # two that would have been, and one that was
    office.switch(Mode.SEND)
    assert office.ask(3) == [True, True, False]


def test_a_task_alone_is_no_acknowledgement() -> None:
    office = Office(replace(PER_HOUR, per_hour=1), Mode.SEND)
    always = OwnerRule("board", When(), Then(acknowledge=False, task=True))
    office.daemon.use(replace(office.daemon.settings, owner_rules=(always,)))
    assert office.ask(3) == [False, False, False]
    office.daemon.use(replace(office.daemon.settings, owner_rules=()))
    assert office.ask(1) == [True]


def test_a_rebuilt_ledger_does_not_trip_the_breaker() -> None:
    """Whenever the letters of the tasks went out, it wasn't all of them at this moment."""
    office = Office(replace(PER_HOUR, per_hour=3, per_day=100), Mode.SEND)
    for number in range(3):
        office.ask(1, f"asker{number}@corp.example")
        office.clock.move(timedelta(hours=3))
    office.ledger = SqlLedger("sqlite://", ALICE.address)
    office.daemon = Daemon(office.mailbox, office.ledger, office.clock, office.daemon.settings)
    office.daemon.run_pass()
    office.clock.move(timedelta(minutes=1))
    assert office.ask(1, "carol@corp.example") == [True]
    assert hold.current(office.ledger) is None
    assert len(office.mailbox.letters) == 4
