"""Folders: the standard ones of a mailbox, and how they are made, found, renamed, moved and deleted."""

from __future__ import annotations

import json
import sqlite3
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store import standard_names
from exchange_sandbox.store.database import next_change
from exchange_sandbox.store.schema import HIDDEN, FolderKey, Key

_DEPTH_LIMIT = 300
_OWN_SIZE = 512  # bytes: Exchange's folders have hidden items with their views from the beginning


class Deletion(StrEnum):
    """How something is deleted."""

    TO_BIN = "to_bin"  # into Deleted Items
    RECOVERABLE = "recoverable"  # into what can be recovered
    FOR_GOOD = "for_good"


#: Where what is deleted goes.
BINS = {Deletion.TO_BIN: "deleteditems", Deletion.RECOVERABLE: "recoverableitemsdeletions"}

# distinguished id, parent, name, folder class, hidden
_STANDARD: tuple[tuple[str, str | None, str, str | None, bool], ...] = (
    ("root", None, "Root", None, False),
    ("msgfolderroot", "root", "Top of Information Store", "IPF", False),
    ("searchfolders", "root", "Finder", None, False),
    ("recoverableitemsroot", "root", "Recoverable Items", None, False),
    ("recoverableitemsdeletions", "recoverableitemsroot", "Deletions", None, False),
    ("recoverableitemsversions", "recoverableitemsroot", "Versions", None, False),
    ("recoverableitemspurges", "recoverableitemsroot", "Purges", None, False),
    ("inbox", "msgfolderroot", "Inbox", "IPF.Note", False),
    ("drafts", "msgfolderroot", "Drafts", "IPF.Note", False),
    ("sentitems", "msgfolderroot", "Sent Items", "IPF.Note", False),
    ("outbox", "msgfolderroot", "Outbox", "IPF.Note", False),
    ("deleteditems", "msgfolderroot", "Deleted Items", "IPF.Note", False),
    ("junkemail", "msgfolderroot", "Junk Email", "IPF.Note", False),
    ("calendar", "msgfolderroot", "Calendar", "IPF.Appointment", False),
    ("contacts", "msgfolderroot", "Contacts", "IPF.Contact", False),
    ("tasks", "msgfolderroot", "Tasks", "IPF.Task", False),
    ("notes", "msgfolderroot", "Notes", "IPF.StickyNote", False),
    ("journal", "msgfolderroot", "Journal", "IPF.Journal", False),
    ("conversationhistory", "msgfolderroot", "Conversation History", "IPF.Note", True),
    ("recipientcache", "contacts", "Recipient Cache", "IPF.Contact.RecipientCache", True),
    ("quickcontacts", "contacts", "Skype for Business Contacts", "IPF.Contact.MOC.QuickContacts", True),
    ("imcontactlist", "contacts", "IM Contact List", "IPF.Contact.MOC.ImContactList", True),
    ("peopleconnect", "contacts", "PeopleConnect", "IPF.Contact", True),
    ("mycontacts", "root", "MyContacts", "IPF.Note", False),
    ("todosearch", "root", "To-Do Search", "IPF.Task", False),
    ("favorites", "root", "Favorites", "IPF.Note", False),
    ("syncissues", "msgfolderroot", "Sync Issues", "IPF.Note", False),
    ("conflicts", "syncissues", "Conflicts", "IPF.Note", False),
    ("localfailures", "syncissues", "Local Failures", "IPF.Note", False),
    ("serverfailures", "syncissues", "Server Failures", "IPF.Note", False),
)


@dataclass(slots=True)
class Folder:
    """A folder. ``bag`` holds its extended properties; the counts are read when asked for."""

    id: int
    mailbox: int
    parent: int | None
    name: str
    distinguished: str | None
    cls: str | None
    change: int
    created: str
    modified: str
    committed: str
    deleted: int
    bag: dict[str, Any] = field(default_factory=dict)

    @property
    def is_search(self) -> bool:
        """Whether it shows what a search finds in other folders."""
        return FolderKey.SEARCH in self.bag


@dataclass(frozen=True, slots=True)
class Counts:
    """What a folder holds: items (not associated ones), unread among them, folders directly below."""

    total: int
    unread: int
    children: int


_COLUMNS = (
    "id, mailbox, parent, name, distinguished, class, change, created, modified, committed, deleted, bag"
)
_BELOW = (
    "WITH RECURSIVE under (id, depth) AS (SELECT id, 1 FROM folder WHERE parent = ? UNION ALL"  # noqa: S608
    " SELECT folder.id, depth + 1 FROM folder JOIN under ON folder.parent = under.id WHERE ?)"
    f" SELECT {_COLUMNS} FROM folder JOIN under USING (id) ORDER BY depth, name_key"
)
_SELECT = f"SELECT {_COLUMNS} FROM folder"  # noqa: S608 - constants alone


