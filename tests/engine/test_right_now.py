"""What is over before a letter would help: no letter; of real work the task at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from ackd.cli.explain import as_text
from ackd.engine.triage import judge
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.model import Thread
from ackd.views.explain import explanation
from tests.people import MONDAY, mail
from tests.scenario import Scenario, grace

BERLIN = ZoneInfo("Europe/Berlin")
CALL = "Please send me the dial-in code, the call starts in five minutes."


@pytest.fixture
def office() -> Scenario:
    """Alice's ackd on Monday at 9:31, with a quarter of an hour of grace."""
    made = Scenario(rules=grace(15))
    made.work()
    return made


def test_a_coffee_is_left_and_leaves_nothing(office: Scenario) -> None:
    office.ask("coffee", "Hi Alice, are you free for a coffee at 10?")
    office.work(180)
    assert office.told() == office.tasked() == []


def test_work_that_is_wanted_at_once_gets_its_task_at_once(office: Scenario) -> None:
    office.ask("call", CALL)
    assert office.tasked() == ["<call@corp.example>"]
    assert office.promise("<call@corp.example>").reminder <= office.clock.now()
    office.work(180)
    assert office.told() == []
    assert office.tasked() == ["<call@corp.example>"]
    assert office.daemon.unfinished() == ""


@pytest.mark.parametrize(
    ("wish", "is_told"),
    [
        ("by 9:45", False),  # the letter would leave at 9:46
        ("by 10:10", False),  # 24 minutes ahead: not early
        ("by 10:30", True),  # 44 minutes ahead: another hour can still be told
        ("by 16:00", True),  # it can be met
        ("within 20 minutes", False),
    ],
)
def test_a_deadline_that_cant_be_met_is_told_early_or_not_at_all(
    office: Scenario, wish: str, *, is_told: bool
) -> None:
    office.ask("q", f"Could you please send me the figures {wish}?")
    assert office.tasked() == ([] if is_told else ["<q@corp.example>"])
    office.work(20)
    assert bool(office.told()) is is_told
    assert office.tasked() == ["<q@corp.example>"]


def test_after_an_outage_nobody_is_told_sorry(office: Scenario) -> None:
    office.ask("q", "Could you please send me the figures by 10:45?")
    assert office.told() == office.tasked() == []
    office.work(120)
    assert office.told() == []
    assert office.tasked() == ["<q@corp.example>"]
    assert office.daemon.unfinished() == ""


def test_a_rule_of_the_owners_may_want_no_task() -> None:
    rule = OwnerRule("mine", When(), Then(task=False))
    office = Scenario(owner_rules=(rule,))
    office.work()
    office.ask("call", CALL)
    assert office.told() == office.tasked() == []


def test_an_absent_owner_is_told_of_all_the_same(office: Scenario) -> None:
    used = office.daemon.settings
    question = replace(mail("q", "Could you send me the figures by 10:00?"), received=MONDAY)
    away = replace(used.absence, spans=((MONDAY, MONDAY + timedelta(days=4)),), contact="carol@corp.example")
    for settings, is_told in ((used, False), (replace(used, absence=away), True)):
        triage = judge(question, settings, MONDAY, thread=Thread(), watermark=None)
        assert triage.verdict.acknowledge is is_told


def test_explain_says_why_and_that_the_task_is_made(office: Scenario) -> None:
    for text, why, is_task in (
        ("Got a minute?", "it asks for a moment of yours now", False),
        (CALL, "it asks for something at once", True),
        ("Could you send me the figures by 9:40?", "it is wanted by 2026-11-23 09:40", True),
    ):
        judged = judge(
            mail("q", text), office.daemon.settings, MONDAY, thread=Thread(), watermark=None, thorough=True
        )
        found = explanation(judged, office.daemon.settings, MONDAY)
        assert not found.acknowledge
        assert found.is_task_alone is is_task
        said = as_text("q", found)
        assert f"right now: {why}" in said
        assert ("the task alone, no letter" in said) is is_task
