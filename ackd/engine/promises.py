"""What happened to promises, decided in `promise/` and written to the ledger as decided.

Each function reads the promises that it is about, lets the pure function decide and writes what it says;
where the ledger changed meanwhile (a command of the owner's beside the service) it decides again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from ackd.engine import lessons
from ackd.engine.limits import RULE
from ackd.model import (
    NOTICES,
    Change,
    Decision,
    Done,
    Effect,
    EffectKind,
    EffectState,
    FollowUp,
    Lesson,
    Mode,
    Outcome,
    Page,
    Pending,
    PromiseSnapshot,
    PromiseState,
    SeenTask,
    Stamp,
    TaskUpdate,
    TrackedTask,
    ValueKey,
    token_of,
)
from ackd.ports import Ledger
from ackd.promise import effects, snapshots
from ackd.promise.task_signs import last_made


@dataclass(frozen=True, slots=True)
class Guard:
    """A single value of the ledger by which effects may be begun, or not; None is no value."""

    key: ValueKey
    allows: Callable[[str | None], bool]


Decide = Callable[[PromiseSnapshot], PromiseSnapshot]
Snapshots = Mapping[str, PromiseSnapshot]
NOTHING: Snapshots = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Begun:
    """The tokens of effects that are about to be done, and how their promises stand since."""

    tokens: frozenset[str] = frozenset()
    promises: Snapshots = field(default_factory=dict)


#: The note of a parked effect that the owner told ackd to do after all.
SETTLED_SEND = "settled by the owner: to be sent"


def is_ordered(pending: Pending) -> bool:
    """Whether the owner told ackd to send a letter, by hand or by a category."""
    return pending.effect.note == SETTLED_SEND or pending.promise.question.commanded


def changes_of(before: Snapshots, after: Snapshots) -> list[Change]:
    """What of the promises is to be written."""
    return [Change(before.get(name), one) for name, one in after.items() if one != before.get(name)]


def change(
    ledger: Ledger, questions: Collection[str], decide: Decide, owners: datetime | None = None
) -> Snapshots:
    """Decide about the promises for these questions; returns how they stand then. `owners`: when the owner
    did what is decided on, from which lessons may follow."""
    return _decide(ledger, lambda: ledger.snapshots(questions), decide, owners) if questions else {}


def _change_effects(
    ledger: Ledger, tokens: Iterable[str], decide: Callable[[PromiseSnapshot, str], PromiseSnapshot]
) -> Snapshots:
    """Decide about effects; returns how their promises stand then."""
    wanted = list(dict.fromkeys(tokens))
    return _decide(ledger, lambda: ledger.with_tokens(wanted), _each(wanted, decide)) if wanted else {}


def _each(tokens: Sequence[str], decide: Callable[[PromiseSnapshot, str], PromiseSnapshot]) -> Decide:
    """Decide about the effects with these tokens, in this order."""

    def of_one(snapshot: PromiseSnapshot) -> PromiseSnapshot:
        own = {effect.token for effect in snapshot.effects}
        for token in tokens:
            if token in own:
                snapshot = decide(snapshot, token)
        return snapshot

    return of_one


def _decide(
    ledger: Ledger, read: Callable[[], Snapshots], decide: Decide, owners: datetime | None = None
) -> Snapshots:
    while True:
        before = read()
        after = {name: decide(snapshot) for name, snapshot in before.items()}
        changes = changes_of(before, after)
        if not changes or not ledger.write(changes, taught=_taught(ledger, changes, owners)):
            return after


def _taught(ledger: Ledger, changes: Collection[Change], owners: datetime | None) -> tuple[Lesson, ...]:
    """What the owner says of mails by these changes, where that is to be kept."""
    found = lessons.of_changes(changes, owners) if owners else ()
    return found if found and ledger.value(ValueKey.LESSONS_OFF) is None else ()


# --- the promise --------------------------------------------------------------------------------


def close(ledger: Ledger, question: str, state: PromiseState, now: datetime, why: str) -> None:
    """Close a promise and cancel what was planned for it."""
    change(ledger, [question], lambda snapshot: snapshots.closed(snapshot, state, now, why))


def withdraw_draft(ledger: Ledger, draft: Effect, now: datetime, why: str) -> None:
    """The owner deleted a letter that lay in Drafts: its promise is withdrawn, and its task goes."""

    def decide(snapshot: PromiseSnapshot) -> PromiseSnapshot:
        after = effects.put(snapshot, draft.token, draft.state, EffectState.CANCELLED, why)
        after = snapshots.closed(after, PromiseState.WITHDRAWN, now, why)
        return snapshots.with_update(after, TaskUpdate(delete=True))

    change(ledger, [draft.message_id], decide, now)


def reschedule(ledger: Ledger, question: str, due: datetime, reminder: datetime) -> None:
    """Give an open promise a new moment."""
    change(ledger, [question], lambda snapshot: snapshots.rescheduled(snapshot, due, reminder))


#: How the reason begins of a promise whose letter was left unsent for good.
UNSENT = "left unsent"


def withdraw_unsent(ledger: Ledger, now: datetime, why: str) -> int:
    """Withdraw every acknowledgement that hasn't been attempted, with its promise; returns how many."""
    withdrawn: set[str] = set()

    def decide(snapshot: PromiseSnapshot) -> PromiseSnapshot:
        after = effects.left_unsent(snapshot, now, why)
        if after.promise.state is not snapshot.promise.state:
            withdrawn.add(after.name)
        return after

    def read() -> Snapshots:
        withdrawn.clear()
        return ledger.unsettled()

    _decide(ledger, read, decide)
    return len(withdrawn)


