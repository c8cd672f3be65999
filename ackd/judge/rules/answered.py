"""The owner has answered already: a hint is enough, such as the mark that a mail program left."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "answered"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if facts.thread.answered or facts.mail.is_marked_answered:
        return Veto(NAME, "the owner has answered already")
    return None
