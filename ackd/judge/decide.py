"""All findings to the verdict. The rules' order doesn't matter, and every reason is kept."""

from __future__ import annotations

from functools import lru_cache

from ackd.judge.policy import Policy
from ackd.judge.rules import JudgeRule, mail, question, robots, sender
from ackd.model import Facts, Verdict, Veto

_THEMES = (mail, question, robots, sender)


@lru_cache(maxsize=1)
def all_rules() -> dict[str, JudgeRule]:
    """Every rule by its name, sorted."""
    found = (one for theme in _THEMES for one in vars(theme).values() if isinstance(one, JudgeRule))
    return {rule.name: rule for rule in sorted(found, key=lambda rule: rule.name)}


def decide(facts: Facts, policy: Policy) -> Verdict:
    """Acknowledge if no rule forbids it and the request is probable enough; else leave. A request of which
    all that forbids the letter leaves the task gets that alone."""
    findings = tuple(f for rule in all_rules().values() if (f := rule.check(facts, policy)) is not None)
    vetoes = [finding for finding in findings if isinstance(finding, Veto)]
    asks = facts.request.probability >= policy.threshold
    is_task = asks and bool(vetoes) and all(veto.leaves_task for veto in vetoes)
    return Verdict(asks and not vetoes, findings, is_task)
