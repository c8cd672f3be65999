"""What the ledger knows of letters besides how far they are: where they wait, when they were attempted,
which date they name, under which Message-ID they went out, and whether they arrived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd.ledger import rows
from ackd.ledger.tables import effects, promises, stamps
from ackd.model import EffectKind, EffectState, Stamp


def waits_in_drafts(db: Connection, tokens: Iterable[str]) -> None:
    """Letters that lie in Drafts and wait for the owner."""
    for chunk in rows.chunks(tokens):
        db.execute(
            sa.update(effects)
            .where(effects.c.token.in_(chunk), effects.c.state != EffectState.DONE.value)
            .values(state=EffectState.DRAFTED.value, note="")
        )
        remember_dates(db, chunk, of_drafted=False)


def letters_failed(db: Connection, message_ids: Iterable[str], now: datetime) -> None:
    """Letters of ours, by the Message-ID under which they went out, that weren't delivered."""
    for chunk in rows.chunks(message_ids):
        db.execute(sa.update(effects).where(effects.c.sent_as.in_(chunk)).values(failed=now))


def sent_as(db: Connection, message_id_of: Mapping[str, str]) -> None:
    """The Message-IDs that a server gave to letters of ours, by token."""
    for token, message_id in message_id_of.items():
        db.execute(sa.update(effects).where(effects.c.token == token).values(sent_as=message_id))


def stamp(db: Connection, attempted: Iterable[str], at: Stamp) -> None:
    """When effects were attempted, or from when on a wait counts."""
    for chunk in rows.chunks(attempted):
        db.execute(sa.delete(stamps).where(stamps.c.token.in_(chunk)))
        db.execute(sa.insert(stamps), [{"token": token, "stamp": at.dump()} for token in chunk])


def remember_dates(db: Connection, letters: Iterable[str], *, of_drafted: bool) -> None:
    """The dates that acknowledgements in Drafts name: those of their promises as they are now. It
    is kept for those that lie in Drafts for the first time, or for those that were there before and
    are written anew."""
    moment = effects.c.moment
    due = sa.select(promises.c.due).where(promises.c.message_id == effects.c.message_id).scalar_subquery()
    for chunk in rows.chunks(letters):
        db.execute(
            sa.update(effects)
            .where(
                effects.c.token.in_(chunk),
                effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value,
                moment.is_not(None) if of_drafted else moment.is_(None),
            )
            .values(moment=due)
        )
