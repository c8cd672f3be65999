"""Unknown means no: without the headers nothing tells a person from a machine."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "headers read"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if not facts.headers:  # no mail comes without any
        return Veto(NAME, "its headers can't be read")
    return None
