"""From the configuration to the settings that the daemon works by."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from ackd import config as configuration
from ackd.config import Config
from ackd.config.days import CALENDAR
from ackd.config.durations import END_OF_DAY
from ackd.config.hours import MAILBOX, NEVER
from ackd.config.schema.follow_up import ASKER
from ackd.engine.limits import Limits
from ackd.engine.owner_settings import Dates, Known, Wanted, resolve
from ackd.engine.triage import Settings
from ackd.judge.classifier.model import THRESHOLDS
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.judge.policy import Policy
from ackd.letters import Letters, TaskStyle
from ackd.model import Always, Caution, Command, DigestTimes, OverLimit, Owner, WhenAway, WorkingHours
from ackd.promise.lifecycle import FollowRules
from ackd.promise.plan import PromiseRules
from ackd.runtime.alarm_ways import tells_by_mail


@dataclass(frozen=True, slots=True)
class Assumed:
    """What stands in for values that come from the mailbox and aren't known."""

    words: tuple[str, ...] = ()


def owner_of(config: Config) -> Owner:
    """The owner; without a configured name, the one that the address shows."""
    local = config.mailbox.address.partition("@")[0]
    shown = " ".join(
        part.capitalize() + ("." if len(part) == 1 else "") for part in re.split(r"[._-]+", local) if part
    )
    box = config.mailbox
    return Owner(box.address, config.letters.name or shown, box.aliases, box.names)


def settings_of(config: Config, known: Known | None = None) -> tuple[Settings, Assumed]:
    """Everything that the daemon needs of the configuration, completed by what the mailbox said
    of its owner's time."""
    owner = owner_of(config)
    time = resolve(wanted_of(config), known)
    promise, internal, questions = config.promise, config.internal, config.questions
    policy = Policy(
        owner=owner,
        domains=internal.domains,
        addresses=internal.addresses,
        except_=internal.except_,
        system_senders=internal.system_senders,
        require_authenticated=internal.require_authenticated,
        authenticated_by=internal.authenticated_by,
        authenticated_by_tenant=internal.authenticated_by_tenant or "",
        threshold=_threshold(questions.sensitivity),
        languages=questions.languages,
        max_recipients=questions.max_recipients,
        also_when_in_cc=questions.also_when_in_cc,
    )
    rules = PromiseRules(
        within=promise.within,
        urgent=promise.urgent,
        no_rush=promise.no_rush,
        reminder=config.tasks.reminder,
        grace=None if promise.grace == END_OF_DAY else promise.grace,
        grace_urgent=promise.grace_urgent,
        per_day=promise.per_day,
        calendar_entry=config.tasks.calendar_entry,
    )
    language = "" if config.letters.language == ASKER else config.letters.language
    settings = Settings(
        owner=owner,
        mode=config.mode,
        policy=policy,
        calendar=time.calendar,
        absence=time.absence,
        rules=rules,
        letters=Letters(config.letters.directory, language),
        task_style=TaskStyle("" if config.tasks.language == MAILBOX else config.tasks.language),
        limits=_limits(config.limits),
        max_age=questions.max_age,
        category=config.tasks.category,
        owner_rules=tuple(map(_owner_rule, config.rules)),
        holder=holder_of(config.state_directory),
        keep=config.keep.elapsed,
        follow=_follow_rules(config.follow_up),
        digest=_digest_times(config.follow_up),
        owner_language="" if config.follow_up.language == MAILBOX else config.follow_up.language,
        tells_alarms=tells_by_mail(config),
        internal_groups=_lists(internal.groups),
        groups=_lists((*internal.groups, *config.named_groups)),
    )
    return settings, Assumed(time.assumed)


def _threshold(sensitivity: Caution | float) -> float:
    """How probable a request must be."""
    return THRESHOLDS[sensitivity] if isinstance(sensitivity, Caution) else sensitivity


def wanted_of(config: Config) -> Wanted:
    """What the configuration says of the owner's time."""
    promise = config.promise
    zone, hours, holidays = promise.time_zone, promise.working_hours, promise.holidays
    absences: Dates | None = ()
    if not isinstance(promise.absences, str):
        absences = tuple((absence.first, absence.last) for absence in promise.absences)
    elif promise.absences == CALENDAR:
        absences = None
    return Wanted(
        zone=zone if isinstance(zone, ZoneInfo) else None,
        hours=hours if isinstance(hours, WorkingHours) else None,
        absences=absences,
        country=holidays.country if holidays else None,
        subdivision=holidays.subdivision if holidays else None,
        extra=tuple(holiday.day for holiday in promise.extra_holidays),
        contact=promise.absence_contact.words if promise.absence_contact else "",
        acknowledge=promise.when_away is WhenAway.ACKNOWLEDGE,
    )


def _limits(limits: configuration.Limits) -> Limits:
    return Limits(
        limits.one_per_sender_within,
        limits.per_sender_per_day,
        limits.per_hour,
        limits.per_day,
        leaves_task=limits.over is OverLimit.TASK,
    )


def _follow_rules(follow_up: configuration.FollowUp) -> FollowRules:
    names = follow_up.categories
    commands = {getattr(names, command.value): command for command in Command}
    return FollowRules(follow_up.moved, follow_up.settle, follow_up.overdue, commands)


def _digest_times(follow_up: configuration.FollowUp) -> DigestTimes | None:
    wanted = follow_up.digest
    return None if wanted == NEVER else DigestTimes(wanted.days, wanted.at)


def _lists(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.lower() for address in addresses))


def _owner_rule(rule: configuration.Rule) -> OwnerRule:
    when, then = rule.when, rule.then
    return OwnerRule(
        name=rule.name,
        when=When(
            subject=when.subject,
            text=when.text,
            sender=when.from_,
            recipient=when.to,
            group=when.group,
            urgency=when.urgency,
            language=when.language,
            internal=when.internal,
            has_attachment=when.has_attachment,
            hours=when.hour,
            weekdays=when.weekday,
        ),
        then=Then(
            letter=then.letter,
            contact=then.contact,
            within=then.within,
            category=then.category or "",
            acknowledge=None if then.acknowledge is None else then.acknowledge is Always.ALWAYS,
            task=then.task,
            threshold=None if then.threshold is None else _threshold(then.threshold),
        ),
    )


def settings_without(address: str) -> tuple[Settings, Assumed]:
    """Settings where there is no configuration, for a look at a mail that somebody got: colleagues are who
    writes from the same domain. Raises ConfigError for an address that none has."""
    domain = address.rpartition("@")[2]
    text = json.dumps(
        {
            "mailbox": {"address": address, "endpoint": "autodiscover", "password": {"env": "ACKD_PASSWORD"}},
            "internal": {"domains": [domain], "require_authenticated": False},
        }
    )
    config = configuration.loads(text.encode(), Path("(none)")).config
    settings, assumed = settings_of(config)
    told = (
        f"there is no configuration (`ackd init` makes one): judged for {address}, as if "
        f"all of {domain} were colleagues and nobody pretended to be one"
    )
    return settings, Assumed((told, *assumed.words))


def holder_of(state: Path) -> str:
    """How this ackd names itself in a lease: this machine and this state directory. A copied
    ledger does not carry it along."""
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        machine = ""
    place = f"{machine} {platform.node()} {state.resolve()}"
    return hashlib.sha256(place.encode()).hexdigest()[:32]
