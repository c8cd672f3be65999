"""What the owner said of mails: rows, inside a transaction that the caller holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import RowMapping

from ackd.ledger import writes
from ackd.ledger.database import Database
from ackd.ledger.statements import Connection, delete, insert, select
from ackd.ledger.tables import lessons
from ackd.ledger.writes import Writes
from ackd.model import Act, Lesson, MailKind, Traits

MOST = 200  # that are kept: the latest

_LATEST = select(lessons).order_by(lessons.c.at.desc(), lessons.c.number.desc()).limit(sa.bindparam("most"))
_INSERT, _DELETE = insert(lessons), writes.delete(lessons.c.message_id)
_FORGET = writes.delete(lessons.c.number)


class LessonQueries(Database):
    """The part of `ports.Ledger` that tells what the owner said."""

    def lessons(self, most: int) -> tuple[Lesson, ...]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return tuple(map(_to_lesson, db.execute(_LATEST, {"most": most}).mappings()))[::-1]

    def forget_lessons(self, numbers: Collection[int] | None = None) -> int:
        """See `ports.Ledger`."""
        with self._work() as db:
            if numbers is None:
                return db.execute(delete(lessons)).rowcount
            return sum(db.execute(_FORGET, {"at": number}).rowcount for number in numbers)


def put(db: Connection, given: Iterable[Lesson]) -> None:
    """Keep them: of a mail the last one, in place of an earlier one."""
    made = Writes()
    for one in {one.message_id: one for one in given}.values():
        made.add(_DELETE, at=one.message_id)
        made.add(
            _INSERT,
            message_id=one.message_id,
            at=one.at,
            act=one.act.value,
            sender=one.traits.sender,
            kind=one.traits.kind.value,
            phrases=json.dumps(one.traits.phrases),
            chance=one.traits.chance,
            taught=one.traits.taught,
        )
    made.execute(db)


def prune(db: Connection, before: datetime) -> None:
    """Let go what is old, and of too many the oldest."""
    db.execute(delete(lessons, lessons.c.at < before))
    kept = list(db.scalars(select(lessons, lessons.c.at).order_by(lessons.c.at.desc()).limit(MOST)))
    if len(kept) == MOST:
        db.execute(delete(lessons, lessons.c.at < kept[-1]))


def _to_lesson(row: RowMapping) -> Lesson:
    traits = Traits(
        row["sender"], MailKind(row["kind"]), tuple(json.loads(row["phrases"])), row["chance"], row["taught"]
    )
    return Lesson(row["message_id"], row["at"], Act(row["act"]), traits, row["number"])
