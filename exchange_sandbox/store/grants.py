"""What persons and apps were granted: codes of devices, codes of browsers, refresh tokens, revoked sign-ins.

Secrets are kept as digests. Moments are those of :func:`exchange_sandbox.clock.iso`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

LAYOUT = """
CREATE TABLE IF NOT EXISTS issued (
    digest TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    user_code TEXT,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS issued_user_code ON issued (user_code);
CREATE TABLE IF NOT EXISTS revoked (
    mailbox INTEGER PRIMARY KEY REFERENCES mailbox (id) ON DELETE CASCADE,
    at TEXT NOT NULL
);
"""


class Kind(StrEnum):
    """What was issued."""

    DEVICE = "device"
    CODE = "code"
    REFRESH = "refresh"


class Decision(StrEnum):
    """What somebody said to a device's code, or what became of a sign-in."""

    PENDING = "pending"
    AGREED = "agreed"
    REFUSED = "refused"
    REVOKED = "revoked"


@dataclass(slots=True)
class Grant:
    """What stands behind a secret that was given out: to which app, for whom (0: nobody yet), with which
    scopes, until when. ``more`` is what the kind needs beside: a challenge, an address to return to."""

    client: str
    scopes: list[str]
    expires: str
    mailbox: int = 0
    decision: str = Decision.AGREED
    issued: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def put(db: sqlite3.Connection, kind: Kind, secret: str, grant: Grant, user_code: str | None = None) -> None:
    """Keep what stands behind a secret, in place of what was kept before."""
    db.execute(
        "INSERT OR REPLACE INTO issued VALUES (?, ?, ?, ?)",
        (_digest(secret), kind, user_code, json.dumps(asdict(grant))),
    )


def find(db: sqlite3.Connection, kind: Kind, secret: str) -> Grant | None:
    """What stands behind a secret."""
    row = db.execute(
        "SELECT value FROM issued WHERE digest = ? AND kind = ?", (_digest(secret), kind)
    ).fetchone()
    return Grant(**json.loads(row[0])) if row else None


def drop(db: sqlite3.Connection, secret: str) -> None:
    """A secret is worth nothing any more."""
    db.execute("DELETE FROM issued WHERE digest = ?", (_digest(secret),))


def by_user_code(db: sqlite3.Connection, user_code: str) -> Grant | None:
    """The device's grant that a person names by its code, in any case, with or without a dash."""
    row = db.execute("SELECT value FROM issued WHERE user_code = ?", (plain_code(user_code),)).fetchone()
    return Grant(**json.loads(row[0])) if row else None


def decide(db: sqlite3.Connection, user_code: str, grant: Grant) -> None:
    """Write down what a person said to a device's code."""
    db.execute(
        "UPDATE issued SET value = ? WHERE user_code = ?", (json.dumps(asdict(grant)), plain_code(user_code))
    )


def plain_code(user_code: str) -> str:
    """A code that a person typed, as it was given out."""
    return "".join(char for char in user_code.upper() if char.isalnum())


def revoke(db: sqlite3.Connection, mailbox: int, at: str) -> None:
    """All sign-ins of a person that were before a moment are worth nothing any more."""
    db.execute("INSERT OR REPLACE INTO revoked VALUES (?, ?)", (mailbox, at))
    db.execute(
        "UPDATE issued SET value = json_set(value, '$.decision', ?)"
        " WHERE json_extract(value, '$.mailbox') = ?",
        (Decision.REVOKED, mailbox),
    )


def revoked_at(db: sqlite3.Connection, mailbox: int) -> str:
    """Up to when a person's sign-ins were revoked; "" if never."""
    row = db.execute("SELECT at FROM revoked WHERE mailbox = ?", (mailbox,)).fetchone()
    return str(row[0]) if row else ""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
