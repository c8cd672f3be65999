"""Tasks, calendar entries and categories, kept as the promises stand.

What is to be done is in the ledger, and every write here may be repeated: it sets what is wanted
and adds no note twice. So nothing is journaled; what isn't known to be done is done again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from ackd.judgement import Settings
from ackd.letters.task import subject_of
from ackd.model import (
    CategoryChange,
    DeskTask,
    Done,
    EffectKind,
    EffectState,
    Importance,
    Label,
    Outcome,
    Promise,
    PromiseState,
    Refused,
    SeenTask,
    Standing,
    TaskChange,
    token_of,
)
from ackd.ports import Clock, Ledger, Mailbox

log = logging.getLogger(__name__)

BATCH = 100


def tend(mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings) -> bool:
    """One batch of what tasks and questions need. Returns whether anything was done. Raises
    AckdError where the mailbox refuses as a whole; then all of it is still to be done."""
    if not ledger.has_chores():
        return False
    waiting = ledger.chores()[:BATCH]
    did = _take_away(mailbox, ledger, [s for s in waiting if s.task and s.task.chore.delete])
    _tend_calendar(mailbox, ledger, clock, waiting)
    kept = [s for s in waiting if s.task and not s.task.chore.delete]
    did |= _change_tasks(mailbox, ledger, settings, kept)
    return did | _categorize(mailbox, ledger, settings, ledger.labels()[:BATCH])


def _take_away(mailbox: Mailbox, ledger: Ledger, standings: Sequence[Standing]) -> bool:
    tokens = [standing.task.token for standing in standings if standing.task]
    if tokens:
        mailbox.remove(tokens, for_good=False)
        ledger.forget_tasks(tokens)
    return bool(tokens)


def _tend_calendar(mailbox: Mailbox, ledger: Ledger, clock: Clock, standings: Sequence[Standing]) -> None:
    """A calendar entry whose promise moved is made anew, one whose promise is closed goes."""
    stale = {
        token_of(standing.promise.question.message_id, EffectKind.APPOINTMENT): standing.promise
        for standing in standings
        if standing.state_of(EffectKind.APPOINTMENT) is EffectState.DONE and _shows_otherwise(standing)
    }
    if not stale:
        return
    mailbox.remove(list(stale))
    for token, promise in stale.items():
        if promise.state is PromiseState.OPEN:
            ledger.plan_anew(token, clock.now(), "its promise moved")


def _shows_otherwise(standing: Standing) -> bool:
    chore = standing.task.chore if standing.task else None
    return bool(chore and (chore.date or chore.complete or chore.delete))


def _change_tasks(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, standings: Sequence[Standing]
) -> bool:
    changes = [change_of(standing, settings) for standing in standings]
    if not changes:
        return False
    outcomes = mailbox.change_tasks(changes)
    gone: list[Standing] = []
    for standing, change, outcome in zip(standings, changes, outcomes, strict=True):
        assert standing.task is not None
        if isinstance(outcome, Done):
            ledger.lay([_as_written(standing.task, change, outcome)], done=True)
        elif isinstance(outcome, Refused) and outcome.is_gone:
            gone.append(standing)
        elif isinstance(outcome, Refused) and not outcome.retry:
            log.warning("event=task-unchanged: %s", outcome.reason)
            ledger.lay([standing.task], done=True)
    _look_for(mailbox, ledger, gone)
    return any(isinstance(outcome, Done) for outcome in outcomes)


def change_of(standing: Standing, settings: Settings) -> TaskChange:
    """What makes a task show how its promise stands."""
    promise, task = standing.promise, standing.task
    assert task is not None
    chore, is_open = task.chore, promise.state is PromiseState.OPEN
    category = promise.question.category or settings.category
    redated = chore.date and is_open
    return TaskChange(
        task.token,
        task.item,
        task.key,
        due_date=settings.calendar.local_date(promise.due) if redated else None,
        reminder=promise.reminder if redated else None,
        subject=_subject(promise, settings) if redated else None,
        promised=promise.due if chore.remember else None,
        moves=promise.moves if chore.remember else None,
        importance=Importance.HIGH if chore.urgent else None,
        notes="\n\n".join(chore.notes),
        complete=chore.complete,
        add=chore.add,
        remove=(*chore.remove, *((category,) if chore.complete and category else ())),
    )


def _subject(promise: Promise, settings: Settings) -> str | None:
    """None where a rebuilt ledger doesn't know what the question was about."""
    return subject_of(promise, settings.calendar, settings.desk) if promise.question.subject else None


def _as_written(task: DeskTask, change: TaskChange, outcome: Done) -> DeskTask:
    return replace(
        task,
        item=outcome.item or task.item,
        key=outcome.key,
        due_date=change.due_date or task.due_date,
        is_complete=task.is_complete or change.complete,
    )


def _look_for(mailbox: Mailbox, ledger: Ledger, gone: Sequence[Standing]) -> None:
    """Tasks that aren't where they were: followed to where they are. Of those that are nowhere the
    next sync tells; where the promise is closed there is nothing left to show."""
    tokens = [standing.task.token for standing in gone if standing.task]
    found = {task.token: task for task in mailbox.tasks(tokens)} if tokens else {}
    for standing in gone:
        assert standing.task is not None
        where = found.get(standing.task.token)
        if where is not None and not where.is_deleted:
            ledger.lay([replace(standing.task, item=where.item, key=where.key, folder=where.folder)])
        elif standing.promise.state is not PromiseState.OPEN:
            ledger.forget_tasks([standing.task.token])


def follow_filed(mailbox: Mailbox, ledger: Ledger, tasks: Sequence[SeenTask]) -> None:
    """Tasks that the owner filed in another list before they were seen: from now on they are
    watched there, and the next listing tells what else changed."""
    standings = ledger.standings([task.message_id for task in tasks])
    for task in tasks:
        standing = standings.get(task.message_id)
        if standing is not None and standing.task is not None:
            ledger.lay([replace(standing.task, item=task.item, folder=task.folder)])
    if tasks:
        mailbox.watch_tasks(ledger.task_folders())


def _categorize(mailbox: Mailbox, ledger: Ledger, settings: Settings, labels: Sequence[Label]) -> bool:
    changes = [_category_change(label, settings) for label in labels]
    wanted = [change for change in changes if change.add or change.remove]
    needless = {label.message_id for label in labels} - {change.message_id for change in wanted}
    outcomes: list[Outcome] = mailbox.categorize(wanted) if wanted else []
    done = [
        change.message_id
        for change, outcome in zip(wanted, outcomes, strict=True)
        if isinstance(outcome, Done) or (isinstance(outcome, Refused) and not outcome.retry)
    ]
    ledger.labelled([*done, *needless])
    return bool(done or needless)


def _category_change(label: Label, settings: Settings) -> CategoryChange:
    category = label.category or settings.category
    shown = (category,) if category else ()
    return CategoryChange(
        label.message_id,
        label.item,
        add=shown if label.promised else (),
        remove=(*label.obeyed, *(shown if label.promised is False else ())),
    )
