"""Who asks in one conversation: a promise for each asker, and not too many letters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ackd.model import PromiseState
from tests.people import BOB, CAROL, PlainLetters, mail
from tests.scenario import Scenario

HALL = "Could you please send me the plan of the hall?"


def test_two_askers_in_one_conversation_have_a_promise_each() -> None:
    office = Scenario(letters=PlainLetters()).begin()
    bobs = office.ask("q")
    carols = office.ask("hall", HALL, sender=CAROL, references=bobs)
    assert office.told() == office.tasked() == [bobs, carols]
    office.answer(carols, "Here it is.", to=CAROL)
    office.work()
    assert (office.state(bobs), office.state(carols)) == (PromiseState.OPEN, PromiseState.KEPT)


def test_two_questions_of_one_asker_stay_one() -> None:
    office = Scenario(letters=PlainLetters()).begin()
    bobs = office.ask("q")
    office.ask("hall", HALL, sender=CAROL, references=bobs)
    office.ask("train", "Could you also tell me who books the train?", references=bobs)
    assert len(office.told()) == len(office.tasked()) == 2
    assert any("train" in note for note in office.mailbox.notes[office.task(bobs).token])


@pytest.mark.parametrize("on_one_page", [True, False])
def test_a_conversation_gets_three_letters_a_day(on_one_page: bool) -> None:
    office = Scenario(letters=PlainLetters()).begin()

    def ask(name: str) -> None:
        asked = mail(name, HALL, sender=f"{name}@corp.example", at=office.clock.now())
        office.mailbox.arrive(replace(asked, conversation="the hall"))

    for name in ("bob", "carol", "dan", "eve"):
        ask(name)
        if not on_one_page:
            office.work()
    office.work()
    assert (len(office.told()), len(office.tasked())) == (3, 4)
    office.later(days=1)
    ask("frank")
    office.work()
    assert (len(office.told()), len(office.tasked())) == (4, 5)


def test_two_askers_on_one_page() -> None:
    office = Scenario(letters=PlainLetters()).begin()
    bobs = office.deliver("q")
    office.deliver("hall", HALL, sender=CAROL, references=bobs)
    office.deliver("again", HALL, sender=BOB, references=bobs)
    office.work()
    assert set(office.told()) == {bobs, "<hall@corp.example>"}
