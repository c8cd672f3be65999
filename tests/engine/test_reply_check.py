"""Which recall takes which question back: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ackd.engine import reply_check
from ackd.model import Address, Question, Recall, Signs
from tests.people import BOB, CAROL, MONDAY

Q = "<q@corp.example>"
QUESTION = Question(Q, Address(BOB), "Figures for March", MONDAY, "en", conversation="c1")
MINUTE = timedelta(minutes=1)
RECALL = Recall(Address(BOB), "Recall: Figures for March", MONDAY + MINUTE)


@pytest.mark.parametrize(
    ("changes", "recalls"),
    [
        ({}, True),
        ({"subject": "Rückruf: Figures for March"}, True),
        ({"subject": "Rappel : RE: figures for march"}, True),
        ({"subject": "撤回：Figures for March"}, True),
        ({"subject": "Recall: Figures for April"}, False),
        ({"subject": "Figures for March"}, False),
        ({"subject": "", "answers": (Q,)}, True),
        ({"subject": "", "answers": ("<other@corp.example>",)}, False),
        ({"subject": "", "conversation": "c1"}, True),
        ({"subject": "", "conversation": "c2"}, False),
        ({"sender": Address(CAROL)}, False),
        ({"sender": None}, False),
        ({"received": None}, False),
        ({"received": MONDAY}, True),
        ({"received": MONDAY - MINUTE}, False),  # the question was sent anew after it
        ({"received": MONDAY - MINUTE, "answers": (Q,)}, False),
        ({"received": MONDAY - MINUTE, "conversation": "c1"}, False),
    ],
    ids=str,
)
def test_a_recall_is_the_askers_comes_later_and_means_the_question(
    changes: dict[str, Any], recalls: bool
) -> None:
    recall = replace(RECALL, **changes)
    assert reply_check.recalls(recall, QUESTION) is recalls
    said = reply_check.reason(QUESTION, Signs(recalls=(recall,)))
    assert said == (reply_check.RECALLED if recalls else "")


def test_a_question_without_a_subject_is_recalled_by_its_name_alone() -> None:
    bare = replace(QUESTION, subject="", conversation=None)
    assert not reply_check.recalls(replace(RECALL, subject="Recall:"), bare)
    assert reply_check.recalls(replace(RECALL, subject="Recall:", answers=(Q,)), bare)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("answered", reply_check.ANSWERED),
        ("waiting", reply_check.WAITING),
        ("thrown", reply_check.THROWN),
        ("gone", reply_check.GONE),
    ],
)
def test_each_sign_speaks_against_its_own_question_alone(where: str, why: str) -> None:
    for name, said in ((Q, why), ("<other@corp.example>", "")):
        assert reply_check.reason(QUESTION, Signs(**{where: frozenset((name,))})) == said
