"""Mails that can't be read, as the daemon deals with them: the others are answered, the record tells,
and what can be read later is judged then, and acknowledged once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ackd.model.log import LogFilter
from ackd.views.status import status
from tests.people import BOB, QUESTION, mail
from tests.scenario import FOLLOWING, Q, Scenario

WHY = "the server says ErrorInternalServerError"


@pytest.fixture
def office() -> Scenario:
    return Scenario(follow=FOLLOWING).begin()


def ask_unreadable(office: Scenario) -> None:
    office.mailbox.spoiled[Q] = WHY
    office.mailbox.arrive(mail("q", QUESTION, sender=BOB, at=office.clock.now()))
    office.mailbox.arrive(mail("other", QUESTION, sender="carol@corp.example", at=office.clock.now()))
    office.work()
    office.work(30)


def reasons(office: Scenario) -> dict[str, list[str]]:
    entries = office.daemon.ledger.log(LogFilter())
    return {
        entry.judged.message_id: [finding.reason for finding in entry.judged.verdict.findings]
        for entry in entries
    }


def test_the_others_are_acknowledged_and_the_record_tells_why(office: Scenario) -> None:
    ask_unreadable(office)
    assert [letter.in_reply_to for letter in office.letters()] == ["<other@corp.example>"]
    assert f"it can't be read: {WHY}" in reasons(office)[Q]
    assert status(office.daemon.ledger, office.clock, is_alive=True).unreadable_mails == 1


def test_what_can_be_read_later_is_judged_then_and_acknowledged_once(office: Scenario) -> None:
    ask_unreadable(office)
    office.mailbox.spoiled.clear()
    for _ in range(4):
        office.work(30)
    assert sorted(letter.in_reply_to or "" for letter in office.letters()) == ["<other@corp.example>", Q]
    assert not any("can't be read" in reason for reason in reasons(office)[Q])
    assert office.promise().question.asker.email == BOB
    assert status(office.daemon.ledger, office.clock, is_alive=True).unreadable_mails == 0


def test_what_can_be_read_when_it_is_too_old_is_left(office: Scenario) -> None:
    ask_unreadable(office)
    office.clock.move(timedelta(days=4))
    office.mailbox.spoiled.clear()
    office.work()
    office.work(30)
    assert [letter.in_reply_to for letter in office.letters()] == ["<other@corp.example>"]


def test_another_ledger_that_answered_it_meanwhile_is_believed(office: Scenario) -> None:
    """Its letter stands in Sent Items: it isn't sent again."""
    ask_unreadable(office)
    office.mailbox.spoiled.clear()
    first = office.daemon
    office.start_on("second").run_pass()
    office.work(30)
    assert len(office.letters()) == 2
    first.run_pass()
    office.clock.move(timedelta(minutes=30))
    first.run_pass()
    assert len(office.letters()) == 2


def test_while_a_mail_of_the_owners_waits_to_be_read_nothing_is_sent(
    office: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    given = office.mailbox.changes
    monkeypatch.setattr(
        office.mailbox, "changes", lambda cursor, since: replace(given(cursor, since), unread_sent=True)
    )
    office.ask()
    office.work(30)
    assert office.letters() == []
    monkeypatch.undo()
    office.work()
    assert len(office.letters()) == 1
