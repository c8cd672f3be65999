"""All findings to the verdict. The rules are found by scanning `ackd.judge.rules`; their order
doesn't matter, and every reason is kept."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import lru_cache

from ackd.judge import rules
from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Verdict, Veto

Rule = Callable[[Facts, Policy], Finding | None]


@lru_cache(maxsize=1)
def all_rules() -> dict[str, Rule]:
    """Every rule by its name, sorted."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(rules.__path__):
        rule = importlib.import_module(f"{rules.__name__}.{module.name}")
        found[rule.NAME] = rule.check
    return dict(sorted(found.items()))


def decide(facts: Facts, policy: Policy) -> Verdict:
    """Acknowledge if no rule forbids it and the request is probable enough; else leave."""
    findings = tuple(f for check in all_rules().values() if (f := check(facts, policy)) is not None)
    vetoed = any(isinstance(finding, Veto) for finding in findings)
    return Verdict(not vetoed and facts.request.probability >= policy.threshold, findings)
