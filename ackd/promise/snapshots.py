"""A promise as it stands, and what happened to it → how it stands from then on, with what is to be
recorded of it.

This alone says what a happening means. The engine goes on with the result, the ledger writes it down as
it is (`Ledger.write`). What happens to a single effect is in `promise.effects`.

What a transition cancels is only what is planned: a letter that lies in Drafts stays known until it is
seen sent or taken away, and a parked case stays a person's, unless its promise is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from ackd.model import (
    Address,
    Decision,
    Effect,
    EffectKind,
    EffectState,
    Happening,
    HistoryEntry,
    Mail,
    Promise,
    PromiseSnapshot,
    PromiseState,
    Question,
    SeenTask,
    TaskUpdate,
    TrackedTask,
    Transition,
    Verdict,
    task_number,
)
from ackd.model.followup import DELETED, TICKED

_CLOSED = {
    PromiseState.KEPT: Happening.KEPT,
    PromiseState.DROPPED: Happening.DROPPED,
    PromiseState.WITHDRAWN: Happening.WITHDRAWN,
}
#: What closing a promise cancels: not attempted yet, or given up until a person decides.
_UNDONE = (EffectState.PLANNED, EffectState.PARKED)


# --- its beginning ----------------------------------------------------------------------------


def made(
    promise: Promise, effects: Iterable[Effect], now: datetime, before: PromiseSnapshot | None = None
) -> PromiseSnapshot:
    """A new promise with its effects. One that is made anew, by the owner's command, keeps what was done:
    that isn't done again, but for a task that is ticked off or gone, beside which another is made."""
    if before is not None and before.promise.state is not PromiseState.OPEN:
        effects = [_another(effect, before) for effect in effects]
    snapshot = PromiseSnapshot(
        promise,
        before.effects if before else (),
        before.task if before else None,
        before.shows if before else None,
        made=now,
        first_due=promise.due,
        closed=None if promise.state is PromiseState.OPEN else now,
        events=before.events if before else (),
    )
    if before is None:
        snapshot = noted(snapshot, now, Happening.MADE)
    for effect in effects:
        snapshot = planned(snapshot, effect)
    return snapshot


def _another(effect: Effect, before: PromiseSnapshot) -> Effect:
    """A task that isn't the closed promise's own."""
    if effect.kind is not EffectKind.TASK or before.state_of(EffectKind.TASK) is not EffectState.DONE:
        return effect
    return replace(effect, occasion=before.next_task)


def adopted(task: SeenTask, now: datetime, *, is_drafted: bool) -> Decision:
    """What a task of ours tells of a promise that isn't in the ledger: it was lost, or another ackd
    on this mailbox made the promise. A task is made once its letter is out or lies in Drafts, of which
    the mailbox tells (`is_drafted`): then the asker knows nothing yet. A task that is ticked off or deleted
    leaves a closed promise, so that its question is never acknowledged anew."""
    question = Question(task.message_id, Address(task.asker), subject="", received=now, language="en")
    state, why = PromiseState.OPEN, ""
    if task.is_deleted:
        state, why = PromiseState.WITHDRAWN, DELETED
    elif task.is_complete:
        state, why = PromiseState.DROPPED, TICKED
    due = task.promised or now
    promise = Promise(
        question,
        due=due,
        reminder=due,
        state=state,
        told=None if is_drafted else task.known_date,
        moves=max(task.moves, 0),
        why=why,
    )
    letter = Effect(EffectKind.ACKNOWLEDGEMENT, task.message_id, now, state=EffectState.DONE)
    if is_drafted:
        letter = replace(letter, state=EffectState.DRAFTED, moment=due)
    effects = (letter, *_tasks_until(task, now))
    mail = Mail(task.message_id, received=now, subject="", sender=question.asker)
    return Decision(mail, Verdict(acknowledge=True, findings=()), promise, effects)


def _tasks_until(task: SeenTask, now: datetime) -> Iterator[Effect]:
    """A task, and those beside which it was made as the owner took the question up again: the next one is
    another."""
    for number in range(max(task_number(task.message_id, task.token), 0) + 1):
        occasion = str(number) if number else ""
        yield Effect(EffectKind.TASK, task.message_id, now, state=EffectState.DONE, occasion=occasion)


def adopted_held(task: SeenTask, now: datetime) -> Decision:
    """The same of a task that says that a limit held its letter: nobody was told anything."""
    found = adopted(task, now, is_drafted=False)
    assert found.promise is not None
    promise = replace(found.promise, told=None, question=replace(found.promise.question, is_held=True))
    effects = tuple(effect for effect in found.effects if effect.kind is not EffectKind.ACKNOWLEDGEMENT)
    return replace(found, promise=promise, effects=effects)


