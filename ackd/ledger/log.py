"""The ledger's decisions as the owner asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import RowMapping

from ackd.ledger import rows
from ackd.ledger.statements import Connection, joined, select
from ackd.ledger.tables import forecasts, mails, promises
from ackd.model import OWN_HEADER, Finding, Forecast, LetterName, RuleName, own_rule_words
from ackd.model.log import LogEntry, LogFilter

#: Which rules together tell of a mail that ackd wrote to the owner.
_OWN_MAIL = frozenset((RuleName.OWN_MAIL, RuleName.ROBOT_HEADER))
_EACH = joined(
    joined(mails, promises, promises.c.message_id == mails.c.message_id),
    forecasts,
    forecasts.c.message_id == mails.c.message_id,
)


def read(db: Connection, wanted: LogFilter) -> tuple[LogEntry, ...]:
    """The decisions that are meant, the oldest first; of too many the newest."""
    newest_first = _narrowed(wanted).order_by(
        mails.c.decided.desc(), mails.c.received.desc(), mails.c.message_id.desc()
    )
    entries = (_entry(row) for row in db.execute(newest_first).mappings())
    meant = (entry for entry in entries if is_meant(entry.judged.verdict.findings, wanted))
    found = list(islice(meant, wanted.limit))
    done = rows.effects_of(db, [entry.judged.message_id for entry in found if entry.promise])
    return tuple(replace(entry, effects=tuple(done[entry.judged.message_id])) for entry in reversed(found))


def _narrowed(wanted: LogFilter) -> sa.Select[Any]:
    """What the database can tell by itself; by rule it tells a little too much."""
    query = select(
        _EACH,
        mails,
        promises.c.question,
        promises.c.due,
        promises.c.reminder,
        promises.c.state,
        promises.c.told,
        sa.func.coalesce(promises.c.moves, 0).label("moves"),
        sa.func.coalesce(promises.c.waits, 0).label("waits"),
        sa.func.coalesce(promises.c.why, "").label("why"),
        forecasts.c.due.label("would_be_due"),
        forecasts.c.letter,
    )
    if wanted.message_ids is not None:
        query = query.where(mails.c.message_id.in_(wanted.message_ids))
    if wanted.since is not None:
        query = query.where(mails.c.decided >= wanted.since)
    if wanted.until is not None:
        query = query.where(mails.c.decided < wanted.until)
    if wanted.acknowledged is not None:
        query = query.where(mails.c.acknowledge == int(wanted.acknowledged))
    if wanted.sender:
        query = query.where(mails.c.sender.like(_like(wanted.sender), escape="\\"))
    if wanted.rules:
        query = query.where(
            sa.or_(*(_mentions(form) for name in wanted.rules for form in (name, repr(name))))
        )
    if wanted.limit is not None and not wanted.rules and wanted.own:
        query = query.limit(wanted.limit)
    return query


def _like(glob: str) -> str:
    """A glob as the pattern of LIKE; senders are stored in lower case."""
    escaped = glob.strip().lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return escaped.replace("*", "%").replace("?", "_")


def _mentions(words: str) -> sa.ColumnElement[bool]:
    return mails.c.findings.contains(json.dumps(words, ensure_ascii=False)[1:-1], autoescape=True)


def is_meant(findings: Sequence[Finding], wanted: LogFilter) -> bool:
    """What the database can't tell: whether one of the rules had its say, and whose mail it is."""
    return is_said(findings, wanted.rules) and (wanted.own or not is_of_ackd(findings))


def is_of_ackd(findings: Iterable[Finding]) -> bool:
    """Of a mail that was judged: whether ackd wrote it to the owner (a digest, a notice, an alarm)."""
    said = {finding.rule: finding.reason for finding in findings}
    return said.keys() >= _OWN_MAIL and said[RuleName.ROBOT_HEADER].endswith(OWN_HEADER)


def is_said(findings: Iterable[Finding], names: Sequence[str]) -> bool:
    """Whether one of the rules had its say."""

    def is_by(finding: Finding, name: str) -> bool:
        is_own = finding.rule == RuleName.OWN_RULES
        is_by_own = is_own and finding.reason.startswith(f"{own_rule_words(name)} ")
        return is_by_own or finding.rule == name

    return not names or any(is_by(finding, name) for finding in findings for name in names)


def _entry(row: RowMapping) -> LogEntry:
    promise = None if row["question"] is None else rows.to_promise(row)
    due, letter = row["would_be_due"], row["letter"]
    return LogEntry(
        rows.to_judged(row),
        promise,
        forecast=Forecast(due, LetterName(letter) if letter else None) if due else None,
    )
