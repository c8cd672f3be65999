"""From a mail to a verdict and, for a question, a promise: pure, used by the daemon and by
`ackd explain` alike, so that what is explained is what is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ackd.judge import decide, facts
from ackd.judge.policy import Policy
from ackd.letters import Letters
from ackd.limits import Limits
from ackd.model import Duration, Facts, Mail, Mode, Owner, Thread, Verdict
from ackd.promise import deadline
from ackd.promise.calendar import Calendar
from ackd.promise.deadline import Deadline
from ackd.promise.plan import Plan, PromiseRules, plan


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says, as the daemon needs it.

    `holder` names this ackd to others on the same mailbox: machine and state path. `look_again`
    is how long a letter whose outcome isn't known is looked for before one more try; `keep` is the
    age at which closed records leave the ledger.
    """

    owner: Owner
    mode: Mode
    policy: Policy
    calendar: Calendar
    rules: PromiseRules
    letters: Letters
    limits: Limits
    max_age: Duration
    category: str
    holder: str
    look_again: timedelta = timedelta(minutes=10)
    keep: timedelta = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What ackd makes of a mail. `planned` is there for a mail with a sender, whatever the
    verdict, so that an explanation can show the date."""

    facts: Facts
    verdict: Verdict
    stated: Deadline | None
    planned: Plan | None


def judge(
    mail: Mail, settings: Settings, now: datetime, *, thread: Thread, start_mark: datetime | None
) -> Judgement:
    """Judge one mail as at a moment."""
    known = facts.read(mail, settings.owner, thread)
    oldest = settings.calendar.subtract(now, settings.max_age)
    verdict = decide.decide(known, replace(settings.policy, oldest=oldest, start_mark=start_mark))
    stated = deadline.stated(
        known.new_text,
        known.language or "",
        mail.sent or mail.received,
        settings.calendar.zone,
        settings.calendar.hours,
    )
    planned = None
    if mail.sender is not None:
        planned = plan(known, stated.moment if stated else None, settings.calendar, settings.rules, now)
    return Judgement(known, verdict, stated, planned)
