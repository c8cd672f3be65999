"""The follow-through on the mailbox in memory: what the owner and the asker say, and time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ackd.engine import parked, promises
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.model import (
    Duration,
    EffectState,
    LetterName,
    Mode,
    OnMove,
    OnOverdue,
    PromiseState,
    Refused,
    Sensitivity,
    Unit,
)
from tests.people import ALICE, BOB, QUESTION, mail
from tests.scenario import FOLLOWING, TASK, Q, Scenario


@pytest.fixture
def office() -> Scenario:
    made = Scenario(follow=FOLLOWING).begin()
    made.ask()
    return made


# --- commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize("on_task", [False, True])
def test_not_a_question(office: Scenario, on_task: bool) -> None:
    office.command("ackd: not a question", on_task=on_task)
    assert office.promise().state is PromiseState.WITHDRAWN
    assert office.task().is_deleted
    assert office.mailbox.categories_of(Q) == ("Mine",)
    office.work(30)
    assert len(office.letters()) == 1


@pytest.mark.parametrize("on_task", [False, True])
def test_cannot_help(office: Scenario, on_task: bool) -> None:
    office.command("ackd: can't help", on_task=on_task)
    assert office.promise().state is PromiseState.WITHDRAWN
    assert "can’t help" in office.letters()[-1].text
    assert len(office.letters()) == 2
    assert office.task().is_complete
    assert office.mailbox.categories_of(Q) == ("Mine",)


@pytest.mark.parametrize("on_task", [False, True])
def test_need_more_waits_for_the_asker(office: Scenario, on_task: bool) -> None:
    office.command("ackd: need more", on_task=on_task)
    assert len(office.letters()) == 2
    assert office.promise().waits
    assert office.mailbox.categories_of(Q) == ("Mine", "Promised")
    assert office.task().categories == ("Promised",)
    office.work(60 * 24 * 7)
    assert office.notices() == [], "what waits for the asker isn't overdue"
    office.ask("more", "It is about the figures of the northern region, in euros.", references=Q)
    promise = office.promise()
    assert not promise.waits
    assert promise.due > office.clock.now()
    assert len(office.letters()) == 2
    assert "northern region" in "".join(office.mailbox.notes[TASK])
    office.agree()


def test_a_withdrawn_letter_that_asks_for_more_leaves_the_promise_as_it_was(office: Scenario) -> None:
    """The mailbox refuses the letter, and a change of mode withdraws it: nobody was asked."""
    office.mailbox.owner_categorizes(Q, "ackd: need more")
    office.clock.move(timedelta(minutes=1))
    while office.daemon.take_in():
        pass
    promises.withdraw_unsent(office.daemon.ledger, office.clock.now(), "left unsent")
    assert not office.promise().waits
    office.until_due()
    assert len(office.notices()) == 1


def test_a_first_letter_that_asks_for_more_lets_the_promise_wait() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    then = Then(letter=LetterName.MORE_INFORMATION)
    rules = (OwnerRule("more first", When(internal=True), then),)
    office.daemon.use(replace(office.daemon.settings, owner_rules=rules))
    office.ask()
    assert office.promise().waits
    office.until_due()
    assert office.notices() == []
    office.ask("more", "It is about the northern region, in euros.", references=Q)
    assert not office.promise().waits


def test_acknowledge_what_the_judge_left(office: Scenario) -> None:
    office.ask("left", "The figures are on the share now.")
    name = "<left@corp.example>"
    assert len(office.letters()) == 1
    office.mailbox.owner_categorizes(name, "ackd: acknowledge", "Mine")
    office.work()
    assert [letter.in_reply_to for letter in office.letters()] == [Q, name]
    assert office.task(name).due_date
    assert office.mailbox.categories_of(name) == ("Mine", "Promised")
    office.work()
    assert len(office.letters()) == 2


def test_a_command_never_answers_a_robot_or_a_stranger(office: Scenario) -> None:
    robot = mail("robot", headers="Auto-Submitted: auto-replied\r\n", at=office.clock.now())
    stranger = mail("eve", sender="eve@elsewhere.example", at=office.clock.now())
    for one in (robot, stranger):
        office.mailbox.arrive(one)
    office.work()
    for one in (robot, stranger):
        office.mailbox.owner_categorizes(one.message_id, "ackd: acknowledge")
    office.work()
    assert len(office.letters()) == 1
    assert office.mailbox.categories_of(robot.message_id) == ()


@pytest.mark.parametrize("days", [3, 10, 29])
def test_the_owners_word_counts_for_a_mail_that_is_too_old_for_ackds_own(office: Scenario, days: int) -> None:
    office.ask("left", "The figures are on the share now.")
    name = "<left@corp.example>"
    office.clock.move(timedelta(days=days))
    office.mailbox.owner_categorizes(name, "ackd: acknowledge")
    office.work()
    assert [letter.in_reply_to for letter in office.letters()].count(name) == 1
    assert office.promise(name).due > office.clock.now()


def test_a_case_that_the_owner_has_sent_goes_however_long_it_waited() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    office.deliver()
    for _ in range(3):
        office.mailbox.fail_next = "before"
        office.work(11)
    office.mailbox.fail_next = ""
    (case,) = office.ledger.in_state(EffectState.PARKED)
    office.clock.move(timedelta(days=9))
    parked.resolve(office.ledger, office.clock, case.effect.number, send=True)
    office.work()
    assert (office.told(), office.state()) == ([Q], PromiseState.OPEN)


def test_an_old_mail_is_commanded_in_vain(office: Scenario) -> None:
    office.ask("left", "The figures are on the share now.")
    office.clock.move(timedelta(days=31))
    office.mailbox.owner_categorizes("<left@corp.example>", "ackd: acknowledge")
    office.work()
    assert "<left@corp.example>" not in [letter.in_reply_to for letter in office.letters()]


def test_a_preview_obeys_nothing() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    office.start(mode=Mode.PREVIEW)
    office.ask()
    office.mailbox.owner_categorizes(Q, "ackd: acknowledge")
    office.work()
    assert not office.letters()
    assert office.mailbox.categories_of(Q) == ("ackd: acknowledge",)


# --- the asker writes again -----------------------------------------------------------------------


def test_never_mind_withdraws(office: Scenario) -> None:
    office.ask("again", "Never mind, I found it.", references=Q)
    assert office.promise().state is PromiseState.WITHDRAWN
    assert office.task().is_complete
    assert "Never mind" in office.mailbox.notes[TASK][0]
    assert len(office.letters()) == 1


def test_its_urgent_moves_the_promise_nearer(office: Scenario) -> None:
    before = office.promise().due
    office.ask("again", "It has become urgent, I need it today!", references=Q)
    promise = office.promise()
    assert promise.due < before
    assert promise.reminder <= office.clock.now()
    office.agree()
    office.work(30)
    assert len(office.letters()) == 1, "no second acknowledgement, and no new date"


def test_no_rush_moves_it_away(office: Scenario) -> None:
    before = office.promise().due
    office.ask("again", "By the way, there is no rush.", references=Q)
    assert office.promise().due > before
    office.agree()


def test_more_text_is_added_to_the_task(office: Scenario) -> None:
    office.ask("again", "I forgot to say that it is about the blue ones.", references=Q)
    assert "the blue ones" in office.mailbox.notes[TASK][0]
    office.work()
    assert len(office.mailbox.notes[TASK]) == 1


def test_a_confidential_follow_up_adds_no_text(office: Scenario) -> None:
    again = mail("again", "I forgot to say that it is about the blue ones.", references=Q)
    office.mailbox.arrive(replace(again, sensitivity=Sensitivity.CONFIDENTIAL))
    office.work()
    assert "blue" not in "".join(office.mailbox.notes.get(TASK, []))


def test_a_third_person_in_the_thread_moves_nothing(office: Scenario) -> None:
    before = office.promise()
    office.ask("again", "Never mind, solved!", references=Q, sender="carol@corp.example")
    assert office.promise() == before


# --- overdue --------------------------------------------------------------------------------------


def test_an_overdue_promise_is_brought_back_once(office: Scenario) -> None:
    office.until_due()
    (notice,) = office.notices()
    assert notice.to.email == ALICE.address
    assert "figures for October" in notice.text
    for _ in range(3):
        office.work(60)
    assert len(office.notices()) == 1
    assert len(office.letters()) == 1


def test_an_apology_waits_in_drafts_and_promises_anew(office: Scenario) -> None:
    office.follows(overdue=OnOverdue.DRAFT)
    office.until_due()
    ((token, (draft, _)),) = office.mailbox.drafts.items()
    assert draft.to.email == BOB
    before = office.promise().due
    office.mailbox.owner_sends_draft(token)
    office.work()
    office.work()
    assert office.promise().due > before
    office.agree()


def test_no_apology_before_the_date_that_the_asker_knows(office: Scenario) -> None:
    office.follows(overdue=OnOverdue.DRAFT, moved=OnMove.IGNORE)
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 20))
    office.work()
    office.work(20)
    assert not office.mailbox.drafts
    assert len(office.notices()) == 1


def test_an_answer_makes_the_apology_needless(office: Scenario) -> None:
    office.follows(overdue=OnOverdue.DRAFT)
    office.until_due()
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work(15)
    assert not office.mailbox.drafts


# --- nothing after the end ------------------------------------------------------------------------

ENDS: dict[str, Callable[[Scenario], None]] = {
    "answered": lambda office: office.mailbox.owner_sends(to=[BOB], in_reply_to=Q),
    "ticked": lambda office: office.mailbox.owner_changes_task(TASK, is_complete=True),
    "deleted": lambda office: office.mailbox.owner_trashes_task(TASK),
    "not a question": lambda office: office.mailbox.owner_categorizes(Q, "ackd: not a question"),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("same_page", [True, False])
def test_no_letter_after_the_promise_is_closed(office: Scenario, end: str, same_page: bool) -> None:
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    if not same_page:
        office.work()
    ENDS[end](office)
    for _ in range(3):
        office.work(10)
    assert len(office.letters()) == 1
    assert office.promise().state is not PromiseState.OPEN


def test_a_duration_may_be_counted_in_business_time(office: Scenario) -> None:
    office.follows(settle=Duration(1, Unit.BUSINESS_HOURS))
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(30)
    assert len(office.letters()) == 1
    office.work(40)
    assert len(office.letters()) == 2


# --- mode draft -----------------------------------------------------------------------------------


@pytest.fixture
def drafting() -> Scenario:
    made = Scenario(follow=FOLLOWING).begin()
    made.start(mode=Mode.DRAFT)
    made.ask()
    assert len(made.mailbox.drafts) == 1
    return made


def test_a_task_that_moves_before_its_draft_is_sent_renews_the_draft(drafting: Scenario) -> None:
    drafting.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    for _ in range(3):
        drafting.work(11)
    ((token, (draft, _)),) = drafting.mailbox.drafts.items()
    assert "30 November" in draft.text
    drafting.mailbox.owner_sends_draft(token)
    drafting.work(11)
    assert len(drafting.letters()) == 1
    assert drafting.promise().told == drafting.promise().due
    drafting.agree()


def test_nothing_is_overdue_before_the_draft_is_sent(drafting: Scenario) -> None:
    drafting.until_due()
    drafting.work(11)
    assert drafting.notices() == []


def test_the_owners_answer_removes_the_draft(drafting: Scenario) -> None:
    drafting.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    for _ in range(2):
        drafting.work(11)
    assert not drafting.mailbox.drafts
    assert drafting.promise().state is PromiseState.KEPT
    assert drafting.task().is_complete


def test_a_late_sent_draft_is_followed(drafting: Scenario) -> None:
    """The owner edits the draft, lets its date pass and sends it then: the promise is overdue at
    once, and that is said."""
    ((token, (draft, _)),) = drafting.mailbox.drafts.items()
    drafting.work(11)
    drafting.mailbox.drafts[token] = (draft, drafting.clock.now())
    drafting.until_due()
    assert drafting.notices() == []
    drafting.mailbox.owner_sends_draft(token)
    for _ in range(2):
        drafting.work(11)
    assert len(drafting.notices()) == 1


@pytest.mark.parametrize("on_task", [False, True])
def test_more_is_waited_for_once_the_draft_is_sent(drafting: Scenario, on_task: bool) -> None:
    (first,) = drafting.mailbox.drafts
    drafting.mailbox.owner_sends_draft(first)
    drafting.work(11)
    drafting.command("ackd: need more", on_task=on_task)
    drafting.command("ackd: need more", on_task=on_task)
    (second,) = drafting.mailbox.drafts
    assert not drafting.promise().waits
    drafting.mailbox.owner_sends_draft(second)
    drafting.work(11)
    assert drafting.promise().waits
    drafting.until_due()
    assert drafting.notices() == []


def test_a_deleted_draft_that_asks_for_more_leaves_the_promise_as_it_was(drafting: Scenario) -> None:
    (first,) = drafting.mailbox.drafts
    drafting.mailbox.owner_sends_draft(first)
    drafting.work(11)
    drafting.command("ackd: need more", on_task=True)
    (second,) = drafting.mailbox.drafts
    drafting.mailbox.owner_trashes_draft(second)
    drafting.work(11)
    drafting.until_due()
    assert len(drafting.notices()) == 1, "nobody was asked, so the promise holds"


def test_a_rebuilt_confidential_question_is_brought_back_without_its_text() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    question = mail("q", QUESTION, at=office.clock.now())
    office.mailbox.arrive(replace(question, sensitivity=Sensitivity.CONFIDENTIAL))
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=date(2027, 1, 15))
    office.work(60 * 24 * 40)  # the mail is too old to be listed again
    office.start_on("second")
    office.work()
    office.until_due()
    (notice,) = office.notices()
    assert "figures" not in notice.text + notice.subject


def test_a_promise_whose_task_is_refused_again_and_again_is_brought_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The mailbox is full: there is no task to remind the owner."""
    office = Scenario(follow=FOLLOWING).begin()
    monkeypatch.setattr(
        office.mailbox, "create_tasks", lambda tasks: [Refused("full", retry=True) for _ in tasks]
    )
    office.ask()
    assert len(office.letters()) == 1
    office.until_due()
    assert len(office.notices()) == 1
