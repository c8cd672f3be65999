"""What `ackd log --rules` says of the rules, and that nothing else names them."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from ackd.cli.render import finding_lines
from ackd.ledger import codec
from ackd.model import Evidence, ForeignRule, Rule, RuleName, Veto
from ackd.views.log import consequences, rules
from tests.system.commands import in_process


def rules_by_name() -> dict[str, Rule]:
    return {rule.name.value: rule for rule in rules()}


def test_every_name_is_of_one_rule() -> None:
    assert Counter(rule.name for rule in rules()) == Counter(RuleName)
    assert all(rule.description for rule in rules())


def test_no_two_rules_say_the_same_of_themselves() -> None:
    assert len({rule.description for rule in rules()}) == len(RuleName)


def test_the_list_has_every_rule_with_what_it_means() -> None:
    done = in_process("log", "--rules")
    assert done.returncode == 0, done.stderr
    for rule in rules():
        assert f"{rule.name.value}: {rule.description}\n    {'; '.join(consequences(rule))}\n" in done.stdout


def test_for_programs_it_is_one_object_a_line() -> None:
    done = in_process("log", "--rules", "--json")
    found = {one["rule"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert list(found) == sorted(RuleName)
    assert found["answered"] == {
        "rule": "answered",
        "description": rules_by_name()["answered"].description,
        "forbids": True,
        "mutes_follow_ups": False,
        "overridable": True,
        "blocks_task": True,
    }
    assert [found["request"][name] for name in ("forbids", "overridable")] == [False, None]


def test_of_named_rules_only_these_are_listed() -> None:
    done = in_process("log", "--rules", "--rule", "limits", "--rule", "age", "--json")
    assert [json.loads(line)["rule"] for line in done.stdout.splitlines()] == ["age", "limits"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--rule", "aeg"), "did you mean 'age'?"),
        (("--rule", "the board"), "no rule is called 'the board'"),
        (("--left",), "it lists rules, and no decisions"),
        (("--since", "1d"), "it lists rules, and no decisions"),
        (("--follow",), "it lists rules, and no decisions"),
    ],
)
def test_what_doesnt_go_with_it_is_told(given: tuple[str, ...], told: str) -> None:
    done = in_process("log", "--rules", *given)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.replace("│", " ").split())


def test_a_rule_that_this_ackd_doesnt_have_is_shown_as_the_record_names_it() -> None:
    """Of an earlier ackd's record, or a later one's: neither lost nor taken for another."""
    kept = (
        '[{"says": "veto", "rule": "moon phase", "reason": "it is waning"},'
        ' {"says": "evidence", "rule": "request", "weight": 1.5, "reason": "it asks"}]'
    )
    found = codec.load_findings(kept)
    assert found == (
        Veto(ForeignRule("moon phase"), "it is waning"),
        Evidence(RuleName.REQUEST, 1.5, "it asks"),
    )
    assert not isinstance(found[0].rule, RuleName)
    assert isinstance(found[1].rule, RuleName)
    assert json.loads(codec.dump_findings(found)) == json.loads(kept)
    assert finding_lines(found, None) == ["no  moon phase: it is waning", "    request: it asks"]
