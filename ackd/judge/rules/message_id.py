"""Without a Message-ID it can't be known whether a mail was acknowledged before."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "message id"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if not facts.mail.message_id.strip("<> \t\r\n"):
        return Veto(NAME, "it has no Message-ID")
    return None