def create_standard(db: sqlite3.Connection, mailbox: int, now: datetime, language: str) -> None:
    """Make the folders that every mailbox has from its first day, with their names in a language."""
    names = standard_names.of(language)
    numbers: dict[str | None, int | None] = {None: None}
    for name, parent, shown, cls, hidden in _STANDARD:
        bag = {HIDDEN: True} if hidden else {}
        numbers[name] = _insert(
            db, mailbox, numbers[parent], names.get(name, shown), cls, bag, now, distinguished=name
        ).id


def create(
    db: sqlite3.Connection, parent: Folder, name: str, cls: str | None, bag: dict[str, Any], now: datetime
) -> Folder:
    """Make a folder; raises Problem.FOLDER_EXISTS if ``parent`` has one with this name in any case, and
    Problem.FOLDER_TOO_DEEP below the depth that Exchange allows."""
    if _depth(db, parent.id) >= _DEPTH_LIMIT:
        raise Refused(Problem.FOLDER_TOO_DEEP, f"Folders may be nested {_DEPTH_LIMIT} deep.")
    folder = _insert(db, parent.mailbox, parent.id, name, cls, bag, now)
    touch(db, parent.id, now)
    return folder


def create_another(
    db: sqlite3.Connection, parent: Folder, name: str, cls: str | None, bag: dict[str, Any], now: datetime
) -> Folder:
    """As :func:`create`, also where there is one of this name: no server should do so."""
    try:
        return create(db, parent, name, cls, bag, now)
    except Refused as refused:
        if refused.problem is not Problem.FOLDER_EXISTS:
            raise
    made = create(db, parent, f"{name} {uuid.uuid4()}", cls, bag, now)
    db.execute("UPDATE folder SET name = ? WHERE id = ?", (name, made.id))
    return get(db, made.id)


def _insert(
    db: sqlite3.Connection,
    mailbox: int,
    parent: int | None,
    name: str,
    cls: str | None,
    bag: dict[str, Any],
    now: datetime,
    distinguished: str | None = None,
) -> Folder:
    moment = iso(now)
    try:
        cursor = db.execute(
            "INSERT INTO folder (mailbox, parent, name, name_key, distinguished, class, change, created,"
            " modified, committed, bag) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                mailbox,
                parent,
                name,
                name.casefold(),
                distinguished,
                cls,
                next_change(db),
                moment,
                moment,
                moment,
                json.dumps(bag),
            ),
        )
    except sqlite3.IntegrityError as error:
        raise Refused(Problem.FOLDER_EXISTS) from error
    return get(db, int(cursor.lastrowid or 0))


