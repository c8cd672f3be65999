"""The daemon is killed before and after every call of a port while a cap holds letters, and while the owner
orders one of them: the others go once, and what is held doesn't."""

from __future__ import annotations

from pathlib import Path

import pytest

from ackd.engine import unanswered
from ackd.engine.limits import Limits
from ackd.model import EffectState
from tests.backends import KINDS
from tests.crash.lives import born, folder, fresh, live, live_on
from tests.crash.shares import Share, moments, shared
from tests.people import BOB, PlainLetters, mail
from tests.scenario import FOLLOWING, Scenario

__all__ = ["folder"]
NAMES = [f"<q{number}@corp.example>" for number in range(4)]
LIMITS = Limits(per_hour=2)


def come(place: Path) -> Scenario:
    """More questions than may be answered in an hour."""
    office = born(place)
    office.use(limits=LIMITS)
    for number in range(4):
        office.mailbox.arrive(mail(f"q{number}", sender=f"q{number}@corp.example", at=office.clock.now()))
    return office


def come_and_ordered(place: Path) -> Scenario:
    """The same, and the owner orders a held one."""
    office = come(place)
    live_on(office)
    unanswered.order(office.ledger, NAMES[2:3])
    return office


def play(ordered: bool, place: Path, fuse: int) -> int:
    office = come_and_ordered(place) if ordered else come(place)
    steps = live(office, fuse)
    live_on(office)
    assert sorted(office.told()) == NAMES[: 3 if ordered else 2]
    assert sorted(office.tasked()) == NAMES
    assert office.ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN, EffectState.PARKED) == ()
    held = [promise.question.message_id for promise in office.ledger.open_promises() if promise.is_held]
    assert sorted(held) == NAMES[3 if ordered else 2 :]
    office.close()
    return steps


@pytest.mark.parametrize("ordered", [False, pytest.param(True, marks=pytest.mark.more)])
@shared("share", 20)
def test_what_is_held_stays_so_and_the_rest_goes_once(folder: Path, share: Share, ordered: bool) -> None:
    whole = play(ordered, fresh(folder, 0), 10_000)
    for fuse in share.of(moments(whole)):
        play(ordered, fresh(folder, fuse), fuse)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_over_http_by_both_faces(folder: Path, kind: str) -> None:
    """Bob asks thrice in threads of their own; the ledger is lost while two letters are held."""
    limits = Limits(per_hour=1, per_sender_per_day=100)
    backend = KINDS[kind](folder)
    with Scenario(folder, backend, limits=limits, follow=FOLLOWING, letters=PlainLetters()) as office:
        office.begin()
        for number in range(3):
            office.deliver(f"q{number}")
        office.work()
        assert len(office.letters()) == 1
        office.here.lose_ledger()
        office.work()
        office.work(20)
        assert len(office.letters()) == 1
        held = [promise.question.message_id for promise in office.ledger.open_promises() if promise.is_held]
        assert len(held) == 2
        office.answer(held[0], to=BOB)
        office.work()
        before = len(office.letters())
        unanswered.order(office.ledger, held)
        office.work()
        office.work(20)
        assert len(office.letters()) == before + 1
        assert [promise for promise in office.ledger.open_promises() if promise.is_held] == []
