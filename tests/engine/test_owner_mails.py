"""Mails to the owner: what they show is read from the mailbox as they are written, and several promises
are one mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ackd.engine import digest, questions
from ackd.engine.limits import Limits
from ackd.letters.promise_entries import Asked
from ackd.model import (
    EffectKind,
    EffectState,
    Letter,
    Mode,
    OwnerCard,
    Sensitivity,
    Urgency,
    token_of,
)
from tests.engine.test_digest import WEEKDAYS, digests, next_morning, office, part
from tests.people import BOB, MONDAY, mail
from tests.scenario import Q, Scenario

__all__ = ["office"]
URGENT = "Urgent: could you please send me the figures for October right away?"
LINK = "https://mail.corp.example/owa/?ItemID=q"


def drafting(office: Scenario) -> None:
    office.start(mode=Mode.DRAFT)
    office.use(digest=WEEKDAYS)
    office.work()


def letter_state(office: Scenario, name: str = Q) -> EffectState | None:
    return office.daemon.ledger.snapshots([name])[name].state_of(EffectKind.ACKNOWLEDGEMENT)


# --- what is shown of a question ------------------------------------------------------------------


def test_a_promise_is_shown_with_its_question_its_age_and_a_link(office: Scenario) -> None:
    office.mailbox.arrive(replace(mail("q", at=office.clock.now()), web_link=LINK))
    office.work()
    found = next_morning(office)
    assert found is not None
    shown = part(found, "Due next, on Wednesday, 25 November")
    assert "“Could you please send me the figures for October?”" in shown
    assert "asked 1 day ago" in shown
    assert f"Open the mail: {LINK}\n" in shown
    assert "Answer the mail, and the promise is kept." in found.text
    assert "“ackd: can't help”" in found.text


@pytest.mark.parametrize("secret", [Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL])
def test_of_a_secret_mail_no_line_is_shown(office: Scenario, secret: Sensitivity) -> None:
    asked = mail("q", at=office.clock.now())
    office.mailbox.arrive(replace(asked, sensitivity=secret, web_link=LINK))
    office.work()
    for _ in range(4):
        found = next_morning(office)
        assert found is not None
        assert "figures" not in found.text + found.html
        assert "About q" not in found.subject + found.text + found.html
        assert LINK in found.text
    (overdue,) = [one for one in office.notices() if one.subject.startswith("Overdue: your")]
    assert "figures" not in overdue.text + overdue.html
    assert "About q" not in overdue.subject + overdue.text + overdue.html


@pytest.mark.parametrize("gone", ["thrown", "erased"])
def test_a_mail_that_is_gone_has_no_line_and_no_link(office: Scenario, gone: str) -> None:
    office.mailbox.arrive(replace(mail("q", at=office.clock.now()), web_link=LINK))
    office.work()
    getattr(office.mailbox, gone).add(Q)
    found = next_morning(office)
    assert found is not None
    assert "Bob: About q" in found.text
    assert "figures" not in found.text
    assert LINK not in found.text


def test_all_questions_are_read_at_once(office: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        office.mailbox.arrive(mail(f"q{number}", sender=f"p{number}@corp.example", at=office.clock.now()))
    office.work()
    calls: Counter[str] = Counter()
    for name in ("mails", "draft_links", "language", "search"):
        monkeypatch.setattr(office.mailbox, name, counted(calls, name, getattr(office.mailbox, name)))
    assert next_morning(office) is not None
    assert calls == {"mails": 1}  # the language is known from the tasks
    assert next_morning(office) is not None
    assert calls == {"mails": 2}, "the language is known for a week"


def counted(calls: Counter[str], name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        calls[name] += 1
        return method(*args, **kwargs)

    return call


# --- the owner's language ---------------------------------------------------------------------------


def test_mails_are_in_the_mailboxs_language_unless_the_owner_wants_another(office: Scenario) -> None:
    office.mailbox.owner_card = OwnerCard("Alice", "de")
    office.ask()
    found = next_morning(office)
    assert found is not None
    assert found.subject == "ackd: 1 als Nächstes fällig"
    assert 'lang="de"' in found.html
    office.daemon.use(replace(office.daemon.settings, owner_language="fr"))
    found = next_morning(office)
    assert found is not None
    assert found.subject == "ackd: 1 pour aujourd’hui"


def test_a_mailbox_that_does_not_tell_its_language_is_asked_again_after_a_week(office: Scenario) -> None:
    office.mailbox.owner_card = OwnerCard("Alice", None)
    ask = lambda: questions.language(  # noqa: E731
        office.mailbox, office.daemon.ledger, office.daemon.settings, office.clock.now()
    )
    assert ask() == "en"
    office.mailbox.owner_card = OwnerCard("Alice", "it")
    assert ask() == "en"
    office.clock.move(timedelta(days=7))
    assert ask() == "it"
    office.mailbox.owner_card = OwnerCard("Alice", None)
    office.clock.move(timedelta(days=7))
    assert ask() == "it", "what was known stays"


# --- one mail for many -----------------------------------------------------------------------------


def overdue(office: Scenario) -> list[Letter]:
    return [
        one for one in office.notices() if "overdue" in one.subject and not one.subject.startswith("ackd:")
    ]


@pytest.mark.long
def test_300_overdue_promises_are_one_mail(office: Scenario) -> None:
    for number in range(300):
        office.mailbox.arrive(mail(f"q{number}", sender=f"p{number}@corp.example", at=office.clock.now()))
    office.work()
    office.work(60 * 24 * 5)
    office.work(15)
    (found,) = overdue(office)
    assert found.subject == "300 answers are overdue"
    assert "and 280 more" in found.text
    assert found.text.count("“Could you please send me the figures") == 20
    assert office.daemon.ledger.due(office.clock.now(), EffectKind.OVERDUE_NOTICE, 1000) == ()
    morning = next_morning(office)
    assert morning is not None
    assert morning.subject.startswith("ackd: 300 overdue")
    assert len(overdue(office)) == 1


def test_one_overdue_promise_has_a_mail_of_its_own_with_the_message(office: Scenario) -> None:
    office.ask()
    office.work(60 * 24 * 5)
    (found,) = [one for one in office.notices() if one.subject.startswith("Overdue")]
    assert found.subject == "Overdue: your answer to Bob: About q"
    assert "Could you please send me the figures for October?" in part(found, "The message")


def test_what_was_answered_meanwhile_is_not_in_the_list(office: Scenario) -> None:
    for number in range(3):
        office.mailbox.arrive(mail(f"q{number}", sender=f"p{number}@corp.example", at=office.clock.now()))
    office.work()
    office.clock.move(timedelta(days=5))
    office.mailbox.fail_next = "before"  # the list is lost on its way, and tried once more
    office.daemon.run_pass()
    assert overdue(office) == []
    office.mailbox.owner_sends(to=["p1@corp.example"], in_reply_to="<q1@corp.example>")
    for _ in range(3):
        office.work(11)
    (found,) = overdue(office)
    assert found.subject == "2 answers are overdue"
    assert "P1" not in found.text


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_doubtful_list_goes_out_once(office: Scenario, when: str) -> None:
    for number in range(3):
        office.mailbox.arrive(mail(f"q{number}", sender=f"p{number}@corp.example", at=office.clock.now()))
    office.work()
    office.clock.move(timedelta(days=5))
    office.mailbox.fail_next = when
    office.daemon.run_pass()
    for _ in range(4):
        office.work(11)
    assert len(overdue(office)) == 1


# --- drafts ---------------------------------------------------------------------------------------


def test_an_urgent_draft_is_told_at_once_and_once(office: Scenario) -> None:
    drafting(office)
    office.mailbox.arrive(replace(mail("q", URGENT, at=office.clock.now()), web_link=LINK))
    office.work()
    assert letter_state(office) is EffectState.DRAFTED
    assert office.promise().question.urgency is Urgency.URGENT
    (found,) = office.notices()
    assert found.subject == "Urgent: a draft to Bob waits for you"
    token = token_of(Q, EffectKind.ACKNOWLEDGEMENT)
    assert f"Open the draft: https://mail.corp.example/owa/?ItemID={token}\n" in found.text
    assert f"Open the mail: {LINK}\n" in found.text
    for _ in range(3):
        office.work(11)
    assert len(office.notices()) == 1


def test_a_draft_that_can_wait_is_told_by_the_digest_and_is_nothing_due(office: Scenario) -> None:
    drafting(office)
    office.ask()
    office.work(15)
    assert office.notices() == []
    found = next_morning(office)
    assert found is not None
    assert found.subject == "ackd: 1 draft waits"
    assert "once you send it" in part(found, "Drafts that wait for you")
    found = next_morning(office)
    assert found is not None
    assert "due" not in found.subject
    assert "overdue" not in found.subject
    office.mailbox.owner_sends_draft(token_of(Q, EffectKind.ACKNOWLEDGEMENT))
    office.work(11)
    found = next_morning(office)
    assert found is not None
    assert "draft" not in found.subject


def test_several_urgent_drafts_are_one_mail(office: Scenario) -> None:
    drafting(office)
    for number in range(3):
        sender = f"p{number}@corp.example"
        office.mailbox.arrive(mail(f"q{number}", URGENT, sender=sender, at=office.clock.now()))
    office.work()
    (found,) = office.notices()
    assert found.subject == "3 urgent drafts wait for you"
    assert found.text.count("Open the draft") == 3


def test_a_draft_that_becomes_urgent_is_told_too(office: Scenario) -> None:
    drafting(office)
    office.ask()
    assert office.notices() == []
    office.ask("more", "It is urgent now, I need it by tomorrow morning.", references=Q)
    (found,) = office.notices()
    assert found.subject == "Urgent: a draft to Bob waits for you"


def test_a_draft_that_was_sent_at_once_is_not_told(office: Scenario) -> None:
    """The owner is faster than the mail that tells."""
    drafting(office)
    office.mailbox.arrive(mail("q", URGENT, at=office.clock.now()))
    office.clock.move(timedelta(minutes=1))
    office.daemon.take_in()
    assert office.daemon.deliver()
    assert letter_state(office) is EffectState.DRAFTED
    office.mailbox.owner_sends_draft(token_of(Q, EffectKind.ACKNOWLEDGEMENT))
    for _ in range(3):
        office.work(11)
    assert letter_state(office) is EffectState.DONE
    assert office.notices() == []


def test_in_send_mode_nothing_is_told_of_drafts(office: Scenario) -> None:
    office.ask(text=URGENT)
    assert office.notices() == []


# --- what was left alone ----------------------------------------------------------------------------


def test_questions_that_a_limit_left_are_told_until_they_are_answered(office: Scenario) -> None:
    office.daemon.use(
        replace(office.daemon.settings, limits=Limits(per_sender_per_day=1, per_hour=9, per_day=9))
    )
    for name in ("q", "second", "third"):
        office.ask(name)
        office.work(10)
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    marked = replace(mail("third"), is_marked_answered=True)
    log = office.mailbox._log
    log[:] = [replace(one, is_marked_answered=True) if one_is(one, marked.message_id) else one for one in log]
    found = next_morning(office)
    assert found is not None
    shown = part(found, "Questions left because of a limit or a pause")
    assert "Bob: About second" in shown
    assert "About third" not in shown
    assert "“ackd: acknowledge”" in found.text


def one_is(one: object, message_id: str) -> bool:
    return getattr(one, "message_id", "") == message_id and hasattr(one, "is_marked_answered")


def test_what_preview_left_is_counted_once(office: Scenario) -> None:
    office.start(mode=Mode.PREVIEW)
    office.use(digest=WEEKDAYS)
    office.work()
    for name in ("a", "b", "c"):
        office.ask(name)
    office.ask("thanks", "Thanks!")
    office.start(mode=Mode.SEND)
    office.use(digest=WEEKDAYS)
    found = next_morning(office)
    assert found is not None
    assert "3 questions came while ackd only looked on" in found.text
    assert found.subject == "ackd: what is new"
    assert next_morning(office) is None
    assert len(digests(office.mailbox)) == 1


def test_a_digest_is_composed_by_the_record_alone(office: Scenario) -> None:
    office.ask()
    now = office.clock.now() + timedelta(minutes=1)
    made = digest.compose(office.daemon.ledger, office.daemon.settings, MONDAY, now)
    assert made.questions == (Q,)
    assert questions.read(office.mailbox, office.daemon.settings.owner, ["<none@corp.example>"]) == {}
    (asked,) = questions.read(office.mailbox, office.daemon.settings.owner, [Q]).values()
    assert isinstance(asked, Asked)
    assert asked.line == "Could you please send me the figures for October?"
