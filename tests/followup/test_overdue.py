"""The promised moment comes, and the digest tells in the morning what is open."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ackd.judge import facts
from ackd.model import DigestTimes, OnOverdue, PromiseState
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import Make
from tests.followup.outlook import bodies
from tests.people import ALICE, BOB, mail
from tests.scenario import COMMANDS, Q, Scenario

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.graph(long=True)
@pytest.mark.parametrize("quirky", [False, True])
def test_the_owner_is_reminded_once_with_the_question(make_office: Make, quirky: bool) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    office.until(office.promise().due)
    (notice,) = office.notices()
    assert [to.email_address for to in notice.to_recipients] == [ALICE.address]
    assert "figures for October" in (notice.text_body or notice.body)
    for _ in range(3):
        office.work(60)
    assert len(office.notices()) == 1
    assert len(office.letters()) == 1
    assert office.state() is PromiseState.OPEN


def test_a_new_date_is_overdue_anew(office: Scenario) -> None:
    office.until(office.promise().due)
    office.owner.move(Q, date(2026, 11, 30))
    office.work()
    office.work(10)
    assert len(office.letters()) == 2
    office.until(office.promise().due)
    office.work()
    assert len(office.notices()) == 2


@pytest.mark.parametrize("quirky", [False, True])
def test_an_apology_waits_in_drafts_and_promises_anew_when_it_is_sent(
    make_office: Make, quirky: bool
) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None, overdue=OnOverdue.DRAFT)
    office.until(office.promise().due)
    (draft,) = office.owner.drafts()
    assert [to.email_address for to in draft.to_recipients] == [BOB]
    before = office.promise()
    office.work(30)
    assert office.promise() == before
    office.owner.sends(office.owner.drafts()[0])
    office.work()
    office.work(15)
    promise = office.promise()
    assert promise.due > before.due
    assert promise.told == promise.due
    assert len(office.letters()) == 2
    assert office.notices() == []
    office.agree()


def test_an_answer_makes_the_apology_needless(make_office: Make) -> None:
    office = make_office(overdue=OnOverdue.DRAFT)
    office.until(office.promise().due)
    assert len(office.owner.drafts()) == 1
    office.owner.answer(Q)
    office.work(15)
    office.work(15)
    assert office.owner.drafts() == []
    assert office.state() is PromiseState.KEPT


def test_what_is_overdue_may_be_ignored(make_office: Make) -> None:
    office = make_office(overdue=OnOverdue.IGNORE)
    office.until(office.promise().due)
    office.work(60)
    assert office.notices() == []
    assert office.owner.drafts() == []


def test_an_answer_at_the_last_moment_is_in_time(office: Scenario) -> None:
    office.clock.move(office.promise().due - office.clock.now())
    office.owner.answer(Q)
    office.work(0)
    office.work()
    assert office.state() is PromiseState.KEPT
    assert office.notices() == []


# --- the digest -------------------------------------------------------------------------------------


@pytest.fixture(params=[False, True], ids=["exchange", "quirks"])
def daily(request: pytest.FixtureRequest, make_office: Make) -> Scenario:
    known = replace(ALL_QUIRKS, sent_copies_undated=False)  # by its letter's Message-ID a report is known
    office = make_office(quirks=known if request.param else None)
    office.use(digest=DigestTimes((0, 1, 2, 3, 4), time(8, 30)))
    office.work()
    return office


def morning(office: Scenario, day: int) -> list[Any]:
    """What the digest's moment on a day of November brings."""
    before = len(office.notices())
    office.until(datetime(2026, 11, day, 8, 31, tzinfo=BERLIN))
    office.work()
    office.work()
    return office.notices()[before:]


def test_the_digest_tells_what_is_due_and_what_was_dropped(daily: Scenario) -> None:
    office = daily
    dropped = office.ask("dropped")
    office.work()
    office.owner.tick(dropped)
    office.work()
    (digest,) = morning(office, 24)
    (text,) = bodies([digest])
    assert "About q" in text
    assert "About dropped" in text
    assert "no answer" in text
    (digest,) = morning(office, 25)
    assert "due today" in digest.subject
    office.owner.answer(Q)
    office.work()
    assert morning(office, 26) == [], "nothing to say, nothing sent"


def test_the_digest_shows_what_was_nearly_a_question_and_how_to_say_so(daily: Scenario) -> None:
    office = daily
    near = facts.read(mail("near"), ALICE).request.probability
    threshold = 1 / (1 + (1 / near - 1) * math.exp(-0.5))  # half a unit above, in logits
    policy = replace(office.settings.policy, threshold=threshold)
    office.daemon.use(replace(office.settings, policy=policy))
    left = office.ask("near")
    assert len(office.letters()) == 1
    (digest,) = morning(office, 24)
    (text,) = bodies([digest])
    assert "About near" in text
    (command,) = [name for name in COMMANDS if f"the category “{name}”" in text]
    office.owner.mark(left, command)
    office.work()
    assert len(office.letters()) == 2


@pytest.mark.graph(long=True)
def test_the_digest_comes_once_though_its_answer_is_lost(daily: Scenario) -> None:
    office = daily
    office.until(datetime(2026, 11, 24, 8, 29, tzinfo=BERLIN))
    office.backend.fail("send", "cut-after-commit")
    office.until(datetime(2026, 11, 24, 8, 31, tzinfo=BERLIN))
    for _ in range(4):
        office.work(6)
    assert len(office.notices()) == 1


def test_the_digest_tells_of_a_letter_that_was_not_delivered(daily: Scenario) -> None:
    office = daily
    (letter,) = [one for one in office.owner.account.sent.all() if one.ackd_token]
    report = (
        "From: <postmaster@corp.example>\r\nTo: <alice@corp.example>\r\nSubject: Undeliverable: About q\r\n"
        f"Message-ID: <ndr@corp.example>\r\nIn-Reply-To: {letter.message_id}\r\n"
        f"References: {letter.message_id}\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        "X-MS-Exchange-Organization-AuthAs: Internal\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; corp.example\r\n\r\n"
        f"Final-Recipient: rfc822; {BOB}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    office.sandbox.deliver(report.encode(), ALICE.address)
    office.work()
    (digest,) = morning(office, 24)
    assert "couldn’t be delivered" in next(bodies([digest]))
