"""Unmarked machines with an inside address are left, and people who write briefly aren't taken for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ackd.judge.classifier.model import THRESHOLDS
from ackd.judge.decide import decide
from ackd.model import Facts, Veto
from ackd.text.languages import ROBOT, languages
from ackd.text.phrases import choices
from tests.judge import golden

FILES = sorted((golden.FOLDER / "machines").glob("*.yaml"))
ROBOTS = {"machine", "automatic text", "automatic subject"}


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{group}-{name}")
        for path in FILES
        for group, found in golden.load(path).items()
        if group.endswith(kind)
        for name, case in found.items()
    ]


def read(case: dict[str, str]) -> Facts:
    headers = {"From": case["from"], "Subject": case["subject"]}
    if "html" in case:
        headers["Content-Type"] = "text/html; charset=utf-8"
    return golden.read({"headers": headers, "text": case.get("html") or case["text"]})


@pytest.mark.parametrize("case", cases("machines"))
def test_a_machine_gets_no_letter(case: dict[str, str]) -> None:
    eager = replace(golden.policy({}), threshold=THRESHOLDS["eager"])

    assert not decide(read(case), eager).acknowledge


@pytest.mark.parametrize("case", cases("people"))
def test_a_person_is_not_taken_for_a_machine(case: dict[str, str]) -> None:
    verdict = decide(read(case), golden.policy({}))

    assert not [f for f in verdict.findings if isinstance(f, Veto) and f.rule in ROBOTS], verdict.reason


def test_there_are_enough_of_both_in_every_language() -> None:
    assert {path.stem for path in FILES} == set(languages())
    for path in FILES:
        groups = golden.load(path)
        assert sum(len(found) for group, found in groups.items() if group.endswith("machines")) >= 20
        assert sum(len(found) for group, found in groups.items() if group.endswith("people")) >= 14


@pytest.mark.parametrize("code", sorted(languages()))
def test_no_phrase_of_a_machine_is_but_one_small_word(code: str) -> None:
    """What is optional may all be missing: "no [estaré] [disponible]" would find every "no"."""
    language = languages()[code]
    small = {
        word for line in (*language.lines("common"), *language.lines("negation")) for word in line.split()
    }
    for kind in set(ROBOT) - {"mine", "yours", "button"}:
        for line in language.lines(kind):
            shortest = [word for place in choices(line) for word in min(map(_said, place), key=len)]
            assert len(shortest) > 1 or not small.intersection(shortest), (kind, line)


def _said(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word not in ("^", "$", "_", "...", "?", ",")]
