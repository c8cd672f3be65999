"""Owners whose corrections come in order of time (`bench.parts.taught`): who gains by them, who gets none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ackd.model import MailKind, Traits
from bench.parts.taught import Given, Life, gained, live, precision, recall, without_one
from tests.people import MONDAY

THRESHOLD = 0.86
DORA = Traits("dora", MailKind.REPORT, ("tell", "week", "figures"))
BOB = Traits("bob", MailKind.QUESTION, ("ask", "?", "could you"))


def given(*mails: tuple[Traits, float, bool]) -> list[Given]:
    return [
        Given(MONDAY + timedelta(days=n), asks, chance, of, of.sender)
        for n, (of, chance, asks) in enumerate(mails)
    ]


def lived(mails: list[Given], *, drafts: bool = False) -> Life:
    return live(mails, THRESHOLD, drafts=drafts)


@pytest.mark.parametrize("drafts", [False, True])
def test_an_owner_to_whom_a_colleague_writes_what_asks_nothing(drafts: bool) -> None:
    life = lived(given(*[(DORA, 0.96, False), (BOB, 0.95, True)] * 20), drafts=drafts)
    dora, bob = life.mails[::2], life.mails[1::2]
    assert all(mail.before for mail in life.mails)
    assert not any(mail.after for mail in dora[-10:])
    assert all(mail.after for mail in bob), "Bob is heard as ever"
    assert gained(life.mails, precision)[1] > 0
    assert gained(life.mails, recall) == (0, 0, 0)
    assert life.used


def test_an_owner_for_whom_they_lose_gets_none() -> None:
    """Who takes one of seven mails for no question, without any sign that lessons could learn."""
    life = lived(given(*([(DORA, 0.9, False)] + [(DORA, 0.9, True)] * 6) * 6))
    assert not all(mail.after for mail in life.mails[:14])
    assert not life.used
    late = [mail.after for mail in life.mails[14:]]
    assert sum(late) > 0.8 * len(late), "judged as without lessons, nearly always"


def test_an_owner_who_changes_their_mind_is_followed_at_once() -> None:
    life = lived(given(*[(DORA, 0.95, False)] * 8, *[(DORA, 0.95, True)] * 30))
    assert not any(mail.after for mail in life.mails[3:8])
    assert all(mail.after for mail in life.mails[12:])


def test_an_owner_who_is_judged_rightly_teaches_nothing() -> None:
    life = lived(given(*[(DORA, 0.1, False), (BOB, 0.99, True)] * 9))
    assert life.lessons == 0
    assert [mail.after for mail in life.mails] == [mail.before for mail in life.mails]


def test_twenty_lessons_are_given_at_most() -> None:
    assert lived(given(*[(BOB, 0.2, True), (DORA, 0.95, False)] * 40)).lessons == 20


def test_who_asks_most_is_wanted_no_letter_for() -> None:
    odd = without_one(given(*[(BOB, 0.9, True)] * 3, (DORA, 0.9, True)))
    assert odd is not None
    assert [mail.asks for mail in odd] == [False, False, False, True]
    assert without_one(given(*[(BOB, 0.9, True)] * 2)) is None
