"""What a mailbox keeps beside folders and items, as JSON by name: inbox rules, delegates, blocked senders,
regional settings, whether it may impersonate others, when the password ends, what its person is called, and
which mailboxes others opened to its owner."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

LAYOUT = """
CREATE TABLE IF NOT EXISTS kept (
    mailbox INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (mailbox, name)
) WITHOUT ROWID;
"""

RULES, DELEGATES, BLOCKED, SETTINGS = "rules", "delegates", "blocked senders", "settings"
SHARED = "shared"
PERSON = "person"
IMPERSONATES = "impersonates"
PASSWORD_ENDS = "password ends"  # noqa: S105 - a name


def read(db: sqlite3.Connection, mailbox: int, name: str) -> Any:
    """What is kept, None if it is nothing."""
    row = db.execute("SELECT value FROM kept WHERE mailbox = ? AND name = ?", (mailbox, name)).fetchone()
    return json.loads(row[0]) if row else None


def put(db: sqlite3.Connection, mailbox: int, name: str, value: Any) -> None:
    """Keep something in place of what was kept before."""
    db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (mailbox, name, json.dumps(value)))


def is_blocked(db: sqlite3.Connection, mailbox: int, sender: str) -> bool:
    """Whether mail of a sender goes to Junk Email."""
    return sender.lower() in (read(db, mailbox, BLOCKED) or ())


def block(db: sqlite3.Connection, mailbox: int, sender: str, *, blocked: bool) -> None:
    """Put a sender on the list of the blocked ones, or take them off."""
    known = set(read(db, mailbox, BLOCKED) or ())
    wanted = known | {sender.lower()} if blocked else known - {sender.lower()}
    if wanted != known:
        put(db, mailbox, BLOCKED, sorted(wanted))
