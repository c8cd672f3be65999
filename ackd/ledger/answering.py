"""What the owner answered, in the ledger: rows, inside a transaction that the caller holds."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd.ledger import rows, writes
from ackd.ledger.tables import answers, promises
from ackd.model import PromiseState, SentMail


def insert(db: Connection, mail: SentMail, now: datetime) -> None:
    recipients = list(dict.fromkeys(a.key[:320] for a in mail.to))[:100]
    for target in mail.targets[:50]:
        for recipient in recipients:
            _insert_answer(db, target, recipient, mail.at)
    if recipients and mail.targets:
        answered = promises.c.message_id.in_(mail.targets[: rows.MANY]) & promises.c.asker.in_(recipients)
        keep(db, answered, mail.at, now)
    for question in mail.keeps:
        here = promises.c.message_id == question
        asker = db.scalar(sa.select(promises.c.asker).where(here))
        if asker is not None:
            _insert_answer(db, question, asker, mail.at)
            keep(db, here, mail.at, now)


def _insert_answer(db: Connection, target: str, recipient: str, at: datetime) -> None:
    known = sa.select(answers.c.at).where(answers.c.target == target, answers.c.recipient == recipient)
    if db.scalar(known) is None:
        db.execute(sa.insert(answers).values(target=target, recipient=recipient, at=at))


def keep(db: Connection, which: sa.ColumnElement[bool], answered: datetime, now: datetime) -> None:
    """The owner answered: also a promise whose task was ticked off before counts as kept."""
    dropped = promises.c.state == PromiseState.DROPPED.value
    db.execute(sa.update(promises).where(which, dropped).values(state=PromiseState.OPEN.value))
    is_open = promises.c.state == PromiseState.OPEN.value
    db.execute(sa.update(promises).where(which, is_open).values(answered=answered))
    writes.close(db, which, PromiseState.KEPT, now, "the owner answered")
