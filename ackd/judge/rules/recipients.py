"""A mail to many is for nobody in particular."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "recipients"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if facts.recipients > policy.max_recipients:
        return Veto(NAME, f"sent to {facts.recipients} recipients, more than {policy.max_recipients}")
    return None
