"""Categories are commands, on the question or on its task; the owner's own ones stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ackd.model import Act, PromiseState
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import Make
from tests.followup.outlook import bodies
from tests.scenario import Q, Scenario

LEFT = "The figures are on the share now."
WAYS = [("question", False), ("task", False), ("both", True)]


def tell(office: Scenario, command: str, where: str) -> None:
    """The owner sets a command beside a category of their own, and ackd works on it."""
    mine = ("Mine", "Promised", "Important things")
    office.owner.mark(Q, *mine, *((command,) if where != "task" else ()))
    more = (command,) if where != "question" else ()
    office.owner.categorize(office.owner.task(Q), *mine, *more)
    office.work()
    office.work()


@pytest.mark.graph
@pytest.mark.parametrize(("where", "quirky"), WAYS)
def test_not_a_question(make_office: Make, where: str, quirky: bool) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    tell(office, "ackd: not a question", where)
    assert office.state() is PromiseState.WITHDRAWN
    assert office.owner.tasks(Q) == []
    assert len(office.owner.tasks(Q, office.owner.account.trash)) == 1
    assert office.owner.categories(Q) == ["Important things", "Mine"]
    office.work(30)
    assert len(office.letters()) == 1
    assert [(one.message_id, one.act) for one in office.ledger.lessons(9)] == [(Q, Act.NO_QUESTION)]


@pytest.mark.graph
@pytest.mark.parametrize(("where", "quirky"), WAYS)
def test_cannot_help(make_office: Make, where: str, quirky: bool) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    tell(office, "ackd: can't help", where)
    assert office.state() is PromiseState.WITHDRAWN
    _, letter = office.letters()
    assert "can’t help" in next(bodies([letter]))
    task = office.owner.task(Q)
    assert task.is_complete
    assert sorted(task.categories) == ["Important things", "Mine"]
    assert office.owner.categories(Q) == ["Important things", "Mine"]
    office.work(30)
    assert len(office.letters()) == 2


@pytest.mark.parametrize(("where", "quirky"), WAYS)
def test_need_more(make_office: Make, where: str, quirky: bool) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    tell(office, "ackd: need more", where)
    assert len(office.letters()) == 2
    assert office.promise().waits
    mine = ["Important things", "Mine", "Promised"]
    assert office.owner.categories(Q) == mine
    assert sorted(office.owner.task(Q).categories) == mine
    office.work(60 * 24 * 7)
    assert office.notices() == [], "what waits for the asker isn't overdue"
    office.ask("more", "It is about the northern region, in euros.", references=Q)
    promise = office.promise()
    assert not promise.waits
    assert promise.due > office.clock.now()
    assert len(office.letters()) == 2
    assert "northern region" in office.owner.task(Q).body
    office.agree()
    tell(office, "ackd: need more", where)
    assert len(office.letters()) == 3, "asked for once more"


@pytest.mark.graph(long=True)
@pytest.mark.parametrize("quirky", [False, True])
def test_acknowledge_what_the_judge_left(make_office: Make, quirky: bool) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    left = office.ask("left", LEFT)
    assert len(office.letters()) == 1
    office.owner.mark(left, "ackd: acknowledge", "Mine")
    office.work()
    office.work()
    assert [mail.in_reply_to for mail in office.letters()] == [Q, left]
    assert office.owner.due(left) == office.local_day(office.promise(left).due).isoformat()
    assert office.owner.categories(left) == ["Mine", "Promised"]
    office.work(30)
    assert len(office.letters()) == 2


@pytest.mark.parametrize("command", ["ackd: can't help", "ackd: need more"])
def test_the_other_letters_for_what_the_judge_left(office: Scenario, command: str) -> None:
    left = office.ask("left", LEFT)
    office.owner.mark(left, command)
    office.work()
    office.work()
    assert [mail.in_reply_to for mail in office.letters()] == [Q, left]
    waits = command == "ackd: need more"
    assert office.promise(left).waits == waits
    assert office.owner.categories(left) == (["Promised"] if waits else [])
    assert len(office.owner.tasks(left)) == waits


ASKING = ("ackd: acknowledge", "ackd: can't help", "ackd: need more")


@pytest.mark.parametrize("command", ASKING)
def test_told_and_answered_in_the_same_minute(office: Scenario, command: str) -> None:
    """Which of the two came last can't be told: what is answered gets no letter."""
    left = office.ask("left", LEFT)
    office.owner.mark(left, command, "Mine")
    office.owner.answer(left)
    office.owner.mark(Q, command)
    office.owner.categorize(office.owner.task(Q), command)
    office.owner.answer(Q)
    for _ in range(3):
        office.work()
    assert [mail.in_reply_to for mail in office.letters()] == [Q, left, Q], (
        "the first by ackd, two by the owner"
    )
    assert office.state() is PromiseState.KEPT
    assert office.owner.task(Q).is_complete
    assert office.owner.categories(left) == ["Mine"]
    assert office.owner.tasks(left) == []
    office.work(60 * 24 * 7)
    assert len(office.letters()) == 3


