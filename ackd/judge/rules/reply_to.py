"""Answers that would go to an address outside are none of a colleague's."""

from __future__ import annotations

from ackd.judge.addresses import canonical
from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "reply to"


def check(facts: Facts, policy: Policy) -> Finding | None:
    sender = facts.mail.sender
    own = canonical(sender.email) if sender else None
    for address in facts.mail.reply_to:
        if (canonical(address.email) != own or own is None) and not policy.is_internal(address.email):
            return Veto(NAME, f"answers would go outside: Reply-To: {address.email[:80]}")
    return None
