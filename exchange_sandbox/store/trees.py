"""Folders with what is in them: copied as a whole, emptied."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store import events, folders, items
from exchange_sandbox.store.folders import Deletion, Folder
from exchange_sandbox.store.items import Item


def copy(db: sqlite3.Connection, folder: Folder, target: Folder, now: datetime) -> Folder:
    """Copy a folder with all in it into ``target``. Raises as :func:`folders.move` does for the place."""
    folders.check_place(db, folder, target)
    twins = {folder.id: _twin(db, folder, target, now)}
    for inner in folders.below(db, folder.id, deep=True):
        if inner.parent is not None:
            twins[inner.id] = _twin(db, inner, twins[inner.parent], now)
    for number, twin in twins.items():
        for item in within(db, number, associated=None):
            items.copy(db, item, twin.id, now)
    return twins[folder.id]


def _twin(db: sqlite3.Connection, folder: Folder, target: Folder, now: datetime) -> Folder:
    twin = folders.create(db, target, folder.name, folder.cls, dict(folder.bag), now)
    events.copied_folder(db, folder.id, folder.parent, twin.id)
    return twin


def within(db: sqlite3.Connection, folder: int, *, associated: bool | None = False) -> list[Item]:
    """All items of a folder; with ``associated`` None the hidden ones too."""
    which = "" if associated is None else f" AND associated = {int(associated)}"
    rows = db.execute(f"{items.SELECT} WHERE folder = ?{which} ORDER BY id", (folder,)).fetchall()
    return [items.from_row(row) for row in rows]


def discard(db: sqlite3.Connection, item: Item, how: Deletion, now: datetime) -> None:
    """Delete an item."""
    if how is Deletion.FOR_GOOD:
        items.delete(db, item, now)
        return
    target = folders.distinguished(db, item.mailbox, folders.BINS[how])
    if item.folder != target.id:
        items.move(db, item, target.id, now)


def empty(db: sqlite3.Connection, folder: Folder, how: Deletion, now: datetime, *, folders_too: bool) -> None:
    """Delete what is in a folder, with ``folders_too`` the folders below as well.

    Raises Problem.FOLDER_NOT_EMPTIED for a calendar or a search folder, Problem.STANDARD_FOLDER_DELETED if
    one of the folders below is a standard one; then nothing is deleted.
    """
    if (folder.cls or "").startswith("IPF.Appointment") or folder.is_search:
        raise Refused(Problem.FOLDER_NOT_EMPTIED)
    if folders_too:
        if any(one.distinguished for one in folders.below(db, folder.id, deep=True)):
            raise Refused(Problem.STANDARD_FOLDER_DELETED)
        for inner in folders.below(db, folder.id, deep=False):
            folders.delete(db, inner, how, now)
    for item in within(db, folder.id):
        discard(db, item, how, now)
