"""A page of changes, and what is old: rows, inside a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd.ledger import codec, rows, snapshots, tracking
from ackd.ledger.tables import (
    answers,
    effects,
    failures,
    forecasts,
    history,
    labels,
    mails,
    promises,
    stamps,
    threads,
    tokens,
    tracked,
)
from ackd.model import NOTICES, REBUILT, SYNC_STATE, Answer, Decision, EffectState, Page, PromiseState


def write(db: Connection, page: Page) -> None:
    """All that a page brings."""
    followed = page.followed
    for decision in (*page.decisions, *followed.anew):
        _put_mail(db, decision, page.now, page.mode.value)
    for decision in followed.rebuilt:
        _put_mail(db, decision, page.now, REBUILT)
    snapshots.write(db, followed.changes)
    _keep_tokens(db, page.tokens, page.now)
    for answer in followed.answers:
        _keep_answer(db, answer)
    tracking.obey(db, followed.obeyed)
    for name, item in followed.items.items():
        db.execute(sa.update(mails).where(mails.c.message_id == name).values(item=item))
    for token, name in followed.sent_as.items():
        db.execute(sa.update(effects).where(effects.c.token == token).values(sent_as=name))
    for chunk in rows.chunks(followed.failed):
        db.execute(sa.update(effects).where(effects.c.sent_as.in_(chunk)).values(failed=page.now))
    _keep_threads(db, followed.threads)
    for chunk in rows.chunks(followed.forgotten):
        for table in (mails, forecasts):
            db.execute(sa.delete(table).where(table.c.message_id.in_(chunk)))
    _keep_values(db, page)


def _put_mail(db: Connection, decision: Decision, now: datetime, mode: str) -> None:
    """A mail as it was judged, without its text; one that was judged before is replaced."""
    mail, verdict = decision.mail, decision.verdict
    for table in (mails, forecasts):
        db.execute(sa.delete(table).where(table.c.message_id == mail.message_id))
    if forecast := decision.forecast:
        values = {"message_id": mail.message_id, "due": forecast.due, "letter": forecast.letter}
        db.execute(sa.insert(forecasts).values(**values))
    db.execute(
        sa.insert(mails).values(
            message_id=mail.message_id,
            received=mail.received,
            decided=now,
            sender=mail.sender.key[:320] if mail.sender else "",
            conversation=mail.conversation,
            acknowledge=int(verdict.acknowledge),
            mode=mode,
            findings=codec.dump_findings(verdict.findings),
            item=mail.item,
        )
    )


def _keep_tokens(db: Connection, stood: Iterable[str], now: datetime) -> None:
    """Tokens that stood in the mailbox, also before their question is read."""
    for chunk in rows.chunks(stood):
        known = set(db.scalars(sa.select(tokens.c.token).where(tokens.c.token.in_(chunk))))
        new = [{"token": token, "at": now} for token in chunk if token not in known]
        if new:
            db.execute(sa.insert(tokens), new)


def _keep_answer(db: Connection, answer: Answer) -> None:
    here = (answers.c.target == answer.target) & (answers.c.recipient == answer.recipient)
    if db.scalar(sa.select(answers.c.at).where(here)) is None:
        row = {"target": answer.target, "recipient": answer.recipient, "at": answer.at}
        db.execute(sa.insert(answers).values(**row))


def _keep_threads(db: Connection, question_of: Mapping[str, str]) -> None:
    for name, question in question_of.items():
        db.execute(sa.delete(threads).where(threads.c.message_id == name))
        db.execute(sa.insert(threads).values(message_id=name, question=question))


def _keep_values(db: Connection, page: Page) -> None:
    if page.sync_state is not None:
        rows.put(db, SYNC_STATE, page.sync_state)
    for key, value in page.values.items():
        rows.put(db, key, value)
    for key, (seen, new) in page.swapped.items():
        rows.swap(db, key, seen, new)


def prune(db: Connection, before: datetime) -> None:
    """Delete what is closed and older than a moment."""
    closed = sa.select(promises.c.message_id).where(
        promises.c.state != PromiseState.OPEN.value, promises.c.closed < before
    )
    settled = rows.values(*(state for state in EffectState if state.is_settled))
    unsettled = sa.select(effects.c.message_id).where(effects.c.state.not_in(settled))
    gone = list(db.scalars(closed.where(promises.c.message_id.not_in(unsettled))))
    for chunk in rows.chunks(gone):
        done = sa.select(effects.c.token).where(effects.c.message_id.in_(chunk))
        for beside in (stamps, failures):
            db.execute(sa.delete(beside).where(beside.c.token.in_(done)))
        for table in (effects, promises, mails, tracked, labels, history):
            db.execute(sa.delete(table).where(table.c.message_id.in_(chunk)))
    is_notice = (effects.c.message_id == NOTICES) & effects.c.state.in_(settled)
    old = list(db.scalars(sa.select(effects.c.token).where(is_notice, effects.c.not_before < before)))
    for chunk in rows.chunks(old):
        for table in (effects, stamps, failures):
            db.execute(sa.delete(table).where(table.c.token.in_(chunk)))
    kept = sa.select(promises.c.message_id)
    db.execute(sa.delete(mails).where(mails.c.decided < before, mails.c.message_id.not_in(kept)))
    judged = sa.select(mails.c.message_id)
    db.execute(sa.delete(forecasts).where(forecasts.c.message_id.not_in(judged)))
    for table in (answers, tokens):
        db.execute(sa.delete(table).where(table.c.at < before))
    db.execute(sa.delete(threads).where(threads.c.question.not_in(kept)))
