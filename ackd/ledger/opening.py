"""Opening the ledger's database: private files, durable writes, and remedies in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ackd import own_files

_JOURNALS = ("-wal", "-shm", "-journal")


def open_engine(url: str, patience: float) -> sa.Engine:
    """An engine for an SQLAlchemy URL; an SQLite file is created with mode 0600. Raises ConfigError
    where its files or their folder aren't the user's alone."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed)
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        own_files.own_folder(path.parent, "ledger")
        # created with its mode before SQLite opens it; the journal files copy the mode
        own_files.own_file(path, "ledger", make=True)
        for journal in _JOURNALS:
            own_files.own_file(path.with_name(path.name + journal), "ledger")
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
