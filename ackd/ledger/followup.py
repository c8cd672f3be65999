"""The ledger's part in the follow-through: how promises stand, what their tasks and questions
need, and what a happening makes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd.ledger import rows, tracking, writes
from ackd.ledger.database import Database
from ackd.ledger.tables import desk, effects, labels, mails, promises, threads
from ackd.model import (
    CategoryUpdate,
    Effect,
    EffectKind,
    EffectState,
    PromiseSnapshot,
    PromiseState,
    TrackedTask,
    Transition,
)
from ackd.model.followup import DELETED, Happening

_UNFINISHED = [
    state.value
    for state in (EffectState.PLANNED, EffectState.ATTEMPTING, EffectState.UNKNOWN, EffectState.DRAFTED)
]
_LETTERS = [kind.value for kind in EffectKind if kind.is_letter]


class FollowUpQueries(Database):
    """What the ledger knows of promises that are followed."""

    def snapshots(self, message_ids: Iterable[str]) -> dict[str, PromiseSnapshot]:
        """How the promises for these questions stand, closed ones too."""
        with self._work() as db:
            return _snapshots(db, message_ids)

    def in_conversations(self, conversations: Collection[str]) -> dict[str, PromiseSnapshot]:
        """Promises in these conversations that an answer may still keep."""
        states = (PromiseState.OPEN.value, PromiseState.DROPPED.value)
        query = sa.select(promises.c.message_id).where(
            promises.c.conversation.in_(list(conversations)[: rows.MANY]), promises.c.state.in_(states)
        )
        with self._work() as db:
            return _snapshots(db, db.scalars(query))

    def behind(self, message_ids: Collection[str], letters: Mapping[str, str]) -> dict[str, str]:
        """The questions behind letters of ours, by the Message-IDs under which they went out, and
        behind what askers wrote later in their threads. `letters` are Message-IDs of ours that are
        only learnt now, by token."""
        sources = ((effects.c.sent_as, effects.c.message_id), (threads.c.message_id, threads.c.question))
        found: dict[str, str] = {}
        with self._work() as db:
            for column, question in sources:
                for chunk in rows.chunks(message_ids):
                    found |= {
                        row[0]: row[1]
                        for row in db.execute(sa.select(column, question).where(column.in_(chunk)))
                    }
            for chunk in rows.chunks(letters):
                query = sa.select(effects.c.token, effects.c.message_id).where(effects.c.token.in_(chunk))
                found |= {letters[row.token]: row.message_id for row in db.execute(query)}
        return found

    def tasks_gone(self, items: Collection[str], folders: Collection[str] = ()) -> tuple[TrackedTask, ...]:
        """Tasks of ours that were last seen under these names, or in these lists."""
        found: dict[str, TrackedTask] = {}
        with self._work() as db:
            for column, wanted in ((desk.c.item, items), (desk.c.folder, folders)):
                for chunk in rows.chunks(wanted):
                    query = sa.select(desk).where(column.in_(chunk))
                    tasks = map(tracking.to_task, db.execute(query).mappings())
                    found |= {task.token: task for task in tasks}
        return tuple(found.values())

    def task_folders(self) -> tuple[str, ...]:
        """The lists besides the usual one that hold tasks of ours."""
        query = sa.select(desk.c.folder).where(desk.c.folder != "").distinct().order_by(desk.c.folder)
        with self._work() as db:
            return tuple(db.scalars(query))

    def overdue(self, now: datetime) -> tuple[PromiseSnapshot, ...]:
        """Open promises whose moment has come without an answer, and for which nothing was done
        about that yet; those that wait for the asker aren't overdue, nor are those whose letter
        isn't out, or whose task wasn't looked for: it may have been made and deleted by now. One
        that the mailbox refuses again and again holds nothing back."""
        is_letter = effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value
        is_new_task = (effects.c.kind == EffectKind.TASK.value) & effects.c.attempted.is_(None)
        unfinished = sa.exists().where(
            effects.c.message_id == promises.c.message_id,
            sa.or_(is_letter, is_new_task),
            effects.c.state.in_(_UNFINISHED),
        )
        query = (
            sa.select(promises.c.message_id)
            .where(
                promises.c.state == PromiseState.OPEN.value,
                promises.c.waits == 0,
                ~unfinished,
                promises.c.due <= now,
                sa.or_(promises.c.overdue.is_(None), promises.c.overdue != promises.c.due),
            )
            .order_by(promises.c.due)
        )
        with self._work() as db:
            return tuple(_snapshots(db, db.scalars(query)).values())

    def task_updates(self) -> tuple[PromiseSnapshot, ...]:
        """Promises to whose tasks something is to be done."""
        query = sa.select(desk.c.message_id).where(desk.c.chore.is_not(None)).order_by(desk.c.message_id)
        with self._work() as db:
            return tuple(_snapshots(db, db.scalars(query)).values())

    def category_updates(self) -> tuple[CategoryUpdate, ...]:
        """Questions whose categories are to change."""
        with self._work() as db:
            return tracking.read_labels(db)

    def has_updates(self) -> bool:
        """Whether a task or a question is to be changed."""
        with self._work() as db:
            one_task = db.scalar(sa.select(desk.c.token).where(desk.c.chore.is_not(None)).limit(1))
            return bool(one_task or db.scalar(sa.select(labels.c.message_id).limit(1)))

    def track_tasks(self, tasks: Collection[TrackedTask], *, done: bool = False) -> None:
        """Tasks as they were just written; with `done` nothing is left to be done to them."""
        with self._work() as db:
            for task in tasks:
                tracking.track_tasks(db, task)
                if done:
                    db.execute(sa.update(desk).where(desk.c.token == task.token).values(chore=None))

    def forget_tasks(self, tokens: Collection[str]) -> None:
        """Tasks that are no more, by our own hand or for good."""
        with self._work() as db:
            forget(db, tokens)

    def categories_updated(self, message_ids: Collection[str]) -> None:
        """Questions whose categories are as they are to be, or that are gone."""
        with self._work() as db:
            for chunk in rows.chunks(message_ids):
                db.execute(sa.delete(labels).where(labels.c.message_id.in_(chunk)))


def apply(db: Connection, transition: Transition, now: datetime) -> None:
    """What a happening makes of a promise. Where the promise was closed meanwhile (the owner
    answered on the same page), nothing follows."""
    promise = transition.promise
    mid = promise.question.message_id
    here = promises.c.message_id == mid
    state = db.scalar(sa.select(promises.c.state).where(here))
    if transition.what is Happening.OBEYED:
        tracking.add_update(db, [mid], transition.task_update)
        return
    if state is None or (state != PromiseState.OPEN.value and transition.what is not Happening.REOPENED):
        return
    if promise.why == DELETED or any(effect.kind is EffectKind.TASK for effect in transition.effects):
        db.execute(sa.delete(desk).where(desk.c.message_id == mid))  # gone, or another one comes
    if transition.what is Happening.REOPENED:
        tracking.stay_open(db, mid)
    tracking.add_update(db, [mid], transition.task_update)
    if promise.state is not PromiseState.OPEN:
        writes.close(db, here, promise.state, now, promise.why)
        return
    new = rows.from_promise(promise)
    if transition.looked_at is not None:
        old = rows.from_promise(transition.looked_at)
        new = {name: value for name, value in new.items() if value != old[name]}
    state_now = {"state": promise.state.value, "why": "", "closed": None}
    db.execute(sa.update(promises).where(here).values(new | state_now))
    tracking.note(db, mid, now, transition.what, promise.due, transition.words)
    if transition.what is Happening.OVERDUE:
        db.execute(sa.update(promises).where(here).values(overdue=promise.due))
    if transition.what is Happening.REOPENED and writes.is_told(db, mid):
        tracking.add_label(db, mid, promised=True)
    _plan(db, transition, mid)


def _plan(db: Connection, transition: Transition, mid: str) -> None:
    planned = (effects.c.message_id == mid) & (effects.c.state == EffectState.PLANNED.value)
    cancelled = [kind.value for kind in transition.cancel]
    if cancelled:
        db.execute(
            sa.update(effects)
            .where(planned, effects.c.kind.in_(cancelled))
            .values(state=EffectState.CANCELLED.value, note=transition.words or transition.what.value)
        )
    if transition.hurry is not None:
        db.execute(
            sa.update(effects)
            .where(planned, effects.c.kind.in_(_LETTERS), effects.c.not_before > transition.hurry)
            .values(not_before=transition.hurry)
        )
    for effect in transition.effects:
        writes.insert_effect(db, effect, transition.promise.question.asker.key)


def forget(db: Connection, tokens: Iterable[str]) -> None:
    """Tasks that are no more."""
    for chunk in rows.chunks(tokens):
        db.execute(sa.delete(desk).where(desk.c.token.in_(chunk)))


def obey(db: Connection, obeyed: Mapping[str, Collection[str]]) -> None:
    """Commands of the owner's on questions, by Message-ID: their categories go."""
    for message_id, names in obeyed.items():
        tracking.add_label(db, message_id, obeyed=names)


