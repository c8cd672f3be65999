"""Who asks in one conversation, and who asks the same again: a promise each, and not too many letters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ackd.engine import digest, hold
from ackd.model import PromiseState
from tests.people import BOB, CAROL, QUESTION, PlainLetters, mail
from tests.scenario import Scenario, grace

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


@pytest.mark.parametrize("on_one_page", [True, False])
def test_the_same_mail_sent_again_gets_nothing_more(on_one_page: bool) -> None:
    office = Scenario(letters=PlainLetters()).begin()
    first = office.deliver("q", subject="The figures")
    if not on_one_page:
        office.work(30)
    again = office.deliver("again", subject="RE: The figures ", text=QUESTION.replace(" ", "  "))
    office.work(30)
    assert office.told() == office.tasked() == [first]
    office.answer(again, "Here they are.")
    office.work()
    assert office.state(first) is PromiseState.KEPT


def test_what_is_asked_later_or_by_another_or_of_something_else_is_another_question() -> None:
    office = Scenario(letters=PlainLetters()).begin()
    office.ask("q", subject="The figures")
    office.ask("carols", subject="The figures", sender=CAROL)
    office.ask("others", subject="The numbers")
    assert len(office.told()) == 3
    office.later(days=1)
    office.ask("later", subject="The figures")
    assert len(office.told()) == len(office.tasked()) == 4


def test_what_was_left_unsent_may_be_asked_again() -> None:
    office = Scenario(letters=PlainLetters(), rules=grace(30)).begin()
    office.ask("q", subject="The figures")
    hold.pause(office.ledger, office.clock.now())
    hold.resume(office.ledger, office.clock.now())
    again = office.ask("again", subject="The figures")
    office.work(31)
    assert office.told() == [again]


def test_a_task_that_a_program_makes_anew_elsewhere_isnt_forgotten_silently() -> None:
    office = Scenario(letters=PlainLetters()).begin()
    began = office.clock.now()
    office.ask("q")
    office.ask("carols", HALL, sender=CAROL)
    office.mailbox.owner_erases_task(office.task().token)
    office.work()
    assert office.state() is PromiseState.WITHDRAWN
    office.later(1)
    told = digest.compose(office.ledger, office.settings, began, office.clock.now())
    assert [promise.question.message_id for promise in told.deleted] == ["<q@corp.example>"]
