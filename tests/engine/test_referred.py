"""A letter that refers elsewhere promises nothing: no count that a person reads has it as a promise."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from ackd.engine import digest
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.letters.digest import digest_mail
from ackd.letters.owner_words import owner_words
from ackd.letters.promise_entries import Entries
from ackd.model import Address, DigestTimes, EffectState, LetterName, Mode, PromiseState
from ackd.model.log import LogFilter
from ackd.views import log, pilot, replay, report, status
from ackd.views.agenda import days_ahead
from tests.people import ALICE, BOB, MONDAY, mail
from tests.scenario import FOLLOWING, Scenario, grace

HR = Address("hr@corp.example", "HR")


class Payroll:
    def matches(self, text: str) -> bool:
        return "payroll" in text


WORDS = (Payroll(),)
LETTERS = {
    "redirect": Then(letter=LetterName.REDIRECT, contact=HR, task=False),
    "redirect with its task": Then(letter=LetterName.REDIRECT, contact=HR),
    "cannot-help": Then(letter=LetterName.CANNOT_HELP, task=False),
}


@pytest.fixture(params=LETTERS)
def office(request: pytest.FixtureRequest) -> Scenario:
    """Bob's question about the payroll is referred, after half an hour; his other one isn't."""
    rule = OwnerRule("payroll", When(subject=WORDS), LETTERS[request.param])
    made = Scenario(follow=FOLLOWING, owner_rules=(rule,), rules=grace(30)).begin()
    made.use(digest=DigestTimes((0, 1, 2, 3, 4), time(8, 30)))
    made.ask("payroll")
    made.ask("open")
    return made


def said(office: Scenario) -> dict[str, object]:
    """What each view counts as promises."""
    daemon, ledger = office.daemon, office.daemon.ledger
    now = office.clock.now() + timedelta(seconds=1)
    calendar = daemon.settings.calendar
    counted = report.report(ledger.courses(MONDAY, now), calendar, MONDAY, now, now)
    made = digest.compose(ledger, daemon.settings, MONDAY, now)
    days = days_ahead(ledger.open_promises(), calendar, 5, now)
    return {
        "once": daemon.summary().open_promises,
        "status": status.status(ledger, office.clock, is_alive=True).open_promises,
        "report": counted.total.made,
        "agenda": sum(len(day.promises) for day in days),
        "digest": len(made.overdue) + len(made.today) + len(made.following),
        "pilot": sum(number for _, number in pilot.counts(ledger, MONDAY, now).promises),
    }


def test_it_is_counted_nowhere_before_and_after_its_letter(office: Scenario) -> None:
    ones = dict.fromkeys(("once", "status", "report", "agenda", "pilot"), 1)
    assert said(office) == {**ones, "digest": 0}
    office.work(31)
    assert said(office) == {**ones, "digest": 0}
    (course,) = (
        one
        for one in office.daemon.ledger.courses(MONDAY, office.clock.now())
        if not one.promise.is_of_answer
    )
    assert course.promise.state is PromiseState.WITHDRAWN
    office.work(60 * 24)
    assert said(office)["digest"] == 1


def test_the_report_tells_of_it_apart(office: Scenario) -> None:
    now = office.clock.now() + timedelta(seconds=1)
    made = office.daemon.ledger.courses(MONDAY, now)
    assert report.report(made, office.daemon.settings.calendar, MONDAY, now, now).referred == 1


def test_the_log_says_that_nothing_is_promised(office: Scenario) -> None:
    office.work(31)
    local = office.daemon.settings.calendar.local
    entries = {one.message_id: one for one in log.log(office.daemon.ledger, LogFilter(), local)}
    payroll, other = entries["<payroll@corp.example>"], entries["<open@corp.example>"]
    assert payroll.promise is None
    assert payroll.letter in ("redirect", "cannot-help")
    assert payroll.rules == ("your rule 'payroll'",)
    assert payroll.became.startswith("nothing promised (answered by the letter ")
    assert (other.letter, other.rules) == ("received", ("request",))
    assert other.became.startswith("answer by 2026-11-25 ")


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt"])
def test_the_digest_names_no_date_for_it(language: str) -> None:
    rule = OwnerRule("payroll", When(subject=WORDS), LETTERS["redirect"])
    office = Scenario(follow=FOLLOWING, owner_rules=(rule,)).begin()
    office.ask("payroll")
    office.work(5)
    daemon, now = office.daemon, office.clock.now()
    found = digest.compose(daemon.ledger, daemon.settings, MONDAY, now + timedelta(minutes=1))
    assert len(found.acknowledged) == 1
    words = owner_words(language)
    made = digest_mail(found, Entries(words, daemon.settings.calendar, now))
    (entry,) = (entry for part in made.parts for entry in part.entries)
    assert entry.facts[0].startswith(f"{words.nothing_promised} · ")


def test_a_draft_of_it_names_no_date() -> None:
    rule = OwnerRule("payroll", When(subject=WORDS), LETTERS["redirect"])
    office = Scenario(follow=FOLLOWING, owner_rules=(rule,), mode=Mode.DRAFT).begin()
    office.ask("payroll")
    office.work(5)
    ledger, words = office.daemon.ledger, owner_words("en")
    (pending,) = ledger.in_state(EffectState.DRAFTED)
    entry = Entries(words, office.daemon.settings.calendar, office.clock.now()).draft(pending)
    assert words.nothing_promised in entry.facts[0]
    assert "promises" not in entry.facts[0]


def test_preview_says_what_would_be() -> None:
    rule = OwnerRule("payroll", When(subject=WORDS), LETTERS["redirect"])
    office = Scenario(owner_rules=(rule,), mode=Mode.PREVIEW).begin()
    office.ask("payroll")
    office.ask("open")
    office.ask("thanks", text="Thanks, great!")
    entries = log.log(office.daemon.ledger, LogFilter(), office.daemon.settings.calendar.local)
    assert [(one.letter, one.promise, one.became) for one in entries] == [
        ("redirect", None, "nothing promised"),
        ("received", None, "would be: answer by 2026-11-25 09:45"),
        (None, None, ""),
    ]


def test_a_replay_says_so_too(office: Scenario) -> None:
    from ackd.ledger import SqlLedger

    past = [mail("payroll", sender=BOB), mail("open", sender=BOB)]
    ledger = SqlLedger("sqlite://", ALICE.address)
    rehearsal = replay.Replay(ledger, office.daemon.settings, MONDAY)
    for one in past:
        rehearsal.take(one)
    found = rehearsal.report(MONDAY + timedelta(hours=5))
    ledger.close()
    payroll, other = found.mails
    assert (found.referred, payroll.due, payroll.rules) == (1, None, ("your rule 'payroll'",))
    assert (other.letter, other.rules) == ("received", ("request",))
    assert other.due is not None
