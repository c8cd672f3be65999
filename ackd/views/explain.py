"""A judgement, and what the ledger keeps of one, as text and as JSON. Pure.

What a mail contains is shown on one line without control characters: a terminal obeys those.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from ackd.engine.triage import Settings, Triage
from ackd.letters.clean import one_line
from ackd.model import EffectKind, Evidence, Finding, Mail, Promise, Veto
from ackd.model.log import LogEntry

#: A moment by the owner's clock.
Local = Callable[[datetime], datetime]

LONGEST = 400  # characters of one thing that is shown


def shown(text: str, longest: int = LONGEST) -> str:
    """Text of a mail made fit for a terminal."""
    return one_line(text, longest)


def dumped(found: object) -> str:
    """JSON on one line; what can't be written as UTF-8 (halves of characters) becomes "?"."""
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def verdict_word(acknowledge: bool) -> str:
    """The verdict as programs read it."""
    return "acknowledge" if acknowledge else "leave"


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Who said what; no text of the mail."""
    return [
        {"rule": f.rule, "says": "veto" if isinstance(f, Veto) else "evidence", "reason": f.reason}
        for f in findings
    ]


def finding_lines(findings: Iterable[Finding]) -> list[str]:
    """One line a finding: vetoes begin with "no"."""
    lines = []
    for finding in findings:
        sign = "no " if isinstance(finding, Veto) else "   "
        quote = finding.quote if isinstance(finding, Evidence) else ""
        said = f': "{shown(quote)}"' if quote else ""
        lines.append(f"{sign} {finding.rule}: {shown(finding.reason)}{said}")
    return lines


# --- a judgement ------------------------------------------------------------------------------


def judgement_as_json(triage: Triage, settings: Settings) -> dict[str, Any]:
    """What ackd makes of a mail."""
    known, verdict = triage.facts, triage.verdict
    local = settings.calendar.local
    promise = _promise(triage)
    urgency = promise.question.urgency if promise else known.urgency
    return {
        "verdict": verdict_word(verdict.acknowledge),
        "request": round(known.request.probability, 4),
        "language": known.language,
        "urgency": urgency.value,
        "deadline": local(triage.stated.moment).isoformat() if triage.stated else None,
        "findings": findings_as_json(verdict.findings),
        "promise": {"due": _iso(promise.due, local)} if promise else None,
    }


def judgement_as_text(name: str, triage: Triage, settings: Settings, at: datetime) -> str:
    """The same for people; `at` is the moment as at which the mail was judged."""
    known, verdict, local = triage.facts, triage.verdict, settings.calendar.local
    head = (
        f"judged as at {local(at):%Y-%m-%d %H:%M %Z}, "
        f"language {known.language or 'unknown'}, {known.urgency.value.replace('_', ' ')}, "
        f"probability of a request {known.request.probability:.2f}"
    )
    lines = [f"{name}: {'ACKNOWLEDGE' if verdict.acknowledge else 'leave'}", f"  {head}"]
    lines += [f"  {line}" for line in finding_lines(verdict.findings)]
    if triage.stated:
        lines.append(f"  asked by {_long(triage.stated.moment, local)}")
    if promise := _promise(triage):
        lines.append(f"  promise: an answer by {_long(promise.due, local)}")
        if is_task_alone(triage):
            lines.append("  the mailbox's own out-of-office reply is on: the task alone, no letter")
    return "\n".join(lines)


def is_task_alone(triage: Triage) -> bool:
    """Whether a question gets no letter: the mailbox answers by itself while its owner is away."""
    kinds = {effect.kind for effect in triage.planned.effects} if triage.planned else set()
    return triage.verdict.acknowledge and EffectKind.ACKNOWLEDGEMENT not in kinds


def _promise(triage: Triage) -> Promise | None:
    return triage.planned.promise if triage.planned and triage.verdict.acknowledge else None


def mail_as_json(mail: Mail, local: Local) -> dict[str, Any]:
    """Which mail of the mailbox it is."""
    return {
        "message_id": mail.message_id,
        "subject": mail.subject,
        "sender": mail.sender.email if mail.sender else None,
        "received": _iso(mail.received, local),
        "folder": mail.folder,
    }


def mail_title(mail: Mail) -> str:
    """A mail of the mailbox, as a heading."""
    sender = mail.sender.email if mail.sender else "an unknown sender"
    return f'"{shown(mail.subject, 120)}" from {shown(sender, 120)} {shown(mail.message_id)}'.rstrip()


# --- what the ledger keeps --------------------------------------------------------------------


def entry_as_json(entry: LogEntry, local: Local) -> dict[str, Any]:
    """A decision of the ledger and what became of it."""
    judged, promise = entry.judged, entry.promise
    return {
        "message_id": judged.message_id,
        "sender": judged.sender,
        "received": _iso(judged.received, local),
        "decided": _iso(judged.decided, local),
        "mode": judged.mode,
        "verdict": verdict_word(judged.verdict.acknowledge),
        "findings": findings_as_json(judged.verdict.findings),
        "promise": {"due": _iso(promise.due, local), "state": promise.state.value} if promise else None,
        "effects": [{"kind": effect.kind.value, "state": effect.state.value} for effect in entry.effects],
    }


def entry_as_text(entry: LogEntry | None, local: Local) -> str:
    """What ackd decided at the time, below the judgement as it would be today."""
    if entry is None:
        return "  recorded: nothing, ackd hasn't judged this mail"
    judged = entry.judged
    word = "ACKNOWLEDGE" if judged.verdict.acknowledge else "leave"
    lines = [f"  recorded: {word}, decided {local(judged.decided):%Y-%m-%d %H:%M %Z} in mode {judged.mode}"]
    lines += [f"    {line}" for line in finding_lines(judged.verdict.findings)]
    if became := became_of(entry, local):
        lines.append(f"    {became}")
    return "\n".join(lines)


def became_of(entry: LogEntry, local: Local) -> str:
    """The promise and the effects in words; "" where nothing was promised."""
    if entry.promise is None:
        return ""
    promise, why = entry.promise, entry.judged.closed
    state = f"{promise.state.value} ({shown(why)})" if why else promise.state.value
    effects = ", ".join(f"{effect.kind.value} {effect.state.value}" for effect in entry.effects)
    return f"answer by {local(promise.due):%Y-%m-%d %H:%M}: {state}" + (f"; {effects}" if effects else "")


def _iso(moment: datetime, local: Local) -> str:
    return local(moment).isoformat(timespec="seconds")


def _long(moment: datetime, local: Local) -> str:
    return f"{local(moment):%A %d %B %Y %H:%M}"
