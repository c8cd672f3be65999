"""Distribution lists and their members. Members that have no mailbox here are contacts elsewhere."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

LAYOUT = """
CREATE TABLE IF NOT EXISTS list (address TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS list_member (
    list TEXT NOT NULL,
    position INTEGER NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (list, position)
) WITHOUT ROWID;
"""
_ADDRESS = re.compile(r"[^@\s<>,;:\"\\]+@[^@\s<>,;:\"\\]+")


@dataclass(frozen=True, slots=True)
class Group:
    """A distribution list; its address and those of its members in lower case."""

    address: str
    name: str
    members: tuple[str, ...]


def put(db: sqlite3.Connection, address: str, members: Iterable[str]) -> None:
    """Add a list, or give an existing one other members.

    Raises ValueError for what is no address, and for the address of a mailbox.
    """
    for one in (address, *(members := list(members))):
        if not _ADDRESS.fullmatch(one):
            raise ValueError(f"{one!r}: a list is ADDRESS=MEMBER,MEMBER, such as team@corp.example=bob@…")
    key = address.lower()
    if db.execute("SELECT 1 FROM mailbox WHERE address = ?", (key,)).fetchone():
        raise ValueError(f"{address!r}: is a mailbox already, and can't be a list too")
    name = " ".join(part.capitalize() for part in re.split(r"[._-]+", key.partition("@")[0]) if part)
    db.execute("INSERT OR REPLACE INTO list VALUES (?, ?)", (key, name or key))
    db.execute("DELETE FROM list_member WHERE list = ?", (key,))
    unique = dict.fromkeys(member.lower() for member in members)
    db.executemany("INSERT INTO list_member VALUES (?, ?, ?)", [(key, n, m) for n, m in enumerate(unique)])


def find(db: sqlite3.Connection, address: str) -> Group | None:
    """The list with this address, compared without case."""
    row = db.execute("SELECT address, name FROM list WHERE address = ?", (address.lower(),)).fetchone()
    if row is None:
        return None
    found = db.execute("SELECT address FROM list_member WHERE list = ? ORDER BY position", (row[0],))
    return Group(row[0], row[1], tuple(member for (member,) in found))


def everyone(db: sqlite3.Connection) -> list[Group]:
    """All lists, by address."""
    rows = db.execute("SELECT address FROM list ORDER BY address").fetchall()
    return [group for (address,) in rows if (group := find(db, address))]


def expanded(db: sqlite3.Connection, addresses: Iterable[str]) -> dict[str, bool]:
    """The addresses with lists replaced by all their members, nested ones too: to each whether a mail
    reaches it only through a list. Lists that contain each other do no harm."""
    found: dict[str, bool] = {}
    seen: set[str] = set()
    todo = [(address.lower(), False) for address in reversed(list(addresses))]
    while todo:
        address, by_list = todo.pop()
        group = find(db, address)
        if group is None:
            found[address] = found.get(address, True) and by_list
        elif address not in seen:
            seen.add(address)
            todo += [(member, True) for member in reversed(group.members)]
    return found
