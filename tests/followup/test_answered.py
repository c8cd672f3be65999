"""The owner answers, from whatever device: the promise is kept, and Outlook shows it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

import pytest
from exchangelib import Folder, Mailbox, Message, OofSettings

from ackd.model import Duration, PromiseState, Unit
from tests.backends import ALL_QUIRKS
from tests.exchange_sandbox.wire import message
from tests.followup.conftest import Make
from tests.people import ALICE, BOB, CAROL
from tests.scenario import Q, Scenario


def test_the_desk_shows_the_promise(office: Scenario) -> None:
    assert office.owner.categories(Q) == ["Promised"]
    task = office.owner.task(Q)
    assert task.categories == ["Promised"]
    assert not office.owner.mail(Q).is_read
    assert len(office.letters()) == 1
    office.agree()


@pytest.mark.graph
@pytest.mark.parametrize("quirky", [False, True])
def test_a_reply_by_the_button(make_office: Make, quirky: bool) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    office.owner.mark(Q, "Promised", "Mine")
    office.owner.answer(Q)
    office.work()
    assert office.state() is PromiseState.KEPT
    task = office.owner.task(Q)
    assert task.is_complete
    assert not task.categories
    assert office.owner.categories(Q) == ["Mine"]
    office.work(60 * 24 * 7)
    assert office.notices() == [], "what is kept isn't overdue"
    assert len(office.letters()) == 2, "the acknowledgement and the answer"


def test_a_reply_of_another_program_by_its_headers(office: Scenario) -> None:
    office.owner.write(BOB, "Re: About q", "Here.", in_reply_to=Q)
    office.work()
    assert office.state() is PromiseState.KEPT


def test_a_reply_that_only_its_references_tell(office: Scenario) -> None:
    office.owner.write(BOB, "Figures", "Here.", references=f"<a@corp.example> {Q} <b@corp.example>")
    office.work()
    assert office.state() is PromiseState.KEPT


def test_a_reply_that_only_its_conversation_tells(office: Scenario) -> None:
    index = bytes([1]) + bytes(5) + bytes(range(16))  # MS-OXOMSG 2.2.1.3
    header = f"Thread-Index: {base64.b64encode(index).decode()}\r\n"
    other = office.ask("other", headers=header)
    assert len(office.letters()) == 2

    def write(to: str, number: int) -> None:
        answer = base64.b64encode(index + bytes([0, 0, 0, 0, number])).decode()
        tail = f"<t:ConversationIndex>{answer}</t:ConversationIndex>"
        got = office.owner.wire.create(message("About other", to, tail=tail), "SendAndSaveCopy")
        assert got.codes == ["NoError"]
        office.work()

    write(CAROL, 1)
    assert office.promise(other).state is PromiseState.OPEN, "to a third person"
    write(BOB, 2)
    assert office.promise(other).state is PromiseState.KEPT
    assert office.owner.task(other).is_complete
    assert office.state() is PromiseState.OPEN


@pytest.mark.parametrize("quirky", [False, True])
def test_what_is_no_answer(make_office: Make, quirky: bool) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    office.owner.forward(Q, CAROL)
    for kind in ("IPM.Note.Rules.OofTemplate.Microsoft", "IPM.Note.Rules.ReplyTemplate.Microsoft"):
        office.owner.write_as(kind, BOB, in_reply_to=Q)
    office.owner.write(BOB, "Lunch", "Lunch at noon?")
    office.owner.account.oof_settings = OofSettings(
        state=OofSettings.ENABLED,
        external_audience="All",
        internal_reply="I am away.",
        external_reply="Away.",
    )
    office.bob.write(ALICE.address, "Lunch", "At noon, yes.")
    office.work()
    assert "Automatic reply: Lunch" in [mail.subject for mail in office.letters()]
    assert office.state() is PromiseState.OPEN
    office.agree()


def test_ill_get_back_to_you_is_a_new_date(office: Scenario) -> None:
    office.owner.answer(Q, "I'll get back to you by Friday next week.")
    office.work()
    promise = office.promise()
    assert promise.state is PromiseState.OPEN
    assert office.local_day(promise.due) == date(2026, 12, 4)
    assert promise.told == promise.due
    office.agree()
    office.work(30)
    assert len(office.letters()) == 2, "the asker knows the date already"


@pytest.mark.parametrize(
    "text",
    [
        "Will do by 4 December.",
        "Hi Bob,\n\n4 December?\n\nThanks\nAlice",
        "Give me until 4 December, please.",
        "Can I answer on 4 December?",
        "Not before 4 December, sorry.",
        "Mache ich bis 4. Dezember.",
        "Je m'en occupe d'ici le 4 décembre.",
        "Necesito hasta el 4 de diciembre.",
        "Lo faccio entro il 4 dicembre.",
        "Geef me tot 4 december, alsjeblieft.",
        "Faço até 4 de dezembro.",
    ],
)
def test_a_day_is_no_answer(office: Scenario, text: str) -> None:
    office.owner.answer(Q, text)
    office.work()
    promise = office.promise()
    assert promise.state is PromiseState.OPEN
    assert office.local_day(promise.due) == date(2026, 12, 4)
    assert promise.told == promise.due
    office.agree()


@pytest.mark.parametrize(
    "text",
    [
        "The budget is 5000, valid until 4 December.",
        "Yes, 4 December works.",
        "The meeting is on 4 December.",
        "Die Sitzung ist am 4. Dezember.",
    ],
)
def test_an_answer_that_names_a_day_is_one(office: Scenario, text: str) -> None:
    office.owner.answer(Q, text)
    office.work()
    assert office.state() is PromiseState.KEPT


def test_an_answer_cancels_the_new_date_that_was_not_sent(office: Scenario) -> None:
    office.owner.move(Q, date(2026, 11, 30))
    office.work()
    office.owner.answer(Q)
    for _ in range(3):
        office.work(10)
    assert [mail.subject for mail in office.letters()][1:] == ["RE: About q"]
    assert office.state() is PromiseState.KEPT
    office.agree()


def test_an_answer_after_ticking_off_counts_still(office: Scenario) -> None:
    office.owner.tick(Q)
    office.work()
    assert office.state() is PromiseState.DROPPED
    office.owner.answer(Q)
    office.work()
    assert office.state() is PromiseState.KEPT


def test_an_answer_in_the_grace_period_spares_the_acknowledgement(office: Scenario) -> None:
    grace = Duration(60, Unit.MINUTES)
    rules = replace(office.settings.rules, grace=grace, grace_urgent=grace)
    office.daemon.use(replace(office.settings, rules=rules))
    other = office.ask("other")
    office.owner.answer(other)
    office.work(90)
    assert [mail.subject for mail in office.letters()] == ["Re: About q", "RE: About other"]
    assert office.owner.tasks(other) == []


# --- by another way --------------------------------------------------------------------------------


def reply(office: Scenario, question: str, to: str, *, name: str = "", folder: Folder | None = None) -> None:
    """An answer by its headers to an address of the owner's choice, kept where the program likes."""
    account = office.owner.account
    Message(
        account=account,
        folder=folder or account.sent,
        subject="Re: About it",
        body="Here they are.",
        to_recipients=[Mailbox(email_address=to, name=name or None)],
        in_reply_to=question,
    ).send_and_save()
    office.work()


