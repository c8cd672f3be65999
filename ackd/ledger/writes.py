"""What changes in the ledger, inside a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd.ledger import codec, failures, letters, rows, tracking
from ackd.ledger.tables import (
    REBUILT,
    SEEN,
    answers,
    desk,
    effects,
    history,
    labels,
    mails,
    promises,
    stamps,
    threads,
    tokens,
)
from ackd.model import (
    Decision,
    Done,
    Effect,
    EffectKind,
    EffectState,
    Happening,
    Outcome,
    Promise,
    PromiseState,
    Question,
    Refused,
    SeenTask,
    TaskUpdate,
    adopted,
    token_of,
)

_CLOSED = {
    PromiseState.KEPT: Happening.KEPT,
    PromiseState.DROPPED: Happening.DROPPED,
    PromiseState.WITHDRAWN: Happening.WITHDRAWN,
}
#: What closing a promise cancels: not attempted yet, or given up until a person decides.
UNDONE = (EffectState.PLANNED.value, EffectState.PARKED.value)


def insert_decision(db: Connection, decision: Decision, now: datetime, mode: str) -> None:
    mail, verdict = decision.mail, decision.verdict
    here = mails.c.message_id == mail.message_id
    if db.scalar(sa.select(mails.c.message_id).where(here)):
        if not mail.reread or db.scalar(
            sa.select(promises.c.message_id).where(promises.c.message_id == mail.message_id)
        ):
            return
        db.execute(sa.delete(mails).where(here))
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
            item=mail.item,
        )
    )
    if decision.promise is not None:
        insert_promise(db, decision.promise, decision.effects, now)


def insert_promise(db: Connection, promise: Promise, wanted: Iterable[Effect], now: datetime) -> None:
    """A new promise with its effects; where there was one before, it is made anew."""
    question = promise.question
    here = promises.c.message_id == question.message_id
    is_new = not db.execute(sa.delete(promises).where(here)).rowcount
    db.execute(
        sa.insert(promises).values(
            message_id=question.message_id,
            asker=question.asker.key,
            conversation=question.conversation,
            state=promise.state.value,
            made=now,
            first_due=promise.due,
            why=promise.why,
            closed=None if promise.state is PromiseState.OPEN else now,
            **rows.from_promise(promise),
        )
    )
    if is_new:
        tracking.note(db, question.message_id, now, Happening.MADE, promise.due)
    for effect in wanted:
        insert_effect(db, effect, question.asker.key)


def insert_effect(db: Connection, effect: Effect, asker: str) -> None:
    """Something to do. A cancelled one that is wanted again is looked for first."""
    here = effects.c.token == effect.token
    state = db.scalar(sa.select(effects.c.state).where(here))
    values = {"state": effect.state.value, "not_before": effect.not_before, "moment": effect.moment}
    if state is None:
        db.execute(
            sa.insert(effects).values(
                token=effect.token,
                kind=effect.kind.value,
                message_id=effect.message_id,
                asker=asker,
                look=int(effect.look),
                occasion=effect.occasion,
                **values,
            )
        )
    elif state == EffectState.CANCELLED.value:
        db.execute(sa.update(effects).where(here).values(tries=0, look=1, note="", **values))
    if db.scalar(sa.select(tokens.c.at).where(tokens.c.token == effect.token)):
        saw(db, effect.token)


def adopt(db: Connection, task: SeenTask, now: datetime, drafted: Collection[str]) -> bool:
    """Make the promise that a task of ours stands for; returns whether this ledger had none.
    `drafted` are tokens of letters that lie in Drafts."""
    mid = task.message_id
    if db.scalar(sa.select(promises.c.message_id).where(promises.c.message_id == mid)) is not None:
        return False
    if not task.is_deleted:
        # how we left an adopted task isn't known: a day that isn't the promised one is the owner's
        tracking.see(db, replace(task, key="", due_date=None))
    is_drafted = token_of(mid, EffectKind.ACKNOWLEDGEMENT) in drafted
    decision = adopted(task, now, is_drafted=is_drafted)
    assert decision.promise is not None
    if db.scalar(sa.select(mails.c.message_id).where(mails.c.message_id == mid)) is None:
        insert_decision(db, decision, now, REBUILT)
    else:
        insert_promise(db, decision.promise, decision.effects, now)
    return True


def prune(db: Connection, before: datetime) -> None:
    """Delete what is closed and older than a moment."""
    closed = sa.select(promises.c.message_id).where(
        promises.c.state != PromiseState.OPEN.value, promises.c.closed < before
    )
    settled_states = (EffectState.DONE.value, EffectState.CANCELLED.value)
    unsettled = sa.select(effects.c.message_id).where(effects.c.state.not_in(settled_states))
    gone = list(db.scalars(closed.where(promises.c.message_id.not_in(unsettled))))
    for chunk in rows.chunks(gone):
        done = sa.select(effects.c.token).where(effects.c.message_id.in_(chunk))
        db.execute(sa.delete(stamps).where(stamps.c.token.in_(done)))
        for table in (effects, promises, mails, desk, labels, history):
            db.execute(sa.delete(table).where(table.c.message_id.in_(chunk)))
    kept = sa.select(promises.c.message_id)
    db.execute(sa.delete(mails).where(mails.c.decided < before, mails.c.message_id.not_in(kept)))
    for table in (answers, tokens):
        db.execute(sa.delete(table).where(table.c.at < before))
    db.execute(sa.delete(threads).where(threads.c.question.not_in(kept)))
    failures.prune(db)


def close(db: Connection, which: sa.ColumnElement[bool], state: PromiseState, now: datetime, why: str) -> int:
    """Close open promises: what was planned for them isn't done any more, their tasks are ticked
    off and their questions lose the category."""
    is_open = promises.c.state == PromiseState.OPEN.value
    query = sa.select(promises.c.message_id, promises.c.due).where(is_open, which)
    dues = {row.message_id: row.due for row in db.execute(query)}
    closing = list(dues)
    for message_id in closing:
        forget_text(db, message_id)
        tracking.note(db, message_id, now, _CLOSED[state], dues[message_id], why)
        if is_told(db, message_id):
            tracking.add_label(db, message_id, promised=False)
    if state is not PromiseState.DROPPED:
        tracking.add_update(db, closing, TaskUpdate(complete=True))
    for chunk in rows.chunks(closing):
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
    calendar entry that show it are made; the asker knows the date that a letter named; a letter
    that refers the asker elsewhere leaves no promise open."""
    query = (
        sa.select(
            effects.c.kind,
            effects.c.message_id,
            effects.c.attempted,
            effects.c.tries,
            effects.c.moment,
            promises.c.question,
            promises.c.due,
            promises.c.reminder,
        )
        .join(promises, promises.c.message_id == effects.c.message_id)
        .where(effects.c.token == token)
    )
    row = db.execute(query).first()
    if row is None:
        return
    kind, here = EffectKind(row.kind), promises.c.message_id == row.message_id
    question = codec.load_question(row.question)
    now = row.attempted or question.received
    if kind.is_owner_item and rows.shown_later(db, row.message_id) == 0:
        forget_text(db, row.message_id)
    if kind in (EffectKind.ACKNOWLEDGEMENT, EffectKind.NEW_DATE, EffectKind.APOLOGY):
        _told(db, row, kind, now)
    is_first = kind is EffectKind.ACKNOWLEDGEMENT and row.tries > 0  # and not another ackd's letter
    if kind is EffectKind.NEED_MORE or (is_first and question.asks_for_more):
        db.execute(sa.update(promises).where(here).values(waits=1))
    if kind is EffectKind.CANNOT_HELP:
        close(db, here, PromiseState.WITHDRAWN, now, "you can't help, and the asker was told")
    elif question.is_referred and rows.undone(db, row.message_id) == 0:
        close(db, here, PromiseState.WITHDRAWN, now, f"answered by the letter {question.letter}")


