"""What happened in a folder since a client last asked: the ground of SyncFolderItems."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

from exchange_sandbox.store.database import last_change
from exchange_sandbox.store.items import SELECT, Item, from_row
from exchange_sandbox.store.schema import Key


@dataclass(frozen=True, slots=True)
class Position:
    """How much of a folder a client knows.

    It knows all items that arrived up to change number ``arrived`` (and were not yet gone), and all
    changes to these up to ``changed``.
    """

    folder: int
    arrived: int
    changed: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change; of a deleted item only the number is left."""

    what: Literal["create", "update", "read", "delete"]
    number: int
    item: Item | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, the state after them, and whether that is all there is now."""

    changes: list[Change]
    state: Position
    complete: bool


def since(db: sqlite3.Connection, state: Position, limit: int, *, associated: bool) -> Page:
    """At most ``limit`` changes after ``state``; associated items are left out unless asked for.

    First what became of the items that the client knows, in the order in which it happened; when that is
    exhausted, what arrived. So an item that changes while a client pages through a folder is neither missed
    nor given twice, and one that is gone before the client saw it is not reported at all.
    """
    now = last_change(db)
    known, changed = _of_known(db, state, limit, now) if state.arrived else ([], now)
    arrived = state.arrived
    if changed == now:
        rows = db.execute(
            f"{SELECT} WHERE folder = ? AND arrived > ? ORDER BY arrived LIMIT ?",
            (state.folder, state.arrived, limit - len(known) + 1),
        ).fetchall()
        fresh = [Change("create", row["id"], from_row(row)) for row in rows[: limit - len(known)]]
        arrived = now
        if len(rows) > len(fresh):
            arrived = fresh[-1].item.arrived if fresh and fresh[-1].item else state.arrived
        known += fresh
    wanted = [one for one in known if associated or not _is_hidden(db, one)]
    return Page(wanted, Position(state.folder, arrived, changed), arrived == now and changed == now)


def again(db: sqlite3.Connection, page: Page, limit: int) -> Page:
    """A page that is the last, with what is there already as changed once more, and more to come."""
    given = {change.number for change in page.changes}
    rows = db.execute(
        f"{SELECT} WHERE folder = ? AND associated = 0 ORDER BY id LIMIT ?", (page.state.folder, limit)
    ).fetchall()
    known = [Change("update", row["id"], from_row(row)) for row in rows if row["id"] not in given]
    return Page([*page.changes, *known][:limit], page.state, complete=False)


def _is_hidden(db: sqlite3.Connection, change: Change) -> bool:
    if change.item is not None:
        return change.item.associated
    row = db.execute("SELECT 1 FROM gone_associated WHERE item = ?", (change.number,)).fetchone()
    return row is not None


def _of_known(db: sqlite3.Connection, state: Position, limit: int, now: int) -> tuple[list[Change], int]:
    """Changes to items that the client knows, and the change number up to which they are complete."""
    span = (state.folder, state.changed, state.arrived, limit + 1)
    found: list[tuple[int, Change]] = []
    for row in db.execute(
        f"{SELECT} WHERE folder = ? AND change > ? AND arrived <= ? ORDER BY change LIMIT ?", span
    ):
        item = from_row(row)
        seen_flag = item.content_change <= state.changed and Key.IS_READ in item.bag
        found.append((item.change, Change("read" if seen_flag else "update", item.id, item)))
    for row in db.execute(
        "SELECT change, item FROM gone WHERE folder = ? AND change > ? AND arrived <= ?"
        " ORDER BY change LIMIT ?",
        span,
    ):
        found.append((row["change"], Change("delete", row["item"], None)))
    found.sort(key=lambda pair: pair[0])
    if len(found) <= limit:
        return [change for _, change in found], now
    return [change for _, change in found[:limit]], found[limit - 1][0]
