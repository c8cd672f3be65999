"""Tasks, calendar entries and categories, kept as the promises stand.

What is to be done is in the ledger, and every write here may be repeated: it sets what is wanted
and adds no note twice. So nothing is journaled; what isn't known to be done is done again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ackd.engine import promises
from ackd.engine.questions import known_task_style
from ackd.engine.triage import Settings
from ackd.letters.task import subject_of, told_note
from ackd.model import (
    CategoryChange,
    CategoryUpdate,
    Done,
    EffectKind,
    EffectState,
    Importance,
    Outcome,
    Pending,
    Promise,
    PromiseSnapshot,
    PromiseState,
    Refused,
    SeenTask,
    Task,
    TaskChange,
    TrackedTask,
    earlier_tasks,
    token_of,
)
from ackd.model.followup import DELETED
from ackd.ports import Clock, Ledger, Mailbox

log = logging.getLogger(__name__)

BATCH = 100


def tend(mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings) -> bool:
    """One batch of what tasks and questions need. Returns whether anything was done. Raises
    AckdError where the mailbox refuses as a whole; then all of it is still to be done."""
    if not ledger.has_updates():
        return False
    waiting = ledger.task_updates()[:BATCH]
    did = _take_away(mailbox, ledger, [s for s in waiting if s.task and s.task.task_update.delete])
    _tend_calendar(mailbox, ledger, clock, waiting)
    kept = [s for s in waiting if s.task and not s.task.task_update.delete]
    did |= _change_tasks(mailbox, ledger, settings, kept)
    labels = ledger.category_updates()[:BATCH]
    left = _show_ends(mailbox, ledger, settings, [one.message_id for one in labels if one.promised is False])
    return did | _categorize(mailbox, ledger, settings, [one for one in labels if one.message_id not in left])


def _take_away(mailbox: Mailbox, ledger: Ledger, snapshots: Sequence[PromiseSnapshot]) -> bool:
    tokens = {snapshot.name: snapshot.task.token for snapshot in snapshots if snapshot.task}
    if tokens:
        mailbox.remove(list(tokens.values()), for_good=False)
        promises.forget_tasks(ledger, tokens)
    return bool(tokens)


def _tend_calendar(
    mailbox: Mailbox, ledger: Ledger, clock: Clock, snapshots: Sequence[PromiseSnapshot]
) -> None:
    """A calendar entry whose promise moved is made anew, one whose promise is closed goes."""
    stale = {
        token_of(snapshot.promise.question.message_id, EffectKind.APPOINTMENT): snapshot.promise
        for snapshot in snapshots
        if snapshot.state_of(EffectKind.APPOINTMENT) is EffectState.DONE and _shows_otherwise(snapshot)
    }
    if not stale:
        return
    mailbox.remove(list(stale))
    for token, promise in stale.items():
        if promise.state is PromiseState.OPEN:
            promises.plan_anew(ledger, token, clock.now(), "its promise moved")


def _show_ends(mailbox: Mailbox, ledger: Ledger, settings: Settings, ended: Sequence[str]) -> frozenset[str]:
    """What no task of theirs shows of promises that ended; returns those of which it couldn't be done yet."""
    known = ledger.snapshots(ended).values() if ended else ()
    over = [one for one in known if one.promise.state is not PromiseState.OPEN and one.task is None]
    _clear_calendar(mailbox, over)
    return _tick_off_earlier(mailbox, settings, over)


def _clear_calendar(mailbox: Mailbox, over: Sequence[PromiseSnapshot]) -> None:
    """The calendar entries of promises that ended with their tasks, which the owner deleted, go too."""
    gone = [
        token_of(snapshot.name, EffectKind.APPOINTMENT)
        for snapshot in over
        if snapshot.state_of(EffectKind.APPOINTMENT) is EffectState.DONE
    ]
    if gone:
        mailbox.remove(gone)


