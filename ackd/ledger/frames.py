"""What programs write again and again: rows, inside a transaction that the caller holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd.ledger import rows
from ackd.ledger.tables import frames

MOST = 5_000  # that are kept of a mailbox: the latest


def counts(db: Connection, mailbox: str, keys: Collection[str]) -> dict[str, int]:
    """In how many mails each stood."""
    found: dict[str, int] = {}
    for chunk in rows.chunks(keys):
        here = (frames.c.mailbox == mailbox) & frames.c.key.in_(chunk)
        found |= {
            row.key: row.mails for row in db.execute(sa.select(frames.c.key, frames.c.mails).where(here))
        }
    return found


def count(db: Connection, mailbox: str, keys: Sequence[str], now: datetime) -> None:
    """Count what stood in the mails of a page."""
    added = Counter(keys)
    known = counts(db, mailbox, added)
    for chunk in rows.chunks(added):
        db.execute(sa.delete(frames).where(frames.c.mailbox == mailbox, frames.c.key.in_(chunk)))
        made = [{"mailbox": mailbox, "key": k, "mails": known.get(k, 0) + added[k], "at": now} for k in chunk]
        db.execute(sa.insert(frames), made)


def prune(db: Connection, mailbox: str, before: datetime) -> None:
    """Let go what is old, and of too many the oldest."""
    mine = frames.c.mailbox == mailbox
    db.execute(sa.delete(frames).where(mine, frames.c.at < before))
    last = db.scalar(sa.select(frames.c.at).where(mine).order_by(frames.c.at.desc()).offset(MOST).limit(1))
    if last is not None:
        db.execute(sa.delete(frames).where(mine, frames.c.at <= last))
