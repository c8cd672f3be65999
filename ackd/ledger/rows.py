"""Rows to frozen values, inside a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from ackd.ledger import codec
from ackd.ledger.tables import effects, meta, promises, stamps
from ackd.model import (
    Effect,
    EffectKind,
    EffectState,
    Judged,
    Pending,
    Promise,
    PromiseState,
    Verdict,
    load_stamp,
)

MANY = 400  # parameters in one IN (…): databases have limits


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Distinct values in lists that fit into one IN (…)."""
    rows = list(dict.fromkeys(values))
    for start in range(0, len(rows), MANY):
        yield rows[start : start + MANY]


def get(db: Connection, key: str) -> str | None:
    return db.scalar(sa.select(meta.c.value).where(meta.c.key == key))


def put(db: Connection, key: str, value: str | None) -> None:
    db.execute(sa.delete(meta).where(meta.c.key == key))
    if value is not None:
        db.execute(sa.insert(meta).values(key=key, value=value))


def swap(db: Connection, key: str, seen: str | None, value: str | None) -> bool:
    """Change a single value only if it is still as it was seen; returns whether it was. None is
    no value."""
    here = meta.c.key == key
    if seen is None:
        if value is None:
            return db.scalar(sa.select(meta.c.value).where(here)) is None
        new = sa.select(sa.literal(key), sa.literal(value)).where(~sa.exists().where(here))
        return bool(db.execute(sa.insert(meta).from_select(["key", "value"], new)).rowcount)
    is_so = here & (meta.c.value == seen)
    if value is None:
        return bool(db.execute(sa.delete(meta).where(is_so)).rowcount)
    return bool(db.execute(sa.update(meta).where(is_so).values(value=value)).rowcount)


def shown_later(db: Connection, message_id: str) -> int:
    """How many effects are still to come that show a question's text."""
    over = (EffectState.DONE.value, EffectState.CANCELLED.value)
    query = sa.select(sa.func.count()).where(
        effects.c.message_id == message_id,
        effects.c.kind.in_([kind.value for kind in EffectKind if kind.is_owner_item]),
        effects.c.state.not_in(over),
    )
    return db.scalar(query) or 0


def undone(db: Connection, message_id: str) -> int:
    """How many effects of a question are still to be done."""
    over = (EffectState.DONE.value, EffectState.CANCELLED.value)
    query = sa.select(sa.func.count()).where(effects.c.message_id == message_id, effects.c.state.not_in(over))
    return db.scalar(query) or 0


def pending() -> sa.Select[Any]:
    columns = (
        effects,
        stamps.c.stamp,
        promises.c.question,
        promises.c.due,
        promises.c.reminder,
        promises.c.told,
        promises.c.moves,
        promises.c.waits,
        promises.c.why,
        promises.c.state.label("promise_state"),
    )
    joined = effects.join(promises, promises.c.message_id == effects.c.message_id)
    return sa.select(*columns).select_from(joined.outerjoin(stamps, stamps.c.token == effects.c.token))


def to_pending(row: RowMapping) -> Pending:
    """A row of `pending` as a value."""
    effect = replace(to_effect(row), stamp=load_stamp(row["stamp"]))
    return Pending(effect, to_promise({**row, "state": row["promise_state"]}))


def to_effect(row: RowMapping) -> Effect:
    """A row of effects as a value."""
    return Effect(
        kind=EffectKind(row["kind"]),
        message_id=row["message_id"],
        not_before=row["not_before"],
        state=EffectState(row["state"]),
        tries=row["tries"],
        attempted=row["attempted"],
        note=row["note"],
        number=row["number"],
        look=bool(row["look"]),
        occasion=row["occasion"],
        moment=row["moment"],
    )


def to_promise(row: Mapping[Any, Any]) -> Promise:
    return Promise(
        question=codec.load_question(row["question"]),
        due=row["due"],
        reminder=row["reminder"],
        state=PromiseState(row["state"]),
        told=row["told"],
        moves=row["moves"],
        waits=bool(row["waits"]),
        why=row["why"],
    )


def from_promise(promise: Promise) -> dict[str, Any]:
    """The columns of an open promise that change as it is followed."""
    return {
        "question": codec.dump_question(promise.question),
        "due": promise.due,
        "reminder": promise.reminder,
        "told": promise.told,
        "moves": promise.moves,
        "waits": int(promise.waits),
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