def _tick_off_earlier(
    mailbox: Mailbox, settings: Settings, over: Sequence[PromiseSnapshot]
) -> frozenset[str]:
    """Where the owner ordered another task and the promise ended before it was made, the tasks beside which
    it was to be made show that end, and lose the command that ordered it."""
    promise_of = {token: one.promise for one in over for token in one.earlier_tasks}
    found = mailbox.tasks(list(promise_of)) if promise_of else ()
    changes: dict[str, TaskChange] = {}
    for task in found:
        category = promise_of[task.token].question.category or settings.category
        names = settings.follow.names(task.categories)
        names += (category,) if category and not task.is_complete else ()
        if not task.is_deleted and (names or not task.is_complete):
            done = not task.is_complete
            changes[task.token] = TaskChange(task.token, task.item, task.key, complete=done, remove=names)
    left = _still_to_change(mailbox, list(changes.values()))
    return frozenset(promise_of[token].question.message_id for token in left)


def _still_to_change(mailbox: Mailbox, changes: Sequence[TaskChange]) -> frozenset[str]:
    """Change tasks; returns the tokens of those where it isn't known to be done and may be later."""
    outcomes = mailbox.change_tasks(changes) if changes else []
    return frozenset(
        change.token
        for change, outcome in zip(changes, outcomes, strict=True)
        if not isinstance(outcome, Done) and not (isinstance(outcome, Refused) and not outcome.retry)
    )


def _shows_otherwise(snapshot: PromiseSnapshot) -> bool:
    task_update = snapshot.task.task_update if snapshot.task else None
    return bool(task_update and (task_update.date or task_update.complete or task_update.delete))


def _change_tasks(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, snapshots: Sequence[PromiseSnapshot]
) -> bool:
    if not snapshots:
        return False
    settings = replace(settings, task_style=known_task_style(ledger, settings))
    changes = [change_of(snapshot, settings) for snapshot in snapshots]
    outcomes = mailbox.change_tasks(changes)
    gone: list[PromiseSnapshot] = []
    for snapshot, change, outcome in zip(snapshots, changes, outcomes, strict=True):
        assert snapshot.task is not None
        if isinstance(outcome, Done):
            promises.track(ledger, [_as_written(snapshot.task, change, outcome)], is_done=True)
        elif isinstance(outcome, Refused) and outcome.is_gone:
            gone.append(snapshot)
        elif isinstance(outcome, Refused) and not outcome.retry:
            log.warning("event=task-unchanged: %s", outcome.reason)
            promises.track(ledger, [snapshot.task], is_done=True)
    _look_for(mailbox, ledger, gone)
    return any(isinstance(outcome, Done) for outcome in outcomes)


def change_of(snapshot: PromiseSnapshot, settings: Settings) -> TaskChange:
    """What makes a task show how its promise stands."""
    promise, task = snapshot.promise, snapshot.task
    assert task is not None
    task_update, is_open = task.task_update, promise.state is PromiseState.OPEN
    category = promise.question.category or settings.category
    redated = task_update.date and is_open
    language = settings.task_style.spoken
    told = told_note(promise, settings.calendar, language) if task_update.remember else ""
    return TaskChange(
        task.token,
        task.item,
        task.key,
        due_date=settings.calendar.local_date(promise.due) if redated else None,
        reminder=promise.reminder if redated else None,
        subject=_subject(promise, settings) if redated else None,
        promised=promise.due if task_update.remember else None,
        told=promise.told if task_update.remember else None,
        moves=promise.shown_moves if task_update.remember else None,
        importance=Importance.HIGH if task_update.urgent else None,
        notes="\n\n".join(filter(None, (*task_update.notes, told))),
        complete=task_update.complete,
        add=task_update.add,
        remove=(*task_update.remove, *((category,) if task_update.complete and category else ())),
    )


def take_orders_off(mailbox: Mailbox, settings: Settings, due: Sequence[Pending]) -> list[Pending]:
    """Before another task is made beside those that are ticked off or gone, the commands that ordered it are
    taken off them: no ledger that is rebuilt, and no other ackd, is to obey them once more. Returns those of
    the tasks that may be made now: the others wait until that is done."""
    beside = [pending.effect for pending in due if pending.effect.occasion]
    earlier = {token: one.token for one in beside for token in earlier_tasks(one.message_id, one.token)}
    changes = [
        TaskChange(task.token, task.item, task.key, remove=names)
        for task in (mailbox.tasks(list(earlier)) if earlier else ())
        if not task.is_deleted and (names := settings.follow.names(task.categories))
    ]
    waiting = {earlier[token] for token in _still_to_change(mailbox, changes)}
    return [pending for pending in due if pending.effect.token not in waiting]


