"""The appointments that the messages of meetings are about."""

from __future__ import annotations

import sqlite3

from exchange_sandbox.errors import Refused
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

ATTENDEES = (Key.REQUIRED_ATTENDEES, Key.OPTIONAL_ATTENDEES, Key.RESOURCES)


def calendar_of(db: sqlite3.Connection, item: Item) -> int | None:
    """The number of the calendar in which an appointment takes place, the owner's own for a message."""
    if not item.id or Key.IS_READ in item.bag:
        try:
            return folders.distinguished(db, item.mailbox, "calendar").id
        except Refused:
            return None
    return item.folder


def associated(db: sqlite3.Connection, item: Item) -> Item | None:
    """The appointment in the owner's calendar that a message of a meeting is about."""
    uid = item.bag.get(Key.UID)
    rows = db.execute(
        f"{items.SELECT} WHERE mailbox = ? AND id IN"  # noqa: S608 - constants alone
        f" (SELECT item FROM findable WHERE property = '{Key.UID}' AND value = ?)"
        " AND folder IN (SELECT id FROM folder WHERE mailbox = ? AND class LIKE 'IPF.Appointment%')"
        " ORDER BY id LIMIT 20",
        (item.mailbox, items.findable(uid), item.mailbox),
    ).fetchall()
    found = [items.from_row(row) for row in rows] if uid else []
    return next((one for one in found if one.bag[Key.UID] == uid and Key.START in one.bag), None)
