"""Letters of which the server said that sending them failed: rows, inside a transaction that the
caller holds.

Servers keep the copy in Sent Items before they hand a mail over, and stop at the first one that fails. So
of a request's letters, in their order, the last one that has a copy may have reached nobody; those
before it went out, and those after it were not done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd.ledger import rows
from ackd.ledger.tables import effects, failures
from ackd.model import Done, Outcome

#: The note of a parked letter whose copy proves nothing.
DOUBTFUL = (
    "the server said that sending it failed, yet there is a copy in Sent Items: whether it reached "
    "anybody can't be known. Ask the colleague, or send it again"
)


def note(db: Connection, outcomes: Mapping[str, Outcome]) -> None:
    """Remember what of these outcomes, by token in the order of writing, was told as failed."""
    requests: defaultdict[str, list[str]] = defaultdict(list)
    for token, outcome in outcomes.items():
        if not isinstance(outcome, Done) and outcome.failure:
            requests[outcome.failure].append(token)
    forget(db, [token for told in requests.values() for token in told])
    for told in requests.values():
        batch = (db.scalar(sa.select(sa.func.max(failures.c.batch))) or 0) + 1
        for place, token in enumerate(told):
            db.execute(sa.insert(failures).values(token=token, batch=batch, place=place, copied=0))


def forget(db: Connection, tokens: Iterable[str]) -> None:
    """Letters that are tried anew: what became of the earlier try is over."""
    for chunk in rows.chunks(tokens):
        db.execute(sa.delete(failures).where(failures.c.token.in_(chunk)))


def mark(db: Connection, tokens: Iterable[str]) -> None:
    """Copies of these letters were seen."""
    for chunk in rows.chunks(tokens):
        db.execute(sa.update(failures).where(failures.c.token.in_(chunk)).values(copied=1))


def with_copy(db: Connection, token: str) -> tuple[list[str], str] | None:
    """A copy of a letter was seen: of its request, the letters that are known to be out by that, and the
    one that is doubtful. None where nobody said that it failed."""
    batch = db.scalar(sa.select(failures.c.batch).where(failures.c.token == token))
    if batch is None:
        return None
    mark(db, [token])
    copied = (failures.c.batch == batch) & (failures.c.copied == 1)
    *out, last = db.scalars(sa.select(failures.c.token).where(copied).order_by(failures.c.place))
    return out, last


def has_copy(db: Connection, token: str) -> bool:
    """Whether a letter that the server said had failed has a copy in Sent Items."""
    copied = sa.select(failures.c.copied).where(failures.c.token == token)
    return bool(db.scalar(copied))


def prune(db: Connection) -> None:
    """What belongs to no effect any more goes."""
    db.execute(sa.delete(failures).where(failures.c.token.not_in(sa.select(effects.c.token))))
