"""Whatever happens to a promise, the ledger gives back what the pure functions said, and its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.ledger import MemoryLedger, SqlLedger
from ackd.model import (
    Address,
    Change,
    Command,
    Done,
    Effect,
    EffectKind,
    EffectState,
    HistoryEntry,
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
from ackd.ports import Ledger
from ackd.promise import effects, lifecycle, snapshots
from tests.people import ALICE, MONDAY
from tests.people import settings as owner_settings
from tests.plays import many

NAME = "<q@corp.example>"
TASK = token_of(NAME, EffectKind.TASK)
KINDS = tuple(EffectKind)

Happening = Callable[[PromiseSnapshot, datetime], PromiseSnapshot]


def question() -> Question:
    return Question(
        NAME,
        Address("bob@corp.example"),
        "About q",
        MONDAY,
        "en",
        sentence="Could you?",
        text="Could you?",
        conversation="c",
    )


def by(now: datetime) -> lifecycle.Reckoning:
    made = owner_settings()
    return lifecycle.Reckoning(made.calendar, made.rules, made.follow, now)


@dataclass(frozen=True)
class Step:
    """A transition that is decided on the promise as it stands."""

    decide: Callable[[PromiseSnapshot, lifecycle.Reckoning], Transition | None]

    def __call__(self, snapshot: PromiseSnapshot, now: datetime) -> PromiseSnapshot:
        transition = self.decide(snapshot, by(now))
        return snapshots.applied(snapshot, transition, now) if transition else snapshot


def on_some(pick: int, decide: Callable[[PromiseSnapshot, str, datetime], PromiseSnapshot]) -> Happening:
    """What happens to one of the effects."""

    def happen(snapshot: PromiseSnapshot, now: datetime) -> PromiseSnapshot:
        return decide(snapshot, snapshot.effects[pick % len(snapshot.effects)].token, now)

    return happen


def seen_task(days: int, *, complete: bool) -> Happening:
    def happen(snapshot: PromiseSnapshot, now: datetime) -> PromiseSnapshot:
        day = (MONDAY + timedelta(days=days)).date()
        task = SeenTask("item", TASK, NAME, "bob@corp.example", None, day, complete, key=str(now))
        transition = lifecycle.seen(snapshot, task, by(now))
        after = snapshots.with_task_seen(snapshot, task)
        return snapshots.applied(after, transition, now) if transition else after

    return happen


OUTCOMES = st.sampled_from(
    [
        Done("item", "key"),
        Refused("no"),
        Refused("later", retry=True),
        Unknown("cut"),
        Refused("no", failure="f"),
    ]
)
STATES = st.sampled_from(EffectState)
SOON = st.integers(1, 20).map(lambda days: MONDAY + timedelta(days=days, hours=3))
TURNS = st.one_of(
    SOON.map(lambda at: Step(lambda one, by: lifecycle.postponed(one, at, by))),
    SOON.map(lambda at: Step(lambda one, by: lifecycle.moved(one, at.date(), by))),
    SOON.map(lambda at: Step(lambda one, by: lifecycle.hurried(one, at, "note", by))),
    st.sampled_from(Command).map(lambda said: Step(lambda one, by: lifecycle.command(one, said, "note", by))),
    st.sampled_from(
        [
            Step(lambda one, _: lifecycle.deleted(one)),
            Step(lambda one, _: lifecycle.solved(one, "note")),
            Step(lambda one, by: lifecycle.relaxed(one, "note", by)),
            Step(lambda one, by: lifecycle.more(one, "note", by)),
            Step(lifecycle.taken_up),
            Step(lifecycle.overdue),
            Step(lambda one, _: lifecycle.obeyed(one, ("Mine",))),
        ]
    ),
)
PICK = st.integers(0, 9)
HAPPENINGS: st.SearchStrategy[Happening] = st.one_of(
    TURNS,
    st.builds(seen_task, st.integers(0, 20), complete=st.booleans()),
    st.builds(
        on_some,
        PICK,
        st.one_of(
            OUTCOMES.map(lambda outcome: lambda one, token, now: effects.settled(one, token, outcome)),
            st.tuples(STATES, STATES).map(
                lambda states: lambda one, token, now: effects.put(one, token, *states, "decided")
            ),
            st.booleans().map(
                lambda is_draft: (
                    lambda one, token, now: effects.planned_anew(one, token, now, "anew", is_draft=is_draft)
                )
            ),
            st.sampled_from(
                [
                    lambda one, token, now: effects.attempted(one, token, now, Stamp(now, "boot", 1.5)),
                    lambda one, token, now: effects.seen(one, token),
                    lambda one, token, now: effects.drafted(one, token),
                    lambda one, token, now: effects.sent_again(one, token, now, "again"),
                    lambda one, token, now: effects.counted_anew(one, token, Stamp(None, "", 2)),
                    lambda one, token, now: effects.found({one.name: one}, [token])[0][one.name],
                ]
            ),
        ),
    ),
    st.sampled_from(
        [
            lambda one, now: snapshots.answered(one, now, now),
            lambda one, now: snapshots.closed(one, PromiseState.WITHDRAWN, now, "too late"),
            lambda one, now: snapshots.rescheduled(one, now, now),
            lambda one, now: effects.left_unsent(one, now, "left unsent"),
            lambda one, now: snapshots.without_task(one, TASK),
            lambda one, now: snapshots.with_question(one, replace(question(), subject="learnt")),
            lambda one, now: snapshots.made(
                replace(one.promise, state=PromiseState.OPEN), one.effects, now, one
            ),
            lambda one, now: snapshots.with_task_written(
                one,
                TrackedTask(TASK, NAME, "item", "key", now.date(), task_update=TaskUpdate()),
                is_done=True,
            ),
        ]
    ),
)


def begun(now: datetime) -> PromiseSnapshot:
    promise = Promise(question(), due=now + timedelta(days=2), reminder=now + timedelta(days=1))
    planned = [Effect(kind, NAME, now) for kind in (KINDS[0], EffectKind.TASK, EffectKind.APPOINTMENT)]
    return snapshots.made(promise, planned, now)


def numbered(snapshot: PromiseSnapshot, read: PromiseSnapshot) -> PromiseSnapshot:
    """The snapshot as a ledger keeps it: it gives numbers to effects, and events are history."""
    numbers = {effect.token: effect.number for effect in read.effects}
    kept = tuple(replace(effect, number=numbers[effect.token]) for effect in snapshot.effects)
    return replace(snapshot, effects=kept, events=())


def play(ledger: Ledger, happenings: Sequence[Happening]) -> None:
    now, told = MONDAY, list[HistoryEntry]()
    current: PromiseSnapshot | None = None
    for happen in (lambda _, now: begun(now), *happenings):
        after = happen(current, now)  # type: ignore[arg-type]
        assert ledger.write([Change(current, after)]) == frozenset()
        read = ledger.snapshots([NAME])[NAME]
        assert read == numbered(after, read)
        assert len({effect.number for effect in read.effects}) == len(read.effects)
        if current is not None and after != current:
            assert ledger.write([Change(current, current)]) == {NAME} or read == current
        told += after.events
        events = ledger.history(MONDAY, now + timedelta(days=1))
        assert [HistoryEntry(e.at, e.what, e.due, e.words) for e in events] == told
        current = read
        now += timedelta(hours=7)


@given(happenings=st.lists(HAPPENINGS, max_size=12))
@settings(max_examples=many(80))
def test_each_ledger_gives_back_what_was_decided(happenings: list[Happening]) -> None:
    for ledger in (SqlLedger("sqlite://", ALICE.address), MemoryLedger()):
        play(ledger, happenings)
        ledger.close()
