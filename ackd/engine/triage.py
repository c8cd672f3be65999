"""From a mail to a verdict and, for a question, a promise: pure, used by the daemon and by
`ackd explain` alike, so that what is explained is what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from ackd.engine.limits import Limits
from ackd.judge import decide, facts, owner_rules
from ackd.judge.lessons import NOTHING as NO_LESSONS
from ackd.judge.lessons import Learned
from ackd.judge.owner_rules import OwnerRule, Then
from ackd.judge.policy import Policy
from ackd.judge.rules.question import right_now
from ackd.letters import TASK_STYLE, Letters, TaskStyle
from ackd.model import (
    Command,
    DigestTimes,
    Duration,
    Effect,
    EffectKind,
    Facts,
    LetterName,
    Mail,
    Mode,
    Owner,
    Promise,
    Thread,
    Verdict,
)
from ackd.promise.absence import NEVER, Absence
from ackd.promise.calendar import Calendar
from ackd.promise.lifecycle import FollowRules
from ackd.promise.plan import Plan, PromiseRules, is_apology, plan
from ackd.text.reply_text import Written
from ackd.text.temporal import deadline
from ackd.text.temporal.deadline import Deadline

NO_LOAD: Mapping[date, int] = MappingProxyType({})
NOTHING = Then()


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says, as the daemon needs it.

    `holder` names this ackd to others on the same mailbox: machine and state path. `recheck_after`
    is how long a letter whose outcome isn't known is looked for before one more try; `keep` is the
    age at which closed records leave the ledger. `internal_groups` are the lists whose members are
    colleagues, `groups` all lists that the configuration names (addresses in lower case).
    `tells_alarms`: the owner is told of alarms by a mail and a task. `owner_language` is that of mails to
    the owner; empty: the mailbox's own. `learned` is what the owner's lessons teach (`engine.lessons`).
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
    owner_rules: tuple[OwnerRule, ...] = ()
    recheck_after: timedelta = timedelta(minutes=10)
    keep: timedelta = timedelta(days=400)
    internal_groups: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    absence: Absence = NEVER
    follow: FollowRules = field(default_factory=FollowRules)
    digest: DigestTimes | None = None
    tells_alarms: bool = False
    task_style: TaskStyle = TASK_STYLE
    owner_language: str = ""
    learned: Learned = NO_LESSONS


@dataclass(frozen=True, slots=True)
class Triage:
    """What ackd makes of a mail. `planned`, for a mail with a sender, holds the effects that are
    wanted; without any it only shows the date in an explanation."""

    facts: Facts
    verdict: Verdict
    stated: Deadline | None
    planned: Plan | None


def policy_at(settings: Settings, now: datetime, watermark: datetime | None) -> Policy:
    """What mails are judged by at a moment."""
    oldest = settings.calendar.usual.subtract(now, settings.max_age)
    began = watermark and settings.calendar.local(watermark)
    return replace(settings.policy, oldest=oldest, watermark=began)


def judge(
    mail: Mail,
    settings: Settings,
    now: datetime,
    *,
    thread: Thread,
    watermark: datetime | None,
    load: Mapping[date, int] = NO_LOAD,
    thorough: bool = False,
    policy: Policy | None = None,
    text: Written | None = None,
) -> Triage:
    """Judge one mail as at a moment; `load` says how many promises fall on each date already.
    Deadline and date are looked for where something is promised; with `thorough`, to explain a
    mail, in any case. `policy` is `policy_at` that moment, where many mails are judged by it; `text` is what
    its sender newly wrote, where that was read already."""
    known = facts.read(mail, settings.owner, thread, settings.calendar.zone, text, settings.learned)
    policy = policy or policy_at(settings, now, watermark)
    arrived = settings.calendar.local(mail.received)
    rule = owner_rules.match(settings.owner_rules, known, policy, arrived)
    verdict = owner_rules.apply(rule, decide.decide(known, owner_rules.policy_of(rule, policy)))
    if not thorough and not verdict.acknowledge and not verdict.task_alone:
        return Triage(known, verdict, None, None)
    stated = deadline.of_mail(
        mail.subject,
        known.new_text,
        known.language or "",
        mail.sent or mail.received,
        known.zone,
        settings.calendar.hours,
    )
    planned = None
    if mail.sender is not None:
        deadline_at = stated.moment if stated else None
        then = rule.then if rule else NOTHING
        rules = replace(settings.rules, within=then.within) if then.within else settings.rules
        planned = plan(known, deadline_at, settings.calendar, rules, now, load)
        verdict = _unless_too_late(verdict, planned, then, settings)
        planned = _as_wanted(planned, then, verdict, now)
        if settings.absence.answers_itself(mail.received) and not then.letter:
            planned = task_alone(planned)
    return Triage(known, verdict, stated, planned)


def only_excuses(promise: Promise, leaves: datetime, settings: Settings) -> bool:
    """Whether an acknowledgement that leaves at a moment would say no more than sorry: it promises less than
    was wished, and the wished time is nearly over, or past. One that tells of an absence, or whom to ask,
    says more."""
    is_away = settings.absence.is_away(settings.calendar, leaves)
    return promise.question.letter is LetterName.RECEIVED and not is_away and is_apology(promise, leaves)


def commanded(planned: Plan, command: Command, now: datetime) -> Plan:
    """The plan as the owner's command wants it: what was waited for needn't be waited for."""
    promise, kinds = planned.promise, [EffectKind.ACKNOWLEDGEMENT, EffectKind.TASK]
    question = replace(promise.question, commanded=True)
    if command is Command.CANNOT_HELP:
        question = replace(question, letter=question.referral)
        kinds = [EffectKind.ACKNOWLEDGEMENT]
    elif command is Command.NEED_MORE:
        question = replace(question, letter=LetterName.MORE_INFORMATION)
    else:
        question = replace(question, letter=LetterName.RECEIVED, category="")
    effects = tuple(Effect(kind, question.message_id, now) for kind in kinds)
    return Plan(replace(promise, question=question), effects)


def ordered(planned: Plan, now: datetime) -> Plan:
    """The plan with the letter that the mail would have got, ordered by the owner: at once."""
    promise, kinds = planned.promise, [effect.kind for effect in planned.effects]
    if EffectKind.ACKNOWLEDGEMENT not in kinds:
        kinds = [EffectKind.ACKNOWLEDGEMENT, *([] if promise.question.is_referred else [EffectKind.TASK])]
    question = replace(promise.question, commanded=True)
    effects = tuple(Effect(kind, question.message_id, now) for kind in kinds)
    return Plan(replace(promise, question=question), effects)


def has_letter(planned: Plan) -> bool:
    """Whether a letter to the asker is planned."""
    return any(effect.kind is EffectKind.ACKNOWLEDGEMENT for effect in planned.effects)


def task_alone(planned: Plan) -> Plan:
    """The plan without the letter: the mailbox's own out-of-office reply has answered the asker, or a
    limit leaves none."""
    return Plan(planned.promise, tuple(e for e in planned.effects if e.kind.is_owner_item))


def _unless_too_late(verdict: Verdict, planned: Plan, then: Then, settings: Settings) -> Verdict:
    """The verdict, turned to the task alone where the letter would only be an excuse."""
    promise, leaves = planned.promise, planned.effects[0].not_before
    if not verdict.acknowledge or then.letter or not only_excuses(promise, leaves, settings):
        return verdict
    wanted = settings.calendar.local(promise.question.deadline or promise.due)
    why = f"it is wanted by {wanted:%Y-%m-%d %H:%M}, and a letter that can't promise that would come too late"
    findings = (*verdict.findings, right_now.veto(why, leaves_task=True))
    return Verdict(acknowledge=False, findings=findings, task_alone=then.task is not False)


def _as_wanted(planned: Plan, then: Then, verdict: Verdict, now: datetime) -> Plan:
    """The plan with the letter, the category and the effects that the owner's rule wants; a task without a
    letter that would come too late is made at once."""
    question = replace(
        planned.promise.question,
        letter=then.letter or LetterName.RECEIVED,
        contact=then.contact,
        category=then.category,
    )
    letter = verdict.acknowledge
    task = (letter and then.task is not False) or verdict.task_alone
    effects = tuple(e for e in planned.effects if (task if e.kind.is_owner_item else letter))
    promise = replace(planned.promise, question=question)
    if any(veto.leaves_task for veto in verdict.vetoes):
        promise, effects = replace(promise, reminder=now), tuple(replace(e, not_before=now) for e in effects)
    return Plan(promise, effects)