def adopt(
    ledger: Ledger,
    tasks: Iterable[SeenTask],
    now: datetime,
    mode: Mode,
    out: Collection[str],
    drafted: Collection[str],
) -> None:
    """Rebuild promises from tasks of ours that stand in the mailbox, where the ledger has none. `out` are
    tokens of letters that went out, `drafted` of those that lie in Drafts."""
    named = {task.message_id: task for task in last_made(tasks) if task.message_id}
    before = ledger.snapshots(named)
    known = ledger.known(named)
    made: dict[str, PromiseSnapshot] = {}
    rebuilt = []
    for name, task in named.items():
        if name in before:
            continue
        decision = adopted(task, now, out, drafted)
        assert decision.promise is not None
        snapshot = snapshots.made(decision.promise, decision.effects, now)
        made[name] = snapshots.with_task_seen(snapshot, task, is_adopted=True)
        rebuilt += [decision] if name not in known else []
    followed = FollowUp(changes=tuple(changes_of({}, made)), rebuilt=tuple(rebuilt))
    if ledger.record(Page(now, mode, followed=followed)):
        adopt(ledger, tasks, now, mode, out, drafted)


def adopted(task: SeenTask, now: datetime, out: Collection[str], drafted: Collection[str]) -> Decision:
    """What a task tells of a promise that isn't in the ledger. One that says that its letter is held is
    believed, unless that letter stands in the mailbox."""
    letter = token_of(task.message_id, EffectKind.ACKNOWLEDGEMENT)
    is_drafted = letter in drafted
    if not task.is_untold or is_drafted or letter in out:
        return snapshots.adopted(task, now, is_drafted=is_drafted)
    veto = RULE.veto("its task says that a limit left it without a letter")
    held = snapshots.adopted_held(task, now)
    return replace(held, verdict=replace(held.verdict, acknowledge=False, findings=(veto,)))


# --- its task -----------------------------------------------------------------------------------


def track(ledger: Ledger, tasks: Iterable[TrackedTask], *, is_done: bool = False) -> None:
    """Tasks as they were just written; with `is_done` what they say was to be done is done."""
    written = {task.message_id: task for task in tasks}
    change(ledger, written, lambda one: snapshots.with_task_written(one, written[one.name], is_done=is_done))


def forget_tasks(ledger: Ledger, token_of_question: Mapping[str, str]) -> None:
    """Tasks that are no more, by our own hand or for good: their tokens, by the question."""
    gone = dict(token_of_question)
    change(ledger, gone, lambda one: snapshots.without_task(one, gone[one.name]))


# --- its effects --------------------------------------------------------------------------------


def attempt(
    ledger: Ledger,
    tokens: Sequence[str],
    now: datetime,
    ask: Callable[[], Stamp | None],
    *,
    guard: Guard | None = None,
) -> Begun:
    """Write down that planned effects are about to be done; returns those that are. What a command of
    the owner's withdrew meanwhile isn't done, and nothing is that the `guard` doesn't allow in the moment of
    writing. `ask` says whether it may be done, as late as can be, by the stamp of that moment."""
    while tokens:
        seen = ledger.value(guard.key) if guard else None
        if guard and not guard.allows(seen):
            return Begun()
        before = ledger.with_tokens(tokens)
        stamp = ask()
        if stamp is None:
            return Begun()
        begin = _each(tokens, partial(effects.attempted, now=now, stamp=stamp))
        after = {name: begin(snapshot) for name, snapshot in before.items()}
        changes = changes_of(before, after)
        if not changes:
            return Begun()
        if not ledger.attempting(changes, only_while=(guard.key, seen) if guard else None):
            begun = (e for one in after.values() for e in one.effects if e.state is EffectState.ATTEMPTING)
            known = {name: replace(one, events=()) for name, one in after.items()}
            return Begun(frozenset(effect.token for effect in begun) & frozenset(tokens), known)
    return Begun()