def planned(snapshot: PromiseSnapshot, effect: Effect) -> PromiseSnapshot:
    """Something more to do. What was planned before isn't planned twice; a cancelled one that is wanted
    again is looked for first."""
    known = snapshot.effect(effect.token)
    if known is None:
        return replace(snapshot, effects=(*snapshot.effects, effect))
    if known.state is not EffectState.CANCELLED:
        return snapshot
    again = replace(
        known,
        state=effect.state,
        not_before=effect.not_before,
        moment=effect.moment,
        tries=0,
        verify_first=True,
        note="",
    )
    return with_effect(snapshot, again)


# --- its course -------------------------------------------------------------------------------


def applied(snapshot: PromiseSnapshot, transition: Transition, now: datetime) -> PromiseSnapshot:
    """The promise after a transition that was decided on as it stands. Where it is closed, only one
    that opens it again counts."""
    if transition.what is Happening.OBEYED:
        return with_update(snapshot, transition.task_update)
    promise, is_reopened = transition.promise, transition.what is Happening.REOPENED
    if is_reopened:  # also where the letter referred the asker elsewhere
        promise = replace(promise, question=promise.question.answered_after_all)
    if snapshot.promise.state is not PromiseState.OPEN and not is_reopened:
        return snapshot
    task = snapshot.task
    if promise.why == DELETED or any(effect.kind is EffectKind.TASK for effect in transition.effects):
        task = None  # it is gone, or another one comes
    if task is not None and is_reopened:
        task = replace(task, task_update=replace(task.task_update, complete=False, delete=False))
    after = with_update(replace(snapshot, task=task), transition.task_update)
    if promise.state is not PromiseState.OPEN:
        return closed(after, promise.state, now, promise.why)
    after = noted(replace(after, promise=replace(promise, why=""), closed=None), now, transition.what)
    after = replace(after, events=(*after.events[:-1], replace(after.events[-1], words=transition.words)))
    if transition.what is Happening.OVERDUE:
        after = replace(after, overdue=promise.due)
    if is_reopened and is_acknowledged(after):
        after = replace(after, shows=True)
    return _planned(after, transition)


def _planned(snapshot: PromiseSnapshot, transition: Transition) -> PromiseSnapshot:
    def changed(effect: Effect) -> Effect:
        if effect.state is not EffectState.PLANNED:
            return effect
        if effect.kind in transition.cancel:
            note = transition.words or transition.what.value
            return replace(effect, state=EffectState.CANCELLED, note=note)
        if transition.hurry is not None and effect.kind.is_letter:
            return replace(effect, not_before=min(effect.not_before, transition.hurry))
        return effect

    snapshot = replace(snapshot, effects=tuple(map(changed, snapshot.effects)))
    for effect in transition.effects:
        snapshot = planned(snapshot, effect)
    return snapshot


def rescheduled(snapshot: PromiseSnapshot, due: datetime, reminder: datetime) -> PromiseSnapshot:
    """An open promise that nobody was told of yet gets a date that can be kept; a task that it has by
    now shows it."""
    new = replace(snapshot, promise=replace(snapshot.promise, due=due, reminder=reminder))
    return with_update(new, TaskUpdate(date=True, remember=True))


# --- its end ----------------------------------------------------------------------------------


def closed(snapshot: PromiseSnapshot, state: PromiseState, now: datetime, why: str) -> PromiseSnapshot:
    """The end of an open promise: what was planned for it isn't done any more, its task is ticked off,
    its question loses the category and its text leaves the ledger."""
    promise = snapshot.promise
    if promise.state is not PromiseState.OPEN:
        return snapshot
    effects = tuple(
        replace(effect, state=EffectState.CANCELLED, note=why) if effect.state in _UNDONE else effect
        for effect in snapshot.effects
    )
    after = without_text(replace(snapshot, effects=effects))
    after = replace(after, promise=replace(after.promise, state=state, why=why), closed=now)
    if is_acknowledged(snapshot) or after.earlier_tasks:
        after = replace(after, shows=False)
    if state is not PromiseState.DROPPED:
        after = with_update(after, TaskUpdate(complete=True))
    return noted(after, now, _CLOSED[state], words=why)


