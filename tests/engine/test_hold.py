"""Commands and service change the hold side by side: nobody's word is lost, at whichever moment it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.engine import hold
from ackd.engine.daemon import Daemon
from ackd.engine.limits import Limits
from ackd.errors import SignInRefused
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.runtime.sign_in_guard import SignInGuard
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, mail, settings
from tests.property.world import PlainLetters

LIMITS = Limits(per_sender_per_day=100, per_hour=2, per_day=100)


class Port:
    """A port whose every call is a moment at which something may happen."""

    def __init__(self, port: Any, moment: Callable[[str], None]) -> None:
        self._port = port
        self._moment = moment

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            result = getattr(self._port, name)(*args, **kwargs)
            self._moment(f"after {name}")
            return result

        return call


class Office:
    """The service, and a command beside it: what the one does is done between two calls of the other.
    Every call of the ledger is a transaction of its own, so one in memory does for both."""

    def __init__(self, questions: int, limits: Limits | None = None) -> None:
        self.clock = StepClock(MONDAY)
        self.mailbox = MemoryMailbox(self.clock.now)
        self.service = self.command = SqlLedger("sqlite://", ALICE.address)
        self.how = replace(settings(grace_minutes=5), letters=PlainLetters())
        if limits:
            self.how = replace(self.how, limits=limits)
        Daemon(self.mailbox, self.service, self.clock, self.how).run_pass()
        self.clock.move(timedelta(minutes=1))
        self.ask(questions)

    def ask(self, count: int, name: str = "q") -> None:
        for number in range(count):
            who = f"{name}{number}"
            self.mailbox.arrive(mail(who, sender=f"{who}@corp.example", at=self.clock.now()))

    def run(self, at: int = 0, event: Callable[[], object] = lambda: None) -> list[str]:
        """A pass; at its n-th moment something happens. Returns the moments."""
        moments: list[str] = []

        def moment(name: str) -> None:
            moments.append(name)
            if len(moments) == at:
                event()

        ports: list[Any] = [Port(self.mailbox, moment), Port(self.service, moment)]
        Daemon(*ports, self.clock, self.how).run_pass()
        return moments

    def letters(self) -> int:
        return sum(bool(letter.in_reply_to) for letter in self.mailbox.letters)


def plays(begin: Callable[[], Office]) -> Iterator[tuple[Office, int, str]]:
    """The same beginning once for each moment of its next pass: after each call (which is before the
    next one); of those of one name, which a pass has many of, the first and the last."""
    moments = begin().run()
    first = {name: at for at, name in reversed(list(enumerate(moments, start=1)))}
    last = {name: at for at, name in enumerate(moments, start=1)}
    for at, name in sorted((at, name) for name, at in {*first.items(), *last.items()}):
        office = begin()
        yield office, at, name
        office.service.close()


def due() -> Office:
    """A question whose letter goes out with the next pass."""
    office = Office(1)
    office.run()
    office.clock.move(timedelta(minutes=6))
    return office


@pytest.mark.timeout(300)
def test_a_resume_during_a_pass_holds() -> None:
    def begin() -> Office:
        office = Office(1)
        hold.pause(office.command, office.clock.now())
        return office

    for office, at, name in plays(begin):
        office.run(at, lambda office=office: hold.resume(office.command, office.clock.now()))
        assert hold.current(office.command) is None, name
        office.ask(1, "later")
        office.run()
        office.clock.move(timedelta(minutes=6))
        office.run()
        letters = [letter.in_reply_to for letter in office.mailbox.letters]
        assert "<later0@corp.example>" in letters, name


@pytest.mark.timeout(300)
def test_a_pause_during_a_pass_holds_and_stops_what_is_not_begun() -> None:
    sent = set()
    for office, at, name in plays(due):
        moments = office.run(at, lambda office=office: hold.pause(office.command, office.clock.now()))
        assert hold.current(office.command) is not None, name
        is_begun = "after attempting" in moments[: at - 1] or name == "after attempting"
        assert office.letters() == is_begun, name
        sent.add(is_begun)
        office.clock.move(timedelta(minutes=30))
        office.run()
        assert office.letters() == is_begun, name
    assert sent == {True, False}


@pytest.mark.timeout(300)
def test_a_pause_and_a_resume_during_a_pass_send_nothing_that_they_withdrew() -> None:
    def both(office: Office, withdrawn: list[int]) -> None:
        hold.pause(office.command, office.clock.now())
        withdrawn.append(hold.resume(office.command, office.clock.now()))

    for office, at, name in plays(due):
        withdrawn: list[int] = []
        office.run(at, lambda office=office, withdrawn=withdrawn: both(office, withdrawn))
        office.run()
        assert office.letters() == 1 - withdrawn[0], name
        assert hold.current(office.command) is None, name


@pytest.mark.timeout(300)
def test_a_pause_while_the_breaker_trips_stays_the_owners() -> None:
    for office, at, name in plays(lambda: Office(4, LIMITS)):
        office.run(at, lambda office=office: hold.pause(office.command, office.clock.now()))
        held = hold.current(office.command)
        assert held is not None, name
        notices = [letter for letter in office.mailbox.letters if not letter.in_reply_to]
        assert len(notices) == held.why.startswith("circuit breaker"), f"{name}: {held}"


@pytest.mark.timeout(300)
def test_a_resume_while_the_breaker_tells_is_not_undone() -> None:
    for office, at, name in plays(lambda: Office(4, LIMITS)):
        before: list[hold.Hold | None] = []

        def resume(office: Office = office, before: list[hold.Hold | None] = before) -> None:
            before.append(hold.current(office.command))
            hold.resume(office.command, office.clock.now())

        office.run(at, resume)
        if before[0] is not None:  # it had tripped when the owner ended it
            assert hold.current(office.command) is None, name


def test_two_commands_at_once_agree(tmp_path: Path) -> None:
    ledgers = [SqlLedger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", ALICE.address) for _ in range(4)]
    held: list[hold.Hold] = []
    moments = [MONDAY + timedelta(seconds=number) for number in range(len(ledgers))]
    threads = [
        threading.Thread(target=lambda one=one: held.append(hold.pause(*one)))
        for one in zip(ledgers, moments, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(held) == {hold.current(ledgers[0])}
    assert sum(hold.resume(ledger, MONDAY) for ledger in ledgers) == 0
    assert hold.current(ledgers[0]) is None


def test_a_resume_where_nothing_is_held_withdraws_nothing() -> None:
    office = Office(1)
    office.run()
    assert hold.resume(office.command, office.clock.now()) == 0
    office.clock.move(timedelta(minutes=6))
    office.run()
    assert office.letters() == 1


def test_a_resume_ends_the_hold_that_it_saw_and_no_other(tmp_path: Path) -> None:
    office = Office(0)
    hold.pause(office.command, office.clock.now())
    new = hold.tripped("too many", office.clock.now())

    class Slow:
        """A command between whose steps another hold begins."""

        def __getattr__(self, name: str) -> Any:
            return getattr(office.command, name)

        def unsettled(self) -> Any:
            office.service.remember(hold.KEY, new.dump())
            return office.command.unsettled()

    hold.resume(Slow(), office.clock.now())  # type: ignore[arg-type]
    assert hold.current(office.command) == new


@pytest.mark.parametrize(
    ("before", "seen", "new", "took"),
    [
        (None, None, "a", True),
        ("a", None, "b", False),
        ("a", "a", "b", True),
        ("b", "a", "c", False),
        (None, "a", "b", False),
        ("a", "a", None, True),
        ("b", "a", None, False),
        (None, None, None, True),
        ("a", None, None, False),
    ],
)
def test_a_value_changes_only_as_it_was_seen(
    tmp_path: Path, before: str | None, seen: str | None, new: str | None, took: bool
) -> None:
    ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", ALICE.address)
    ledger.remember("x", before)
    assert ledger.swap("x", seen, new) is took
    assert ledger.value("x") == (new if took else before)


def test_a_refusal_that_a_command_meets_meanwhile_is_not_forgotten(tmp_path: Path) -> None:
    """The service knows that another secret was refused, and a command beside it meets a refusal of this
    very one between the service's look and its word."""
    ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", ALICE.address)
    clock, refusal = StepClock(MONDAY), SignInRefused("the server refused the sign-in (401)")
    SignInGuard(ledger, clock, "old").refused(refusal)

    class Between:
        """The ledger as the service sees it, with a command between its look and its word."""

        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

        def value(self, key: str) -> str | None:
            found = ledger.value(key)
            if found and not told:
                told.append(key)
                SignInGuard(ledger, clock, "new").refused(refusal)
            return found

    told: list[str] = []
    SignInGuard(Between(), clock, "new").refused(refusal)  # type: ignore[arg-type]
    assert told
    for secret in ("old", "new"):
        with pytest.raises(SignInRefused):
            SignInGuard(ledger, clock, secret).check()
