"""What happened in a mailbox, in its order: the ground of notifications.

Triggers write it, so that nothing is missed whichever way or from whichever process the store is written.
Only the last :data:`KEPT` events are kept.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from exchange_sandbox.clock import iso
from exchange_sandbox.store.schema import Key


class What(StrEnum):
    """What happened."""

    COPIED = "copied"
    CREATED = "created"
    DELETED = "deleted"
    MODIFIED = "modified"
    MOVED = "moved"
    NEW_MAIL = "new_mail"
    BUSY_CHANGED = "busy_changed"


KEPT = 50_000

_TABLE = """
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox INTEGER NOT NULL,
    what TEXT NOT NULL,
    at TEXT,                            -- known as soon as the folder's commit time is written
    is_folder INTEGER NOT NULL,
    object INTEGER NOT NULL,
    change INTEGER NOT NULL,
    parent INTEGER,
    old_object INTEGER,
    old_parent INTEGER
);
"""
_UNDATED = "CREATE INDEX IF NOT EXISTS event_undated ON event (id) WHERE at IS NULL"
# folders without a name aren't shown to anybody; associated items are no news
_SEEN = "{0}.associated = 0 AND (SELECT name FROM folder WHERE id = {0}.folder) <> ''"
_IN_CALENDAR = "(SELECT class FROM folder WHERE id = {0}.folder) LIKE 'IPF.Appointment%'"
_BUSY = f"{_SEEN} AND {_IN_CALENDAR}"
_TIMES_CHANGED = " OR ".join(
    f"json_extract(NEW.bag, '$.{key}') IS NOT json_extract(OLD.bag, '$.{key}')"
    for key in (Key.START, Key.END, Key.BUSY_STATUS)
)
_MOVED = "iif(NEW.parent IS OLD.parent, 'modified', 'moved')"
_OLD = "iif(NEW.parent IS OLD.parent, NULL, NEW.id), iif(NEW.parent IS OLD.parent, NULL, OLD.parent)"


def _of_item(row: str, what: What) -> str:
    return (
        "INSERT INTO event (mailbox, what, is_folder, object, change, parent)"  # noqa: S608 - constants alone
        f" VALUES ({row}.mailbox, '{what}', 0, {row}.id, {row}.change, {row}.folder)"
    )


def _of_folder(row: str, what: str, at: str, old: str = "NULL, NULL") -> str:
    return (
        "INSERT INTO event (mailbox, what, at, is_folder, object, change, parent, old_object, old_parent)"
        f" SELECT {row}.mailbox, {what}, {at}, 1, {row}.id, {row}.change, {row}.parent, {old}"
        f" WHERE {row}.name <> ''"
    )


# name, what fires it, under which condition, what it does
_TRIGGERS = (
    ("kept", "INSERT ON event", "NEW.id % 1000 = 0", f"DELETE FROM event WHERE id <= NEW.id - {KEPT}"),  # noqa: S608
    ("item_created", "INSERT ON item", _SEEN.format("NEW"), _of_item("NEW", What.CREATED)),
    ("item_modified", "UPDATE OF change ON item", _SEEN.format("NEW"), _of_item("NEW", What.MODIFIED)),
    ("item_deleted", "DELETE ON item", _SEEN.format("OLD"), _of_item("OLD", What.DELETED)),
    (
        "busy_changed",
        "UPDATE OF bag ON item",
        f"{_BUSY.format('NEW')} AND ({_TIMES_CHANGED})",
        _of_item("NEW", What.BUSY_CHANGED),
    ),
    ("busy_deleted", "DELETE ON item", _BUSY.format("OLD"), _of_item("OLD", What.BUSY_CHANGED)),
    ("folder_created", "INSERT ON folder", "1", _of_folder("NEW", "'created'", "NEW.created")),
    ("folder_changed", "UPDATE OF change ON folder", "1", _of_folder("NEW", _MOVED, "NEW.modified", _OLD)),
    (
        "folder_deleted",
        "DELETE ON folder",
        "EXISTS (SELECT 1 FROM folder WHERE id = OLD.parent)",
        _of_folder("OLD", "'deleted'", "NULL"),
    ),
    (
        "folder_touched",
        "UPDATE OF committed ON folder",
        "1",
        "UPDATE event SET at = NEW.committed WHERE at IS NULL; "  # noqa: S608
        + _of_folder("NEW", "'modified'", "NEW.committed"),
    ),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``number`` grows; ``object`` is a folder or an item of ``parent``; the old ones are those
    before a move, or those that were copied. ``at`` is an ISO text."""

    number: int
    what: What
    at: str | None
    is_folder: bool
    object: int
    change: int
    parent: int | None
    old_object: int | None
    old_parent: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The events that a subscription is about: of a mailbox, of some types, of some folders or (None) all."""

    mailbox: int
    types: frozenset[What]
    folders: frozenset[int] | None


class Item(Protocol):
    """What is told of an item."""

    mailbox: int
    folder: int
    id: int
    change: int


def prepare(db: sqlite3.Connection) -> None:
    """Lay out the table and its triggers where they are not there yet."""
    db.execute(_TABLE)
    db.execute(_UNDATED)
    for name, fired_by, condition, act in _TRIGGERS:
        db.execute(
            f"CREATE TRIGGER IF NOT EXISTS event_{name} AFTER {fired_by} WHEN {condition} BEGIN {act}; END"
        )


def last(db: sqlite3.Connection) -> int:
    """The number of the latest event, 0 before the first."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0])


