"""The owner's own rules: which mail is meant, and what the owner wants done with it.

First match wins. A rule may silence, and it may ask for an acknowledgement where the classifier
sees no question; it never overrides a safety veto (docs/design.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Protocol

from ackd.judge.policy import Policy
from ackd.model import (
    Address,
    Duration,
    Facts,
    Finding,
    LetterName,
    Rule,
    RuleName,
    Urgency,
    Verdict,
    own_rule_words,
)
from ackd.text.addresses import spellings

RULE = Rule(
    RuleName.OWN_RULES,
    "Your own rules, the first that a mail meets: never acknowledge, always, or from which probability on. "
    "What else forbids a letter stands whatever they say.",
    mutes_follow_ups=False,
    overridable=True,
    blocks_task=False,
)


class Matcher(Protocol):
    """A text, a glob or a regular expression; it takes time linear in the text."""

    def matches(self, text: str) -> bool:
        """Whether the text is like this."""
        ...


Matchers = tuple[Matcher, ...]


@dataclass(frozen=True, slots=True)
class When:
    """The conditions of a rule: all that are set must hold; of several entries, one must.

    `group` compares with the lists that the sender belongs to (`Policy.lists`). `hours` are spans
    of the owner's clock whose end is exclusive (`time.max` is 24:00); `weekdays` count from Monday 0.
    """

    subject: Matchers = ()
    text: Matchers = ()
    sender: Matchers = ()
    recipient: Matchers = ()
    group: Matchers = ()
    urgency: tuple[Urgency, ...] = ()
    language: tuple[str, ...] = ()
    internal: bool | None = None
    has_attachment: bool | None = None
    hours: tuple[tuple[time, time], ...] = ()
    weekdays: tuple[int, ...] = ()

    def holds(self, facts: Facts, policy: Policy, arrived: datetime) -> bool:
        """Whether the mail is meant; `arrived` is when it came, by the owner's clock."""
        mail = facts.mail
        sender = mail.sender.email if mail.sender else ""
        recipients = dict.fromkeys(address.email for address in (*mail.to, *mail.cc))
        return (
            _any(self.subject, (mail.subject,))
            and _any(self.text, (facts.new_text,))
            and (not self.sender or _any(self.sender, spellings(sender)))
            and (not self.recipient or _any(self.recipient, [s for r in recipients for s in spellings(r)]))
            and (not self.group or _any(self.group, policy.groups_of(sender)))
            and (not self.urgency or facts.urgency in self.urgency)
            and (not self.language or facts.language in self.language)
            and self.internal in (None, policy.is_internal(sender))
            and self.has_attachment in (None, mail.has_attachments)
            and (not self.hours or any(_within(arrived.time(), span) for span in self.hours))
            and (not self.weekdays or arrived.weekday() in self.weekdays)
        )


@dataclass(frozen=True, slots=True)
class Then:
    """What the owner wants; None (or "") leaves it as it would be. `acknowledge` True is
    always, False never; `threshold` is how probable a request must be, also for always."""

    letter: LetterName | None = None
    contact: Address | None = None
    within: Duration | None = None
    category: str = ""
    acknowledge: bool | None = None
    task: bool | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """One rule, with the name that the record calls it by."""

    name: str
    when: When
    then: Then


def match(rules: Sequence[OwnerRule], facts: Facts, policy: Policy, arrived: datetime) -> OwnerRule | None:
    """The first rule that a mail meets."""
    return next((rule for rule in rules if rule.when.holds(facts, policy, arrived)), None)


def policy_of(rule: OwnerRule | None, policy: Policy) -> Policy:
    """What counts as a request for mails that a rule means."""
    if rule is None or rule.then.threshold is None:
        return policy
    return replace(policy, threshold=rule.then.threshold)


def apply(rule: OwnerRule | None, verdict: Verdict) -> Verdict:
    """The verdict, by `policy_of` the rule, as the rule wants it. A veto stands whatever the rule says."""
    if rule is None:
        return verdict
    wanted, task_alone = rule.then.acknowledge, verdict.task_alone and rule.then.task is not False
    words = own_rule_words(rule.name)
    finding: Finding = RULE.evidence(0.0, f"{words} applies")
    if wanted is False:
        finding = RULE.veto(f"{words} says: never acknowledge")
        task_alone = _wants_task_alone(rule, verdict)
    elif rule.then.threshold is not None:
        finding = RULE.evidence(0.0, f"{words} wants a request of at least {rule.then.threshold:.2f}")
        wanted = verdict.acknowledge
    elif wanted is True and not verdict.vetoes:
        finding = RULE.evidence(10.0, f"{words} says: always acknowledge")
    else:
        wanted = verdict.acknowledge
    return Verdict(wanted, (*verdict.findings, finding), task_alone)


def _wants_task_alone(rule: OwnerRule, verdict: Verdict) -> bool:
    """Whether a rule's "never acknowledge, but make a task" holds for this mail: only vetoes forbid it that
    say more than that this person gets no letter for this mail."""
    return bool(rule.then.task) and not any(veto.blocks_task for veto in verdict.vetoes)


def _any(matchers: Matchers, texts: Sequence[str]) -> bool:
    return not matchers or any(matcher.matches(text) for matcher in matchers for text in texts)


def _within(moment: time, span: tuple[time, time]) -> bool:
    return span[0] <= moment and (moment < span[1] or span[1] == time.max)
