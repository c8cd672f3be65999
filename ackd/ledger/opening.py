"""Opening the ledger's database: private files, durable writes, and remedies in words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa


def open_engine(url: str, patience: float) -> sa.Engine:
    """An engine for an SQLAlchemy URL; an SQLite file is created with mode 0600."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed)
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # created with its mode before SQLite opens it; the journal files copy the mode
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
    engine = sa.create_engine(parsed, connect_args={"timeout": patience})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def exists(url: str) -> bool:
    """Whether there is a ledger already, as far as a look at the files tells: a server's database
    counts as there."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return True
    return bool(parsed.database) and Path(str(parsed.database)).is_file()


def remedy(cause: str) -> str:
    """What a person can do about a database error, by its text."""
    low = cause.lower()
    if "disk is full" in low or "disk i/o" in low:
        return "free some space: nothing was lost, ackd goes on when it can write"
    if "locked" in low:
        return "another program holds it: ackd tries again"
    if "malformed" in low or "not a database" in low:
        return "it is damaged: move it away, ackd rebuilds it from the mailbox"
    if "unable to open" in low or "readonly" in low:
        return "check that its folder exists and that you may write there"
    return "see the cause above"
