"""What a mailbox refuses for the moment is done later, and what it refuses for good isn't tried for ever."""

from __future__ import annotations

from datetime import date

import pytest

from ackd.model import PromiseState, Refused
from tests.people import BOB
from tests.scenario import FOLLOWING, Q, Scenario


@pytest.fixture
def office() -> Scenario:
    made = Scenario(follow=FOLLOWING).begin()
    made.ask()
    return made


def test_a_busy_server_keeps_nothing_for_ever(office: Scenario) -> None:
    """Task, category and letter wait for a server that takes writes again."""
    office.move(date(2026, 12, 3))
    office.mailbox.is_busy = True
    office.work(30)
    office.ask("other", sender="carol@corp.example")
    assert office.told() == [Q]
    assert office.ledger.has_updates()
    office.mailbox.is_busy = False
    office.work(30)
    office.work(30)
    assert not office.ledger.has_updates()
    assert sorted(office.told()) == sorted([Q, Q, "<other@corp.example>"])
    assert office.task().promised == office.promise().due
    assert office.mailbox.categories_of("<other@corp.example>") == ("Promised",)
    office.agree()


def test_an_answer_while_the_server_is_busy_ticks_the_task_off_later(office: Scenario) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.mailbox.is_busy = True
    office.work()
    assert office.state() is PromiseState.KEPT
    assert not office.task().is_complete
    assert office.mailbox.categories_of(Q) == ("Promised",)
    office.mailbox.is_busy = False
    office.work()
    assert office.task().is_complete
    assert office.mailbox.categories_of(Q) == ()


def test_what_is_refused_for_good_is_left(office: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    no = Refused("the item is corrupt")
    for write in ("change_tasks", "categorize"):
        monkeypatch.setattr(office.mailbox, write, lambda changes: [no for _ in changes])
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    office.work()
    assert not office.ledger.has_updates()
    assert office.state() is PromiseState.KEPT