def reaches(db: sqlite3.Connection, number: int) -> bool:
    """Whether everything that happened after event ``number`` is still known."""
    oldest = db.execute("SELECT min(id) FROM event").fetchone()[0]
    return number <= last(db) and (oldest is None or number >= oldest - 1)


def since(db: sqlite3.Connection, wanted: Wanted, number: int, limit: int) -> list[Event]:
    """At most ``limit`` of the wanted events after event ``number``."""
    types, folders = sorted(wanted.types), sorted(wanted.folders or ())
    marks = ", ".join("?" * len(folders))
    places = f"parent IN ({marks}) OR old_parent IN ({marks}) OR is_folder AND object IN ({marks})"
    rows = db.execute(
        "SELECT id, what, at, is_folder, object, change, parent, old_object, old_parent FROM event"  # noqa: S608
        f" WHERE id > ? AND mailbox = ? AND what IN ({', '.join('?' * len(types))})"
        f" AND ({'1' if wanted.folders is None else places}) ORDER BY id LIMIT ?",
        (number, wanted.mailbox, *types, *folders * 3, limit),
    )
    return [Event(row[0], What(row[1]), *row[2:]) for row in rows]


def arrived(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    """Note that an item which was just inserted is new mail: before the change of its folder, as Exchange
    tells it."""
    number = last(db)
    if not db.execute("UPDATE event SET id = id + 1 WHERE id = ? AND is_folder", (number,)).rowcount:
        number += 1
    db.execute(
        "INSERT INTO event (id, mailbox, what, at, is_folder, object, change, parent)"
        " VALUES (?, ?, 'new_mail', ?, 0, ?, ?, ?)",
        (number, item.mailbox, iso(now), item.id, item.change, item.folder),
    )


def copied(db: sqlite3.Connection, item: Item, twin: Item) -> None:
    """What was noted as the creation of ``twin`` was a copy of ``item``."""
    db.execute(
        "UPDATE event SET what = 'copied', old_object = :item, old_parent = :folder"
        " WHERE id > :last - 100 AND object = :twin AND what = 'created' AND NOT is_folder"
        " AND (SELECT name FROM folder WHERE id = :folder) <> ''",
        {"item": item.id, "folder": item.folder, "twin": twin.id, "last": last(db)},
    )


def copied_folder(db: sqlite3.Connection, original: int, parent: int | None, twin: int) -> None:
    """What was noted as the creation of the folder ``twin`` was a copy of ``original`` in ``parent``."""
    db.execute(
        "UPDATE event SET what = 'copied', old_object = ?, old_parent = ?"
        " WHERE id > ? - 100 AND object = ? AND what = 'created' AND is_folder",
        (original, parent, last(db), twin),
    )


def moved(db: sqlite3.Connection, item: Item, twin: Item) -> None:
    """What was noted as a copy to ``twin`` and a deletion of ``item`` was a move."""
    recent = "id > :last - 100 AND NOT is_folder"
    values = {"item": item.id, "twin": twin.id, "last": last(db)}
    db.execute(
        f"UPDATE event SET what = 'moved' WHERE {recent} AND object = :twin AND what = 'copied'",  # noqa: S608
        values,
    )
    db.execute(f"DELETE FROM event WHERE {recent} AND object = :item AND what = 'deleted'", values)  # noqa: S608
