"""Questions that got no letter, for the owner to decide on: who asked what, and the letter that would go."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

from ackd.engine import reply_check, unanswered
from ackd.engine.hold import Hold
from ackd.engine.triage import Settings, judge, ordered
from ackd.letters import letter
from ackd.model import Mail, Mode, Promise, PromiseState, RuleName
from ackd.ports import Ledger, Mailbox
from ackd.promise.plan import replan


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question without a letter: `promised` is what the `letter` would say if it went out now."""

    message_id: str
    asker: str
    name: str
    subject: str
    received: datetime
    promised: datetime
    letter: str


def why_none_goes(mode: Mode, held: Hold | None) -> str:
    """Why no letter can be ordered at the moment; "" where one can."""
    if mode is Mode.PREVIEW:
        return "mode is preview, which sends nothing: set mode to draft or send"
    if held is not None and held.stops_all:
        return "all sending is held: go on with `ackd resume --send`"
    return ""


def find(mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime) -> tuple[Unanswered, ...]:
    """The questions of the last `max_age` that nobody answered and that have no letter, the oldest first.
    What is gone, was answered or thrown away meanwhile isn't among them."""
    names = [one.message_id for one in unanswered.candidates(ledger, settings, now)]
    mails = mailbox.mails(names) if names else {}
    signs = mailbox.signs({name: mail.item for name, mail in mails.items()}) if mails else None
    load = Counter(settings.calendar.local_date(promise.due) for promise in ledger.open_promises())
    found = []
    for mail in (mails[name] for name in names if name in mails):
        promise = _promise(mail, ledger, settings, now, load)
        if promise is None or (signs and reply_check.reason(promise.question, signs)):
            continue
        load[settings.calendar.local_date(promise.due)] += 1
        found.append(_shown(promise, settings, now))
    return tuple(found)


def offer(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime, mail: Mail
) -> Unanswered | None:
    """What the owner could order for one mail, also for one that was left as no question; None where a letter
    is out, or the mail is too old, answered or nobody's to answer."""
    is_fresh = mail.received >= settings.calendar.usual.subtract(now, settings.max_age)
    if not is_fresh or not unanswered.is_left(ledger.snapshots([mail.message_id]).get(mail.message_id)):
        return None
    load = Counter(settings.calendar.local_date(promise.due) for promise in ledger.open_promises())
    promise = _promise(mail, ledger, settings, now, load)
    if promise is None or reply_check.reason(promise.question, mailbox.signs({mail.message_id: mail.item})):
        return None
    return _shown(promise, settings, now)


def _promise(
    mail: Mail, ledger: Ledger, settings: Settings, now: datetime, load: Counter[date]
) -> Promise | None:
    """What would be promised; None where something else than a limit speaks against a letter by now. Where
    the question has its task already, that date counts as long as it can be kept."""
    thread = ledger.threads([mail])[0]
    if thread.question == mail.message_id:  # its own task
        thread = replace(thread, open_promise=False, question="")
    judged = judge(mail, settings, now, thread=thread, watermark=None, load=load, thorough=True)
    if {veto.rule for veto in judged.verdict.vetoes} - {RuleName.LIMITS} or judged.planned is None:
        return None
    promise = ordered(judged.planned, now).promise
    snapshot = ledger.snapshots([mail.message_id]).get(mail.message_id)
    if snapshot is None or snapshot.promise.state is not PromiseState.OPEN:
        return promise
    known = replace(snapshot.promise, question=replace(snapshot.promise.question, commanded=True))
    return replan(known, settings.calendar, settings.rules, now)


def _shown(promise: Promise, settings: Settings, now: datetime) -> Unanswered:
    question = promise.question
    made = letter(promise, settings.owner, settings.calendar, settings.letters, now, settings.absence)
    return Unanswered(
        message_id=question.message_id,
        asker=question.asker.email,
        name=question.asker.name,
        subject=question.subject,
        received=settings.calendar.local(question.received),
        promised=settings.calendar.local(promise.due),
        letter=made.text,
    )
