"""Whose hand a task shows, as it was seen now, beside how it was seen or written last: the owner's, another
ackd's, or our own."""

from __future__ import annotations

from collections.abc import Iterable

from ackd.model import (
    EffectKind,
    EffectState,
    Promise,
    PromiseSnapshot,
    PromiseState,
    SeenTask,
    TrackedTask,
    task_number,
)
from ackd.model.followup import DELETED, DRAFT_DELETED, SOLVED, TICKED
from ackd.promise.calendar import Calendar


def last_made(tasks: Iterable[SeenTask]) -> list[SeenTask]:
    """Of the tasks of one question the last; those before it stand for nothing any more."""
    numbered = sorted(tasks, key=lambda task: task_number(task.message_id, task.token))
    return list({task.message_id: task for task in numbered}.values())


def is_moved(promise: Promise, before: TrackedTask | None, task: SeenTask, calendar: Calendar) -> bool:
    """Whether the owner changed the day. Whatever a server or another client makes of the day
    that we wrote is no move: our own write coming back is known by its key."""
    if task.due_date is None or task.due_date == calendar.local_date(promise.due):
        return False
    if before is None:
        return True
    is_echo = bool(task.key) and task.key == before.key
    # what we have still to write was written by another ackd meanwhile, and isn't there any more
    was_written = before.task_update.date and task.promised == promise.due
    return not is_echo and (task.due_date != before.due_date or was_written)


def is_anothers(snapshot: PromiseSnapshot, task: SeenTask, calendar: Calendar) -> bool:
    """Whether another ackd wrote to the task since this one looked at it."""
    return is_told_by_another(snapshot, task) or is_moved_by_another(snapshot, task, calendar)


def is_told_by_another(snapshot: PromiseSnapshot, task: SeenTask) -> bool:
    """Whether another ackd on this mailbox told the asker a date that this one doesn't know of: the
    task remembers more new dates. A date of ours that isn't written yet goes before."""
    before = snapshot.task
    is_ours_to_write = before is not None and before.task_update.date
    return task.promised is not None and task.moves > snapshot.promise.moves and not is_ours_to_write


def is_overtaken(snapshot: PromiseSnapshot, task: SeenTask) -> bool:
    """Whether another ackd told the asker a date while one of this ackd's waits to be written to the task."""
    before = snapshot.task
    is_ours_to_write = before is not None and before.token == task.token and before.task_update.date
    return is_ours_to_write and task.promised is not None and task.moves > snapshot.promise.moves


def is_held_by_another(snapshot: PromiseSnapshot, task: SeenTask) -> bool:
    """Whether another ackd made the task and held the letter that this one sent: the asker knows the date
    of this one."""
    before = snapshot.task
    is_new = before is None or before.due_date is None
    return task.is_untold and snapshot.promise.told is not None and is_new


def is_moved_by_another(snapshot: PromiseSnapshot, task: SeenTask, calendar: Calendar) -> bool:
    """Whether another ackd moved the task: it wrote what the task remembers too, which the owner's
    own move leaves as it was."""
    promise, before = snapshot.promise, snapshot.task
    if before is not None and (before.task_update.date or (task.key and task.key == before.key)):
        return False
    return (
        task.promised is not None
        and task.promised != promise.due
        and max(task.moves, 0) >= promise.moves
        and calendar.local_date(task.promised) == task.due_date
    )


def is_taken_back(snapshot: PromiseSnapshot, task: SeenTask) -> bool:
    """Whether the owner took back the end of a promise: its task was ticked off or deleted, by
    whomever, and stands open in a list again; or another ackd, which the owner told to take the question up,
    made another task, also where this one reads of the end only now."""
    before, why = snapshot.task, snapshot.promise.why
    if why in (TICKED, DELETED):
        return True
    if before is None:
        return _is_promised_by_another(snapshot)
    is_another = task_number(task.message_id, task.token) > task_number(task.message_id, before.token)
    return is_another or (before.is_complete and task.key != before.key)


def _is_promised_by_another(snapshot: PromiseSnapshot) -> bool:
    """Whether another ackd made the task by the owner's order after the end, or for a promise that this one
    withdrew in silence: as too late, as left unsent by a pause or another mode, as no question. Not where the
    asker needs no answer, or was referred elsewhere, nor where the owner threw the draft away."""
    if snapshot.was_ordered_since:
        return True
    promise = snapshot.promise
    is_answered = promise.why in (SOLVED, DRAFT_DELETED) or promise.question.is_referred
    is_refused = snapshot.state_of(EffectKind.CANNOT_HELP) is EffectState.DONE
    is_made = snapshot.state_of(EffectKind.TASK) is EffectState.DONE
    return promise.state is PromiseState.WITHDRAWN and is_made and not is_answered and not is_refused