def test_told_and_put_off_in_the_same_minute(office: Scenario) -> None:
    """What only puts an answer off is none: the command holds."""
    office.owner.mark(Q, "ackd: need more")
    office.owner.answer(Q, "I'll get back to you tomorrow.")
    office.work()
    office.work()
    assert office.promise().waits
    assert len(office.letters()) == 3


def test_no_question_and_answered_in_the_same_minute(office: Scenario) -> None:
    left = office.ask("left", LEFT)
    for one in (left, Q):
        office.owner.mark(one, "ackd: not a question")
        office.owner.answer(one)
    office.work()
    office.work()
    assert office.owner.categories(left) == office.owner.categories(Q) == []
    assert len(office.letters()) == 3


def test_told_after_the_answer(office: Scenario) -> None:
    """A command that comes later than the answer is the owner's last word."""
    office.owner.answer(Q)
    office.work()
    office.owner.mark(Q, "ackd: acknowledge")
    office.work()
    office.work()
    assert office.state() is PromiseState.OPEN


def test_taken_up_again_after_not_a_question(office: Scenario) -> None:
    office.owner.mark(Q, "ackd: not a question")
    office.work()
    office.owner.mark(Q, "ackd: acknowledge", "Mine")
    office.work()
    office.work()
    assert office.state() is PromiseState.OPEN
    assert len(office.letters()) == 1, "it was acknowledged before"
    assert len(list(office.owner.account.tasks.all())) == 1
    assert office.owner.categories(Q) == ["Mine", "Promised"]
    office.owner.answer(Q)
    office.work()
    (task,) = office.owner.account.tasks.all()
    assert task.is_complete


@pytest.mark.graph
def test_taken_up_again_by_a_task_that_is_ticked_off(office: Scenario) -> None:
    """It gets another task, and the command is taken off the one that ordered it."""
    office.owner.tick(Q)
    office.work()
    office.owner.categorize(office.owner.task(Q), "Mine", "ackd: acknowledge")
    office.work()
    office.work()
    assert office.state() is PromiseState.OPEN
    old = office.owner.task(Q)
    assert old.is_complete
    assert old.categories == ["Mine"]
    assert len(list(office.owner.account.tasks.all())) == 2


@pytest.mark.parametrize(("days", "is_obeyed"), [(29, True), (31, False)])
def test_commands_reach_thirty_days_back(office: Scenario, days: int, is_obeyed: bool) -> None:
    left = office.ask("left", LEFT)
    office.clock.move(timedelta(days=days))
    office.work()
    office.owner.mark(left, "ackd: acknowledge", "Mine")
    office.work()
    office.work()
    answered = [mail.in_reply_to for mail in office.letters()]
    assert (left in answered) is is_obeyed
    assert office.owner.categories(left) == (
        ["Mine", "Promised"] if is_obeyed else ["Mine", "ackd: acknowledge"]
    )


def test_the_owner_categorizes_while_ackd_works(office: Scenario) -> None:
    """A category that comes between the command and its taking away."""
    office.owner.mark(Q, "Promised", "ackd: need more")
    while office.daemon.take_in():
        pass
    office.owner.mark(Q, "Promised", "ackd: need more", "Mine")
    office.owner.categorize(office.owner.task(Q), "Promised", "Also mine")
    office.daemon.run_pass()
    for _ in range(2):
        office.work()
    assert office.owner.categories(Q) == ["Mine", "Promised"]
    assert sorted(office.owner.task(Q).categories) == ["Also mine", "Promised"]
    assert len(office.letters()) == 2


def test_two_commands_at_once(office: Scenario) -> None:
    office.owner.mark(Q, "ackd: need more", "ackd: not a question", "ackd: can't help")
    office.work()
    office.work()
    assert office.state() is PromiseState.WITHDRAWN
    assert len(office.letters()) == 1
    assert office.owner.categories(Q) == []
    assert office.owner.tasks(Q) == []


def test_robots_and_strangers_get_nothing_by_command_either(office: Scenario) -> None:
    robot = office.ask("robot", headers="Auto-Submitted: auto-replied\r\n")
    stranger = office.ask("eve", sender="eve@elsewhere.example", stamp="Anonymous")
    for one in (robot, stranger):
        office.owner.mark(one, "ackd: acknowledge", "Mine")
    office.work()
    office.work()
    assert len(office.letters()) == 1
    for one in (robot, stranger):
        assert office.owner.categories(one) == ["Mine"]
