"""Tasks that no sync has shown: the server said that they were made, or another ackd made them."""

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
    token_of,
)
from ackd.model.followup import DELETED
from ackd.ports import Clock, Ledger, Mailbox
from ackd.promise import snapshots


def unseen(ledger: Ledger) -> Sequence[Pending]:
    """The tasks that are said to be made and weren't seen yet."""
    return ledger.unseen(EffectKind.TASK)


def met(mailbox: Mailbox, known: Iterable[PromiseSnapshot]) -> dict[str, SeenTask]:
    """By question, the tasks that no sync has shown and that are there now: another ackd made them since, and
    the owner may have deleted one of them before this ackd's next sync. Of several the last counts."""
    last = {snapshot.name: snapshot.last_task for snapshot in known if snapshot.task is None}
    wanted = {one.token: name for name, one in last.items() if one and one.state is not EffectState.DONE}
    return {wanted[task.token]: task for task in mailbox.tasks(list(wanted))} if wanted else {}


def with_deleted(mailbox: Mailbox, snapshot: PromiseSnapshot) -> PromiseSnapshot:
    """With the further tasks that another ackd made and that the owner deleted before a sync showed them: the
    one that the owner orders now is another."""
    while snapshot.next_task:
        token = token_of(snapshot.name, EffectKind.TASK, snapshot.next_task)
        gone = [task for task in mailbox.tasks([token]) if task.is_deleted]
        after = snapshots.with_others_task(snapshot, gone[0]) if gone else snapshot
        if after is snapshot:
            break
        snapshot = after
    return snapshot


def still_open(mailbox: Mailbox, ledger: Ledger, clock: Clock, due: Sequence[Pending]) -> list[Pending]:
    """Without later letters to an asker whose promise the owner ended by deleting a task that no sync has
    shown: that is looked for right before such a letter goes."""
    later = {pending.effect.message_id for pending in due if pending.effect.is_later_letter}
    found = met(mailbox, ledger.snapshots(later).values()) if later else {}
    deleted = {name for name, task in found.items() if task.is_deleted}
    for name in deleted:
        promises.close(ledger, name, PromiseState.WITHDRAWN, clock.now(), DELETED)
    return [pending for pending in due if pending.effect.message_id not in deleted]


def settle(mailbox: Mailbox, ledger: Ledger, clock: Clock, missed: Sequence[Pending]) -> None:
    """Look for tasks whose time to be seen is over: the owner filed them elsewhere or deleted them at once,
    before a sync; a person is told of those that are nowhere. What became of one beside which another was
    made says nothing of its promise."""
    tokens = [pending.effect.token for pending in missed]
    found = {task.token: task for task in mailbox.tasks(tokens)} if tokens else {}
    known = ledger.snapshots({pending.effect.message_id for pending in missed}) if missed else {}
    last = {snapshot.last_task.token for snapshot in known.values() if snapshot.last_task}
    absent = [pending.effect for pending in missed if pending.effect.token not in found]
    note = TASK_VANISHED if mailbox.sees_deleted_tasks else TASK_GONE
    promises.put(ledger, [one for one in absent if one.token in last], EffectState.PARKED, note)
    earlier = [one for one in absent if one.token not in last]
    promises.put(ledger, earlier, EffectState.CANCELLED, "another task was made beside it")
    promises.found(ledger, list(found))
    lasting = [task for token, task in found.items() if token in last]
    reconcile.follow_filed(mailbox, ledger, [task for task in lasting if task.folder])
    deleted = [task for task in lasting if task.is_deleted]
    for task in deleted:
        promises.close(ledger, task.message_id, PromiseState.WITHDRAWN, clock.now(), DELETED)
    promises.forget_tasks(ledger, {task.message_id: task.token for task in deleted})
