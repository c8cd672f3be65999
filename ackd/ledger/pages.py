"""A page of changes, and what is old: rows, inside a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from ackd.ledger import codec, rows, snapshots, statements, tracking
from ackd.ledger.statements import Connection, insert, select
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
from ackd.ledger.writes import Writes, delete, update
from ackd.model import NOTICES, REBUILT, Answer, Decision, EffectState, Page, PromiseState, ValueKey

_INSERT_MAIL, _DELETE_MAIL, _CHANGE_MAIL = (
    insert(mails),
    delete(mails.c.message_id),
    update(mails.c.message_id),
)
_INSERT_FORECAST, _DELETE_FORECAST = insert(forecasts), delete(forecasts.c.message_id)
_INSERT_THREAD, _DELETE_THREAD = insert(threads), delete(threads.c.message_id)
_CHANGE_EFFECT = update(effects.c.token)
_INSERT_TOKEN, _INSERT_ANSWER = insert(tokens), insert(answers)
_TOKENS = select(tokens, tokens.c.token).where(rows.names(tokens.c.token))
_ANSWERS = select(answers, answers.c.target, answers.c.recipient).where(rows.names(answers.c.target))
_FAIL = statements.update(effects, rows.names(effects.c.sent_as)).values(failed=sa.bindparam("now"))


def write(db: Connection, page: Page) -> None:
    """All that a page brings."""
    followed, writes = page.followed, Writes()
    modes = {decision.mail.message_id: (decision, page.mode.value) for decision in page.decisions}
    modes |= {decision.mail.message_id: (decision, page.mode.value) for decision in followed.anew}
    modes |= {decision.mail.message_id: (decision, REBUILT) for decision in followed.rebuilt}
    for decision, mode in modes.values():
        _put_mail(writes, decision, page.now, mode)
    writes.execute(db)
    snapshots.write(db, followed.changes)
    _keep_tokens(db, page.tokens, page.now)
    _keep_answers(db, followed.answers)
    tracking.put_labels(db, obeyed=followed.obeyed)
    for name, item in followed.items.items():
        writes.add(_CHANGE_MAIL, at=name, item=item)
    for token, name in followed.sent_as.items():
        writes.add(_CHANGE_EFFECT, at=token, sent_as=name)
    writes.execute(db)
    for chunk in rows.chunks(followed.failed):
        db.execute(_FAIL, {"names": chunk, "now": page.now})
    for name, question in followed.threads.items():
        writes.add(_DELETE_THREAD, at=name)
        writes.add(_INSERT_THREAD, message_id=name, question=question)
    for name in followed.forgotten:
        writes.add(_DELETE_MAIL, at=name)
        writes.add(_DELETE_FORECAST, at=name)
    writes.execute(db)
    _keep_values(db, page)


def _put_mail(writes: Writes, decision: Decision, now: datetime, mode: str) -> None:
    """A mail as it was judged, without its text; one that was judged before is replaced."""
    mail, verdict = decision.mail, decision.verdict
    writes.add(_DELETE_MAIL, at=mail.message_id)
    writes.add(_DELETE_FORECAST, at=mail.message_id)
    if forecast := decision.forecast:
        values = {"message_id": mail.message_id, "due": forecast.due, "letter": forecast.letter or ""}
        writes.add(_INSERT_FORECAST, **values)
    writes.add(
        _INSERT_MAIL,
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


def _keep_tokens(db: Connection, stood: Iterable[str], now: datetime) -> None:
    """Tokens that stood in the mailbox, also before their question is read."""
    for chunk in rows.chunks(stood):
        known = set(db.scalars(_TOKENS, {"names": chunk}))
        new = [{"token": token, "at": now} for token in chunk if token not in known]
        if new:
            db.execute(_INSERT_TOKEN, new)


def _keep_answers(db: Connection, given: Iterable[Answer]) -> None:
    """What the owner answered to whom; what was known before stays as it is."""
    first: dict[tuple[str, str], Answer] = {}
    for answer in given:
        first.setdefault((answer.target, answer.recipient), answer)
    for chunk in rows.chunks(target for target, _ in first):
        known = {(row.target, row.recipient) for row in db.execute(_ANSWERS, {"names": chunk})}
        new = [
            {"target": target, "recipient": recipient, "at": answer.at}
            for (target, recipient), answer in first.items()
            if target in set(chunk) and (target, recipient) not in known
        ]
        if new:
            db.execute(_INSERT_ANSWER, new)


def _keep_values(db: Connection, page: Page) -> None:
    state = {} if page.sync_state is None else {ValueKey.SYNC_STATE: page.sync_state}
    rows.put_all(db, state | dict(page.values))
    for key, (seen, new) in page.swapped.items():
        rows.swap(db, key, seen, new)


def prune(db: Connection, before: datetime) -> None:
    """Delete what is closed and older than a moment."""
    closed = select(promises, promises.c.message_id).where(
        promises.c.state != PromiseState.OPEN.value, promises.c.closed < before
    )
    settled = rows.values(*(state for state in EffectState if state.is_settled))
    unsettled = select(effects, effects.c.message_id).where(effects.c.state.not_in(settled))
    gone = list(db.scalars(closed.where(promises.c.message_id.not_in(unsettled))))
    for chunk in rows.chunks(gone):
        done = select(effects, effects.c.token).where(effects.c.message_id.in_(chunk))
        for beside in (stamps, failures):
            db.execute(statements.delete(beside, beside.c.token.in_(done)))
        for table in (effects, promises, mails, tracked, labels, history):
            db.execute(statements.delete(table, table.c.message_id.in_(chunk)))
    is_notice = (effects.c.message_id == NOTICES) & effects.c.state.in_(settled)
    old = list(db.scalars(select(effects, effects.c.token).where(is_notice, effects.c.not_before < before)))
    for chunk in rows.chunks(old):
        for table in (effects, stamps, failures):
            db.execute(statements.delete(table, table.c.token.in_(chunk)))
    kept = select(promises, promises.c.message_id)
    db.execute(statements.delete(mails, mails.c.decided < before, mails.c.message_id.not_in(kept)))
    judged = select(mails, mails.c.message_id)
    db.execute(statements.delete(forecasts, forecasts.c.message_id.not_in(judged)))
    for table in (answers, tokens):
        db.execute(statements.delete(table, table.c.at < before))
    db.execute(statements.delete(threads, threads.c.question.not_in(kept)))