def answered(snapshot: PromiseSnapshot, at: datetime, now: datetime) -> PromiseSnapshot:
    """The owner answered: also a promise whose task was ticked off before counts as kept. That the task
    stands open by then, or is seen open again, doesn't take the answer back."""
    promise, task = snapshot.promise, snapshot.task
    if not promise.state.can_be_kept:
        return snapshot
    task = replace(task, is_complete=False) if task else None
    opened = replace(snapshot, promise=replace(promise, state=PromiseState.OPEN), task=task, answered=at)
    return closed(opened, PromiseState.KEPT, now, "the owner answered")


# --- its task ---------------------------------------------------------------------------------


def with_task_seen(snapshot: PromiseSnapshot, task: SeenTask, *, is_adopted: bool = False) -> PromiseSnapshot:
    """The task as it was seen; what is still to be done to it stays. How we left an adopted task isn't
    known: a day that isn't the promised one is the owner's."""
    if task.is_deleted:
        return snapshot
    snapshot = with_others_task(snapshot, task)
    before = snapshot.task
    is_same = before is not None and before.token == task.token
    now = TrackedTask(
        task.token,
        task.message_id,
        task.item,
        "" if is_adopted else task.key,
        None if is_adopted else task.due_date,
        is_complete=task.is_complete,
        folder=task.folder,
        task_update=before.task_update if before and is_same else TaskUpdate(),
    )
    return replace(snapshot, task=now)


def with_others_task(snapshot: PromiseSnapshot, task: SeenTask) -> PromiseSnapshot:
    """A further task that another ackd made by the owner's order is recorded like one of ours: the next one
    is another also when it is gone."""
    if task_number(snapshot.name, task.token) <= 0 or snapshot.effect(task.token) is not None:
        return snapshot
    *_, made = _tasks_until(task, snapshot.promise.question.received)
    return replace(snapshot, effects=(*snapshot.effects, made))


def with_task_written(
    snapshot: PromiseSnapshot, task: TrackedTask, *, is_done: bool = False
) -> PromiseSnapshot:
    """The task as it was just written; what is still to be done to it stays. With `is_done` that was what
    `task` says, and what came to it meanwhile is left."""
    before = snapshot.task
    left = before.task_update if before and before.token == task.token else task.task_update
    if is_done and left == task.task_update:
        left = TaskUpdate()
    return replace(snapshot, task=replace(task, task_update=left))


def without_task(snapshot: PromiseSnapshot, token: str) -> PromiseSnapshot:
    """The task with this token is no more, by our own hand or for good."""
    is_it = snapshot.task is not None and snapshot.task.token == token
    return replace(snapshot, task=None) if is_it else snapshot


def without_date_to_write(snapshot: PromiseSnapshot) -> PromiseSnapshot:
    """The date of the promise isn't written to its task any more; what else waits to be is."""
    task = snapshot.task
    if task is None:
        return snapshot
    update = replace(task.task_update, date=False, remember=False)
    return replace(snapshot, task=replace(task, task_update=update))


def with_update(snapshot: PromiseSnapshot, task_update: TaskUpdate) -> PromiseSnapshot:
    """More to be done to the task, where there is one."""
    task = snapshot.task
    if task is None or not task_update:
        return snapshot
    return replace(snapshot, task=replace(task, task_update=task.task_update | task_update))


# --- small parts ------------------------------------------------------------------------------


def with_question(snapshot: PromiseSnapshot, question: Question) -> PromiseSnapshot:
    """What a rebuilt ledger learns of the question from its mail, without its text."""
    known = replace(question, is_held=snapshot.promise.question.is_held)
    return without_text(replace(snapshot, promise=replace(snapshot.promise, question=known)))


def without_text(snapshot: PromiseSnapshot) -> PromiseSnapshot:
    """Nothing needs the question's text any more."""
    question = replace(snapshot.promise.question, text="", sentence="")
    return replace(snapshot, promise=replace(snapshot.promise, question=question))


def with_effect(snapshot: PromiseSnapshot, effect: Effect, token: str = "") -> PromiseSnapshot:
    """The snapshot with one of its effects as it is now; `token` is its name from before, if it got
    another."""
    before = token or effect.token
    effects = tuple(effect if one.token == before else one for one in snapshot.effects)
    return replace(snapshot, effects=effects)


def is_acknowledged(snapshot: PromiseSnapshot) -> bool:
    """Whether the question's acknowledgement is known to be out."""
    return snapshot.state_of(EffectKind.ACKNOWLEDGEMENT) is EffectState.DONE


def noted(
    snapshot: PromiseSnapshot, at: datetime, what: Happening, *, due: datetime | None = None, words: str = ""
) -> PromiseSnapshot:
    """Something happened that is to be recorded."""
    entry = HistoryEntry(at, what, due or snapshot.promise.due, words)
    return replace(snapshot, events=(*snapshot.events, entry))
