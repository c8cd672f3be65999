"""The owner's rules: what each condition compares, and that no rule overrides a veto."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from ackd.config.patterns import read_addresses, read_words
from ackd.judge.decide import decide
from ackd.judge.owner_rules import OwnerRule, Then, When, apply, match
from ackd.model import Urgency, Veto
from tests.judge import golden

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CASE: dict[str, Any] = {
    "headers": {"Subject": "The Payroll run", "Cc": "Carl <carl@corp.example>"},
    "text": "Könntest du mir bitte dringend den Bericht schicken?",
}
POLICY = golden.policy({})


def _holds(when: When, case: dict[str, Any] = CASE, at: datetime = MONDAY) -> bool:
    return match([OwnerRule("r", when, Then())], golden.read(case), POLICY, at) is not None


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(), True),
        (When(subject=read_words("payroll")), True),
        (When(subject=read_words("/^the pay.*run$/")), True),
        (When(subject=read_words(["salary", "PAYROLL"])), True),
        (When(subject=read_words("salary")), False),
        (When(text=read_words("bericht")), True),
        (When(text=read_words("payroll")), False),
        (When(sender=read_addresses("bob@corp.example")), True),
        (When(sender=read_addresses("*@corp.example")), True),
        (When(sender=read_addresses("*@corp")), False),
        (When(recipient=read_addresses("carl@corp.example")), True),
        (When(recipient=read_addresses("dora@corp.example")), False),
        (When(urgency=(Urgency.URGENT,)), True),
        (When(urgency=(Urgency.NO_RUSH,)), False),
        (When(language=("de", "fr")), True),
        (When(language=("en",)), False),
        (When(internal=True), True),
        (When(internal=False), False),
        (When(has_attachment=False), True),
        (When(has_attachment=True), False),
        (When(hours=((time(9), time(12)),)), True),
        (When(hours=((time(10), time(12)),)), False),
        (When(hours=((time(9), time(9, 30)),)), False),
        (When(weekdays=(0,)), True),
        (When(weekdays=(5, 6)), False),
        (When(subject=read_words("payroll"), language=("en",)), False),
    ],
)
def test_conditions(when: When, holds: bool) -> None:
    assert _holds(when) is holds


def test_a_group_is_one_that_the_sender_belongs_to() -> None:
    policy = replace(POLICY, lists={"board@corp.example": frozenset({"bob@corp.example"})})
    rule = OwnerRule("r", When(group=read_addresses("board@*")), Then())

    assert match([rule], golden.read(CASE), policy, MONDAY) is rule
    assert match([rule], golden.read(CASE), POLICY, MONDAY) is None


def test_the_first_match_wins() -> None:
    first, second = (OwnerRule(name, When(), Then()) for name in ("first", "second"))
    never = OwnerRule("never", When(weekdays=(6,)), Then())

    assert match([never, first, second], golden.read(CASE), POLICY, MONDAY) is first


def test_always_takes_what_asks_nothing_but_overrides_no_veto() -> None:
    rule = OwnerRule("release", When(), Then(acknowledge=True))
    plain: dict[str, Any] = {"text": "For your information: the server is down."}
    bulk = plain | {"headers": {"Precedence": "bulk"}}

    assert apply(rule, decide(golden.read(plain), golden.policy(plain))).acknowledge
    verdict = apply(rule, decide(golden.read(bulk), golden.policy(bulk)))
    assert not verdict.acknowledge
    assert "Precedence" in verdict.reason


def test_never_is_a_veto_that_names_the_rule() -> None:
    rule = OwnerRule("the board", When(), Then(acknowledge=False))

    verdict = apply(rule, decide(golden.read({}), golden.policy({})))

    assert not verdict.acknowledge
    assert [f.reason for f in verdict.findings if isinstance(f, Veto)] == [
        "your rule 'the board' says: never acknowledge"
    ]


@pytest.mark.parametrize(
    ("changes", "is_tasked"),
    [
        ({}, True),
        ({"From": "Eve <eve@evil.example>"}, True),  # outside: no letter, and the owner wants the task
        ({"X-Auto-Response-Suppress": "All"}, True),
        ({"To": "Carl <carl@corp.example>", "Cc": "Alice <alice@corp.example>"}, True),
        ({"Precedence": "bulk"}, False),
        ({"Auto-Submitted": "auto-generated"}, False),
        ({"X-MS-Exchange-Organization-AuthAs": None}, False),  # forged in a colleague's name
        ({"List-Id": "<all.corp.example>"}, False),
    ],
)
def test_never_with_a_task_makes_none_of_a_machines_or_a_forged_mail(
    changes: dict[str, Any], *, is_tasked: bool
) -> None:
    case: dict[str, Any] = {"headers": changes}
    verdict = decide(golden.read(case), golden.policy(case))
    rule = OwnerRule("desk", When(), Then(acknowledge=False, task=True))
    assert apply(rule, verdict).task_alone is is_tasked
    assert not apply(rule, verdict).acknowledge
    assert not apply(OwnerRule("no", When(), Then(acknowledge=False)), verdict).task_alone
