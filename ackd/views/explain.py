"""What ackd makes of a mail, and why; beside it what it made of that mail at the time. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ackd.engine import frames
from ackd.engine.triage import Settings, Triage, judge
from ackd.judge import origin
from ackd.model import EffectKind, Finding, Mail, Promise, Thread, Urgency
from ackd.model.log import LogFilter
from ackd.ports import Ledger
from ackd.text import eml
from ackd.views.log import Entry, Local, entry_of


@dataclass(frozen=True, slots=True)
class MailShown:
    """Which mail of the mailbox it is."""

    message_id: str
    subject: str
    sender: str | None
    received: datetime
    folder: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A mail judged as at the moment `at`. `request` is the probability that it asks something of the
    owner; `stated` says how urgent it calls itself, `urgency` how urgent it is with its deadline. `due` is
    the date that would be promised; with `is_task_alone` no letter would tell it: it would come too late to
    help, a rule of the owner's wants none, or the mailbox answers by itself. `proof` says in words what
    proves the sender to be inside, "" where nothing does. `recorded` is what was decided at the time, None
    of what ackd hasn't judged."""

    at: datetime
    acknowledge: bool
    request: float
    language: str | None
    stated: Urgency
    urgency: Urgency
    deadline: datetime | None
    findings: tuple[Finding, ...]
    due: datetime | None
    is_task_alone: bool = False
    proof: str = ""
    recorded: Entry | None = None


def judge_file(raw: bytes, settings: Settings, now: datetime | None = None) -> tuple[Triage, datetime]:
    """Judge the bytes of a mail as at its own Date, as if it had just arrived, or as at `now`. Returns the
    moment, too."""
    mail = eml.read(raw)
    at = now or mail.sent or mail.received
    mail = replace(mail, received=at if now is None else mail.sent or mail.received)
    return judge(mail, settings, at, thread=Thread(), watermark=None, thorough=True), at


def explain_file(raw: bytes, settings: Settings, now: datetime | None = None) -> Explanation:
    """What ackd would make of a mail in a file."""
    triage, at = judge_file(raw, settings, now)
    return explanation(triage, settings, at)


def explain_mail(mail: Mail, ledger: Ledger | None, settings: Settings, at: datetime) -> Explanation:
    """What ackd would make of a mail of the mailbox, beside what the ledger knows of it."""
    entry = next(iter(ledger.log(LogFilter(message_ids=(mail.message_id,)))), None) if ledger else None
    # a mail that has a promise would be found to belong to a conversation with one: its own
    thread = ledger.threads([mail])[0] if ledger and not (entry and entry.promise) else Thread()
    if ledger:  # which counts the mail itself, once it was judged
        earlier = frames.read(ledger, [mail]).repeats(mail) - (entry is not None)
        thread = replace(thread, repeats=max(0, earlier))
    triage = judge(mail, settings, at, thread=thread, watermark=None, thorough=True)
    recorded = entry_of(entry, settings.calendar.local) if entry else None
    return replace(explanation(triage, settings, at), recorded=recorded)


def explanation(triage: Triage, settings: Settings, at: datetime) -> Explanation:
    """A triage, by the owner's clock."""
    known, verdict, local = triage.facts, triage.verdict, settings.calendar.local
    promise = _promise(triage)
    return Explanation(
        at=local(at),
        acknowledge=verdict.acknowledge,
        request=known.request.probability,
        language=known.language,
        stated=known.urgency,
        urgency=promise.question.urgency if promise else known.urgency,
        deadline=local(triage.stated.moment) if triage.stated else None,
        findings=verdict.findings,
        due=local(promise.due) if promise else None,
        is_task_alone=_is_task_alone(triage),
        proof=_proof(triage, settings),
    )


def shown(mail: Mail, local: Local) -> MailShown:
    """A mail as lists name it."""
    sender = mail.sender.email if mail.sender else None
    return MailShown(mail.message_id, mail.subject, sender, local(mail.received), mail.folder)


def _proof(triage: Triage, settings: Settings) -> str:
    """Of a sender who is inside, as the owner defines it."""
    sender = triage.facts.mail.sender
    if sender is None or not settings.policy.is_internal(sender.email):
        return ""
    return origin.proof(triage.facts.headers, settings.policy, sender.email)


def _is_task_alone(triage: Triage) -> bool:
    """Whether a question gets its task and no letter."""
    kinds = {effect.kind for effect in triage.planned.effects} if triage.planned else set()
    return EffectKind.TASK in kinds and EffectKind.ACKNOWLEDGEMENT not in kinds


def _promise(triage: Triage) -> Promise | None:
    is_made = triage.verdict.acknowledge or triage.verdict.task_alone
    return triage.planned.promise if triage.planned and is_made else None
