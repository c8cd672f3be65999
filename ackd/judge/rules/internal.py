"""From inside, as the owner's configuration defines it. From proves nothing by itself: see the
rule "authenticated"."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.addresses import canonical

NAME = "internal"


def check(facts: Facts, policy: Policy) -> Finding | None:
    sender = facts.mail.sender
    if sender is None:
        return None
    if canonical(sender.email) is None:
        return Veto(NAME, f"from outside: {sender.email[:80]!r} isn't a plain address")
    if not policy.is_internal(sender.email):
        return Veto(
            NAME,
            f"from outside: {sender.email[:80]} is in none of the internal domains, addresses and groups",
        )
    return None
