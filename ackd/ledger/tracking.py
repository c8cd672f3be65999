"""Tasks as they were seen, and what is to be done to tasks and questions: rows, inside a transaction that
the caller holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from ackd.ledger import codec, rows, statements
from ackd.ledger.statements import Connection, insert, joined, select
from ackd.ledger.tables import labels, mails, promises, tracked
from ackd.ledger.writes import Writes, delete
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


TASK_COLUMNS = (
    *(tracked.c.token, tracked.c.message_id, tracked.c.item, tracked.c.key, tracked.c.due_date),
    *(tracked.c.complete, tracked.c.folder, tracked.c.chore),
)


def to_task(row: rows.Row) -> TrackedTask:
    """A row of `TASK_COLUMNS` as a value."""
    token, message_id, item, key, due_date, complete, folder, chore = row
    return TrackedTask(
        token=token,
        message_id=message_id,
        item=item,
        key=key,
        due_date=date.fromisoformat(due_date) if due_date else None,
        is_complete=bool(complete),
        folder=folder,
        task_update=_load(chore),
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


_LABELS = select(labels).where(rows.names(labels.c.message_id))
_LABELLED = joined(
    joined(labels, mails, mails.c.message_id == labels.c.message_id),
    promises,
    promises.c.message_id == labels.c.message_id,
)
_DROP_LABEL = statements.delete(
    labels,
    labels.c.message_id == sa.bindparam("name"),
    labels.c.promised.is_not_distinct_from(sa.bindparam("shown")),
    labels.c.obeyed == sa.bindparam("commands"),
)
_INSERT_LABEL, _DELETE_LABEL = insert(labels), delete(labels.c.message_id)


def put_labels(
    db: Connection,
    *,
    promised: Mapping[str, int] = MappingProxyType({}),
    obeyed: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> None:
    """What is to become of questions' categories, by Message-ID: whether the one that shows a promise is
    wanted, and those of commands that were `obeyed`, which are to go."""
    names, writes = [*promised, *obeyed], Writes()
    for chunk in rows.chunks(names):
        known = {row["message_id"]: row for row in db.execute(_LABELS, {"names": chunk}).mappings()}
        for name in chunk:
            shown, gone = (known[name]["promised"], known[name]["obeyed"]) if name in known else (None, "[]")
            both = dict.fromkeys([*json.loads(gone), *obeyed.get(name, ())])
            new = {"promised": promised.get(name, shown), "obeyed": json.dumps(list(both))}
            writes.add(_DELETE_LABEL, at=name)
            writes.add(_INSERT_LABEL, message_id=name, **new)
    writes.execute(db)


def drop_labels(db: Connection, updates: Collection[CategoryUpdate]) -> None:
    """Nothing is to become of these any more, where nothing else is wanted meanwhile."""
    gone = [
        {"name": one.message_id, "shown": _shown(one.promised), "commands": json.dumps(list(one.obeyed))}
        for one in updates
    ]
    db.execute(_DROP_LABEL, gone)


def _shown(promised: bool | None) -> int | None:
    return None if promised is None else int(promised)


_ALL_LABELLED = select(_LABELLED, labels, mails.c.item, promises.c.question).order_by(labels.c.message_id)


def read_labels(db: Connection) -> tuple[CategoryUpdate, ...]:
    """Questions whose categories are to change."""
    return tuple(
        CategoryUpdate(
            row["message_id"],
            row["item"] or "",
            promised=None if row["promised"] is None else bool(row["promised"]),
            category=codec.load_question(row["question"]).category if row["question"] else "",
            obeyed=tuple(json.loads(row["obeyed"])),
        )
        for row in db.execute(_ALL_LABELLED).mappings()
    )
