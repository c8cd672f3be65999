"""A ledger as an ackd left it that knew one mailbox a database: all tables full."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ackd.ledger import SqlLedger, engines
from ackd.ledger.migrations import schema_2
from tests.ledger.neighbour import settle_in
from tests.people import ALICE

#: What the tables of alarms and sentences said instead of `mailbox_id`.
NAMED = ("frames", "alarms", "tellings")
Rows = dict[str, list[dict[str, Any]]]


def full(url: str) -> sa.URL:
    """Fill an empty database; its URL."""
    ledger = SqlLedger("sqlite://", ALICE.address)
    settle_in(ledger)
    with ledger._reads.connect() as db:
        rows = {
            name: [dict(row._mapping) for row in db.execute(sa.text(f"SELECT * FROM {name}"))]  # noqa: S608
            for name in schema_2.metadata.tables
        }
    ledger.close()
    for name, found in rows.items():
        for row in found:
            del row["mailbox_id"]
            if name in NAMED:
                row["mailbox"] = ALICE.address
            if row.get("key") == "schema":
                row["value"] = "2"
    made = sa.make_url(url)
    engine = engines.open_engine(made, 20)
    with engine.begin() as db:
        schema_2.metadata.create_all(db)
        for name, table in schema_2.metadata.tables.items():
            db.execute(sa.insert(table), rows[name])
    engine.dispose()
    return made


def rows_of(file: Path) -> Rows:
    """All that stands in an SQLite file, without what tells whose it is and which schema it has."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: Rows = {}
        for name in sorted({*names} - {"mailboxes", "alembic_version"}):
            rows = [dict(row) for row in db.execute(f"SELECT * FROM {name}")]  # noqa: S608 - their own names
            for row in rows:
                for column in ("mailbox_id", "mailbox"):
                    row.pop(column, None)
            kept = [row for row in rows if (name, row.get("key")) != ("meta", "schema")]
            found[name] = sorted(kept, key=repr)
    return found


def schema_of(file: Path) -> str:
    """Which schema an SQLite file has, as an ackd asks that knows no migrations."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return str(db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])
