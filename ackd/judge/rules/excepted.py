"""Senders that the configuration excepts, though they are inside."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.addresses import canonical, is_like

NAME = "excepted"


def check(facts: Facts, policy: Policy) -> Finding | None:
    sender = facts.mail.sender
    address = canonical(sender.email) if sender else None
    if address is None:
        return None
    for pattern in policy.except_:
        if is_like(address, pattern):
            return Veto(NAME, f"the configuration excepts {pattern}")
    return None
