"""The ledger's part in the digest and the report: what happened, and what became of promises."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from ackd.ledger import rows
from ackd.ledger.database import Database
from ackd.ledger.statements import joined, select
from ackd.ledger.tables import effects, history, mails, promises
from ackd.model import REBUILT, Course, Event, Happening, Pending

_REDATED = [what.value for what in Happening if what.is_new_date]


class Reporting(Database):
    """What the owner is told of promises."""

    def history(self, since: datetime, until: datetime) -> tuple[Event, ...]:
        """What happened to promises from a moment on and before another, in order."""
        query = (
            select(
                joined(history, promises, promises.c.message_id == history.c.message_id, inner=True),
                promises,
                history.c.at,
                history.c.what,
                history.c.due.label("then"),
                history.c.words,
            )
            .where(history.c.at >= since, history.c.at < until)
            .order_by(history.c.number)
        )
        with self._read() as db:
            return tuple(
                Event(row["at"], Happening(row["what"]), row["then"], row["words"], rows.to_promise(row))
                for row in db.execute(query).mappings()
            )

    def courses(self, since: datetime, until: datetime) -> tuple[Course, ...]:
        """The promises that were made from a moment on and before another, the oldest first. Those
        that a rebuilt ledger read back from tasks aren't among them: when they were made isn't known."""
        moved = (
            select(history, sa.func.count())
            .where(history.c.message_id == promises.c.message_id, history.c.what.in_(_REDATED))
            .scalar_subquery()
        )
        both = joined(promises, mails, mails.c.message_id == promises.c.message_id, inner=True)
        query = (
            select(both, promises, moved.label("moved"))
            .where(promises.c.made >= since, promises.c.made < until, mails.c.mode != REBUILT)
            .order_by(promises.c.made, promises.c.message_id)
        )
        with self._read() as db:
            return tuple(
                Course(
                    rows.to_promise(row),
                    row["made"],
                    row["first_due"],
                    answered=row["answered"],
                    closed=row["closed"],
                    moved=row["moved"],
                )
                for row in db.execute(query).mappings()
            )

    def undelivered(self, since: datetime) -> tuple[Pending, ...]:
        """Letters of ours that couldn't be delivered, as was told since a moment."""
        query = rows.PENDING.where(effects.c.failed >= since).order_by(effects.c.failed)
        with self._read() as db:
            return tuple(map(rows.to_pending, db.execute(query).all()))