def _told(db: Connection, row: Any, kind: EffectKind, now: datetime) -> None:
    """The asker knows a date; that of an apology is promised anew."""
    here = promises.c.message_id == row.message_id
    told = row.moment or row.due
    if kind is EffectKind.ACKNOWLEDGEMENT:
        db.execute(sa.update(promises).where(here).values(told=told))
        is_open = promises.c.state == PromiseState.OPEN.value
        if db.scalar(sa.select(promises.c.message_id).where(here, is_open)):
            tracking.add_label(db, row.message_id, promised=True)
        return
    anew: dict[str, Any] = {"told": told, "moves": promises.c.moves + 1}
    if kind is EffectKind.APOLOGY:
        anew |= {"due": told, "reminder": row.reminder + (told - row.due)}
    db.execute(sa.update(promises).where(here).values(anew))
    tracking.add_update(db, [row.message_id], TaskUpdate(date=kind is EffectKind.APOLOGY, remember=True))
    tracking.note(db, row.message_id, now, Happening.TOLD, told)


def saw(db: Connection, token: str) -> str:
    """A token stands in the mailbox: its effect is done, by whomever. Only of a letter that the server
    said had failed the copy may prove nothing: it is shown to a person. Returns the token of a letter
    that is doubtful by this, or ""."""
    told_failed = failures.with_copy(db, token)
    out, doubtful = told_failed or ([token], "")
    for each in out:
        settle(db, each, Done(), SEEN)
        db.execute(sa.update(effects).where(effects.c.token == each).values(seen=1))
    return doubtful if doubtful and _doubt(db, doubtful) else ""


