"""What programs write again and again: rows, inside a transaction that the caller holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from ackd.ledger import rows
from ackd.ledger.statements import Connection, delete, insert, select
from ackd.ledger.tables import frames

MOST = 5_000  # that are kept: the latest


def counts(db: Connection, keys: Collection[str]) -> dict[str, int]:
    """In how many mails each stood."""
    found: dict[str, int] = {}
    for chunk in rows.chunks(keys):
        known = select(frames, frames.c.key, frames.c.mails).where(frames.c.key.in_(chunk))
        found |= {row.key: row.mails for row in db.execute(known)}
    return found


def count(db: Connection, keys: Sequence[str], now: datetime) -> None:
    """Count what stood in the mails of a page."""
    added = Counter(keys)
    known = counts(db, added)
    for chunk in rows.chunks(added):
        db.execute(delete(frames, frames.c.key.in_(chunk)))
        made = [{"key": k, "mails": known.get(k, 0) + added[k], "at": now} for k in chunk]
        db.execute(insert(frames), made)


def prune(db: Connection, before: datetime) -> None:
    """Let go what is old, and of too many the oldest."""
    db.execute(delete(frames, frames.c.at < before))
    last = db.scalar(select(frames, frames.c.at).order_by(frames.c.at.desc()).offset(MOST).limit(1))
    if last is not None:
        db.execute(delete(frames, frames.c.at <= last))
