"""Items as property bags: how they are written, read, moved, copied and deleted.

A bag holds every property by its key as a JSON value (see :mod:`exchange_sandbox.store.schema`). Values too
large for the bag are streams, read only when asked for.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store import events, folders
from exchange_sandbox.store.database import next_change
from exchange_sandbox.store.origins import ORIGIN
from exchange_sandbox.store.schema import Key, Stream, is_mapi

FINDABLE = (Key.SUBJECT, Key.MESSAGE_ID, Key.IN_REPLY_TO, Key.CONVERSATION, Key.ITEM_CLASS, Key.UID)
FINDABLE_LENGTH = 255


@dataclass(slots=True)
class Item:
    """An item. New ones have the number 0 until inserted; ``streams`` are those still to be written.

    An item that is attached to another is never inserted: all its streams are here, and ``way`` leads to it
    by the numbers of the attachments. An ``occurrence`` is an ordinal of a day: then the item follows from
    the series with its number (see :mod:`exchange_sandbox.calendar.series`).
    """

    mailbox: int
    folder: int
    bag: dict[str, Any]
    associated: bool = False
    id: int = 0
    change: int = 0
    content_change: int = 0
    arrived: int = 0
    streams: dict[str, bytes | None] = field(default_factory=dict)
    way: tuple[int, ...] = ()
    occurrence: int = 0

    @property
    def cls(self) -> str:
        """The item class, such as IPM.Note."""
        return str(self.bag.get(Key.ITEM_CLASS, "IPM.Note"))


_COLUMNS = "bag, associated, id, change, content_change, arrived"
SELECT = f"SELECT mailbox, folder, {_COLUMNS} FROM item"  # noqa: S608 - constants alone


def from_row(row: sqlite3.Row) -> Item:
    """The item in a row of :data:`SELECT`."""
    return Item(row[0], row[1], json.loads(row[2]), bool(row[3]), *row[4:])


def get(db: sqlite3.Connection, number: int) -> Item:
    """The item with this number; raises Problem.ITEM_NOT_FOUND."""
    row = db.execute(f"{SELECT} WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise Refused(Problem.ITEM_NOT_FOUND)
    return from_row(row)


def stream(db: sqlite3.Connection, item: Item, name: str) -> bytes | None:
    """A large value of the item, or None."""
    if name in item.streams:
        return item.streams[name]
    row = db.execute("SELECT data FROM stream WHERE item = ? AND name = ?", (item.id, name)).fetchone()
    return bytes(row[0]) if row else None


def streams(db: sqlite3.Connection, item: Item) -> dict[str, bytes | None]:
    """All large values of the item, as they are stored."""
    return {row[0]: row[1] for row in db.execute("SELECT name, data FROM stream WHERE item = ?", (item.id,))}


def insert(db: sqlite3.Connection, item: Item, now: datetime) -> Item:
    """Put a new item into its folder."""
    moment = iso(now)
    item.bag.setdefault(Key.CREATED, moment)
    item.bag.setdefault(Key.RECEIVED, moment)
    item.bag[Key.MODIFIED] = moment
    item.change = item.content_change = item.arrived = next_change(db)
    cursor = db.execute(
        "INSERT INTO item"
        " (mailbox, folder, associated, is_read, received, change, content_change, arrived, bag)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{}')",
        (
            item.mailbox,
            item.folder,
            item.associated,
            _is_read(item),
            item.bag[Key.RECEIVED],
            item.change,
            item.change,
            item.change,
        ),
    )
    item.id = int(cursor.lastrowid or 0)
    _write(db, item)
    folders.touch(db, item.folder, now)
    return item


def update(
    db: sqlite3.Connection,
    item: Item,
    now: datetime,
    *,
    touched: Iterable[str] = (),
    read_flag_only: bool = False,
) -> None:
    """Write a changed item back; ``touched`` are the keys that a client changed, ``read_flag_only`` if it
    was nothing but the read flag."""
    _check_stored(item)
    item.change = next_change(db)
    item.bag.setdefault(Key.TOUCHED, {}).update(dict.fromkeys(touched, item.change))
    if not read_flag_only:
        item.content_change = item.change
        item.bag[Key.MODIFIED] = iso(now)
    db.execute(
        "UPDATE item SET is_read = ?, received = ?, change = ?, content_change = ? WHERE id = ?",
        (_is_read(item), item.bag[Key.RECEIVED], item.change, item.content_change, item.id),
    )
    _write(db, item)
    folders.touch(db, item.folder, now)


def update_quietly(db: sqlite3.Connection, item: Item) -> None:
    """Write a changed bag back as if nothing had happened: no sync tells of it."""
    _check_stored(item)
    _write(db, item)


def move(db: sqlite3.Connection, item: Item, folder: int, now: datetime) -> Item:
    """Move an item to another folder of its mailbox: there it is a new item with a new id, but with the same
    origin."""
    item.bag[Key.LEFT] = item.folder
    copied = _twin(db, item, folder, now, origin(item))
    delete(db, item, now)
    events.moved(db, item, copied)
    return copied


def copy(db: sqlite3.Connection, item: Item, folder: int, now: datetime) -> Item:
    """Make a copy of an item in a folder."""
    return _twin(db, item, folder, now, None)


def _twin(db: sqlite3.Connection, item: Item, folder: int, now: datetime, origin: int | None) -> Item:
    bag = {key: value for key, value in item.bag.items() if key != Key.ORIGIN}
    if origin is not None:
        bag[Key.ORIGIN] = origin
    twin = Item(item.mailbox, folder, bag, item.associated, streams=streams(db, item) | item.streams)
    insert(db, twin, now)
    events.copied(db, item, twin)
    return twin


def delete(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    """Remove an item for good; the next sync of its folder reports it."""
    _check_stored(item)
    db.execute("DELETE FROM item WHERE id = ?", (item.id,))
    db.execute("INSERT INTO gone VALUES (?, ?, ?, ?)", (item.folder, next_change(db), item.id, item.arrived))
    if item.associated:
        db.execute("INSERT INTO gone_associated VALUES (?)", (item.id,))
    if Key.ORIGIN in item.bag:
        db.execute("INSERT INTO gone_origin VALUES (?, ?)", (item.id, item.bag[Key.ORIGIN]))
    folders.touch(db, item.folder, now, deleted=1)


def _check_stored(item: Item) -> None:
    """What follows from a series isn't stored: what is done with it must be done with the series."""
    if item.occurrence:
        raise Refused(Problem.OPERATION_IMPOSSIBLE, "That can't be done with one occurrence of a series.")