def test_an_answer_to_where_the_asker_wants_answers(office: Scenario) -> None:
    other = office.ask("other", headers="Reply-To: Bob at home <Bob.Home@corp.example>\r\n")
    reply(office, other, CAROL)
    assert office.promise(other).state is PromiseState.OPEN
    reply(office, other, "bob.home@corp.example")
    assert office.promise(other).state is PromiseState.KEPT


def test_an_answer_to_where_the_asker_wants_answers_counts_before_the_question_is_read(
    office: Scenario,
) -> None:
    office.owner.write("bob.home@corp.example", "Re: Other", "Here.", in_reply_to="<other@corp.example>")
    office.work()
    office.ask("other", headers="Reply-To: bob.home@corp.example\r\n")
    assert len(office.letters()) == 1


@pytest.mark.graph(long=True)
@pytest.mark.parametrize("name", ["Bob", "bob "])
def test_an_answer_to_another_address_of_the_same_person(office: Scenario, name: str) -> None:
    reply(office, Q, "robert.jones@corp.example", name=name)
    assert office.state() is PromiseState.KEPT


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("robert.jones@corp.example", ""),  # nobody says whose it is
        ("robert.jones@corp.example", "Robert Jones"),  # another name than the directory's
        (CAROL, "Bob"),  # the directory knows better
        ("bob@elsewhere.example", "Bob"),  # a namesake outside
    ],
)
def test_an_answer_that_may_be_to_somebody_else_ends_nothing(office: Scenario, to: str, name: str) -> None:
    reply(office, Q, to, name=name)
    assert office.state() is PromiseState.OPEN


