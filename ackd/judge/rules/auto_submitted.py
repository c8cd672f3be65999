"""Auto-Submitted other than "no", in any of its occurrences (RFC 3834 §2 and §5)."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.headers import keyword

NAME = "auto submitted"


def check(facts: Facts, policy: Policy) -> Finding | None:
    for value in facts.header("auto-submitted"):
        if keyword(value) != "no":
            return Veto(NAME, f"sent by a machine: Auto-Submitted: {value[:80]}")
    return None
