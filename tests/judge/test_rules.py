"""Each rule silences its golden mails for its own reason, and lets the near misses pass."""

from __future__ import annotations

import importlib
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


@pytest.mark.parametrize("rule", ["mailing_list", "robot_header", "exchange_robot"])
def test_every_header_of_a_rule_has_a_golden_mail(rule: str) -> None:
    named: frozenset[str] = importlib.import_module(f"{rules.__name__}.{rule}")._HEADERS
    silent = golden.load(golden.FOLDER / "rules" / f"{rule}.yaml")["silent"]

    assert named <= {name.lower() for case in silent.values() for name in case.get("headers", {})}


def test_every_reason_is_kept() -> None:
    case = {"headers": {"Precedence": "bulk", "From": "no-reply@evil.test", "List-Id": "x"}, "text": "FYI"}

    verdict = decide(golden.read(case), golden.policy(case))

    vetoes = {f.rule for f in verdict.findings if isinstance(f, Veto)}
    assert {"precedence", "mailing list", "internal", "system sender"} <= vetoes
    assert [f for f in verdict.findings if isinstance(f, Evidence)]


@pytest.mark.parametrize("bits", range(0x40))
def test_the_bits_of_auto_response_suppress(bits: int) -> None:
    """MS-OXOMSG 2.2.1.77: OOF 0x10 and AutoReply 0x20 silence; DR, NDR, RN and NRN say nothing of answers."""
    verdict = decide(golden.read({"mail": {"suppressed": bits}}), golden.policy({}))

    assert verdict.acknowledge is not bool(bits & 0x30)


def test_what_is_unknown_is_recorded_as_unknown() -> None:
    mail = {"headers": None, "item_class": None, "unreadable": ["when it came", "its text"]}

    verdict = decide(golden.read({"mail": mail}), golden.policy({}))

    reasons = [f.reason for f in verdict.findings if isinstance(f, Veto)]
    assert reasons == [
        "unknown, for it can't be read: when it came, its text",
        "its headers can't be read",
        "what kind of item it is can't be told",
    ]
