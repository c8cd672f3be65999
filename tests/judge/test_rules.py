"""Each rule silences its golden mails for its own reason, and lets the near misses pass."""

from __future__ import annotations

import pkgutil
from typing import Any

import pytest

from ackd.judge import rules
from ackd.judge.decide import all_rules, decide
from ackd.model import Evidence, Veto
from tests.judge import golden

FILES = sorted((golden.FOLDER / "rules").glob("*.yaml"))


def _cases(kind: str) -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}-{name}")
        for path in FILES
        for name, case in golden.load(path)[kind].items()
    ]


@pytest.mark.parametrize(("rule", "case"), _cases("silent"))
def test_silent(rule: str, case: dict[str, Any]) -> None:
    verdict = decide(golden.read(case), golden.policy(case))

    assert not verdict.acknowledge
    name = rule.replace("_", " ")
    found = [f for f in verdict.findings if f.rule == name and (isinstance(f, Veto) or f.weight < 0)]
    assert found, verdict.reason
    assert found[0].reason


@pytest.mark.parametrize(("rule", "case"), _cases("acknowledge"))
def test_near_miss(rule: str, case: dict[str, Any]) -> None:
    verdict = decide(golden.read(case), golden.policy(case))

    assert verdict.acknowledge, verdict.reason


def test_every_rule_has_golden_mails() -> None:
    modules = {module.name for module in pkgutil.iter_modules(rules.__path__)}

    assert {path.stem for path in FILES} == modules
    assert {name.replace(" ", "_") for name in all_rules()} == modules
    for path in FILES:
        cases = golden.load(path)
        assert cases["silent"], path
        assert cases["acknowledge"], path


def test_every_reason_is_kept() -> None:
    case = {"headers": {"Precedence": "bulk", "From": "no-reply@evil.test", "List-Id": "x"}, "text": "FYI"}

    verdict = decide(golden.read(case), golden.policy(case))

    vetoes = {f.rule for f in verdict.findings if isinstance(f, Veto)}
    assert {"precedence", "mailing list", "internal", "system sender"} <= vetoes
    assert [f for f in verdict.findings if isinstance(f, Evidence)]
