"""What is to be done to tasks and questions, and the history of promises: rows, inside a
transaction that the caller holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from ackd.ledger import codec
from ackd.ledger.tables import desk, effects, history, labels, mails, promises
from ackd.model import CategoryUpdate, EffectKind, Happening, SeenTask, TaskUpdate, TrackedTask, task_number


def dump(task_update: TaskUpdate) -> str | None:
    """Only what is set; None where there is nothing to do."""
    return (
        json.dumps({key: value for key, value in asdict(task_update).items() if value})
        if task_update
        else None
    )


def load(text: str | None) -> TaskUpdate:
    """The chore of a task."""
    data: dict[str, Any] = json.loads(text) if text else {}
    made: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
    return TaskUpdate(**made)


def to_task(row: RowMapping) -> TrackedTask:
    """A row of `desk` as a value."""
    return TrackedTask(
        token=row["token"],
        message_id=row["message_id"],
        item=row["item"],
        key=row["key"],
        due_date=date.fromisoformat(row["due_date"]) if row["due_date"] else None,
        is_complete=bool(row["complete"]),
        folder=row["folder"],
        task_update=load(row["chore"]),
    )


def track_tasks(db: Connection, task: TrackedTask) -> None:
    """A task as it was written: what is still to be done to it stays."""
    row = db.execute(sa.select(desk).where(desk.c.token == task.token)).mappings().first()
    values = {
        "message_id": task.message_id,
        "item": task.item,
        "key": task.key,
        "due_date": task.due_date.isoformat() if task.due_date else None,
        "complete": int(task.is_complete),
        "folder": task.folder,
    }
    if row is None:
        db.execute(sa.insert(desk).values(token=task.token, chore=dump(task.task_update), **values))
    else:
        db.execute(sa.update(desk).where(desk.c.token == task.token).values(**values))


def see(db: Connection, task: SeenTask) -> None:
    """A task as it was seen; where another was made for the question since, nothing of it."""
    mid, number = task.message_id, task_number(task.message_id, task.token)
    kept = list(
        db.scalars(sa.select(desk.c.token).where(desk.c.message_id == mid, desk.c.token != task.token))
    )
    is_task = (effects.c.message_id == mid) & (effects.c.kind == EffectKind.TASK.value)
    known = [*kept, *db.scalars(sa.select(effects.c.token).where(is_task))]
    if any(task_number(mid, token) > number for token in known):
        return
    if kept and number > 0:
        db.execute(sa.delete(desk).where(desk.c.token.in_(kept)))
    track_tasks(
        db,
        TrackedTask(
            task.token,
            task.message_id,
            task.item,
            task.key,
            task.due_date,
            is_complete=task.is_complete,
            folder=task.folder,
        ),
    )


def add_update(db: Connection, message_ids: Iterable[str], task_update: TaskUpdate) -> None:
    """More to be done to the tasks of these questions, where they have any."""
    for message_id in message_ids:
        query = sa.select(desk.c.token, desk.c.chore).where(desk.c.message_id == message_id)
        for token, text in list(db.execute(query)):
            both = load(text) | task_update
            db.execute(sa.update(desk).where(desk.c.token == token).values(chore=dump(both)))


def stay_open(db: Connection, message_id: str) -> None:
    """The task isn't to be ticked off or deleted any more."""
    for token, text in list(
        db.execute(sa.select(desk.c.token, desk.c.chore).where(desk.c.message_id == message_id))
    ):
        task_update = replace(load(text), complete=False, delete=False)
        db.execute(sa.update(desk).where(desk.c.token == token).values(chore=dump(task_update)))


def add_label(
    db: Connection, message_id: str, *, promised: bool | None = None, obeyed: Collection[str] = ()
) -> None:
    """Categories of a question are to change."""
    row = db.execute(sa.select(labels).where(labels.c.message_id == message_id)).mappings().first()
    before = json.loads(row["obeyed"]) if row else []
    wanted = row["promised"] if row and promised is None else promised
    values = {
        "promised": None if wanted is None else int(wanted),
        "obeyed": json.dumps(list(dict.fromkeys([*before, *obeyed]))),
    }
    if row is None:
        db.execute(sa.insert(labels).values(message_id=message_id, **values))
    else:
        db.execute(sa.update(labels).where(labels.c.message_id == message_id).values(**values))


def read_labels(db: Connection) -> tuple[CategoryUpdate, ...]:
    """Questions whose categories are to change."""
    query = (
        sa.select(labels, mails.c.item, promises.c.question)
        .outerjoin(mails, mails.c.message_id == labels.c.message_id)
        .outerjoin(promises, promises.c.message_id == labels.c.message_id)
        .order_by(labels.c.message_id)
    )
    return tuple(
        CategoryUpdate(
            row["message_id"],
            row["item"] or "",
            promised=None if row["promised"] is None else bool(row["promised"]),
            category=codec.load_question(row["question"]).category if row["question"] else "",
            obeyed=tuple(json.loads(row["obeyed"])),
        )
        for row in db.execute(query).mappings()
    )


def note(
    db: Connection, message_id: str, at: datetime, what: Happening, due: datetime, words: str = ""
) -> None:
    """Something happened to a promise."""
    db.execute(sa.insert(history).values(message_id=message_id, at=at, what=what.value, due=due, words=words))
