"""What several findings come to: the letter, the task alone, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ackd.judge.decide import decide
from tests.judge import golden

#: Work that is wanted at once: of it alone the task is left, without a letter.
AT_ONCE = (
    "Please send me the dial-in code, the call starts in five minutes.",
    "Bitte schick mir den Einwahlcode, der Anruf beginnt in fünf Minuten.",
    "Can you let the electrician in at 10:30? He'll ring at the back door.",
)
#: What forbids the letter for another reason than that it would come too late.
FORBIDDEN: dict[str, dict[str, Any]] = {
    "a mass mail": {"headers": {"Precedence": "bulk"}},
    "a robot": {"headers": {"Auto-Submitted": "auto-generated"}},
    "a stranger": {"headers": {"From": "Eve <eve@evil.example>"}},
    "forged": {"headers": {"X-MS-Exchange-Organization-AuthAs": None}},
    "in Cc": {"headers": {"To": "Carol <carol@corp.example>", "Cc": "Alice Smith <alice@corp.example>"}},
    "a colleague who wants no automatic answer": {"headers": {"X-Auto-Response-Suppress": "All"}},
    "answered": {"thread": {"answered": True}},
}


@pytest.mark.parametrize("text", AT_ONCE)
def test_work_at_once_leaves_its_task(text: str) -> None:
    verdict = golden.decided(golden.read({"text": text}))
    assert (verdict.acknowledge, verdict.task_alone) == (False, True)


@pytest.mark.parametrize("text", AT_ONCE)
@pytest.mark.parametrize("why", FORBIDDEN)
def test_it_leaves_no_task_where_anything_else_forbids_the_letter(why: str, text: str) -> None:
    verdict = golden.decided(golden.read({"text": text, **FORBIDDEN[why]}))
    assert (verdict.acknowledge, verdict.task_alone) == (False, False)


@pytest.mark.parametrize("text", AT_ONCE)
def test_it_leaves_no_task_where_it_isnt_probably_a_request(text: str) -> None:
    known, policy = golden.read({"text": text}), golden.policy({})
    above = replace(policy, threshold=min(known.request.probability + 1e-6, 1.0))
    at = replace(policy, threshold=known.request.probability)
    assert not decide(known, above).task_alone
    assert decide(known, at).task_alone


def test_what_is_just_probable_enough_is_acknowledged() -> None:
    known, policy = golden.read({}), golden.policy({})
    at = replace(policy, threshold=known.request.probability)
    above = replace(policy, threshold=min(known.request.probability + 1e-6, 1.0))
    assert decide(known, at).acknowledge
    assert not decide(known, above).acknowledge