def _subject(promise: Promise, settings: Settings) -> str | None:
    """None where a rebuilt ledger doesn't know what the question was about."""
    return subject_of(promise, settings.calendar, settings.task_style) if promise.question.subject else None


def _as_written(task: TrackedTask, change: TaskChange, outcome: Done) -> TrackedTask:
    return replace(
        task,
        item=outcome.item or task.item,
        key=outcome.key,
        due_date=change.due_date or task.due_date,
        is_complete=task.is_complete or change.complete,
    )


def _look_for(mailbox: Mailbox, ledger: Ledger, gone: Sequence[PromiseSnapshot]) -> None:
    """Tasks that aren't where they were: followed to where they are. Of those that are nowhere the
    next sync tells; where the promise is closed there is nothing left to show."""
    tokens = [snapshot.task.token for snapshot in gone if snapshot.task]
    found = {task.token: task for task in mailbox.tasks(tokens)} if tokens else {}
    for snapshot in gone:
        assert snapshot.task is not None
        where = found.get(snapshot.task.token)
        if where is not None and not where.is_deleted:
            moved = replace(snapshot.task, item=where.item, key=where.key, folder=where.folder)
            promises.track(ledger, [moved])
        elif snapshot.promise.state is not PromiseState.OPEN:
            promises.forget_tasks(ledger, {snapshot.name: snapshot.task.token})


def follow_filed(mailbox: Mailbox, ledger: Ledger, tasks: Sequence[SeenTask]) -> None:
    """Tasks that the owner filed in another list before they were seen: from now on they are
    watched there, and the next listing tells what else changed."""
    snapshots = ledger.snapshots([task.message_id for task in tasks])
    for task in tasks:
        snapshot = snapshots.get(task.message_id)
        if snapshot is not None and snapshot.task is not None:
            promises.track(ledger, [replace(snapshot.task, item=task.item, folder=task.folder)])
    if tasks:
        mailbox.watch_tasks(ledger.task_folders())


def _categorize(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, category_updates: Sequence[CategoryUpdate]
) -> bool:
    changes = [_category_change(label, settings) for label in category_updates]
    wanted = [change for change in changes if change.add or change.remove]
    outcomes: list[Outcome] = mailbox.categorize(wanted) if wanted else []
    left = {
        change.message_id
        for change, outcome in zip(wanted, outcomes, strict=True)
        if not isinstance(outcome, Done) and not (isinstance(outcome, Refused) and not outcome.retry)
    }
    done = [label for label in category_updates if label.message_id not in left]
    ledger.categories_updated(done)
    return bool(done)


def _category_change(label: CategoryUpdate, settings: Settings) -> CategoryChange:
    category = label.category or settings.category
    shown = (category,) if category else ()
    return CategoryChange(
        label.message_id,
        label.item,
        add=shown if label.promised else (),
        remove=(*label.obeyed, *(shown if label.promised is False else ())),
    )


def follow_found(mailbox: Mailbox, ledger: Ledger, tokens: Sequence[str], now: datetime) -> None:
    """Tasks that were found before a sync showed them: followed from now on, wherever they lie.
    What the owner deleted meanwhile closes its promise."""
    found = mailbox.tasks(tokens)
    snapshots = ledger.snapshots(seen.message_id for seen in found)
    met: list[TrackedTask] = []
    for seen in found:
        snapshot = snapshots.get(seen.message_id)
        if snapshot is None or snapshot.task is not None or not snapshot.is_last_task(seen.token):
            continue
        if seen.is_deleted:
            promises.close(ledger, seen.message_id, PromiseState.WITHDRAWN, now, DELETED)
        else:
            met.append(TrackedTask(seen.token, seen.message_id, seen.item, folder=seen.folder))
    promises.track(ledger, met)
    if any(made.folder for made in met):
        mailbox.watch_tasks(ledger.task_folders())


def made(items: Sequence[object], outcomes: Mapping[str, Outcome]) -> Iterator[TrackedTask]:
    """The tasks that were just made; of those whose outcome isn't known the next sync tells."""
    for one in items:
        outcome = outcomes.get(one.token) if isinstance(one, Task) else None
        if isinstance(one, Task) and isinstance(outcome, Done):
            yield TrackedTask(one.token, one.message_id, outcome.item, outcome.key, one.due_date)