def hold(db: sqlite3.Connection, item: Item, now: datetime, until: datetime) -> None:
    """Put a new item into its folder, but not before ``until``: till then nobody sees it."""
    limbo = db.execute(
        "INSERT INTO folder (mailbox, name, name_key, change, created, modified, committed)"
        " VALUES (?, '', '', 0, '', '', '')",
        (item.mailbox,),
    ).lastrowid
    folder, item.folder = item.folder, int(limbo or 0)
    insert(db, item, now)
    db.execute("INSERT INTO held VALUES (?, ?, ?)", (item.id, folder, iso(until)))


def release(db: sqlite3.Connection, now: datetime) -> None:
    """Put what was held and is due into its folder."""
    due = db.execute("SELECT item, folder FROM held WHERE until <= ?", (iso(now),)).fetchall()
    for number, folder in due:
        item = get(db, number)
        _twin(db, item, folder, now, item.bag.get(Key.ORIGIN))
        db.execute("DELETE FROM held WHERE item = ?", (number,))
        db.execute("DELETE FROM folder WHERE id = ?", (item.folder,))  # its limbo, and the item with it


def is_held(db: sqlite3.Connection, now: datetime) -> bool:
    """Whether something that was held is due."""
    return db.execute("SELECT 1 FROM held WHERE until <= ? LIMIT 1", (iso(now),)).fetchone() is not None


def having(db: sqlite3.Connection, mailbox: int, name: str, value: str) -> Item | None:
    """The oldest item of a mailbox whose findable property has this value, compared without case."""
    row = db.execute(
        f"{SELECT} JOIN findable ON findable.item = item.id WHERE mailbox = ? AND property = ? AND value = ?"
        " ORDER BY item.id LIMIT 1",
        (mailbox, name, findable(value)),
    ).fetchone()
    return from_row(row) if row else None


def origin(item: Item) -> int:
    """The number under which an item first lay in its mailbox: it stays when the item is moved."""
    return int(item.bag.get(Key.ORIGIN, item.id))


def of_origin(db: sqlite3.Connection, mailbox: int, number: int) -> Item | None:
    """The item of a mailbox that first had this number, wherever it lies now."""
    row = db.execute(
        f"{SELECT} WHERE mailbox = ? AND (id = ? AND {ORIGIN} IS NULL OR {ORIGIN} = ?)",
        (mailbox, number, number),
    ).fetchone()
    return from_row(row) if row else None


def findable(value: object) -> str:
    """A value as the index of findable properties holds it."""
    return str(value).casefold()[:FINDABLE_LENGTH]


def _is_read(item: Item) -> bool:
    return bool(item.bag.get(Key.IS_READ, True))  # a task or an appointment never counts as unread


def _write(db: sqlite3.Connection, item: Item) -> None:
    for name, data in item.streams.items():
        if data is None:
            db.execute("DELETE FROM stream WHERE item = ? AND name = ?", (item.id, name))
        else:
            db.execute("INSERT OR REPLACE INTO stream VALUES (?, ?, ?)", (item.id, name, data))
    item.streams.clear()
    sizes = db.execute("SELECT name, length(data) FROM stream WHERE item = ?", (item.id,)).fetchall()
    item.bag[Key.SIZE] = size(item, dict(sizes))
    db.execute("UPDATE item SET bag = ? WHERE id = ?", (json.dumps(item.bag), item.id))
    db.execute("DELETE FROM findable WHERE item = ?", (item.id,))
    db.executemany("INSERT INTO findable VALUES (?, ?, ?)", list(_findable(item)))


def size(item: Item, streams: dict[str, int]) -> int:
    """How large an item counts, given the lengths of its streams: its mail, or all that it is made of."""
    kept = streams.get(Stream.MIME) or sum(streams.values())
    return kept + len(item.bag.get(Key.SUBJECT, "")) + 512


def _findable(item: Item) -> Iterable[tuple[int, str, str]]:
    for key, value in item.bag.items():
        if (key in FINDABLE or is_mapi(key)) and isinstance(value, (str, int)):
            yield item.id, key, findable(value)
