"""Rows to frozen values, inside a transaction that the caller holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import RowMapping

from ackd.ledger import codec
from ackd.ledger.statements import Connection, delete, insert, joined, select, update
from ackd.ledger.tables import effects, failures, meta, promises, stamps
from ackd.model import (
    NO_PROMISE,
    NOTICES,
    Effect,
    EffectKind,
    EffectState,
    Failure,
    Judged,
    Pending,
    Promise,
    PromiseSnapshot,
    PromiseState,
    ValueKey,
    Verdict,
    load_stamp,
)

Row = Sequence[Any]
MANY = 400  # parameters in one IN (…): databases have limits

# Statements that are asked at each poll are made once: making one takes twenty times as long as asking it.
_VALUE = select(meta, meta.c.value).where(meta.c.key == sa.bindparam("name"))
_VALUES = select(meta, meta.c.key, meta.c.value).where(meta.c.key.in_(sa.bindparam("names", expanding=True)))
_FORGET = delete(meta, meta.c.key == sa.bindparam("name"))
_REMEMBER = insert(meta)


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Distinct values in lists that fit into one IN (…)."""
    rows = list(dict.fromkeys(values))
    for start in range(0, len(rows), MANY):
        yield rows[start : start + MANY]


def get(db: Connection, key: ValueKey) -> str | None:
    value: str | None = db.scalar(_VALUE, {"name": key})
    return value


def get_all(db: Connection, keys: Iterable[ValueKey]) -> dict[ValueKey, str]:
    wanted = list(keys)
    known = {row.key: row.value for row in db.execute(_VALUES, {"names": wanted})}
    return {key: known[key] for key in wanted if key in known}


def get_every(db: Connection) -> dict[ValueKey, str]:
    """All single values that this ackd knows."""
    known = {key.value: key for key in ValueKey}
    return {known[row.key]: row.value for row in db.execute(select(meta)) if row.key in known}


def put(db: Connection, key: ValueKey, value: str | None) -> None:
    put_all(db, {key: value})


def put_all(db: Connection, new: Mapping[ValueKey, str | None]) -> None:
    """Single values; None is none."""
    if not new:
        return
    db.execute(_FORGET, [{"name": key} for key in new])
    known = [{"key": key, "value": value} for key, value in new.items() if value is not None]
    if known:
        db.execute(_REMEMBER, known)


def swap(db: Connection, key: ValueKey, seen: str | None, value: str | None) -> bool:
    """Change a single value only if it is still as it was seen; returns whether it was. None is
    no value."""
    here = meta.c.key == key
    if seen is None:
        is_none = get(db, key) is None
        if is_none and value is not None:
            db.execute(_REMEMBER, {"key": key, "value": value})
        return is_none
    is_so = here & (meta.c.value == seen)
    if value is None:
        return bool(db.execute(delete(meta, is_so)).rowcount)
    return bool(db.execute(update(meta, is_so).values(value=value)).rowcount)


#: Effects with all that is kept of them in other tables.
EFFECTS = joined(
    joined(effects, stamps, stamps.c.token == effects.c.token), failures, failures.c.token == effects.c.token
)
EFFECT_COLUMNS = (
    *(effects.c.kind, effects.c.message_id, effects.c.not_before, effects.c.state, effects.c.tries),
    *(effects.c.attempted, effects.c.note, effects.c.number, effects.c.look, effects.c.occasion),
    *(effects.c.moment, effects.c.seen, stamps.c.stamp),
    *(failures.c.batch, failures.c.place, failures.c.copied),
)
PROMISE_COLUMNS = (
    *(promises.c.question, promises.c.due, promises.c.reminder, promises.c.state, promises.c.told),
    *(promises.c.moves, promises.c.waits, promises.c.why),
)
_OF_EFFECT = len(EFFECT_COLUMNS)
_KEPT = 512  # values: a page's promises and effects are read again at each step of their way


def values(*states: PromiseState | EffectState) -> list[str]:
    """States as their columns hold them."""
    return [state.value for state in states]


