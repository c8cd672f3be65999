"""Promises with all that belongs to them: read as they stand, written as they are to stand; inside a
transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa

from ackd.ledger import rows, tracking
from ackd.ledger.statements import Connection, insert, joined, select
from ackd.ledger.tables import effects, failures, history, labels, promises, stamps, tracked
from ackd.ledger.writes import Writes, delete, update
from ackd.model import NO_PROMISE, NOTICES, Change, Effect, PromiseSnapshot, TrackedTask

_WITH_LABELS = joined(promises, labels, labels.c.message_id == promises.c.message_id)
_WITH_TASKS = joined(_WITH_LABELS, tracked, tracked.c.message_id == promises.c.message_id)
_OWN = (
    *(promises.c.message_id, labels.c.promised, promises.c.made, promises.c.first_due),
    *(promises.c.overdue, promises.c.answered, promises.c.closed),
)
_PROMISES_OF = select(_WITH_TASKS, *_OWN, *rows.PROMISE_COLUMNS, *tracking.TASK_COLUMNS).where(
    rows.names(promises.c.message_id)
)
_TO_PROMISE, _TO_TASK = len(_OWN), len(_OWN) + len(rows.PROMISE_COLUMNS)


def read(db: Connection, message_ids: Iterable[str]) -> dict[str, PromiseSnapshot]:
    """The promises for these questions, by the question."""
    found: dict[str, PromiseSnapshot] = {}
    for chunk in rows.chunks(message_ids):
        done = rows.effects_of(db, chunk)
        for row in db.execute(_PROMISES_OF, {"names": chunk}).all() if chunk != [NOTICES] else ():
            mid, shows, made, first_due, overdue, answered, closed = row[:_TO_PROMISE]
            task = row[_TO_TASK:]
            found[mid] = PromiseSnapshot(
                rows.of_promise(row[_TO_PROMISE:_TO_TASK]),
                tuple(done[mid]),
                None if task[0] is None else tracking.to_task(task),
                shows=None if shows is None else bool(shows),
                made=made,
                first_due=first_due,
                overdue=overdue,
                answered=answered,
                closed=closed,
            )
        if NOTICES in chunk:
            found[NOTICES] = PromiseSnapshot(NO_PROMISE, tuple(done[NOTICES]))
    return found


def changed(db: Connection, changes: Collection[Change]) -> frozenset[str]:
    """Which promises aren't as they were seen any more. Nobody else writes until the transaction ends
    (`Database`)."""
    now = read(db, [change.after.name for change in changes])
    return frozenset(change.after.name for change in changes if now.get(change.after.name) != change.before)


_INSERT_PROMISE, _CHANGE_PROMISE = insert(promises), update(promises.c.message_id)
_INSERT_EFFECT, _CHANGE_EFFECT = insert(effects), update(effects.c.number)
_INSERT_STAMP, _DELETE_STAMP = insert(stamps), delete(stamps.c.token)
_INSERT_TASK, _DELETE_TASK = insert(tracked), delete(tracked.c.token)
_INSERT_FAILURE, _DELETE_FAILURE = insert(failures), delete(failures.c.token)
_CHANGE_FAILURE = update(failures.c.token)
_INSERT_HISTORY = insert(history)
_LAST_REQUEST = select(failures, sa.func.max(failures.c.batch))


def write(db: Connection, changes: Iterable[Change], failed: Sequence[Sequence[str]] = ()) -> None:
    """Write the differences, row by row."""
    writes, shown = Writes(), {}
    for change in changes:
        _write_promise(writes, change)
        _write_effects(writes, change)
        _write_task(writes, change.before.task if change.before else None, change.after.task)
        name, shows = change.after.name, change.after.shows
        if shows is not None and shows != (change.before and change.before.shows):
            shown[name] = int(shows)
        for entry in change.after.events:
            writes.add(
                _INSERT_HISTORY,
                message_id=name,
                at=entry.at,
                what=entry.what.value,
                due=entry.due,
                words=entry.words,
            )
    writes.execute(db)
    tracking.put_labels(db, promised=shown)
    _write_failed(db, failed)


def _write_promise(writes: Writes, change: Change) -> None:
    before, after, name = change.before, change.after, change.after.name
    if name == NOTICES or (before is not None and rows.is_same_promise(before, after)):
        return
    if before is None:
        asker = after.promise.question.asker.key
        writes.add(_INSERT_PROMISE, message_id=name, asker=asker, **rows.from_snapshot(after))
    elif columns := rows.changed_of_promise(before, after):
        writes.add(_CHANGE_PROMISE, at=name, **columns)


def _write_effects(writes: Writes, change: Change) -> None:
    known = {effect.number: effect for effect in change.before.effects} if change.before else {}
    asker = change.after.promise.question.asker.key
    for effect in change.after.effects:
        before = known.get(effect.number)
        if before is None:
            identity = {"kind": effect.kind.value, "message_id": effect.message_id, "asker": asker}
            writes.add(_INSERT_EFFECT, **identity, **rows.from_effect(effect))
        elif effect != before and (columns := rows.changed_of_effect(before, effect)):
            writes.add(_CHANGE_EFFECT, at=effect.number, **columns)
        if effect != before:
            _write_beside(writes, before, effect)


def _write_beside(writes: Writes, before: Effect | None, effect: Effect) -> None:
    """What is kept of an effect in other tables."""
    if effect.stamp != (before and before.stamp):
        writes.add(_DELETE_STAMP, at=effect.token)
        if effect.stamp is not None:
            writes.add(_INSERT_STAMP, token=effect.token, stamp=effect.stamp.dump())
    if before is None or effect.failure == before.failure:
        return
    if effect.failure is None:
        writes.add(_DELETE_FAILURE, at=before.token)
    else:
        writes.add(_CHANGE_FAILURE, at=before.token, copied=int(effect.failure.copied))


def _write_task(writes: Writes, before: TrackedTask | None, task: TrackedTask | None) -> None:
    if task == before:
        return
    if before is not None:
        writes.add(_DELETE_TASK, at=before.token)
    if task is not None:
        writes.add(_DELETE_TASK, at=task.token)
        writes.add(_INSERT_TASK, **tracking.from_task(task))


def _write_failed(db: Connection, failed: Sequence[Sequence[str]]) -> None:
    """Letters of which the server said that sending them failed, by requests."""
    if not failed:
        return
    first = (db.scalar(_LAST_REQUEST) or 0) + 1
    writes = Writes()
    for batch, request in enumerate(failed, first):
        for place, token in enumerate(request):
            writes.add(_DELETE_FAILURE, at=token)
            writes.add(_INSERT_FAILURE, token=token, batch=batch, place=place, copied=0)
    writes.execute(db)
