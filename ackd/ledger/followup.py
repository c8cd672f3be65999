"""The ledger's part in the follow-through: how promises stand, and what their tasks and questions need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ackd.ledger import rows, snapshots, tracking
from ackd.ledger.database import Database
from ackd.ledger.statements import exists, select, whether
from ackd.ledger.tables import effects, failures, labels, promises, threads, tracked
from ackd.model import CategoryUpdate, EffectKind, EffectState, PromiseSnapshot, PromiseState, TrackedTask

_UNFINISHED = rows.values(*(state for state in EffectState if state.is_unfinished))
_PLANNED_OR_IN_DOUBT = rows.values(EffectState.PLANNED, EffectState.ATTEMPTING, EffectState.UNKNOWN)


def _overdue() -> sa.Select[Any]:
    is_letter = effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value
    is_new_task = (effects.c.kind == EffectKind.TASK.value) & effects.c.attempted.is_(None)
    unfinished = exists(
        effects,
        effects.c.message_id == promises.c.message_id,
        sa.or_(is_letter, is_new_task),
        effects.c.state.in_(_UNFINISHED),
    )
    query = select(promises, promises.c.message_id).where(
        promises.c.state == PromiseState.OPEN.value,
        promises.c.waits == 0,
        ~unfinished,
        promises.c.due <= sa.bindparam("now"),
        sa.or_(promises.c.overdue.is_(None), promises.c.overdue != promises.c.due),
    )
    return query.order_by(promises.c.due)


def _questions_of() -> sa.Select[Any]:
    """The questions of effects by their tokens, and of those that went out with them."""
    request = select(failures, failures.c.batch).where(rows.names(failures.c.token))
    beside = select(failures, failures.c.token).where(failures.c.batch.in_(request))
    here = rows.names(effects.c.token) | effects.c.token.in_(beside)
    return select(effects, effects.c.message_id).where(here)


# made once, as those of `rows`
_OVERDUE = _overdue()
_QUESTIONS_OF = _questions_of()
_UNSETTLED = select(effects, effects.c.message_id).where(effects.c.state.in_(_PLANNED_OR_IN_DOUBT)).distinct()
_TASK_FOLDERS = (
    select(tracked, tracked.c.folder).where(tracked.c.folder != "").distinct().order_by(tracked.c.folder)
)
_WITH_CHORES = (
    select(tracked, tracked.c.message_id).where(tracked.c.chore.is_not(None)).order_by(tracked.c.message_id)
)
_HAS_CHORES = exists(tracked, tracked.c.chore.is_not(None))
_HAS_UPDATES = whether(_HAS_CHORES | exists(labels))


class FollowUpQueries(Database):
    """What the ledger knows of promises that are followed."""

    def snapshots(self, message_ids: Iterable[str]) -> dict[str, PromiseSnapshot]:
        """How the promises for these questions stand, closed ones too."""
        with self._read() as db:
            return snapshots.read(db, message_ids)

    def with_tokens(self, tokens: Iterable[str]) -> dict[str, PromiseSnapshot]:
        """See `ports.Ledger`."""
        wanted: set[str] = set()
        with self._read() as db:
            for chunk in rows.chunks(tokens):
                wanted |= set(db.scalars(_QUESTIONS_OF, {"names": chunk}))
            return snapshots.read(db, sorted(wanted))

    def unsettled(self) -> dict[str, PromiseSnapshot]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return snapshots.read(db, db.scalars(_UNSETTLED))

    def in_conversations(self, conversations: Collection[str]) -> dict[str, PromiseSnapshot]:
        """Promises in these conversations that an answer may still keep."""
        states = rows.values(*(state for state in PromiseState if state.can_be_kept))
        query = select(promises, promises.c.message_id).where(
            promises.c.conversation.in_(list(conversations)[: rows.MANY]), promises.c.state.in_(states)
        )
        with self._read() as db:
            return snapshots.read(db, db.scalars(query))

    def behind(self, message_ids: Collection[str], letters: Mapping[str, str]) -> dict[str, str]:
        """The questions behind letters of ours, by the Message-IDs under which they went out, and
        behind what askers wrote later in their threads. `letters` are Message-IDs of ours that are
        only learnt now, by token."""
        sources = (
            (effects, effects.c.sent_as, effects.c.message_id),
            (threads, threads.c.message_id, threads.c.question),
        )
        found: dict[str, str] = {}
        with self._read() as db:
            for table, column, question in sources:
                for chunk in rows.chunks(message_ids):
                    asked = select(table, column.label("name"), question.label("question")).where(
                        column.in_(chunk)
                    )
                    found |= {row.name: row.question for row in db.execute(asked)}
            for chunk in rows.chunks(letters):
                query = select(effects, effects.c.token, effects.c.message_id).where(
                    effects.c.token.in_(chunk)
                )
                found |= {letters[row.token]: row.message_id for row in db.execute(query)}
        return found

    def tasks_gone(self, items: Collection[str], folders: Collection[str] = ()) -> tuple[TrackedTask, ...]:
        """Tasks of ours that were last seen under these names, or in these lists."""
        found: dict[str, TrackedTask] = {}
        with self._read() as db:
            for column, wanted in ((tracked.c.item, items), (tracked.c.folder, folders)):
                for chunk in rows.chunks(wanted):
                    query = select(tracked, *tracking.TASK_COLUMNS).where(column.in_(chunk))
                    tasks = map(tracking.to_task, db.execute(query).all())
                    found |= {task.token: task for task in tasks}
        return tuple(found.values())

    def tracked(self) -> tuple[TrackedTask, ...]:
        """All tasks of ours that are followed."""
        query = select(tracked, *tracking.TASK_COLUMNS).order_by(tracked.c.message_id)
        with self._read() as db:
            return tuple(map(tracking.to_task, db.execute(query).all()))

    def task_folders(self) -> tuple[str, ...]:
        """The lists besides the usual one that hold tasks of ours."""
        with self._look() as db:
            return tuple(db.scalars(_TASK_FOLDERS))

    def overdue(self, now: datetime) -> tuple[PromiseSnapshot, ...]:
        """Open promises of an answer whose moment has come without an answer, and for which nothing was done
        about that yet; those that wait for the asker aren't overdue, nor are those whose letter
        isn't out, or whose task wasn't looked for: it may have been made and deleted by now. One
        that the mailbox refuses again and again holds nothing back."""
        with self._read() as db:
            late = snapshots.read(db, db.scalars(_OVERDUE, {"now": now})).values()
        return tuple(one for one in late if one.promise.is_of_answer)

    def task_updates(self) -> tuple[PromiseSnapshot, ...]:
        """Promises to whose tasks something is to be done."""
        with self._read() as db:
            return tuple(snapshots.read(db, db.scalars(_WITH_CHORES)).values())

    def category_updates(self) -> tuple[CategoryUpdate, ...]:
        """Questions whose categories are to change."""
        with self._read() as db:
            return tracking.read_labels(db)

    def has_updates(self) -> bool:
        """Whether a task or a question is to be changed."""
        with self._look() as db:
            return bool(db.scalar(_HAS_UPDATES))

    def categories_updated(self, updates: Collection[CategoryUpdate]) -> None:
        """See `ports.Ledger`."""
        if updates:
            with self._work() as db:
                tracking.drop_labels(db, updates)