def test_of_two_with_one_name_nobody_is_meant(office: Scenario) -> None:
    office.sandbox.put_group("bob@branch.corp.example", [CAROL])  # the directory calls it Bob too
    reply(office, Q, "robert.jones@corp.example", name="Bob")
    assert office.state() is PromiseState.OPEN


def test_an_answer_to_our_letter(office: Scenario) -> None:
    (letter,) = office.letters()
    reply(office, letter.message_id, BOB)
    assert office.state() is PromiseState.KEPT
    assert office.owner.task(Q).is_complete


def test_an_answer_to_what_the_asker_wrote_later(office: Scenario) -> None:
    more = office.ask("more", "It is about the blue ones.", references=Q)
    reply(office, more, CAROL)
    assert office.state() is PromiseState.OPEN
    reply(office, more, BOB)
    assert office.state() is PromiseState.KEPT


def test_an_answer_to_what_came_on_the_same_page(office: Scenario) -> None:
    more = office.deliver("more", "It is about the blue ones.", references=Q)
    reply(office, more, BOB)
    assert office.state() is PromiseState.KEPT


def test_an_answer_to_what_somebody_else_wrote_in_the_thread_is_none(office: Scenario) -> None:
    other = office.ask("other", "I have them, I think.", references=Q, sender=CAROL)
    reply(office, other, BOB)
    assert office.state() is PromiseState.OPEN


def test_an_answer_that_was_saved_beside_the_question(office: Scenario) -> None:
    reply(office, Q, BOB, folder=office.owner.account.inbox)
    assert office.state() is PromiseState.KEPT
    assert office.owner.task(Q).is_complete


def test_a_holding_answer_beside_the_question_is_a_new_date(office: Scenario) -> None:
    account = office.owner.account
    Message(
        account=account,
        folder=account.inbox,
        subject="Re: About q",
        body="I'll get back to you by Friday next week.",
        to_recipients=[BOB],
        in_reply_to=Q,
    ).send_and_save()
    office.work()
    assert office.state() is PromiseState.OPEN
    assert office.local_day(office.promise().due) == date(2026, 12, 4)


def test_what_came_in_the_owners_name_answers_nothing(office: Scenario) -> None:
    """Only a mail program saves without transport; a forged sender comes by it."""
    for stamp in ("Anonymous", "Internal"):
        forged = office.deliver("forged", "Done.", sender=ALICE.address, references=Q, stamp=stamp)
        office.work()
        office.owner.mail(forged).delete()
    assert office.state() is PromiseState.OPEN


def test_a_letter_of_ours_that_the_owner_files_beside_the_question_answers_nothing(office: Scenario) -> None:
    (copy,) = office.owner.account.sent.all()
    copy.move(office.owner.account.inbox)
    office.work()
    assert office.state() is PromiseState.OPEN
