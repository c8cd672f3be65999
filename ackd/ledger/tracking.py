"""Tasks as they were seen, and what is to be done to tasks and questions: rows, inside a transaction that
the caller holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from ackd.ledger import codec
from ackd.ledger.tables import labels, mails, promises
from ackd.model import CategoryUpdate, TaskUpdate, TrackedTask


def _dump(task_update: TaskUpdate) -> str | None:
    """Only what is set; None where there is nothing to do."""
    return (
        json.dumps({key: value for key, value in asdict(task_update).items() if value})
        if task_update
        else None
    )


def _load(text: str | None) -> TaskUpdate:
    """The chore of a task."""
    data: dict[str, Any] = json.loads(text) if text else {}
    made: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
    return TaskUpdate(**made)


def to_task(row: RowMapping) -> TrackedTask:
    """A row of `tracked` as a value."""
    return TrackedTask(
        token=row["token"],
        message_id=row["message_id"],
        item=row["item"],
        key=row["key"],
        due_date=date.fromisoformat(row["due_date"]) if row["due_date"] else None,
        is_complete=bool(row["complete"]),
        folder=row["folder"],
        task_update=_load(row["chore"]),
    )


def from_task(task: TrackedTask) -> dict[str, Any]:
    """A task as its columns hold it."""
    return {
        "token": task.token,
        "message_id": task.message_id,
        "item": task.item,
        "key": task.key,
        "due_date": task.due_date.isoformat() if task.due_date else None,
        "complete": int(task.is_complete),
        "folder": task.folder,
        "chore": _dump(task.task_update),
    }


def put_label(db: Connection, message_id: str, **values: object) -> None:
    """What is to become of a question's categories."""
    here = labels.c.message_id == message_id
    if not db.execute(sa.update(labels).where(here).values(**values)).rowcount:
        db.execute(sa.insert(labels).values(message_id=message_id, **values))


def obey(db: Connection, obeyed: Mapping[str, Collection[str]]) -> None:
    """Commands of the owner's on questions, by Message-ID: their categories are to go."""
    for message_id, names in obeyed.items():
        text = db.scalar(sa.select(labels.c.obeyed).where(labels.c.message_id == message_id))
        both = dict.fromkeys([*json.loads(text or "[]"), *names])
        put_label(db, message_id, obeyed=json.dumps(list(both)))


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