#: A letter in these states is settled by a copy of it, or made doubtful.
_OPEN = (EffectState.PLANNED.value, EffectState.UNKNOWN.value, EffectState.PARKED.value)


def _doubt(db: Connection, token: str) -> bool:
    """A letter's copy proves nothing: a person is asked, while its promise is open. Returns whether it
    is so."""
    query = (
        sa.select(promises.c.state)
        .join(effects, promises.c.message_id == effects.c.message_id)
        .where(effects.c.token == token, effects.c.state.in_(_OPEN))
    )
    promise = db.scalar(query)
    if promise is None:
        return False
    state = EffectState.PARKED if promise == PromiseState.OPEN.value else EffectState.CANCELLED
    db.execute(
        sa.update(effects).where(effects.c.token == token).values(state=state.value, note=failures.DOUBTFUL)
    )
    return True


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


def settled(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Done):
        return {"state": EffectState.DONE.value, "note": ""}
    if isinstance(outcome, Refused) and outcome.retry:
        return {"state": EffectState.PLANNED.value, "note": outcome.reason, "tries": effects.c.tries - 1}
    if isinstance(outcome, Refused):
        return {"state": EffectState.PARKED.value, "note": outcome.reason}
    return {"state": EffectState.UNKNOWN.value, "note": outcome.reason}


def is_told(db: Connection, message_id: str) -> bool:
    """Whether a question's acknowledgement is out."""
    query = sa.select(effects.c.token).where(
        effects.c.message_id == message_id,
        effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value,
        effects.c.state == EffectState.DONE.value,
    )
    return db.scalar(query) is not None


def decide_anew(db: Connection, decision: Decision, now: datetime, mode: str) -> None:
    """A mail on which the owner's command decides. What was done before isn't done again."""
    mail = decision.mail
    before = db.scalar(sa.select(mails.c.message_id).where(mails.c.message_id == mail.message_id))
    if before is None:
        insert_decision(db, decision, now, mode)
        return
    verdict = decision.verdict
    db.execute(
        sa.update(mails)
        .where(mails.c.message_id == mail.message_id)
        .values(
            acknowledge=int(verdict.acknowledge),
            findings=codec.dump_findings(verdict.findings),
            decided=now,
            mode=mode,
            item=mail.item,
        )
    )
    if decision.promise is not None:
        insert_promise(db, decision.promise, decision.effects, now)


def complete(db: Connection, question: Question) -> None:
    """What a rebuilt ledger learns of a question from its mail, without its text."""
    here = promises.c.message_id == question.message_id
    text = codec.dump_question(replace(question, text="", sentence=""))
    db.execute(sa.update(promises).where(here).values(question=text, conversation=question.conversation))


def plan_anew(db: Connection, token: str, now: datetime, note: str, *, is_draft: bool = False) -> None:
    """Plan an effect once more from its beginning."""
    here = effects.c.token == token
    db.execute(
        sa.update(effects)
        .where(here)
        .values(state=EffectState.PLANNED.value, not_before=now, tries=0, look=1, note=note)
    )
    if is_draft:
        letters.remember_dates(db, [token], of_drafted=False)
        return
    is_acknowledgement = effects.c.kind == EffectKind.ACKNOWLEDGEMENT.value
    db.execute(sa.update(effects).where(here, is_acknowledgement).values(moment=None))