def get(db: sqlite3.Connection, number: int) -> Folder:
    """The folder with this number; raises Problem.FOLDER_NOT_FOUND."""
    row = db.execute(f"{_SELECT} WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise Refused(Problem.FOLDER_NOT_FOUND)
    return _folder(row)


def distinguished(db: sqlite3.Connection, mailbox: int, name: str) -> Folder:
    """A mailbox's folder by its distinguished id; raises Problem.FOLDER_NOT_FOUND, and for the public
    folders, which nobody has here, Problem.NO_PUBLIC_FOLDERS."""
    if name == "publicfoldersroot":
        raise Refused(Problem.NO_PUBLIC_FOLDERS)
    row = db.execute(f"{_SELECT} WHERE mailbox = ? AND distinguished = ?", (mailbox, name)).fetchone()
    if row is None:
        raise Refused(Problem.FOLDER_NOT_FOUND)
    return _folder(row)


def below(db: sqlite3.Connection, folder: int, *, deep: bool) -> list[Folder]:
    """The folders below one: its children, or with ``deep`` all descendants, parents before children."""
    return [_folder(row) for row in db.execute(_BELOW, (folder, deep))]


def counts(db: sqlite3.Connection, folder: int) -> Counts:
    """Count what a folder holds."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM item WHERE folder = :f AND associated = 0),"
        " (SELECT count(*) FROM item WHERE folder = :f AND associated = 0 AND is_read = 0),"
        " (SELECT count(*) FROM folder WHERE parent = :f)",
        {"f": folder},
    ).fetchone()
    return Counts(*row)


def size(db: sqlite3.Connection, folder: int) -> int:
    """The bytes that the items of a folder take, hidden ones too, and the folder itself a few."""
    found = db.execute(
        f"SELECT total(json_extract(bag, '$.{Key.SIZE}')) FROM item WHERE folder = ?",  # noqa: S608 - a constant
        (folder,),
    ).fetchone()
    return _OWN_SIZE + int(found[0])


def save(db: sqlite3.Connection, folder: Folder, now: datetime) -> None:
    """Write name, class, parent and bag back; raises Problem.FOLDER_EXISTS if the name is taken."""
    folder.change = next_change(db)
    folder.modified = iso(now)
    try:
        db.execute(
            "UPDATE folder SET name = ?, name_key = ?, class = ?, parent = ?, change = ?, modified = ?,"
            " bag = ? WHERE id = ?",
            (
                folder.name,
                folder.name.casefold(),
                folder.cls,
                folder.parent,
                folder.change,
                folder.modified,
                json.dumps(folder.bag),
                folder.id,
            ),
        )
    except sqlite3.IntegrityError as error:
        raise Refused(Problem.FOLDER_EXISTS) from error
    if folder.parent is not None:
        touch(db, folder.parent, now)


def move(db: sqlite3.Connection, folder: Folder, target: Folder, now: datetime) -> None:
    """Put a folder with all in it below another one; it keeps its id.

    Raises Problem.STANDARD_FOLDER_MOVED, Problem.FOLDER_EXISTS, Problem.FOLDER_TOO_DEEP and, for a place
    inside the folder itself, Problem.FOLDER_INTO_ITSELF.
    """
    if folder.distinguished:
        raise Refused(Problem.STANDARD_FOLDER_MOVED)
    check_place(db, folder, target)
    old_parent, folder.parent = folder.parent, target.id
    save(db, folder, now)
    if old_parent is not None and old_parent != target.id:
        touch(db, old_parent, now, deleted=1)


def check_place(db: sqlite3.Connection, folder: Folder, target: Folder) -> None:
    """Whether a folder can be moved or copied into ``target``; raises Problem.FOLDER_INTO_ITSELF,
    Problem.FOLDER_TOO_DEEP."""
    inside = below(db, folder.id, deep=True)
    if target.id == folder.id or any(one.id == target.id for one in inside):
        raise Refused(Problem.FOLDER_INTO_ITSELF, "A folder cannot be put into itself.")
    height = max((_depth(db, one.id) for one in inside), default=0)
    own = _depth(db, folder.id)
    if _depth(db, target.id) + max(height - own, 0) >= _DEPTH_LIMIT:
        raise Refused(Problem.FOLDER_TOO_DEEP, f"Folders may be nested {_DEPTH_LIMIT} deep.")


def touch(db: sqlite3.Connection, folder: int, now: datetime, *, deleted: int = 0) -> None:
    """Something in the folder changed: its commit time moves, its count of deletions grows."""
    db.execute(
        "UPDATE folder SET committed = ?, deleted = deleted + ? WHERE id = ?", (iso(now), deleted, folder)
    )


def delete(db: sqlite3.Connection, folder: Folder, how: Deletion, now: datetime) -> None:
    """Delete a folder with all in it.

    Raises Problem.STANDARD_FOLDER_DELETED for a standard folder.
    """
    if folder.distinguished:
        raise Refused(Problem.STANDARD_FOLDER_DELETED)
    old_parent = folder.parent
    if how is Deletion.FOR_GOOD:
        db.execute("DELETE FROM folder WHERE id = ?", (folder.id,))
    else:
        target = distinguished(db, folder.mailbox, BINS[how])
        if folder.parent == target.id:
            return  # it is where what is deleted goes
        folder.parent = target.id
        folder.name = _free_name(db, target.id, folder.name)
        save(db, folder, now)
    if old_parent is not None:
        touch(db, old_parent, now, deleted=1)


def _depth(db: sqlite3.Connection, folder: int) -> int:
    row = db.execute(
        "WITH RECURSIVE up (id, parent) AS (SELECT id, parent FROM folder WHERE id = ? UNION ALL"
        " SELECT folder.id, folder.parent FROM folder JOIN up ON folder.id = up.parent)"
        " SELECT count(*) FROM up",
        (folder,),
    ).fetchone()
    return int(row[0])


def _free_name(db: sqlite3.Connection, parent: int, name: str) -> str:
    taken = {row[0] for row in db.execute("SELECT name_key FROM folder WHERE parent = ?", (parent,))}
    free, number = name, 0
    while free.casefold() in taken:
        number += 1
        free = f"{name}{number}"
    return free


def _folder(row: sqlite3.Row) -> Folder:
    values = dict(row)
    values["cls"] = values.pop("class")
    return Folder(**{**values, "bag": json.loads(values["bag"])})
