"""The owner has answered already: a hint is enough (PidTagLastVerbExecuted: 102 reply, 103 reply all)."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "answered"
_REPLIED = (102, 103)


def check(facts: Facts, policy: Policy) -> Finding | None:
    if facts.thread.answered or facts.mail.last_verb in _REPLIED:
        return Veto(NAME, "the owner has answered already")
    return None
