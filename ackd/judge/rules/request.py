"""Whether the reader is asked for an answer or an action: the classifier's word."""

from __future__ import annotations

import math

from ackd.judge.policy import Policy
from ackd.model import Evidence, Facts, Finding

NAME = "request"


def check(facts: Facts, policy: Policy) -> Finding | None:
    found = facts.request
    weight = _logit(found.probability) - _logit(policy.threshold)
    if not facts.new_text.strip():
        return Evidence(NAME, weight, "the sender wrote nothing new")
    is_enough = found.probability >= policy.threshold
    said = (
        "asks for an answer or an action"
        if is_enough
        else "asks nothing of the reader, as far as can be told"
    )
    numbers = f"{found.probability:.2f}, {'at least' if is_enough else 'less than'} {policy.threshold:.2f}"
    return Evidence(NAME, weight, f"{said} ({numbers})", quote=found.sentence)


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
