"""Only languages whose phrases are known are judged."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.languages import languages

NAME = "language"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if not facts.new_text.strip():
        return None  # the request classifier says so
    found = facts.language
    if found is None:
        return Veto(NAME, "its language can't be told")
    known = languages().get(found)
    if known is None:
        return Veto(NAME, f"written in a language that ackd doesn't know ({found})")
    if found not in policy.languages:
        return Veto(NAME, f"written in {known.name}, which the configuration doesn't name")
    return None
