"""The asker writes again: the promise follows, and nobody is acknowledged twice."""

from __future__ import annotations

import pytest

from ackd.model import PromiseState
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import Make
from tests.people import ALICE, CAROL
from tests.scenario import Q, Scenario


@pytest.fixture(params=[False, True], ids=["exchange", "quirks"])
def any_office(request: pytest.FixtureRequest, make_office: Make) -> Scenario:
    return make_office(quirks=ALL_QUIRKS if request.param else None)


@pytest.mark.graph(long=True)
def test_never_mind(any_office: Scenario) -> None:
    office = any_office
    office.ask("again", "Never mind, I found it.", references=Q)
    assert office.state() is PromiseState.WITHDRAWN
    task = office.owner.task(Q)
    assert task.is_complete
    assert "Never mind" in task.body
    assert office.owner.categories(Q) == []
    office.work(60 * 24 * 7)
    assert len(office.letters()) == 1
    assert office.notices() == []


@pytest.mark.parametrize(
    "text",
    [
        "Thanks. I have not found it either.",
        "As soon as it is solved, please tell me.",
        "All good, just waiting for the refund.",
        "Hat sich noch nicht erledigt.",
        "J'ai trouvé une autre erreur.",
        "Ik heb het ook niet gevonden.",
        "Yo tampoco lo he encontrado.",
        "Appena è risolto, fammi sapere.",
        "Ainda não ficou resolvido.",
    ],
)
def test_what_isnt_settled_stays_open(office: Scenario, text: str) -> None:
    office.ask("again", text, references=Q)
    assert office.state() is PromiseState.OPEN
    assert not office.owner.task(Q).is_complete
    office.agree()


def test_an_emergency_number_below_the_thanks_is_no_hurry(office: Scenario) -> None:
    before = office.promise().due
    office.ask("again", "Thanks!\n\nBob\nPurchasing\n\nIn urgent cases please call 204.", references=Q)
    assert office.promise().due == before


def test_never_mind_before_the_acknowledgement_left(office: Scenario) -> None:
    office.deliver("other")
    office.deliver("again", "Never mind, solved!", references="<other@corp.example>")
    for _ in range(3):
        office.work(5)
    assert len(office.letters()) == 1
    assert office.promise("<other@corp.example>").state is PromiseState.WITHDRAWN
    assert office.owner.tasks("<other@corp.example>") == []


def test_its_urgent(any_office: Scenario) -> None:
    office = any_office
    before = office.promise().due
    office.ask("again", "It has become urgent, I need it today!", references=Q)
    promise = office.promise()
    assert promise.due < before
    task = office.owner.task(Q)
    assert task.importance == "High"
    assert promise.reminder <= office.clock.now(), "the owner hears of it at once"
    office.agree()
    office.work(30)
    assert len(office.letters()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Ich brauche es leider schon bis morgen 10 Uhr.",
        "Il me le faut finalement pour demain 10h.",
        "Lo necesito para mañana a las 10.",
    ],
)
def test_by_tomorrow_in_the_askers_language(office: Scenario, text: str) -> None:
    before = office.promise().due
    office.ask("again", text, references=Q)
    assert office.promise().due < before
    office.agree()


def test_no_rush(any_office: Scenario) -> None:
    office = any_office
    before = office.promise().due
    office.ask("again", "By the way, there is no rush.", references=Q)
    assert office.promise().due > before
    office.agree()
    office.work(30)
    assert len(office.letters()) == 1


def test_more_text_is_added_once_below_the_owners_own(any_office: Scenario) -> None:
    office = any_office
    task = office.owner.task(Q)
    task.body = f"{task.body}\nMy own note."
    task.save(update_fields=["body"])
    office.ask("again", "I forgot to say that it is about the blue ones.", references=Q)
    for _ in range(2):
        office.work()
    body = office.owner.task(Q).body
    assert body.count("the blue ones") == 1
    assert "My own note." in body
    assert "figures for October" in body
    assert len(office.letters()) == 1


def test_somebody_else_in_the_thread_changes_nothing(office: Scenario) -> None:
    before = office.promise()
    office.ask("again", "Never mind, solved!", references=Q, sender=CAROL)
    assert office.promise() == before


def test_an_out_of_office_reply_of_the_askers_is_no_more_text(office: Scenario) -> None:
    before, body = office.promise(), office.owner.task(Q).body
    office.bob.write_as("IPM.Note.Rules.OofTemplate.Microsoft", ALICE.address, in_reply_to=Q)
    office.work()
    assert office.promise() == before
    assert office.owner.task(Q).body == body
