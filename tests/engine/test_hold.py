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
from ackd.engine.limits import Limits
from ackd.errors import SignInRefused
from ackd.ledger import SqlLedger
from ackd.model import Refused, ValueKey
from ackd.runtime.sign_in_guard import SignInGuard
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, PlainLetters
from tests.scenario import Q, Scenario, grace

LIMITS = Limits(per_sender_per_day=100, per_hour=2, per_day=100)


def asked(questions: int, **changes: Any) -> Scenario:
    """The service, and questions for it. Every call of the ledger is a transaction of its own, so one in
    memory does for the service and for a command beside it."""
    office = Scenario(rules=grace(5), letters=PlainLetters(), **changes).begin()
    ask(office, questions)
    return office


def ask(office: Scenario, count: int, name: str = "q") -> None:
    for number in range(count):
        office.deliver(f"{name}{number}", sender=f"{name}{number}@corp.example")


def run(office: Scenario, at: int = 0, event: Callable[[], object] = lambda: None) -> list[str]:
    """A pass; at its n-th moment something happens: what a command does is done between two calls of the
    service. Returns the moments."""
    moments: list[str] = []

    def step(label: str) -> None:
        if not label.startswith("after "):
            return
        moments.append(label)
        if len(moments) == at:
            event()

    office.start(step).run_pass()
    return moments


def plays(begin: Callable[[], Scenario]) -> Iterator[tuple[Scenario, int, str]]:
    """The same beginning once for each moment of its next pass: after each call (which is before the
    next one); of those of one name, which a pass has many of, the first and the last."""
    moments = run(begin())
    first = {name: at for at, name in reversed(list(enumerate(moments, start=1)))}
    last = {name: at for at, name in enumerate(moments, start=1)}
    for at, name in sorted((at, name) for name, at in {*first.items(), *last.items()}):
        office = begin()
        yield office, at, name
        office.close()


def due() -> Scenario:
    """A question whose letter goes out with the next pass."""
    office = asked(1)
    run(office)
    office.later(6)
    return office


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_resume_during_a_pass_holds() -> None:
    def begin() -> Scenario:
        office = asked(1)
        hold.pause(office.ledger, office.clock.now())
        return office

    for office, at, name in plays(begin):
        run(office, at, lambda office=office: hold.resume(office.ledger, office.clock.now()))
        assert hold.current(office.ledger) is None, name
        ask(office, 1, "later")
        run(office)
        office.later(6)
        run(office)
        letters = [letter.in_reply_to for letter in office.mailbox.letters]
        assert "<later0@corp.example>" in letters, name


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_pause_during_a_pass_holds_and_stops_what_is_not_begun() -> None:
    sent = set()
    for office, at, name in plays(due):
        moments = run(office, at, lambda office=office: hold.pause(office.ledger, office.clock.now()))
        assert hold.current(office.ledger) is not None, name
        is_begun = "after attempting" in moments[: at - 1] or name == "after attempting"
        assert len(office.letters()) == is_begun, name
        sent.add(is_begun)
        office.later(30)
        run(office)
        assert len(office.letters()) == is_begun, name
    assert sent == {True, False}


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_pause_and_a_resume_during_a_pass_send_nothing_that_they_withdrew() -> None:
    def both(office: Scenario, withdrawn: list[int]) -> None:
        hold.pause(office.ledger, office.clock.now())
        withdrawn.append(hold.resume(office.ledger, office.clock.now()))

    for office, at, name in plays(due):
        withdrawn: list[int] = []
        run(office, at, lambda office=office, withdrawn=withdrawn: both(office, withdrawn))
        run(office)
        assert len(office.letters()) == 1 - withdrawn[0], name
        assert hold.current(office.ledger) is None, name


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_pause_while_the_breaker_trips_stays_the_owners() -> None:
    for office, at, name in plays(lambda: asked(4, limits=LIMITS)):
        run(office, at, lambda office=office: hold.pause(office.ledger, office.clock.now()))
        held = hold.current(office.ledger)
        assert held is not None, name
        assert len(office.notices()) in ((0, 1) if held.is_owners else (1,)), f"{name}: {held}"
        assert hold.pause(office.ledger, office.clock.now()).is_owners, name


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_resume_while_the_breaker_tells_is_not_undone() -> None:
    for office, at, name in plays(lambda: asked(4, limits=LIMITS)):
        before: list[hold.Hold | None] = []

        def resume(office: Scenario = office, before: list[hold.Hold | None] = before) -> None:
            before.append(hold.current(office.ledger))
            hold.resume(office.ledger, office.clock.now())

        run(office, at, resume)
        if before[0] is not None:  # it had tripped when the owner ended it
            assert hold.current(office.ledger) is None, name


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


def test_what_belongs_to_a_letter_that_is_out_is_made_while_all_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The owner pauses after the letter and before its task: the promise stands on the desk all the same."""
    office = Scenario().begin()
    office.use(rules=replace(office.settings.rules, calendar_entry=True))
    busy = Refused("busy", retry=True)
    for write in ("create_tasks", "create_appointments"):
        monkeypatch.setattr(office.mailbox, write, lambda things: [busy for _ in things])
    office.ask()
    assert (len(office.letters()), office.tasked(), office.mailbox.calendar) == (1, [], {})
    hold.pause(office.ledger, office.clock.now())
    ask(office, 1, "later")
    monkeypatch.undo()
    office.work(30)
    assert (len(office.letters()), office.tasked(), len(office.mailbox.calendar)) == (1, [Q], 1)


def test_a_resume_where_nothing_is_held_withdraws_nothing() -> None:
    office = asked(1)
    run(office)
    assert hold.resume(office.ledger, office.clock.now()) == 0
    office.later(6)
    run(office)
    assert len(office.letters()) == 1


def test_a_resume_ends_the_hold_that_it_saw_and_no_other(tmp_path: Path) -> None:
    office = asked(0)
    hold.pause(office.ledger, office.clock.now())
    new = hold.tripped(LIMITS.caps[0], office.clock.now())

    class Slow:
        """A command between whose steps another hold begins."""

        def __getattr__(self, name: str) -> Any:
            return getattr(office.ledger, name)

        def unsettled(self) -> Any:
            office.ledger.remember(ValueKey.HOLD, new.dump())
            return office.ledger.unsettled()

    hold.resume(Slow(), office.clock.now())  # type: ignore[arg-type]
    assert hold.current(office.ledger) == new


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
