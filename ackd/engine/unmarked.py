"""Tasks of ours in which the backend sees no mark: another ackd made them, which reaches the same mailbox in
another way. They are marked, so that both follow the same one: none is made twice, or taken for deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ackd.engine import promises, reconcile
from ackd.engine.task_match import Wanted, matched
from ackd.engine.triage import Settings
from ackd.letters.task import titles_of
from ackd.model import Done, Pending, PromiseState, TaskMark
from ackd.model.followup import DELETED
from ackd.ports import Clock, Ledger, Mailbox


def take_over(
    mailbox: Mailbox,
    ledger: Ledger,
    clock: Clock,
    settings: Settings,
    missing: Sequence[Pending],
    may_write: Callable[[], bool],
) -> frozenset[str]:
    """Of tasks that another ackd's letters speak of and that weren't found, those that stand there unmarked,
    by token; one that the owner deleted closes its promise."""
    known = {pending.effect.token: pending for pending in missing}
    found = matched([_wanted(one, settings) for one in missing], mailbox.unmarked_tasks(())) if known else {}
    deleted = [token for token, task in found.items() if task.is_deleted]
    for token in deleted:
        question = known[token].effect.message_id
        promises.close(ledger, question, PromiseState.WITHDRAWN, clock.now(), DELETED)
    marks = [
        _mark(known[token], task.item, task.folder) for token, task in found.items() if token not in deleted
    ]
    if not marks or not may_write():
        return frozenset(deleted)
    outcomes = zip(marks, mailbox.mark_tasks(marks), strict=True)
    marked = [mark.token for mark, outcome in outcomes if isinstance(outcome, Done)]
    promises.found(ledger, marked)
    reconcile.follow_found(mailbox, ledger, marked, clock.now())
    return frozenset((*deleted, *marked))


def _wanted(pending: Pending, settings: Settings) -> Wanted:
    promise, calendar = pending.promise, settings.calendar
    question = promise.question
    return Wanted(
        pending.effect.token,
        "",
        question.message_id,
        titles_of(promise, calendar),
        calendar.local_date(promise.due),
        question.category or settings.category,
        question.asker.key,
    )


def _mark(pending: Pending, item: str, folder: str) -> TaskMark:
    promise, question = pending.promise, pending.promise.question
    return TaskMark(
        item,
        pending.effect.token,
        question.message_id,
        question.asker.key,
        promise.due,
        promise.shown_moves,
        folder,
        promise.told,
    )
