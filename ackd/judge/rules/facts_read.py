"""Unknown means no: what the mailbox gave in a form that can't be read might forbid an answer."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "facts read"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if facts.mail.unread:
        return Veto(NAME, f"it can't be read: {facts.mail.unread}")
    if facts.mail.unreadable:
        return Veto(NAME, f"unknown, for it can't be read: {', '.join(facts.mail.unreadable)}")
    return None
