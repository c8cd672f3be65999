"""Rows to frozen values and back, inside a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from ackd.ledger import codec
from ackd.ledger.tables import REBUILT, SEEN, answers, effects, mails, meta, promises, tokens
from ackd.model import (
    Address,
    Decision,
    Done,
    Effect,
    EffectKind,
    EffectState,
    Judged,
    Mail,
    Outcome,
    Pending,
    Promise,
    PromiseState,
    Question,
    Refused,
    SeenTask,
    SentMail,
    Verdict,
)

#: What closing a promise cancels: not attempted yet, or given up until a person decides.
UNDONE = (EffectState.PLANNED.value, EffectState.PARKED.value)
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


def insert_decision(db: Connection, decision: Decision, now: datetime, mode: str) -> None:
    mail, verdict = decision.mail, decision.verdict
    if db.scalar(sa.select(mails.c.message_id).where(mails.c.message_id == mail.message_id)):
        return
    sender = mail.sender.key[:320] if mail.sender else ""
    db.execute(
        sa.insert(mails).values(
            message_id=mail.message_id,
            received=mail.received,
            decided=now,
            sender=sender,
            conversation=mail.conversation,
            acknowledge=int(verdict.acknowledge),
            mode=mode,
            findings=codec.dump_findings(verdict.findings),
        )
    )
    if decision.promise is None:
        return
    promise = decision.promise
    db.execute(
        sa.insert(promises).values(
            message_id=mail.message_id,
            asker=promise.question.asker.key,
            conversation=mail.conversation,
            question=codec.dump_question(promise.question),
            due=promise.due,
            reminder=promise.reminder,
            state=promise.state.value,
            made=now,
        )
    )
    for effect in decision.effects:
        db.execute(
            sa.insert(effects).values(
                token=effect.token,
                kind=effect.kind.value,
                message_id=effect.message_id,
                asker=promise.question.asker.key,
                state=effect.state.value,
                not_before=effect.not_before,
                look=int(effect.look),
            )
        )
        if db.scalar(sa.select(tokens.c.at).where(tokens.c.token == effect.token)):
            saw(db, effect.token)


def adopt(db: Connection, task: SeenTask, now: datetime) -> None:
    """The promise that a task of ours stands for, as far as the task tells it."""
    message_id = task.message_id
    if not message_id or db.scalar(sa.select(mails.c.message_id).where(mails.c.message_id == message_id)):
        return
    due = task.promised or now
    question = Question(message_id, Address(task.asker), subject="", received=now, language="en")
    state = PromiseState.OPEN
    if task.is_deleted:
        state = PromiseState.WITHDRAWN
    elif task.is_complete:
        state = PromiseState.DROPPED
    promise = Promise(question, due=due, reminder=due, state=state)
    kinds = (EffectKind.ACKNOWLEDGEMENT, EffectKind.TASK)
    effects_done = tuple(Effect(kind, message_id, now, state=EffectState.DONE) for kind in kinds)
    verdict = Verdict(acknowledge=True, findings=())
    mail = Mail(message_id, received=now, subject="", sender=question.asker)
    insert_decision(db, Decision(mail, verdict, promise, effects_done), now, REBUILT)


def prune(db: Connection, before: datetime) -> None:
    """Delete what is closed and older than a moment."""
    closed = sa.select(promises.c.message_id).where(
        promises.c.state != PromiseState.OPEN.value, promises.c.closed < before
    )
    settled_states = (EffectState.DONE.value, EffectState.CANCELLED.value)
    unsettled = sa.select(effects.c.message_id).where(effects.c.state.not_in(settled_states))
    gone = list(db.scalars(closed.where(promises.c.message_id.not_in(unsettled))))
    for chunk in chunks(gone):
        for table in (effects, promises, mails):
            db.execute(sa.delete(table).where(table.c.message_id.in_(chunk)))
    kept = sa.select(promises.c.message_id)
    db.execute(sa.delete(mails).where(mails.c.decided < before, mails.c.message_id.not_in(kept)))
    for table in (answers, tokens):
        db.execute(sa.delete(table).where(table.c.at < before))


def insert_answers(db: Connection, mail: SentMail, now: datetime) -> None:
    recipients = list(dict.fromkeys(a.key[:320] for a in mail.to))[:100]
    for target in mail.targets[:50]:
        for recipient in recipients:
            known = sa.select(answers.c.at).where(
                answers.c.target == target, answers.c.recipient == recipient
            )
            if db.scalar(known) is None:
                db.execute(sa.insert(answers).values(target=target, recipient=recipient, at=mail.at))
    if recipients and mail.targets:
        answered = promises.c.message_id.in_(mail.targets[:MANY]) & promises.c.asker.in_(recipients)
        close(db, answered, PromiseState.KEPT, now, "the owner answered")


def close(db: Connection, which: sa.ColumnElement[bool], state: PromiseState, now: datetime, why: str) -> int:
    is_open = promises.c.state == PromiseState.OPEN.value
    closing = list(db.scalars(sa.select(promises.c.message_id).where(is_open, which)))
    for message_id in closing:
        forget_text(db, message_id)
    for chunk in chunks(closing):
        db.execute(
            sa.update(effects)
            .where(effects.c.message_id.in_(chunk), effects.c.state.in_(UNDONE))
            .values(state=EffectState.CANCELLED.value, note=why)
        )
        db.execute(
            sa.update(promises)
            .where(promises.c.message_id.in_(chunk))
            .values(state=state.value, closed=now, why=why)
        )
    return len(closing)


def settle(db: Connection, token: str, outcome: Outcome, note: str = "") -> None:
    """What became of an effect. What is done stays done, whatever comes later."""
    changed = db.execute(
        sa.update(effects)
        .where(effects.c.token == token, effects.c.state != EffectState.DONE.value)
        .values({**settled(outcome), **({"note": note} if note else {})})
    )
    if isinstance(outcome, Done) and changed.rowcount:
        after(db, token)


def after(db: Connection, token: str) -> None:
    """What follows when an effect is done: the question's text isn't needed once the task and the
    calendar entry that show it are made; a letter that refers the asker elsewhere leaves no
    promise open."""
    query = (
        sa.select(effects.c.kind, effects.c.message_id, effects.c.attempted, promises.c.question)
        .join(promises, promises.c.message_id == effects.c.message_id)
        .where(effects.c.token == token)
    )
    row = db.execute(query).first()
    if row is None:
        return
    if EffectKind(row.kind).is_on_the_desk and shown_later(db, row.message_id) == 0:
        forget_text(db, row.message_id)
    question = codec.load_question(row.question)
    if question.is_referred and undone(db, row.message_id) == 0:
        now = row.attempted or question.received
        why = f"answered by the letter {question.letter}"
        close(db, promises.c.message_id == row.message_id, PromiseState.WITHDRAWN, now, why)


def shown_later(db: Connection, message_id: str) -> int:
    """How many effects are still to come that show a question's text."""
    over = (EffectState.DONE.value, EffectState.CANCELLED.value)
    query = sa.select(sa.func.count()).where(
        effects.c.message_id == message_id,
        effects.c.kind != EffectKind.ACKNOWLEDGEMENT.value,
        effects.c.state.not_in(over),
    )
    return db.scalar(query) or 0


