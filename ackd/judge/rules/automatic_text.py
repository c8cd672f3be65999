"""The text itself says that a machine wrote it, or that nobody reads an answer."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.languages import languages
from ackd.text.phrases import sentences

NAME = "automatic text"


def check(facts: Facts, policy: Policy) -> Finding | None:
    language = languages().get(facts.language or "")
    if language is None:
        return None
    for sentence in sentences(facts.new_text[:4000], most=40):
        if any(hit.kind == "automatic" for hit in language.robot.find(sentence.words[:60])):
            return Veto(NAME, f'it says itself that it is automatic: "{sentence.text[:80]}"')
    return None
