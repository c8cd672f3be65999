"""The request must be put to the owner: not to another one by name, and among several people in
To by name or plainly to all (else each of them would answer, or none needs to)."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Audience, Facts, Finding, Veto

NAME = "put to"


def check(facts: Facts, policy: Policy) -> Finding | None:
    audience, called = facts.request.audience, facts.request.called
    if audience in (Audience.OTHER, Audience.STRANGER):
        return Veto(NAME, f"put to somebody else by name: {called[:60]}")
    in_to = {address.key for address in facts.mail.to}
    others = in_to - facts.owner.keys
    if others and audience not in (Audience.OWNER, Audience.EVERYONE):
        return Veto(
            NAME, "several people in To, and it is put neither to the owner by name nor plainly to all"
        )
    return None
