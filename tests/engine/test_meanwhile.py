"""What a command of the owner's writes while the service decides: neither's word is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ackd.engine import hold, promises
from ackd.model import (
    Done,
    Effect,
    EffectKind,
    EffectState,
    PromiseSnapshot,
    PromiseState,
    Stamp,
    TrackedTask,
    Unknown,
    token_of,
)
from ackd.ports import Ledger
from tests.people import MONDAY
from tests.scenario import TASK, Q, Scenario, grace

LETTER = token_of(Q, EffectKind.ACKNOWLEDGEMENT)
WAITS = MONDAY + timedelta(days=3)


class Interrupted:
    """A ledger as the service sees it: right before its next write something else happens there."""

    def __init__(self, ledger: Ledger, happens: Callable[[], object]) -> None:
        self._ledger, self._happens = ledger, [happens]

    def __getattr__(self, name: str) -> Any:
        if name in ("write", "attempting", "record") and self._happens:
            self._happens.pop()()
        return getattr(self._ledger, name)


def due() -> Scenario:
    """A question whose letter is due, and not yet begun."""
    office = Scenario(rules=grace(5)).begin()
    office.ask()
    office.later(6)
    return office


def told(ledger: Ledger) -> None:
    """The owner's word meanwhile: it is told with the promise itself, and with none of its effects."""
    promises.change(ledger, [Q], lambda one: replace(one, promise=replace(one.promise, told=WAITS)))


def effect(snapshot: PromiseSnapshot, token: str = LETTER) -> Effect:
    found = snapshot.effect(token)
    assert found is not None
    return found


def put(ledger: Ledger) -> None:
    promises.put(ledger, [effect(ledger.snapshots([Q])[Q])], EffectState.PARKED, "a case")


def attempt(ledger: Ledger) -> None:
    stamp = Stamp(MONDAY, "boot", 1.0)
    assert promises.attempt(ledger, [LETTER], MONDAY, lambda: stamp, guard=hold.GUARD).tokens == {LETTER}


def settle_as_begun(ledger: Any) -> None:
    """By how the promise stood when the letter was begun, which is so no more."""
    stamp = Stamp(MONDAY, "boot", 1.0)
    begun = promises.attempt(ledger._ledger, [LETTER], MONDAY, lambda: stamp)
    promises.settle(ledger, {LETTER: Done()}, known=begun.promises)


@pytest.mark.parametrize(
    ("decides", "holds"),
    [
        (lambda one: promises.reschedule(one, Q, WAITS, MONDAY), lambda one: one.promise.due == WAITS),
        (put, lambda one: effect(one).note == "a case"),
        (attempt, lambda one: effect(one).state is EffectState.ATTEMPTING),
        (
            lambda one: promises.settle(one, {LETTER: Unknown("cut off")}),
            lambda one: effect(one).state is EffectState.UNKNOWN,
        ),
        (settle_as_begun, lambda one: effect(one).state is EffectState.DONE),
        (lambda one: promises.found(one, [LETTER]), lambda one: effect(one).seen),
        (lambda one: promises.drafted(one, [LETTER]), lambda one: effect(one).state is EffectState.DRAFTED),
        (
            lambda one: promises.track(one, [TrackedTask(TASK, Q, "item")]),
            lambda one: one.task is not None and one.task.item == "item",
        ),
        (
            lambda one: promises.plan_anew(one, LETTER, WAITS, "anew"),
            lambda one: effect(one).not_before == WAITS,
        ),
    ],
    ids=[
        "reschedule",
        "put",
        "attempt",
        "settle",
        "settle as begun",
        "found",
        "drafted",
        "track",
        "plan anew",
    ],
)
def test_what_is_decided_is_decided_again_on_what_stands_by_then(
    decides: Callable[[Any], object], holds: Callable[[PromiseSnapshot], bool]
) -> None:
    office = due()
    decides(Interrupted(office.ledger, lambda: told(office.ledger)))
    after = office.ledger.snapshots([Q])[Q]
    assert holds(after), "the service's word"
    assert after.promise.told is not None, "the owner's"


def test_what_the_owner_closed_meanwhile_stays_closed_and_isnt_begun() -> None:
    office = due()

    def close() -> None:
        promises.close(office.ledger, Q, PromiseState.WITHDRAWN, MONDAY, "no question")

    stamp = Stamp(MONDAY, "boot", 1.0)
    seen: Any = Interrupted(office.ledger, close)
    assert promises.attempt(seen, [LETTER], MONDAY, lambda: stamp).tokens == frozenset()
    promises.settle(office.ledger, {LETTER: Done()})
    assert office.state() is PromiseState.WITHDRAWN


def test_a_pause_in_the_last_moments_before_a_letter_stops_it() -> None:
    """After whichever of the calls before "attempting" is written: from then on the letter is begun."""

    def play(at: int) -> tuple[Scenario, list[str]]:
        office, calls = due(), list[str]()

        def step(label: str) -> None:
            if label.startswith("after "):
                calls.append(label)
                if len(calls) == at:
                    hold.pause(office.ledger, office.clock.now())

        office.start(step).run_pass()
        return office, calls

    office, calls = play(0)
    assert len(office.letters()) == 1
    begun = calls.index("after attempting")
    for at in range(begun - 3, begun + 1):
        office, _ = play(at)
        assert office.letters() == [], calls[at - 1]
        office.later(30)
        office.fresh().run_pass()
        assert office.letters() == [], calls[at - 1]