def names(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Whether a column holds one of the names that the statement is asked with, as `names`."""
    return column.in_(sa.bindparam("names", expanding=True))


def _pending() -> sa.Select[Any]:
    both = joined(EFFECTS, promises, promises.c.message_id == effects.c.message_id)
    is_known = promises.c.message_id.is_not(None) | (effects.c.message_id == NOTICES)
    return select(both, *EFFECT_COLUMNS, *PROMISE_COLUMNS).where(is_known)


#: Effects with their promises, and those that are of none: the owner's notices.
PENDING = _pending()


def to_pending(row: Row) -> Pending:
    """A row of `PENDING` as a value."""
    of_promise = row[_OF_EFFECT:]
    return Pending(_effect(*row[:_OF_EFFECT]), NO_PROMISE if of_promise[0] is None else _promise(*of_promise))


@lru_cache(_KEPT)
def _effect(
    kind: str,
    message_id: str,
    not_before: datetime,
    state: str,
    tries: int,
    attempted: datetime | None,
    note: str,
    number: int,
    look: int,
    occasion: str,
    moment: datetime | None,
    seen: int,
    stamp: str | None,
    batch: int | None,
    place: int,
    copied: int,
) -> Effect:
    """`EFFECT_COLUMNS` as a value."""
    return Effect(
        kind=EffectKind(kind),
        message_id=message_id,
        not_before=not_before,
        state=EffectState(state),
        tries=tries,
        attempted=attempted,
        note=note,
        number=number,
        verify_first=bool(look),
        occasion=occasion,
        moment=moment,
        stamp=load_stamp(stamp),
        seen=bool(seen),
        failure=None if batch is None else Failure(batch, place, bool(copied)),
    )


def from_effect(effect: Effect) -> dict[str, Any]:
    """The columns of an effect that change."""
    return {
        "token": effect.token,
        "state": effect.state.value,
        "not_before": effect.not_before,
        "tries": effect.tries,
        "attempted": effect.attempted,
        "note": effect.note,
        "look": int(effect.verify_first),
        "seen": int(effect.seen),
        "occasion": effect.occasion,
        "moment": effect.moment,
    }


def changed_of_effect(before: Effect, after: Effect) -> dict[str, Any]:
    """The columns of an effect that aren't as they were."""
    return _changed(from_effect(before), from_effect(after))


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if value != before[name]}


_EFFECTS_OF = select(EFFECTS, *EFFECT_COLUMNS).where(names(effects.c.message_id)).order_by(effects.c.number)


def effects_of(db: Connection, message_ids: Iterable[str]) -> defaultdict[str, list[Effect]]:
    """The effects of questions, in the order in which they were planned."""
    found: defaultdict[str, list[Effect]] = defaultdict(list)
    for chunk in chunks(message_ids):
        for row in db.execute(_EFFECTS_OF, {"names": chunk}).all():
            effect = _effect(*row)
            found[effect.message_id].append(effect)
    return found


#: What of a snapshot stands in its promise's row.
_OF_PROMISE = ("promise", "made", "first_due", "overdue", "answered", "closed")


def to_promise(row: Mapping[Any, Any]) -> Promise:
    """A row with `PROMISE_COLUMNS` as a value."""
    return _promise(*(row[column.name] for column in PROMISE_COLUMNS))


def of_promise(row: Row) -> Promise:
    """A row of `PROMISE_COLUMNS` as a value."""
    return _promise(*row)


@lru_cache(_KEPT)
def _promise(
    question: str,
    due: datetime,
    reminder: datetime,
    state: str,
    told: datetime | None,
    moves: int,
    waits: int,
    why: str,
) -> Promise:
    """`PROMISE_COLUMNS` as a value."""
    return Promise(
        codec.load_question(question), due, reminder, PromiseState(state), told, moves, bool(waits), why
    )


def is_same_promise(one: PromiseSnapshot, other: PromiseSnapshot) -> bool:
    """Whether the columns of a promise stay as they are."""
    return all(getattr(one, name) == getattr(other, name) for name in _OF_PROMISE)


def from_snapshot(snapshot: PromiseSnapshot) -> dict[str, Any]:
    """The columns of a promise that change."""
    question = snapshot.promise.question
    return {
        "question": codec.dump_question(question),
        "conversation": question.conversation,
        **_own_columns(snapshot),
    }


def changed_of_promise(before: PromiseSnapshot, after: PromiseSnapshot) -> dict[str, Any]:
    """The columns of a promise that aren't as they were."""
    columns = _own_columns if before.promise.question == after.promise.question else from_snapshot
    return _changed(columns(before), columns(after))


def _own_columns(snapshot: PromiseSnapshot) -> dict[str, Any]:
    promise = snapshot.promise
    return {
        "due": promise.due,
        "reminder": promise.reminder,
        "state": promise.state.value,
        "told": promise.told,
        "moves": promise.moves,
        "waits": int(promise.waits),
        "why": promise.why,
        "made": snapshot.made,
        "first_due": snapshot.first_due,
        "overdue": snapshot.overdue,
        "answered": snapshot.answered,
        "closed": snapshot.closed,
    }


def to_judged(row: RowMapping) -> Judged:
    """A row of mails with its promise's `why` as a value."""
    return Judged(
        message_id=row["message_id"],
        sender=row["sender"],
        received=row["received"],
        decided=row["decided"],
        mode=row["mode"],
        verdict=Verdict(bool(row["acknowledge"]), codec.load_findings(row["findings"])),
        closed=row["why"] or "",
    )
