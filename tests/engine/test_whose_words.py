"""Whose words count in a thread: the asker's and the owner's own, no machine's and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ackd.model import Address, PromiseState
from tests.people import ALICE, BOB, CAROL, mail
from tests.scenario import FOLLOWING, Q, Scenario

NEVER_MIND = "Never mind, solved!"


@pytest.fixture
def office() -> Scenario:
    made = Scenario(follow=FOLLOWING).begin()
    made.ask()
    return made


def write(office: Scenario, headers: str = "", stamp: str = "Internal", **changes: Any) -> None:
    """A mail in the thread, in Bob's name, that takes the question back."""
    again = mail(
        "again", NEVER_MIND, references=Q, headers=headers, stamp=stamp, at=office.clock.now(), sender=BOB
    )
    office.mailbox.arrive(replace(again, **changes))
    office.work()


@pytest.mark.parametrize(
    "how",
    [
        {"headers": "Auto-Submitted: auto-replied\r\n"},
        {"headers": "Precedence: bulk\r\n"},
        {"headers": "X-Autoreply: yes\r\n"},
        {"headers": "X-MS-Exchange-Inbox-Rules-Loop: alice@corp.example\r\n"},
        {"headers": "List-Id: <all.corp.example>\r\n"},
        {"item_class": "IPM.Note.Rules.OofTemplate.Microsoft"},
        {"stamp": "Anonymous"},
        {"auto_forwarded": True},
        {"unreadable": ("its text",)},
    ],
    ids=str,
)
def test_a_machines_or_a_forged_word_settles_nothing(office: Scenario, how: dict[str, Any]) -> None:
    before = office.promise()
    write(office, **how)
    assert office.promise() == before
    assert office.mailbox.notes == {}


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"headers": "X-Auto-Response-Suppress: All\r\n"},
        {"to": (), "cc": (Address(ALICE.address),)},
        {"folder": "Junk Email"},
    ],
    ids=str,
)
def test_the_askers_word_counts_though_it_would_get_no_letter(office: Scenario, how: dict[str, Any]) -> None:
    write(office, **how)
    assert office.state() is PromiseState.WITHDRAWN


def test_what_is_no_answer_of_the_owners(office: Scenario) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, automatic=True)  # an out-of-office reply
    office.mailbox.owner_sends(to=[CAROL], in_reply_to=Q)
    office.mailbox.owner_sends(to=[CAROL, ALICE.address], in_reply_to=Q)
    office.work()
    assert office.state() is PromiseState.OPEN
    office.mailbox.owner_sends(to=[CAROL, BOB], in_reply_to=Q)
    office.work()
    assert office.state() is PromiseState.KEPT


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"was_carried": False}, PromiseState.KEPT),  # a mail program saved it beside the question
        ({"was_carried": True}, PromiseState.OPEN),  # it came from outside, and says that it is the owner's
        ({"was_carried": False, "is_draft": True}, PromiseState.OPEN),
        ({"was_carried": False, "item_class": "IPM.Note.Rules.OofTemplate.Microsoft"}, PromiseState.OPEN),
    ],
    ids=str,
)
def test_a_copy_beside_the_question_is_an_answer_only_if_nobody_brought_it(
    office: Scenario, changes: dict[str, Any], state: PromiseState
) -> None:
    own = mail("own", "Here they are.", references=Q, at=office.clock.now(), sender=ALICE.address)
    office.mailbox.arrive(replace(own, to=(Address(BOB),), **changes))
    office.work()
    assert office.state() is state
