"""One acknowledgement a conversation while its promise is open."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "open promise"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if facts.thread.open_promise:
        return Veto(NAME, "this conversation has been acknowledged, and its promise is still open")
    return None
