"""What is said of a mail: findings, and the verdict."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import NewType


class RuleName(enum.StrEnum):
    """Who says something of a mail. The ledger keeps findings by these texts: none is ever renamed.

    What each is for and what its veto means stands with its `Rule`.
    """

    ADDRESSED = "addressed"
    AGE = "age"
    ANSWERED = "answered"
    AUTHENTICATED = "authenticated"
    AUTO_RESPONSE_SUPPRESS = "auto response suppress"
    AUTO_SUBMITTED = "auto submitted"
    AUTOMATIC_SUBJECT = "automatic subject"
    AUTOMATIC_TEXT = "automatic text"
    COMMAND = "command"
    DELIVERY_REPORT = "delivery report"
    ENCRYPTED = "encrypted"
    EXCEPTED = "excepted"
    EXCHANGE_ROBOT = "exchange robot"
    FACTS_READ = "facts read"
    FOLDER = "folder"
    FROM_FIELD = "from field"
    HEADERS_READ = "headers read"
    INTERNAL = "internal"
    ITEM_CLASS = "item class"
    LANGUAGE = "language"
    LESSONS = "lessons"
    LIMITS = "limits"
    MACHINE = "machine"
    MAILING_LIST = "mailing list"
    MESSAGE_ID = "message id"
    NULL_SENDER = "null sender"
    OPEN_PROMISE = "open promise"
    OUTSIDE_MARKS = "outside marks"
    OWN_MAIL = "own mail"
    OWN_RULES = "rules"
    PRECEDENCE = "precedence"
    PUT_TO = "put to"
    RECIPIENTS = "recipients"
    REPLY_TO = "reply to"
    REQUEST = "request"
    RIGHT_NOW = "right now"
    ROBOT_HEADER = "robot header"
    SENT_AGAIN = "sent again"
    SYSTEM_SENDER = "system sender"
    UNJUDGED = "unjudged"


#: A rule of an earlier ackd that this one doesn't have, as the ledger names it.
ForeignRule = NewType("ForeignRule", str)

_NAMES = {name.value: name for name in RuleName}


def rule_named(text: str) -> RuleName | ForeignRule:
    """The rule that a record names."""
    return _NAMES.get(text) or ForeignRule(text)


#: How the reason of `RuleName.ROBOT_HEADER` ends where a letter of ackd's is meant.
OWN_HEADER = "X-Ackd"


def own_rule_words(name: str) -> str:
    """How the reason of `RuleName.OWN_RULES` begins; a space follows."""
    return f"your rule {name!r}"


@dataclass(frozen=True, slots=True)
class Veto:
    """A finding that forbids an acknowledgement, with a reason that a person understands.

    `mutes_follow_ups`: it also says that the sender isn't to be listened to in an open conversation;
    `overridable`: the owner's command on that very mail goes before it; `blocks_task`: where the owner
    wants a task without a letter, there is none either; `leaves_task`: it forbids the letter alone, and a
    question that nothing else forbids gets its task at once. `quote` is text of the mail that shows it. The
    ledger keeps rule and reason, never the quote."""

    rule: RuleName | ForeignRule
    reason: str
    mutes_follow_ups: bool = field(default=True, compare=False)
    overridable: bool = field(default=False, compare=False)
    blocks_task: bool = field(default=True, compare=False)
    leaves_task: bool = field(default=False, compare=False)
    quote: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding that speaks for (weight > 0) or against (weight < 0) a question.

    `quote` is text of the mail that shows it; the ledger never keeps it.
    """

    rule: RuleName | ForeignRule
    weight: float
    reason: str
    quote: str = ""


Finding = Veto | Evidence


@dataclass(frozen=True, slots=True)
class Rule:
    """Who has a say of mails, and what for. `forbids`: it may veto, else it only weighs; the last three say
    what its veto means (see `Veto`)."""

    name: RuleName
    description: str
    forbids: bool = field(default=True, kw_only=True)
    mutes_follow_ups: bool = field(default=True, kw_only=True)
    overridable: bool = field(default=False, kw_only=True)
    blocks_task: bool = field(default=True, kw_only=True)

    def veto(
        self, reason: str, *, blocks_task: bool | None = None, leaves_task: bool = False, quote: str = ""
    ) -> Veto:
        """The rule's veto, with what it means for the rest of ackd. `blocks_task`: of this very mail."""
        blocks = self.blocks_task if blocks_task is None else blocks_task
        means = (self.mutes_follow_ups, self.overridable, blocks)
        return Veto(self.name, reason, *means, leaves_task, quote)

    def evidence(self, weight: float, reason: str, *, quote: str = "") -> Evidence:
        """What the rule finds that forbids nothing."""
        return Evidence(self.name, weight, reason, quote)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Acknowledge, or leave; with all findings. `task_alone`: it is left, and its task is made at once."""

    acknowledge: bool
    findings: tuple[Finding, ...]
    task_alone: bool = field(default=False, compare=False)

    @property
    def reason(self) -> str:
        """The findings that decided, in one line."""
        vetoes = [veto.reason for veto in self.vetoes]
        weighed = [f.reason for f in self.findings if isinstance(f, Evidence) and f.weight]
        return "; ".join(vetoes or weighed or [f.reason for f in self.findings])

    @property
    def vetoes(self) -> tuple[Veto, ...]:
        """The findings that forbid an acknowledgement."""
        return tuple(finding for finding in self.findings if isinstance(finding, Veto))

    @property
    def is_left_by_limits(self) -> bool:
        """Whether nothing but a limit, or a hold, forbade the acknowledgement."""
        return {veto.rule for veto in self.vetoes} == {RuleName.LIMITS}
