"""Within a conversation, in every language: what ends it, what answers the owner, what asks back, what
follows up; and how much a request hurries."""

from __future__ import annotations

import pytest

from ackd.judge.classifier.model import THRESHOLDS
from ackd.judge.decide import decide
from ackd.model import Urgency, Veto
from ackd.text.languages import languages
from tests.judge import golden

SAID: dict[str, dict[str, list[str]]] = golden.load(golden.FOLDER / "conversation.yaml")
KINDS = {"ends", "answers", "asks_back", "follows_up", "urgent", "no_rush", "normal"}
URGENCY = {"urgent": Urgency.URGENT, "no_rush": Urgency.NO_RUSH, "normal": Urgency.NORMAL}


def _said(*kinds: str) -> list[tuple[str, str]]:
    return [(kind, text) for by_kind in SAID.values() for kind in kinds for text in by_kind[kind]]


def test_every_language_is_here() -> None:
    assert set(SAID) == set(languages())
    assert all(set(said) == KINDS for said in SAID.values())


@pytest.mark.parametrize(("kind", "text"), _said("ends", "answers"))
def test_what_answers_the_owner_is_left(kind: str, text: str) -> None:
    case = {"text": text, "headers": {"Subject": "Re: Figures"}, "thread": {"owner_asked": True}}

    assert golden.read(case).request.probability < THRESHOLDS["eager"]


@pytest.mark.parametrize(("kind", "text"), _said("ends"))
def test_thanks_are_left_whatever_came_before(kind: str, text: str) -> None:
    assert golden.read({"text": text}).request.probability < THRESHOLDS["eager"]


@pytest.mark.parametrize(("kind", "text"), _said("asks_back"))
def test_who_answers_with_a_question_still_asks(kind: str, text: str) -> None:
    case = {"text": text, "headers": {"Subject": "Re: Figures"}, "thread": {"owner_asked": True}}

    assert golden.read(case).request.probability >= THRESHOLDS["eager"]


@pytest.mark.parametrize(("kind", "text"), _said("follows_up"))
def test_a_follow_up_to_an_open_promise_gets_no_second_acknowledgement(kind: str, text: str) -> None:
    case = {"text": text, "headers": {"Subject": "Re: Figures"}, "thread": {"open_promise": True}}

    verdict = decide(golden.read(case), golden.policy({}))

    assert not verdict.acknowledge
    assert any(isinstance(f, Veto) and f.rule == "open promise" for f in verdict.findings)


@pytest.mark.parametrize(("kind", "text"), _said(*URGENCY))
def test_urgency_in_every_language(kind: str, text: str) -> None:
    assert golden.read({"text": text}).urgency is URGENCY[kind]
