"""Promises with all that belongs to them: read as they stand, written as they are to stand; inside a
transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd.ledger import rows, tracking
from ackd.ledger.tables import effects, failures, history, labels, promises, stamps, tracked
from ackd.model import NO_PROMISE, NOTICES, Change, Effect, PromiseSnapshot, TrackedTask

_TASKS_OF = sa.select(tracked).where(rows.names(tracked.c.message_id))
_PROMISES_OF = (
    sa.select(promises, labels.c.promised)
    .outerjoin(labels, labels.c.message_id == promises.c.message_id)
    .where(rows.names(promises.c.message_id))
)


def read(db: Connection, message_ids: Iterable[str]) -> dict[str, PromiseSnapshot]:
    """The promises for these questions, by the question."""
    found: dict[str, PromiseSnapshot] = {}
    for chunk in rows.chunks(message_ids):
        done = rows.effects_of(db, chunk)
        tasks = {
            row["message_id"]: tracking.to_task(row)
            for row in db.execute(_TASKS_OF, {"names": chunk}).mappings()
        }
        for row in db.execute(_PROMISES_OF, {"names": chunk}).mappings():
            mid = row["message_id"]
            found[mid] = PromiseSnapshot(
                rows.to_promise(row),
                tuple(done[mid]),
                tasks.get(mid),
                shows=None if row["promised"] is None else bool(row["promised"]),
                **{name: row[name] for name in ("made", "first_due", "overdue", "answered", "closed")},
            )
        if NOTICES in chunk:
            found[NOTICES] = PromiseSnapshot(NO_PROMISE, tuple(done[NOTICES]))
    return found


def changed(db: Connection, changes: Collection[Change]) -> frozenset[str]:
    """Which promises aren't as they were seen any more. From here on nobody else writes until the
    transaction ends."""
    rows.lock(db)
    now = read(db, [change.after.name for change in changes])
    return frozenset(change.after.name for change in changes if now.get(change.after.name) != change.before)


def write(db: Connection, changes: Iterable[Change], failed: Sequence[Sequence[str]] = ()) -> None:
    """Write the differences, row by row."""
    for change in changes:
        _write_promise(db, change)
        _write_effects(db, change)
        _write_task(db, change.before.task if change.before else None, change.after.task)
        name, shows = change.after.name, change.after.shows
        if shows is not None and shows != (change.before and change.before.shows):
            tracking.put_label(db, name, promised=int(shows))
        for entry in change.after.events:
            db.execute(
                sa.insert(history).values(
                    message_id=name, at=entry.at, what=entry.what.value, due=entry.due, words=entry.words
                )
            )
    _write_failed(db, failed)


def _write_promise(db: Connection, change: Change) -> None:
    name, columns = change.after.name, rows.from_snapshot(change.after)
    if name == NOTICES:
        return
    if change.before is None:
        asker = change.after.promise.question.asker.key
        db.execute(sa.insert(promises).values(message_id=name, asker=asker, **columns))
        return
    before = rows.from_snapshot(change.before)
    new = {column: value for column, value in columns.items() if value != before[column]}
    if new:
        db.execute(sa.update(promises).where(promises.c.message_id == name).values(**new))


def _write_effects(db: Connection, change: Change) -> None:
    known = {effect.number: effect for effect in change.before.effects} if change.before else {}
    asker = change.after.promise.question.asker.key
    for effect in change.after.effects:
        before = known.get(effect.number)
        if before is None:
            identity = {"kind": effect.kind.value, "message_id": effect.message_id, "asker": asker}
            db.execute(sa.insert(effects).values(**identity, **rows.from_effect(effect)))
        elif effect != before:
            here = effects.c.number == effect.number
            db.execute(sa.update(effects).where(here).values(**rows.from_effect(effect)))
        if effect != before:
            _write_beside(db, before, effect)


def _write_beside(db: Connection, before: Effect | None, effect: Effect) -> None:
    """What is kept of an effect in other tables."""
    if effect.stamp != (before and before.stamp):
        db.execute(sa.delete(stamps).where(stamps.c.token == effect.token))
        if effect.stamp is not None:
            db.execute(sa.insert(stamps).values(token=effect.token, stamp=effect.stamp.dump()))
    if before is None or effect.failure == before.failure:
        return
    here = failures.c.token == before.token
    if effect.failure is None:
        db.execute(sa.delete(failures).where(here))
    else:
        db.execute(sa.update(failures).where(here).values(copied=int(effect.failure.copied)))


def _write_task(db: Connection, before: TrackedTask | None, task: TrackedTask | None) -> None:
    if task == before:
        return
    if before is not None and (task is None or task.token != before.token):
        db.execute(sa.delete(tracked).where(tracked.c.token == before.token))
    if task is None:
        return
    columns = tracking.from_task(task)
    if not db.execute(sa.update(tracked).where(tracked.c.token == task.token).values(**columns)).rowcount:
        db.execute(sa.insert(tracked).values(**columns))


def _write_failed(db: Connection, failed: Sequence[Sequence[str]]) -> None:
    """Letters of which the server said that sending them failed, by requests."""
    for request in failed:
        for chunk in rows.chunks(request):
            db.execute(sa.delete(failures).where(failures.c.token.in_(chunk)))
        batch = (db.scalar(sa.select(sa.func.max(failures.c.batch))) or 0) + 1
        for place, token in enumerate(request):
            db.execute(sa.insert(failures).values(token=token, batch=batch, place=place, copied=0))
