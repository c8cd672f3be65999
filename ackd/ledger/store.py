"""The ledger on SQLAlchemy Core: SQLite by default."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa

from ackd.ledger import answering, failures, followup, letters, log, rows, tracking, writes
from ackd.ledger.followup import FollowUpQueries
from ackd.ledger.reporting import Reporting
from ackd.ledger.tables import REBUILT, SEEN, answers, effects, mails, meta, promises
from ackd.model import (
    Decision,
    EffectKind,
    EffectState,
    FollowUp,
    Judged,
    Mail,
    Mode,
    Outcome,
    Pending,
    Promise,
    PromiseState,
    SeenTask,
    SentMail,
    Stamp,
    Thread,
    token_of,
)
from ackd.model.log import LogEntry, LogFilter

NO_MORE_TRIES = 1000
NOTHING_FOLLOWED = FollowUp()
NOTHING_BEGUN: Mapping[str, str] = MappingProxyType({})
#: An acknowledgement for which no task waits any more; a cancelled one of an open promise isn't
#: needed, since the owner has told the asker.
_OUT = (EffectState.DONE.value, EffectState.DRAFTED.value, EffectState.CANCELLED.value)


class SqlLedger(FollowUpQueries, Reporting):
    """The durable record; see `Database` for its transactions."""

    # --- taking in --------------------------------------------------------------------------

    def known(self, message_ids: Iterable[str]) -> frozenset[str]:
        """Which of the mails have been judged already."""
        found: set[str] = set()
        with self._work() as db:
            for chunk in rows.chunks(message_ids):
                found |= set(db.scalars(sa.select(mails.c.message_id).where(mails.c.message_id.in_(chunk))))
        return frozenset(found)

    def thread(self, mail: Mail) -> Thread:
        """What is known of the conversation that a mail belongs to."""
        wanted = [address.key for address in ((mail.sender,) if mail.sender else ()) + mail.reply_to]
        before = {*mail.references, *([mail.in_reply_to] if mail.in_reply_to else [])}
        is_open = promises.c.state == PromiseState.OPEN.value
        in_thread: sa.ColumnElement[bool] = promises.c.message_id.in_(list(before)[: rows.MANY])
        if mail.conversation:
            in_thread |= promises.c.conversation == mail.conversation
        with self._work() as db:
            answered = db.scalar(
                sa.select(answers.c.target).where(
                    answers.c.target == mail.message_id, answers.c.recipient.in_(wanted[: rows.MANY])
                )
            )
            promised = db.scalar(sa.select(promises.c.message_id).where(is_open, in_thread).limit(1))
        return Thread(
            answered=answered is not None, open_promise=promised is not None, question=promised or ""
        )

    def record(
        self,
        *,
        sync_state: str,
        decisions: Collection[Decision],
        sent: Collection[SentMail],
        tasks: Collection[SeenTask],
        tokens: Collection[str],
        now: datetime,
        mode: Mode,
        values: Mapping[str, str],
        begun: Mapping[str, str] = NOTHING_BEGUN,
        drafted: Collection[str] = (),
        followed: FollowUp = NOTHING_FOLLOWED,
    ) -> None:
        """One page of changes, its judgements and the bookmark behind it, in one transaction.

        `sent` are the owner's own mails: they answer questions. `tasks` of ours whose question
        this ledger doesn't know are adopted. `tokens` were seen in the mailbox: their effects
        are done; `drafted` are letters that lie in Drafts. `followed` is what the page makes of
        promises. `values` are remembered in the same transaction, `begun` only where there is no
        such value: a hold that the owner began meanwhile stays.
        """
        with self._work() as db:
            for decision in decisions:
                writes.insert_decision(db, decision, now, mode.value)
            for task in tasks:
                if task.message_id and not writes.adopt(db, task, now, drafted) and not task.is_deleted:
                    tracking.see(db, task)
            for token in tokens:  # a letter that ends its promise finds the task that is to be ticked off
                writes.keep_token(db, token, now)
            letters.waits_in_drafts(db, drafted)
            for decision in followed.anew:
                writes.decide_anew(db, decision, now, mode.value)
            for mail in sent:
                answering.insert(db, mail, now)
            for transition in followed.transitions:
                followup.apply(db, transition, now)
            followup.forget(db, followed.forgotten)
            followup.obey(db, followed.obeyed)
            followup.renamed(db, followed.items)
            for question in followed.questions:
                writes.complete(db, question)
            letters.sent_as(db, followed.sent_as)
            followup.threaded(db, followed.threads)
            letters.letters_failed(db, followed.failed, now)
            rows.put(db, "cursor", sync_state)
            for key, value in values.items():
                rows.put(db, key, value)
            for key, value in begun.items():
                rows.swap(db, key, None, value)

    def found(self, tokens: Collection[str]) -> frozenset[str]:
        """Tokens that a search found in the mailbox: their effects are done. Returns those of letters
        that aren't, since the server said that sending them failed: a person is asked."""
        with self._work() as db:
            failures.mark(db, tokens)
            doubtful = {writes.saw(db, token) for token in tokens}
        return frozenset(doubtful) & frozenset(tokens)

    def drafted(self, tokens: Collection[str]) -> None:
        """Letters that lie in Drafts and wait for the owner."""
        with self._work() as db:
            letters.waits_in_drafts(db, tokens)

    def found_by_look(self, message_id: str) -> bool:
        """Whether a question's acknowledgement was found in the mailbox before it was tried."""
        query = sa.select(effects.c.token).where(
            effects.c.message_id == message_id,
            effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value,
            effects.c.note == SEEN,
            effects.c.tries == 0,
        )
        with self._work() as db:
            return db.scalar(query) is not None

    def adopt(self, tasks: Collection[SeenTask], now: datetime, drafted: Collection[str] = ()) -> None:
        """Rebuild promises from tasks of ours that stand in the mailbox. A task that is done
        or deleted leaves a closed promise, so that its question is never acknowledged anew.
        `drafted` are tokens of letters that lie in Drafts."""
        with self._work() as db:
            for task in tasks:
                if task.message_id:
                    writes.adopt(db, task, now, drafted)

    # --- delivering -------------------------------------------------------------------------

    def due(self, now: datetime, kind: EffectKind, limit: int) -> tuple[Pending, ...]:
        """Planned effects of open promises whose time has come, of one kind, the oldest first.
        What stands on the owner's desk waits until the acknowledgement of its question is out, lies
        in Drafts, or isn't needed any more."""
        query = rows.pending().where(_is_due(now), effects.c.kind == kind.value)
        with self._work() as db:
            ordered = query.order_by(effects.c.not_before, effects.c.token).limit(limit)
            return tuple(rows.to_pending(row) for row in db.execute(ordered).mappings())

    def due_kinds(self, now: datetime) -> frozenset[EffectKind]:
        """Of which kinds effects are due."""
        joined = effects.join(promises, promises.c.message_id == effects.c.message_id)
        query = sa.select(effects.c.kind).select_from(joined).where(_is_due(now)).distinct()
        with self._work() as db:
            return frozenset(map(EffectKind, db.scalars(query)))

    def unseen(self, kind: EffectKind) -> tuple[Pending, ...]:
        """Effects of open promises that the server said were done, and that haven't been seen in the
        mailbox since."""
        query = rows.pending().where(
            effects.c.kind == kind.value,
            effects.c.state == EffectState.DONE.value,
            effects.c.seen == 0,
            effects.c.attempted.is_not(None),
            promises.c.state == PromiseState.OPEN.value,
        )
        with self._work() as db:
            return tuple(rows.to_pending(row) for row in db.execute(query).mappings())

    def in_state(self, *states: EffectState) -> tuple[Pending, ...]:
        """All effects in one of the states, the oldest first."""
        query = rows.pending().where(effects.c.state.in_([s.value for s in states]))
        with self._work() as db:
            ordered = query.order_by(effects.c.not_before, effects.c.token)
            return tuple(rows.to_pending(row) for row in db.execute(ordered).mappings())

    def attempting(
        self,
        tokens: Collection[str],
        now: datetime,
        stamp: Stamp | None = None,
        *,
        unless: str | None = None,
    ) -> frozenset[str]:
        """Write down that planned effects are about to be done, before anything is written; returns
        those that are. What a command of the owner's withdrew meanwhile isn't done, and nothing is
        while there is a single value of the name `unless`. By `stamp` it can be told later how long ago
        that was."""
        planned, attempting = EffectState.PLANNED.value, EffectState.ATTEMPTING.value
        is_free = ~sa.exists().where(meta.c.key == unless) if unless else sa.true()
        begun: set[str] = set()
        with self._work() as db:
            for chunk in rows.chunks(tokens):
                here = effects.c.token.in_(chunk)
                db.execute(
                    sa.update(effects)
                    .where(here, effects.c.state == planned, is_free)
                    .values(state=attempting, attempted=now, tries=effects.c.tries + 1, note="")
                )
                is_begun = here & (effects.c.state == attempting)
                begun |= set(db.scalars(sa.select(effects.c.token).where(is_begun)))
            letters.remember_dates(db, begun, of_drafted=True)
            failures.forget(db, begun)
            if stamp is not None:
                letters.stamp(db, begun, stamp)
        return frozenset(begun)

    def count_anew(self, tokens: Collection[str], stamp: Stamp) -> None:
        """From now on count the time since the effects were attempted."""
        with self._work() as db:
            letters.stamp(db, tokens, stamp)

    def settle(self, outcomes: Mapping[str, Outcome]) -> None:
        """Write down what became of attempted effects, by token in the order of writing."""
        with self._work() as db:
            failures.note(db, outcomes)
            for token, outcome in outcomes.items():
                writes.settle(db, token, outcome)

    def put(self, tokens: Collection[str], state: EffectState, note: str) -> None:
        """Set the state of effects by a decision of ours (park, cancel, try again)."""
        with self._work() as db:
            for chunk in rows.chunks(tokens):
                db.execute(
                    sa.update(effects).where(effects.c.token.in_(chunk)).values(state=state.value, note=note)
                )

    def plan_anew(self, token: str, now: datetime, note: str, *, is_draft: bool = False) -> None:
        """Plan an effect once more from its beginning; its token is looked for first. With `is_draft`
        an acknowledgement that lay in Drafts is written there again, whatever the mode is by then."""
        with self._work() as db:
            writes.plan_anew(db, token, now, note, is_draft=is_draft)

    def send_again(self, token: str, now: datetime, note: str) -> None:
        """Plan a parked effect once more by the owner's word. A letter of which a copy stands in Sent
        Items though it failed becomes a letter of its own: that copy says nothing about it."""
        with self._work() as db:
            is_copied = failures.has_copy(db, token)
            row = db.execute(sa.select(effects).where(effects.c.token == token)).mappings().first()
            if is_copied and row is not None:
                occasion = f"{row['occasion']} again".strip()
                renamed = token_of(row["message_id"], EffectKind(row["kind"]), occasion)
                here = effects.c.token == token
                db.execute(sa.update(effects).where(here).values(token=renamed, occasion=occasion))
                token = renamed
            writes.plan_anew(db, token, now, note)

    def prune(self, before: datetime) -> None:
        """Let closed records older than a moment go: decisions, closed promises with their
        effects, answers. Open promises stay, and so do effects that aren't settled."""
        with self._work() as db:
            writes.prune(db, before)

    def reschedule(self, promise: Promise) -> None:
        """Give an open promise a new moment."""
        with self._work() as db:
            db.execute(
                sa.update(promises)
                .where(promises.c.message_id == promise.question.message_id)
                .values(due=promise.due, reminder=promise.reminder)
            )

    def close_promise(self, message_id: str, state: PromiseState, now: datetime, why: str) -> None:
        """Close a promise and cancel what was planned for it."""
        with self._work() as db:
            writes.close(db, promises.c.message_id == message_id, state, now, why)

    def withdraw_unsent(self, now: datetime, why: str) -> int:
        """Cancel every acknowledgement that hasn't been attempted, with its promise; returns
        how many. Used when the mode changes: nothing that was left unsent is sent later. Those
        whose outcome is open get no further try: found, or a case for a person. What waits in Drafts
        for the owner goes on waiting there, also while it is written anew."""
        unsent = sa.select(effects.c.message_id).where(
            effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value,
            effects.c.state == EffectState.PLANNED.value,
            effects.c.moment.is_(None),
        )
        is_open = (EffectState.ATTEMPTING.value, EffectState.UNKNOWN.value)
        letters = [kind.value for kind in EffectKind if kind.is_letter]
        later = effects.c.kind.in_(letters) & (effects.c.kind != EffectKind.ACKNOWLEDGEMENT.value)
        with self._work() as db:
            db.execute(sa.update(effects).where(effects.c.state.in_(is_open)).values(tries=NO_MORE_TRIES))
            db.execute(
                sa.update(effects)
                .where(later, effects.c.state == EffectState.PLANNED.value)
                .values(state=EffectState.CANCELLED.value, note=why)
            )
            return writes.close(db, promises.c.message_id.in_(unsent), PromiseState.WITHDRAWN, now, why)

    # --- counting ---------------------------------------------------------------------------

    def acknowledged_since(self, moment: datetime, asker: str | None = None, *, previewed: bool) -> int:
        """How many acknowledgements count against the limits: sent, being sent, planned or drafted
        since the moment; with `previewed` also those that preview mode would have sent, which
        nobody got. To one asker or to all. When letters went out that a rebuilt ledger only knows
        from their tasks isn't known: an asker isn't written to too soon again, but they don't count
        as many in a short time."""
        count = sa.select(sa.func.count())
        sent = count.where(
            effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value,
            effects.c.state != EffectState.CANCELLED.value,
            sa.func.coalesce(effects.c.attempted, effects.c.not_before) > moment,
        )
        would_be = count.where(
            mails.c.acknowledge == 1, mails.c.mode == Mode.PREVIEW.value, mails.c.decided > moment
        )
        if asker is not None:
            sent = sent.where(effects.c.asker == asker)
            would_be = would_be.where(mails.c.sender == asker)
        else:
            rebuilt = sa.select(mails.c.message_id).where(mails.c.mode == REBUILT)
            sent = sent.where(effects.c.message_id.not_in(rebuilt) | effects.c.attempted.is_not(None))
        with self._work() as db:
            return (db.scalar(sent) or 0) + ((db.scalar(would_be) or 0) if previewed else 0)

    def judged(self, since: datetime) -> tuple[Judged, ...]:
        """The decisions since a moment, in the order in which the mails came."""
        query = (
            sa.select(mails, promises.c.why)
            .outerjoin(promises, promises.c.message_id == mails.c.message_id)
            .where(mails.c.decided >= since)
            .order_by(mails.c.received, mails.c.message_id)
        )
        with self._work() as db:
            return tuple(rows.to_judged(row) for row in db.execute(query).mappings())

    def log(self, wanted: LogFilter) -> tuple[LogEntry, ...]:
        """The decisions that are meant, with their promises and effects, the oldest first."""
        with self._work() as db:
            return log.read(db, wanted)

    def open_promises(self) -> tuple[Promise, ...]:
        """Promises that wait for the owner, by their moment."""
        query = (
            sa.select(promises).where(promises.c.state == PromiseState.OPEN.value).order_by(promises.c.due)
        )
        with self._work() as db:
            return tuple(rows.to_promise(row) for row in db.execute(query).mappings())

    def count_open(self) -> int:
        """How many promises are open."""
        query = sa.select(sa.func.count()).where(promises.c.state == PromiseState.OPEN.value)
        with self._work() as db:
            return db.scalar(query) or 0

    def count_effects(self, state: EffectState) -> int:
        """How many effects are in a state."""
        query = sa.select(sa.func.count()).where(effects.c.state == state.value)
        with self._work() as db:
            return db.scalar(query) or 0


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Of an effect joined with its promise: its time has come, and what it waits for is there."""
    other = effects.alias("acknowledgement")
    is_letter = effects.c.kind.in_([kind.value for kind in EffectKind if kind.is_letter])
    waits = sa.exists().where(
        other.c.message_id == effects.c.message_id,
        other.c.kind == EffectKind.ACKNOWLEDGEMENT.value,
        other.c.state.not_in(_OUT),
    )
    return sa.and_(
        effects.c.state == EffectState.PLANNED.value,
        effects.c.not_before <= now,
        promises.c.state == PromiseState.OPEN.value,
        sa.or_(is_letter, ~waits),
    )
