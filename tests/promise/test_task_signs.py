"""What the task of a promise that was withdrawn without a letter tells, where another ackd made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ackd.model import (
    Address,
    Effect,
    EffectKind,
    EffectState,
    LetterName,
    Promise,
    PromiseSnapshot,
    PromiseState,
    Question,
    SeenTask,
    token_of,
)
from ackd.model.followup import DRAFT_DELETED, NO_QUESTION, SOLVED
from ackd.promise.task_signs import is_taken_back
from tests.people import MONDAY

NAME, DUE = "<q0@corp.example>", MONDAY + timedelta(days=2)
TASK = SeenTask("task-1", token_of(NAME, EffectKind.TASK), NAME, "bob@corp.example", DUE, DUE.date())


def withdrawn(why: str, *more: Effect, letter: LetterName = LetterName.RECEIVED) -> PromiseSnapshot:
    question = Question(NAME, Address("bob@corp.example"), "q", MONDAY, "en", letter=letter)
    promise = Promise(question, due=DUE, reminder=DUE, state=PromiseState.WITHDRAWN, why=why)
    made = Effect(EffectKind.TASK, NAME, MONDAY, state=EffectState.DONE, seen=True)
    return PromiseSnapshot(promise, (*more, made))


@pytest.mark.parametrize("why", ["too late: it came more than 2 days before", "left unsent", NO_QUESTION])
def test_a_promise_that_was_withdrawn_in_silence_is_the_other_ones(why: str) -> None:
    assert is_taken_back(withdrawn(why), TASK)


@pytest.mark.parametrize("why", [SOLVED, DRAFT_DELETED])
def test_one_that_owner_or_asker_ended_stays_ended(why: str) -> None:
    assert not is_taken_back(withdrawn(why), TASK)


def test_one_whose_asker_was_referred_elsewhere_stays_ended() -> None:
    said = Effect(EffectKind.CANNOT_HELP, NAME, MONDAY, state=EffectState.DONE)
    assert not is_taken_back(withdrawn("answered by the letter", letter=LetterName.CANNOT_HELP), TASK)
    assert not is_taken_back(withdrawn("you can't help", said), TASK)


def test_one_without_a_task_that_is_known_to_be_made_stays_ended() -> None:
    alone = withdrawn("left unsent")
    planned = replace(alone.effects[0], state=EffectState.CANCELLED)
    assert not is_taken_back(replace(alone, effects=(planned,)), TASK)
