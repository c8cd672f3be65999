"""Whether it is a question that waits for the owner."""

from __future__ import annotations

import math
import re

from ackd.judge.policy import Policy
from ackd.judge.rules import Said, rule
from ackd.model import Audience, Basis, Facts, Finding, RuleName, Taught


@rule(mutes_follow_ups=False, overridable=True, blocks_task=False)
def addressed(facts: Facts, policy: Policy) -> Said:
    """The owner must stand in To (or in Cc where the configuration says so)."""
    if facts.owner_in_to or (facts.owner_in_cc and policy.also_when_in_cc):
        return None
    if facts.owner_in_cc:
        return "the owner is only in Cc"
    return "the owner is neither in To nor in Cc: it came through a group, a list or Bcc"


@rule(mutes_follow_ups=False, overridable=True, blocks_task=False)
def recipients(facts: Facts, policy: Policy) -> Said:
    """A mail to many is for nobody in particular, unless the owner alone stands in To and the request is put
    to nobody else, or the owner is asked by name."""
    if facts.recipients <= policy.max_recipients:
        return None
    audience = facts.request.audience
    if audience is Audience.OWNER or (audience is Audience.OPEN and _is_alone(facts)):
        return None
    return f"sent to {facts.recipients} recipients, more than {policy.max_recipients}"


@rule(mutes_follow_ups=False, overridable=True, blocks_task=False)
def put_to(facts: Facts, policy: Policy) -> Said:
    """The request must be put to the owner: not to another one by name, and among several people in
    To by name or plainly to all (else each of them would answer, or none needs to). Where the owner alone
    stands in To, a name that nobody in the mail bears is taken for a nickname of the owner's."""
    audience, called = facts.request.audience, facts.request.called
    if audience in (Audience.OTHER, Audience.STRANGER):
        return f"put to somebody else by name: {called[:60]}"
    if audience is Audience.NICKNAME:
        return put_to.evidence(_NICKNAME, f"put to {called[:60]}, which may be a nickname of the owner's")
    if not _is_alone(facts) and audience not in (Audience.OWNER, Audience.EVERYONE):
        return "several people in To, and it is put neither to the owner by name nor plainly to all"
    return None


#: What a nickname that isn't known says: of 30 labelled mails that asked by one, 29 asked their reader.
_NICKNAME = -0.1


def _is_alone(facts: Facts) -> bool:
    """Whether nobody else stands in To."""
    return {address.key for address in facts.mail.to} <= facts.owner.keys


@rule(mutes_follow_ups=False, overridable=True)
def answered(facts: Facts, policy: Policy) -> Said:
    """The owner has answered already: a hint is enough, such as the mark that a mail program left."""
    if facts.thread.answered or facts.mail.is_marked_answered:
        return "the owner has answered already"
    return None


@rule(mutes_follow_ups=False, overridable=True)
def open_promise(facts: Facts, policy: Policy) -> Said:
    """One promise to an asker in a conversation: what the same person asks there while it is open belongs
    to it."""
    if facts.thread.open_promise:
        return "this sender has a promise in this conversation, which is still open"
    return None


@rule(mutes_follow_ups=False, overridable=True)
def sent_again(facts: Facts, policy: Policy) -> Said:
    """The same sender asked the same within a day, in another mail: sent again, by a person or a program."""
    if facts.thread.copy_of:
        return "the same sender sent the same within a day, and it was dealt with"
    return None


@rule(mutes_follow_ups=False, overridable=True, blocks_task=False)
def right_now(facts: Facts, policy: Policy) -> Said:
    """What is over, or nearly, before a letter would help: a coffee at ten, a call in ten minutes, "got a
    minute?", small talk. A real task among them gets only the task, at once; so does a deadline that can't be
    met and is less than half an hour away when the letter would go out."""
    found = facts.fleeting
    if found is None:
        return None
    why = f"it asks for {found.what}: over, or nearly, before a letter would help"
    return right_now.veto(why, leaves_task=found.is_work, quote=found.quote)


@rule(forbids=False)
def request(facts: Facts, policy: Policy) -> Said:
    """Whether the reader is asked for an answer or an action: the classifier's word."""
    found = facts.request
    weight = _logit(found.probability) - _logit(policy.threshold)
    if not facts.new_text.strip():
        return request.evidence(weight, "the sender wrote nothing new")
    is_enough = found.probability >= policy.threshold
    said = (
        "asks for an answer or an action"
        if is_enough
        else "asks nothing of the reader, as far as can be told"
    )
    numbers = _compared(found.probability, "at least" if is_enough else "less than", policy.threshold)
    unlike = "; its words are unlike those of the mails that it learned from" if found.is_unlike else ""
    return request.evidence(weight, f"{said} ({numbers}{unlike})", quote=found.sentence)


_NUMBERS = re.compile(r"\((\d(?:\.\d+)?), (?:at least|less than) (\d(?:\.\d+)?)(?:; [^()]*)?\)$")


def told(finding: Finding) -> tuple[float, float] | None:
    """The probability and the threshold that a finding of `request` tells, also one of the record; None where
    it tells none."""
    found = _NUMBERS.search(finding.reason) if finding.rule == RuleName.REQUEST else None
    return (float(found[1]), float(found[2])) if found else None


@rule(forbids=False)
def lessons(facts: Facts, policy: Policy) -> Said:
    """What you said of other mails (`ackd lessons`). It has moved the probability by which *request* goes,
    and nothing else."""
    taught = facts.request.taught
    if taught is None:
        return None
    what = "ask for an answer" if taught.shift > 0 else "ask nothing"
    return lessons.evidence(
        taught.shift, f"you said {_times(taught.count)} that {_mails(taught, facts)} {what}"
    )


def _mails(taught: Taught, facts: Facts) -> str:
    """Which mails the lessons are of, as the owner would call them."""
    sender = facts.mail.sender
    who = " ".join((sender.name or sender.email).split())[:60] if sender else "nobody"
    return {
        Basis.BOTH: f"{who}'s {taught.kind.words}",
        Basis.SENDER: f"{who}'s mails",
        Basis.KIND: taught.kind.words,
        Basis.PHRASES: "mails with such words",
    }[taught.basis]


def _times(count: int) -> str:
    return {1: "once", 2: "twice", 3: "three times"}.get(count, f"{count} times")


def _compared(probability: float, how: str, threshold: float) -> str:
    """Two numbers with as many digits as show that they differ."""
    for digits in (2, 3, 4, 6, 9):
        one, other = f"{probability:.{digits}f}", f"{threshold:.{digits}f}"
        if one != other or probability == threshold:
            break
    return f"{one}, {how} {other}"


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