def _snapshots(db: Connection, message_ids: Iterable[str]) -> dict[str, PromiseSnapshot]:
    found: dict[str, PromiseSnapshot] = {}
    for chunk in rows.chunks(message_ids):
        done: defaultdict[str, list[Effect]] = defaultdict(list)
        for row in db.execute(
            sa.select(effects).where(effects.c.message_id.in_(chunk)).order_by(effects.c.number)
        ).mappings():
            done[row["message_id"]].append(rows.to_effect(row))
        tasks = {
            row["message_id"]: tracking.to_task(row)
            for row in db.execute(sa.select(desk).where(desk.c.message_id.in_(chunk))).mappings()
        }
        for row in db.execute(sa.select(promises).where(promises.c.message_id.in_(chunk))).mappings():
            mid = row["message_id"]
            found[mid] = PromiseSnapshot(rows.to_promise(row), tuple(done[mid]), tasks.get(mid))
    return found


def threaded(db: Connection, question_of: Mapping[str, str]) -> None:
    """What askers wrote later, by Message-ID, with the question that it is of."""
    for message_id, question in question_of.items():
        db.execute(sa.delete(threads).where(threads.c.message_id == message_id))
        db.execute(sa.insert(threads).values(message_id=message_id, question=question))


def renamed(db: Connection, item_of: Mapping[str, str]) -> None:
    """Mails as they are named now, by Message-ID."""
    for message_id, item in item_of.items():
        db.execute(sa.update(mails).where(mails.c.message_id == message_id).values(item=item))
