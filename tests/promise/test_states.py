"""What becomes of effects and promises, whatever state they are in: the pure steps, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ackd.model import (
    UNTOLD,
    Address,
    Command,
    Done,
    Effect,
    EffectKind,
    EffectState,
    Happening,
    OnMove,
    OnOverdue,
    Outcome,
    Promise,
    PromiseSnapshot,
    PromiseState,
    Question,
    Refused,
    SeenTask,
    Stamp,
    TaskUpdate,
    TrackedTask,
    Transition,
    Unknown,
    token_of,
)
from ackd.model.followup import DELETED
from ackd.promise import effects, lifecycle, snapshots, task_signs
from ackd.promise.effects import NO_MORE_TRIES
from ackd.promise.lifecycle import FollowRules, Reckoning
from tests.promise.test_plan import OFFICE, RULES, at

Q = "<q@corp.example>"
NOW, DUE = at("2026-11-23T10:00"), at("2026-11-25T16:00")
LETTER, TASK, NEW_DATE = EffectKind.ACKNOWLEDGEMENT, EffectKind.TASK, EffectKind.NEW_DATE
STAMP = Stamp(NOW, "boot", 1.0)
BY = Reckoning(OFFICE, RULES, FollowRules(moved=OnMove.TELL, overdue=OnOverdue.DRAFT), NOW)
CLOSED = [state for state in PromiseState if state is not PromiseState.OPEN]


def made(
    letter: EffectState | None = EffectState.DONE,
    *more: Effect,
    task: TrackedTask | None = None,
    **promise: object,
) -> PromiseSnapshot:
    """A promise with its letter in a state, and other effects."""
    question = Question(Q, Address("bob@corp.example"), "Figures", NOW, "en", text="zebra")
    one = replace(Promise(question, DUE, DUE - timedelta(hours=2), told=DUE), **promise)  # type: ignore[arg-type]
    own = (Effect(LETTER, Q, NOW, letter),) if letter else ()
    return PromiseSnapshot(one, (*own, *more), task)


def letter_of(snapshot: PromiseSnapshot) -> Effect:
    found = snapshot.effect(token_of(Q, LETTER))
    assert found is not None
    return found


# --- one effect -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", EffectState)
def test_only_what_is_planned_is_begun(state: EffectState) -> None:
    before = made(state)
    after = effects.attempted(before, token_of(Q, LETTER), NOW, STAMP)
    if state is not EffectState.PLANNED:
        assert after == before
        return
    begun = letter_of(after)
    assert (begun.state, begun.tries, begun.attempted) == (EffectState.ATTEMPTING, 1, NOW)
    again = effects.put(after, begun.token, EffectState.ATTEMPTING, EffectState.PLANNED, "once more")
    assert letter_of(effects.attempted(again, begun.token, NOW, STAMP)).tries == 2


@pytest.mark.parametrize(
    ("outcome", "becomes"),
    [
        (Done(), EffectState.DONE),
        (Unknown("cut off"), EffectState.UNKNOWN),
        (Refused("no such recipient"), EffectState.PARKED),
        (Refused("busy", retry=True), EffectState.PLANNED),
    ],
)
def test_what_becomes_of_an_attempt(outcome: Outcome, becomes: EffectState) -> None:
    begun = effects.attempted(made(EffectState.PLANNED), token_of(Q, LETTER), NOW, STAMP)
    after = letter_of(effects.settled(begun, token_of(Q, LETTER), outcome))
    assert after.state is becomes
    assert after.tries == (0 if becomes is EffectState.PLANNED else 1), "what was refused wasn't tried"
    done = made(EffectState.DONE)
    assert effects.settled(done, token_of(Q, LETTER), outcome) == done, "what is done stays done"


@pytest.mark.parametrize("state", EffectState)
def test_nothing_is_planned_twice_and_what_was_cancelled_is_looked_for(state: EffectState) -> None:
    before = made(state)
    after = snapshots.planned(before, Effect(LETTER, Q, DUE))
    if state is not EffectState.CANCELLED:
        assert after == before
        return
    again = letter_of(after)
    assert (again.state, again.not_before, again.verify_first) == (EffectState.PLANNED, DUE, True)
    assert len(after.effects) == 1


@pytest.mark.parametrize("state", EffectState)
def test_what_a_change_of_mode_leaves(state: EffectState) -> None:
    after = effects.left_unsent(made(state), NOW, "by mode draft")
    is_withdrawn = after.promise.state is PromiseState.WITHDRAWN
    assert is_withdrawn is (state is EffectState.PLANNED)
    in_doubt = state in (EffectState.ATTEMPTING, EffectState.UNKNOWN)
    assert letter_of(after).tries == (NO_MORE_TRIES if in_doubt else 0)
    if not is_withdrawn:
        assert letter_of(after).state is state


def test_a_change_of_mode_cancels_later_letters_and_leaves_drafts_and_notices() -> None:
    later, notice = (Effect(kind, Q, NOW) for kind in (NEW_DATE, EffectKind.OVERDUE_LIST))
    after = effects.left_unsent(made(EffectState.DONE, later, notice), NOW, "why")
    assert [one.state for one in after.effects[1:]] == [EffectState.CANCELLED, EffectState.PLANNED]
    drafted = replace(Effect(LETTER, Q, NOW), moment=DUE)  # it lay in Drafts, and is being written there anew
    left = effects.left_unsent(made(None, drafted), NOW, "why")
    assert (left.promise.state, letter_of(left).state) == (PromiseState.OPEN, EffectState.PLANNED)


def test_each_new_date_that_was_told_counts() -> None:
    first = Effect(NEW_DATE, Q, NOW, occasion="0 2026-11-26", moment=DUE + timedelta(days=1))
    after = effects.settled(
        effects.attempted(made(EffectState.DONE, first), first.token, NOW, STAMP), first.token, Done()
    )
    assert (after.promise.moves, after.promise.told) == (1, DUE + timedelta(days=1))
    moved = lifecycle.moved(after, date(2026, 11, 27), BY)
    assert [effect.occasion for effect in moved.effects] == ["1 2026-11-27"]


# --- the promise ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", PromiseState)
def test_an_answer_keeps_also_what_was_ticked_off(state: PromiseState) -> None:
    after = snapshots.answered(made(state=state), NOW, NOW)
    can_be = state in (PromiseState.OPEN, PromiseState.DROPPED)
    assert after.promise.state is (PromiseState.KEPT if can_be else state)


@pytest.mark.parametrize("state", CLOSED)
@pytest.mark.parametrize("what", [what for what in Happening if what is not Happening.REOPENED])
def test_nothing_but_its_opening_changes_a_closed_promise(state: PromiseState, what: Happening) -> None:
    before = made(state=state)
    wanted = replace(before.promise, state=PromiseState.OPEN, due=DUE + timedelta(days=3))
    notice = Effect(EffectKind.OVERDUE_NOTICE, Q, NOW)
    assert snapshots.applied(before, Transition(what, wanted, effects=(notice,)), NOW) == before
    opened = snapshots.applied(before, Transition(Happening.REOPENED, wanted, effects=(notice,)), NOW)
    assert (opened.promise.state, len(opened.effects)) == (PromiseState.OPEN, 2)


@pytest.mark.parametrize(
    ("changes", "is_drafted", "state", "told", "letter"),
    [
        ({}, False, PromiseState.OPEN, DUE, EffectState.DONE),
        ({}, True, PromiseState.OPEN, None, EffectState.DRAFTED),
        ({"is_complete": True}, False, PromiseState.DROPPED, DUE, EffectState.DONE),
        ({"is_deleted": True}, False, PromiseState.WITHDRAWN, DUE, EffectState.DONE),
        ({"is_complete": True, "is_deleted": True}, False, PromiseState.WITHDRAWN, DUE, EffectState.DONE),
    ],
)
def test_what_a_task_tells_a_rebuilt_ledger(
    changes: dict[str, bool], is_drafted: bool, state: PromiseState, told: object, letter: EffectState
) -> None:
    task = SeenTask("item", token_of(Q, TASK), Q, "bob@corp.example", DUE, date(2026, 11, 25))
    promise = snapshots.adopted(replace(task, **changes), NOW, is_drafted=is_drafted).promise  # type: ignore[arg-type]
    assert promise is not None
    assert (promise.state, promise.told, promise.due) == (state, told, DUE)
    found = snapshots.adopted(task, NOW, is_drafted=is_drafted).effects
    assert [effect.state for effect in found] == [letter, EffectState.DONE]
    held = snapshots.adopted_held(replace(task, moves=UNTOLD), NOW)
    assert held.promise is not None
    assert (held.promise.told, held.promise.moves) == (None, 0)


@pytest.mark.parametrize(
    ("told", "overdue", "kinds"),
    [
        (DUE, OnOverdue.DRAFT, [EffectKind.APOLOGY]),
        (DUE + timedelta(days=9), OnOverdue.DRAFT, [EffectKind.OVERDUE_NOTICE]),  # the asker doesn't wait yet
        (DUE, OnOverdue.REMIND, [EffectKind.OVERDUE_NOTICE]),
        (DUE, OnOverdue.IGNORE, []),
    ],
)
def test_what_an_overdue_promise_brings(told: object, overdue: OnOverdue, kinds: list[EffectKind]) -> None:
    late = replace(BY, follow=replace(BY.follow, overdue=overdue), now=DUE + timedelta(hours=1))
    transition = lifecycle.overdue(made(told=told), late)
    assert [effect.kind for effect in transition.effects] == kinds
    untold = lifecycle.overdue(made(EffectState.CANCELLED, told=None), late)
    assert EffectKind.APOLOGY not in [effect.kind for effect in untold.effects]


@pytest.mark.parametrize("state", CLOSED)
def test_what_is_taken_up_again_is_due_in_the_future(state: PromiseState) -> None:
    task = Effect(TASK, Q, NOW, EffectState.DONE)
    snapshot = made(EffectState.DONE, task, state=state)
    early = lifecycle.taken_up(snapshot, BY)
    late = lifecycle.taken_up(snapshot, replace(BY, now=DUE + timedelta(days=5)))
    assert early is not None
    assert late is not None
    assert early.promise.due == DUE
    assert late.promise.due > DUE + timedelta(days=5)
    assert [effect.occasion for effect in late.effects] == ["1"], "another task than the one that is closed"
    assert (
        lifecycle.taken_up(replace(snapshot, promise=replace(snapshot.promise, state=PromiseState.OPEN)), BY)
        is None
    )


@pytest.mark.parametrize("day", [24, 25, 26, 27])
def test_the_owners_day_keeps_the_hour_by_the_owners_clock(day: int) -> None:
    for due in (at("2026-11-25T00:15"), at("2026-11-25T16:00"), at("2026-11-25T23:45")):
        new = lifecycle.moved(made(due=due, told=due), date(2026, 11, day), BY).promise
        was, local = OFFICE.local(due), OFFICE.local(new.due)
        assert (local.time(), local.date()) == (was.time(), date(2026, 11, day))
    summer = lifecycle.moved(made(), date(2027, 6, 1), BY).promise  # another offset
    assert OFFICE.local(summer.due).hour == 16


def test_a_date_that_the_owner_told_cancels_every_letter() -> None:
    transition = lifecycle.postponed(made(EffectState.PLANNED), DUE + timedelta(days=2), BY)
    assert transition is not None
    after = snapshots.applied(made(EffectState.PLANNED, Effect(NEW_DATE, Q, NOW)), transition, NOW)
    assert {effect.state for effect in after.effects} == {EffectState.CANCELLED}
    assert after.promise.told == after.promise.due == DUE + timedelta(days=2)


# --- whose hand a task shows ------------------------------------------------------------------------------


def test_what_a_server_makes_of_our_day_is_no_move() -> None:
    ours = TrackedTask(token_of(Q, TASK), Q, "item", key="k1", due_date=date(2026, 11, 25))
    promise = made().promise
    seen = SeenTask("item", ours.token, Q, "bob@corp.example", DUE, date(2026, 11, 24), key="k1")
    assert not task_signs.is_moved(promise, ours, seen, OFFICE), "our own write, a day off"
    theirs = replace(seen, key="k2")
    assert task_signs.is_moved(promise, ours, theirs, OFFICE)
    assert not task_signs.is_moved(promise, ours, replace(theirs, due_date=date(2026, 11, 25)), OFFICE)
    assert not task_signs.is_moved(promise, ours, replace(theirs, due_date=None), OFFICE)
    to_write = replace(ours, due_date=date(2026, 11, 24), task_update=TaskUpdate(date=True))
    assert task_signs.is_moved(promise, to_write, theirs, OFFICE), "another ackd wrote what is ours to write"


@pytest.mark.parametrize("said", Command)
@pytest.mark.parametrize("state", CLOSED)
def test_no_command_reaches_a_closed_promise(said: Command, state: PromiseState) -> None:
    assert lifecycle.command(made(state=state), said, "", BY) is None
    assert lifecycle.deleted(made(state=state)) is None
    assert lifecycle.deleted(made()) == Transition(
        Happening.WITHDRAWN,
        replace(made().promise, state=PromiseState.WITHDRAWN, why=DELETED),
        DELETED,
        cancel=tuple(EffectKind),
    )
