"""The owner's own mail is never answered, from whichever of the owner's addresses it comes."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.addresses import canonical

NAME = "own mail"


def check(facts: Facts, policy: Policy) -> Finding | None:
    sender = facts.mail.sender
    if sender is None:
        return None
    own = facts.owner.keys | policy.owner.keys
    if sender.key in own or canonical(sender.email) in {canonical(key) for key in own} - {None}:
        return Veto(NAME, "sent by the owner")
    return None
