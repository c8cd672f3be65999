"""Tasks that the server said were made and that no sync has shown since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ackd.engine import promises, reconcile
from ackd.model import (
    TASK_GONE,
    TASK_VANISHED,
    EffectKind,
    EffectState,
    Pending,
    PromiseSnapshot,
    PromiseState,
    SeenTask,
)
from ackd.model.followup import DELETED
from ackd.ports import Clock, Ledger, Mailbox


def unseen(ledger: Ledger) -> Sequence[Pending]:
    """The tasks that are said to be made and weren't seen yet."""
    return ledger.unseen(EffectKind.TASK)


def parked(mailbox: Mailbox, snapshots: Iterable[PromiseSnapshot]) -> dict[str, SeenTask]:
    """By question, the tasks that no sync has shown and that are there now: another ackd made them since, and
    the owner may have deleted one of them before this ackd's next sync."""
    wanted = {
        effect.token: snapshot.name
        for snapshot in snapshots
        if snapshot.task is None
        for effect in snapshot.effects
        if effect.kind is EffectKind.TASK and effect.state is EffectState.PARKED
    }
    return {wanted[task.token]: task for task in mailbox.tasks(list(wanted))} if wanted else {}


def settle(mailbox: Mailbox, ledger: Ledger, clock: Clock, missed: Sequence[Pending]) -> None:
    """Look for tasks whose time to be seen is over: the owner filed them elsewhere or deleted them at once,
    before a sync; a person is told of those that are nowhere."""
    tokens = [pending.effect.token for pending in missed]
    found = {task.token: task for task in mailbox.tasks(tokens)} if tokens else {}
    absent = [pending.effect for pending in missed if pending.effect.token not in found]
    note = TASK_VANISHED if mailbox.sees_deleted_tasks else TASK_GONE
    promises.put(ledger, absent, EffectState.PARKED, note)
    promises.found(ledger, list(found))
    reconcile.follow_filed(mailbox, ledger, [task for task in found.values() if task.folder])
    deleted = [task for task in found.values() if task.is_deleted]
    for task in deleted:
        promises.close(ledger, task.message_id, PromiseState.WITHDRAWN, clock.now(), DELETED)
    promises.forget_tasks(ledger, {task.message_id: task.token for task in deleted})