def settle(
    ledger: Ledger,
    outcomes: Mapping[str, Outcome],
    tasks: Iterable[TrackedTask] = (),
    known: Snapshots = NOTHING,
) -> None:
    """Write down what became of attempted effects, by token in the order of writing, with the tasks that were
    made. `known` is how their promises stood when they were begun: they are read anew only where they don't
    stand so any more."""
    written = {task.message_id: task for task in tasks}
    requests: defaultdict[str, list[str]] = defaultdict(list)
    for token, outcome in outcomes.items():
        if not isinstance(outcome, Done) and outcome.failure:
            requests[outcome.failure].append(token)
    settled = _each(list(outcomes), lambda one, token: effects.settled(one, token, outcomes[token]))

    def decide(one: PromiseSnapshot) -> PromiseSnapshot:
        task = written.get(one.name)
        return settled(snapshots.with_task_written(one, task) if task else one)

    while outcomes:
        before, known = known or ledger.with_tokens(outcomes), NOTHING
        after = {name: decide(snapshot) for name, snapshot in before.items()}
        if not ledger.write(changes_of(before, after), failed=list(requests.values())):
            return


def found(ledger: Ledger, tokens: Collection[str], owners: datetime | None = None) -> frozenset[str]:
    """Tokens that a search found in the mailbox: their effects are done; `owners` as for `change`. Returns
    those of letters that aren't, since the server said that sending them failed: a person is asked."""
    while tokens:
        before = ledger.with_tokens(tokens)
        after, doubtful = effects.found(before, tokens)
        changes = changes_of(before, after)
        if not changes or not ledger.write(changes, taught=_taught(ledger, changes, owners)):
            return doubtful
    return frozenset()


def plan_notice(ledger: Ledger, notice: Effect) -> None:
    """Plan a mail to the owner, or keep what became of one: of one occasion once."""
    change(ledger, [NOTICES], lambda one: snapshots.planned(one, notice))


def tell_together(ledger: Ledger, notices: Sequence[Effect], together: Effect, note: str) -> None:
    """What these notices were to tell is told by one mail: they are cancelled with the note and that one is
    planned, in one transaction."""
    tokens = [notice.token for notice in notices]
    cancel = _each(
        tokens,
        lambda one, token: effects.put(one, token, EffectState.PLANNED, EffectState.CANCELLED, note),
    )

    def decide(snapshot: PromiseSnapshot) -> PromiseSnapshot:
        return snapshots.planned(snapshot, together) if snapshot.name == NOTICES else cancel(snapshot)

    names = [NOTICES, *(notice.message_id for notice in notices)]
    _decide(ledger, lambda: ledger.snapshots(names), decide)


def drafted(ledger: Ledger, tokens: Iterable[str]) -> None:
    """Letters that lie in Drafts and wait for the owner."""
    _change_effects(ledger, tokens, effects.drafted)


def put(ledger: Ledger, wanted: Iterable[Effect], state: EffectState, note: str) -> None:
    """A decision of ours about effects as they were seen (park, cancel, try again)."""
    was = {effect.token: effect.state for effect in wanted}
    _change_effects(ledger, was, lambda one, token: effects.put(one, token, was[token], state, note))


def put_all(ledger: Ledger, tokens: Collection[str], state: EffectState, note: str) -> None:
    """The same about effects as they are by now."""

    def decide(snapshot: PromiseSnapshot, token: str) -> PromiseSnapshot:
        (seen,) = (effect.state for effect in snapshot.effects if effect.token == token)
        return effects.put(snapshot, token, seen, state, note)

    _change_effects(ledger, tokens, decide)


def count_anew(ledger: Ledger, tokens: Iterable[str], stamp: Stamp) -> None:
    """From now on count the time since the effects were attempted."""
    _change_effects(ledger, tokens, lambda one, token: effects.counted_anew(one, token, stamp))


def plan_anew(ledger: Ledger, token: str, now: datetime, note: str, *, is_draft: bool = False) -> None:
    """Plan an effect once more from its beginning; its token is looked for first. With `is_draft`
    an acknowledgement that lay in Drafts is written there again."""
    _change_effects(
        ledger, [token], lambda one, _: effects.planned_anew(one, token, now, note, is_draft=is_draft)
    )


def send_again(ledger: Ledger, token: str, now: datetime, note: str) -> None:
    """Plan a parked effect once more by the owner's word."""
    _change_effects(ledger, [token], lambda one, _: effects.sent_again(one, token, now, note))
