"""The ledger on SQLAlchemy Core: SQLite by default."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from ackd.ledger import conversations, frames, lessons, log, pages, rows, snapshots
from ackd.ledger.alarms import AlarmQueries
from ackd.ledger.followup import FollowUpQueries
from ackd.ledger.lessons import LessonQueries
from ackd.ledger.reporting import Reporting
from ackd.ledger.statements import exists, joined, select
from ackd.ledger.tables import Moment, answers, effects, mails, promises
from ackd.ledger.tables import tokens as seen_tokens
from ackd.model import (
    NOTICES,
    REBUILT,
    Change,
    Counted,
    EffectKind,
    EffectState,
    Judged,
    Lesson,
    LetterName,
    Mail,
    Mode,
    Page,
    Pending,
    Promise,
    PromiseState,
    Thread,
    ValueKey,
)
from ackd.model.log import LogEntry, LogFilter

_FREES_TASK = rows.values(*(state for state in EffectState if state.frees_task))
_WAITING = [kind.value for kind in EffectKind if kind.is_owner_item]


def _is_due() -> sa.ColumnElement[bool]:
    """Of an effect joined with its promise: its time has come, and what it waits for is there."""
    other = effects.alias("acknowledgement")
    waits_for_letter = effects.c.kind.in_(_WAITING)
    waits = exists(
        other,
        other.c.message_id == effects.c.message_id,
        other.c.kind == EffectKind.ACKNOWLEDGEMENT.value,
        other.c.state.not_in(_FREES_TASK),
    )
    return sa.and_(
        effects.c.state == EffectState.PLANNED.value,
        effects.c.not_before <= sa.bindparam("now"),
        sa.or_(promises.c.state == PromiseState.OPEN.value, effects.c.message_id == NOTICES),
        sa.or_(~waits_for_letter, ~waits),
    )


# made once, as those of `rows`
_DUE = (
    rows.PENDING.where(_is_due(), effects.c.kind == sa.bindparam("kind"))
    .order_by(effects.c.not_before, effects.c.token)
    .limit(sa.bindparam("most"))
)
_DUE_KINDS = (
    select(joined(effects, promises, promises.c.message_id == effects.c.message_id), effects.c.kind)
    .where(_is_due())
    .distinct()
)
_UNSEEN = rows.PENDING.where(
    effects.c.kind == sa.bindparam("kind"),
    effects.c.state == EffectState.DONE.value,
    effects.c.seen == 0,
    effects.c.attempted.is_not(None),
    promises.c.state == PromiseState.OPEN.value,
)
_IN_STATE = rows.PENDING.where(effects.c.state.in_(sa.bindparam("states", expanding=True))).order_by(
    effects.c.not_before, effects.c.token
)
_OPEN = (
    select(promises, *rows.PROMISE_COLUMNS)
    .where(promises.c.state == PromiseState.OPEN.value)
    .order_by(promises.c.due)
)
# within a subject or a text these marks would be escaped
REFERS = sa.or_(*(promises.c.question.contains(f'"letter": "{name}"') for name in LetterName if name.refers))
_COUNT_OPEN = select(promises, sa.func.count()).where(promises.c.state == PromiseState.OPEN.value, ~REFERS)
_OPEN_MOMENTS = select(promises, promises.c.due).where(promises.c.state == PromiseState.OPEN.value, ~REFERS)
_COUNT_EFFECTS = select(effects, sa.func.count()).where(effects.c.state == sa.bindparam("state"))
_AT = sa.func.coalesce(effects.c.attempted, effects.c.not_before)
_IS_PLANNED = effects.c.state == EffectState.PLANNED.value
_REBUILT = select(mails, mails.c.message_id).where(mails.c.mode == REBUILT)
_COUNTED = select(
    effects,
    effects.c.asker,
    effects.c.attempted,
    effects.c.not_before,
    _IS_PLANNED.label("is_planned"),
    effects.c.message_id.in_(_REBUILT).label("is_rebuilt"),
).where(
    effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value,
    effects.c.state != EffectState.CANCELLED.value,
    sa.or_(_IS_PLANNED, sa.bindparam("moment", type_=Moment) < _AT),
)
_PREVIEWED = select(mails, mails.c.sender, mails.c.decided).where(
    mails.c.acknowledge == 1,
    mails.c.mode == Mode.PREVIEW.value,
    mails.c.decided > sa.bindparam("moment"),
)
_ASKED_SINCE = (
    select(promises, *rows.PROMISE_COLUMNS)
    .where(promises.c.made > sa.bindparam("moment"))
    .order_by(promises.c.made, promises.c.message_id)
)
_KNOWN = select(mails, mails.c.message_id).where(rows.names(mails.c.message_id))
_STOOD = select(seen_tokens, seen_tokens.c.token).where(rows.names(seen_tokens.c.token))


class SqlLedger(FollowUpQueries, Reporting, AlarmQueries, LessonQueries):
    """The durable record; see `Database` for its transactions."""

    # --- taking in --------------------------------------------------------------------------

    def known(self, message_ids: Iterable[str]) -> frozenset[str]:
        """Which of the mails have been judged already."""
        found: set[str] = set()
        with self._read() as db:
            for chunk in rows.chunks(message_ids):
                found |= set(db.scalars(_KNOWN, {"names": chunk}))
        return frozenset(found)

    def threads(self, mails: Sequence[Mail]) -> tuple[Thread, ...]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return conversations.threads(db, mails)

    def frames(self, keys: Collection[str]) -> Mapping[str, int]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return frames.counts(db, keys)

    def answered(self, addresses: Collection[str]) -> frozenset[str]:
        """See `ports.Ledger`."""
        found: set[str] = set()
        with self._read() as db:
            for chunk in rows.chunks(addresses):
                found |= set(
                    db.scalars(select(answers, answers.c.recipient).where(answers.c.recipient.in_(chunk)))
                )
        return frozenset(found)

    def asked_since(self, moment: datetime) -> tuple[Promise, ...]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return tuple(map(rows.of_promise, db.execute(_ASKED_SINCE, {"moment": moment}).all()))

    def letters_in_threads(self, mails: Sequence[Mail], since: datetime) -> tuple[int, ...]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return conversations.letters(db, mails, since)

    def stood(self, tokens: Iterable[str]) -> frozenset[str]:
        """See `ports.Ledger`."""
        found: set[str] = set()
        with self._read() as db:
            for chunk in rows.chunks(tokens):
                found |= set(db.scalars(_STOOD, {"names": chunk}))
        return frozenset(found)

    # --- writing ----------------------------------------------------------------------------

    def write(
        self,
        changes: Collection[Change],
        *,
        failed: Sequence[Sequence[str]] = (),
        taught: Collection[Lesson] = (),
    ) -> frozenset[str]:
        """See `ports.Ledger`."""
        with self._work() as db:
            changed = snapshots.changed(db, changes)
            if not changed:
                snapshots.write(db, changes, failed)
                lessons.put(db, taught)
        return changed

    def attempting(
        self, changes: Collection[Change], *, only_while: tuple[ValueKey, str | None] | None = None
    ) -> frozenset[str]:
        """See `ports.Ledger`."""
        with self._work() as db:
            changed = snapshots.changed(db, changes)
            if only_while and rows.get(db, only_while[0]) != only_while[1]:
                return frozenset(change.after.name for change in changes)
            if not changed:
                snapshots.write(db, changes)
        return changed

    def record(self, page: Page) -> frozenset[str]:
        """See `ports.Ledger`."""
        with self._work() as db:
            changed = snapshots.changed(db, page.followed.changes)
            if not changed:
                pages.write(db, page)
                frames.count(db, page.frames, page.now)
                lessons.put(db, page.lessons)
        return changed

    def prune(self, before: datetime) -> None:
        """See `ports.Ledger`."""
        with self._work() as db:
            pages.prune(db, before)
            frames.prune(db, before)
            lessons.prune(db, before)
        self._forget_copies(before)

    # --- delivering -------------------------------------------------------------------------

    def due(self, now: datetime, kind: EffectKind, limit: int) -> tuple[Pending, ...]:
        """Planned effects of open promises whose time has come, of one kind, the oldest first.
        Tasks and calendar entries wait until the acknowledgement of its question is out, lies
        in Drafts, or isn't needed any more."""
        wanted = {"now": now, "kind": kind.value, "most": limit}
        with self._look() as db:
            return tuple(map(rows.to_pending, db.execute(_DUE, wanted).all()))

    def due_kinds(self, now: datetime) -> frozenset[EffectKind]:
        """Of which kinds effects are due."""
        with self._look() as db:
            return frozenset(map(EffectKind, db.scalars(_DUE_KINDS, {"now": now})))

    def unseen(self, kind: EffectKind) -> tuple[Pending, ...]:
        """Effects of open promises that the server said were done, and that haven't been seen in the
        mailbox since."""
        with self._read() as db:
            return tuple(map(rows.to_pending, db.execute(_UNSEEN, {"kind": kind.value}).all()))

    def in_state(self, *states: EffectState) -> tuple[Pending, ...]:
        """All effects in one of the states, the oldest first."""
        with self._look() as db:
            found = db.execute(_IN_STATE, {"states": rows.values(*states)}).all()
            return tuple(map(rows.to_pending, found))

    # --- counting ---------------------------------------------------------------------------

    def counted_since(self, moment: datetime, *, previewed: bool) -> tuple[Counted, ...]:
        """See `ports.Ledger`."""
        with self._read() as db:
            sent = [_counted(row) for row in db.execute(_COUNTED, {"moment": moment}).all()]
            shown = db.execute(_PREVIEWED, {"moment": moment}).all() if previewed else ()
        return (*sent, *(Counted(row.sender, row.decided) for row in shown))

    def judged(self, since: datetime) -> tuple[Judged, ...]:
        """The decisions since a moment, in the order in which the mails came."""
        both = joined(mails, promises, promises.c.message_id == mails.c.message_id)
        query = (
            select(both, mails, promises.c.why)
            .where(mails.c.decided >= since)
            .order_by(mails.c.received, mails.c.message_id)
        )
        with self._read() as db:
            return tuple(rows.to_judged(row) for row in db.execute(query).mappings())

    def log(self, wanted: LogFilter) -> tuple[LogEntry, ...]:
        """The decisions that are meant, with their promises and effects, the oldest first."""
        with self._read() as db:
            return log.read(db, wanted)

    def open_promises(self) -> tuple[Promise, ...]:
        """Promises that wait for the owner, by their moment."""
        with self._read() as db:
            return tuple(map(rows.of_promise, db.execute(_OPEN).all()))

    def open_moments(self) -> tuple[datetime, ...]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return tuple(db.scalars(_OPEN_MOMENTS))

    def count_open(self) -> int:
        """How many promises of an answer are open."""
        with self._look() as db:
            return db.scalar(_COUNT_OPEN) or 0

    def count_effects(self, state: EffectState) -> int:
        """How many effects are in a state."""
        with self._look() as db:
            return db.scalar(_COUNT_EFFECTS, {"state": state.value}) or 0


def _counted(row: rows.Row) -> Counted:
    """A row of `_COUNTED` as a value."""
    asker, attempted, not_before, is_planned, is_rebuilt = row
    at = None if is_planned else attempted or not_before
    return Counted(asker, at, is_rebuilt=bool(is_rebuilt) and attempted is None)