def undone(db: Connection, message_id: str) -> int:
    """How many effects of a question aren't done."""
    query = sa.select(sa.func.count()).where(
        effects.c.message_id == message_id, effects.c.state != EffectState.DONE.value
    )
    return db.scalar(query) or 0


def saw(db: Connection, token: str) -> None:
    """A token stands in the mailbox: its effect is done, by whomever."""
    settle(db, token, Done(), SEEN)
    db.execute(sa.update(effects).where(effects.c.token == token).values(seen=1))


def keep_token(db: Connection, token: str, now: datetime) -> None:
    """Remember a token that was seen, also before its question is read."""
    if db.scalar(sa.select(tokens.c.at).where(tokens.c.token == token)) is None:
        db.execute(sa.insert(tokens).values(token=token, at=now))
    saw(db, token)


def forget_text(db: Connection, message_id: str) -> None:
    """Nothing needs the question's text any more: it leaves the ledger."""
    here = promises.c.message_id == message_id
    text = db.scalar(sa.select(promises.c.question).where(here))
    if text is not None:
        question = replace(codec.load_question(text), text="", sentence="")
        db.execute(sa.update(promises).where(here).values(question=codec.dump_question(question)))


def pending() -> sa.Select[Any]:
    return sa.select(
        effects,
        promises.c.question,
        promises.c.due,
        promises.c.reminder,
        promises.c.state.label("promise_state"),
    ).join(promises, promises.c.message_id == effects.c.message_id)


def to_pending(row: RowMapping) -> Pending:
    effect = Effect(
        kind=EffectKind(row["kind"]),
        message_id=row["message_id"],
        not_before=row["not_before"],
        state=EffectState(row["state"]),
        tries=row["tries"],
        attempted=row["attempted"],
        note=row["note"],
        number=row["number"],
        look=bool(row["look"]),
    )
    return Pending(effect, to_promise({**row, "state": row["promise_state"]}))


def to_promise(row: Mapping[Any, Any]) -> Promise:
    return Promise(
        question=codec.load_question(row["question"]),
        due=row["due"],
        reminder=row["reminder"],
        state=PromiseState(row["state"]),
    )


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


def settled(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Done):
        return {"state": EffectState.DONE.value, "note": ""}
    if isinstance(outcome, Refused) and outcome.retry:
        return {"state": EffectState.PLANNED.value, "note": outcome.reason, "tries": effects.c.tries - 1}
    if isinstance(outcome, Refused):
        return {"state": EffectState.PARKED.value, "note": outcome.reason}
    return {"state": EffectState.UNKNOWN.value, "note": outcome.reason}
