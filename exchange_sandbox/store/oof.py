"""Out-of-office settings of mailboxes, and who was told already.

Whoever was told is told again once automatic replies are set anew.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from exchange_sandbox.clock import iso

LAYOUT = """
CREATE TABLE IF NOT EXISTS oof (
    mailbox INTEGER PRIMARY KEY REFERENCES mailbox (id) ON DELETE CASCADE,
    settings TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS oof_told (
    mailbox INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
    sender TEXT NOT NULL,
    PRIMARY KEY (mailbox, sender)
) WITHOUT ROWID;
"""


class State(StrEnum):
    """Whether automatic replies go out."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    SCHEDULED = "scheduled"  # between start and end


class Audience(StrEnum):
    """Whom of those outside they go to."""

    NONE = "none"
    KNOWN = "known"  # who is among the owner's contacts
    ALL = "all"


@dataclass(frozen=True, slots=True)
class OofSettings:
    """When automatic replies go out, to whom, and with what text (HTML or plain).

    ``start`` and ``end`` are moments as the store keeps them, and count while ``state`` is scheduled.
    """

    state: str = State.DISABLED
    audience: str = Audience.NONE
    start: str = ""
    end: str = ""
    internal: str = ""
    external: str = ""

    def is_on(self, now: datetime) -> bool:
        """Whether automatic replies go out at a moment."""
        return self.state == State.ENABLED or (
            self.state == State.SCHEDULED and self.start <= iso(now) < self.end
        )


def read(db: sqlite3.Connection, mailbox: int, now: datetime) -> OofSettings:
    """The settings of a mailbox. One that never had any gets the next day as its duration, as Exchange
    shows it."""
    row = db.execute("SELECT settings FROM oof WHERE mailbox = ?", (mailbox,)).fetchone()
    if row is not None:
        return OofSettings(**json.loads(row[0]))
    hour = now.replace(minute=0, second=0, microsecond=0)
    return OofSettings(start=iso(hour), end=iso(hour + timedelta(days=1)))


def put(db: sqlite3.Connection, mailbox: int, settings: OofSettings) -> None:
    """Set them. A new state or duration begins a new absence: everybody is told once more."""
    row = db.execute("SELECT settings FROM oof WHERE mailbox = ?", (mailbox,)).fetchone()
    before = OofSettings(**json.loads(row[0])) if row else OofSettings()
    if (before.state, before.start, before.end) != (settings.state, settings.start, settings.end):
        db.execute("DELETE FROM oof_told WHERE mailbox = ?", (mailbox,))
    db.execute("INSERT OR REPLACE INTO oof VALUES (?, ?)", (mailbox, json.dumps(asdict(settings))))


def is_news(db: sqlite3.Connection, mailbox: int, sender: str) -> bool:
    """Whether a sender wasn't told yet; from now on they were."""
    cursor = db.execute("INSERT OR IGNORE INTO oof_told VALUES (?, ?)", (mailbox, sender.lower()))
    return cursor.rowcount == 1
