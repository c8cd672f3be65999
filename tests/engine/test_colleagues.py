"""Senders whose mail has no stamp, and the tenant's marks instead: the directory has the last word."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ackd.engine import colleagues
from ackd.errors import Failed, Unreachable
from ackd.judge.policy import Policy
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Veto
from tests.people import ALICE, BOB, CAROL, MONDAY, mail
from tests.scenario import FOLLOWING, InMemory, Scenario

TENANT = "8f5d1a52-0000-4000-8000-00000000c0de"
MARKS = (
    "X-MS-Exchange-CrossTenant-AuthAs: Internal\r\nX-MS-Exchange-CrossTenant-FromEntityHeader: Hosted\r\n"
    f"X-MS-Exchange-CrossTenant-Id: {TENANT}\r\n"
)


class Directory(MemoryMailbox):
    """A mailbox whose directory counts how often it is asked, and may be broken."""

    asked: list[frozenset[str]]
    trouble: Exception | None = None

    def in_directory(self, addresses: Collection[str]) -> frozenset[str] | None:
        self.asked.append(frozenset(addresses))
        if self.trouble:
            raise self.trouble
        return super().in_directory(addresses)


@pytest.fixture
def office() -> Scenario:
    policy = Policy(ALICE, domains=("corp.example",), authenticated_by_tenant=TENANT)
    backend = InMemory(Directory, people=frozenset({BOB, CAROL}))
    office = Scenario(backend=backend, policy=policy, follow=FOLLOWING)
    office.mailbox.asked = []
    return office.begin()


def asks(office: Scenario, sender: str = BOB, headers: str = MARKS) -> bool:
    """Whether a question without the stamp is acknowledged now."""
    before = len(office.letters())
    name = f"q{len(office.ledger.judged(MONDAY))}"
    told = mail(name, sender=sender, headers=headers)
    unstamped = tuple(one for one in told.headers or () if "organization" not in one[0].lower())
    office.mailbox.arrive(replace(told, headers=unstamped))
    office.run()
    return len(office.letters()) > before


def why(office: Scenario) -> str:
    found = office.ledger.judged(MONDAY)[-1].verdict.findings
    return "; ".join(one.reason for one in found if isinstance(one, Veto) and one.rule == "authenticated")


def test_a_sender_of_the_directory_is_a_colleague_and_the_record_says_by_what(office: Scenario) -> None:
    assert asks(office)
    found = {one.rule: one.reason for one in office.ledger.judged(MONDAY)[-1].verdict.findings}
    assert "tenant's marks and its directory" in found["authenticated"]
    assert not asks(office, "dora@corp.example")
    assert "knows no such sender" in why(office)


def test_only_what_depends_on_it_is_asked_and_each_sender_once_a_day(office: Scenario) -> None:
    office.deliver("stamped")
    asks(office, headers="")
    asks(office, "eve@evil.example")
    assert office.mailbox.asked == []
    for _ in range(3):
        assert asks(office)
    office.start()  # a new process knows it too
    assert asks(office)
    assert office.mailbox.asked == [{BOB}]
    office.later(days=1)
    assert asks(office)
    assert office.mailbox.asked == [{BOB}] * 2


def test_somebody_new_is_known_within_the_hour(office: Scenario) -> None:
    assert not asks(office, "dora@corp.example")
    office.mailbox.people |= {"dora@corp.example"}
    assert not asks(office, "dora@corp.example")
    office.later(hours=1)
    assert asks(office, "dora@corp.example")


@pytest.mark.parametrize("closed", [None, Failed("the server answered 500")])
def test_a_directory_that_does_not_answer_proves_nobody(office: Scenario, closed: Any) -> None:
    if closed is None:
        office.mailbox.people = None
    office.mailbox.trouble = closed
    assert not asks(office)
    assert "couldn't be asked" in why(office)
    office.mailbox.trouble, office.mailbox.people = None, frozenset({BOB})
    assert asks(office), "it is asked again with the next mail"


def test_while_the_server_is_away_nothing_is_judged(office: Scenario) -> None:
    office.mailbox.trouble = Unreachable("the connection was cut")
    with pytest.raises(Unreachable):
        asks(office)
    office.mailbox.trouble = None
    office.run()
    assert office.letters()


def test_the_owners_command_asks_the_directory_too(office: Scenario) -> None:
    office.mailbox.people = frozenset()
    assert not asks(office)
    name = office.ledger.judged(MONDAY)[-1].message_id
    office.mailbox.people = frozenset({BOB})
    office.later(hours=2)
    office.mailbox.owner_categorizes(name, "ackd: acknowledge")
    office.run()
    assert office.letters()


def test_what_is_kept_stays_small(office: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colleagues, "MOST", 3)
    for number in range(5):
        asks(office, f"n{number}@corp.example")
    assert list(colleagues.load(office.ledger)) == [f"n{number}@corp.example" for number in (2, 3, 4)]
    office.later(minutes=(timedelta(days=1) / timedelta(minutes=1)))
    assert asks(office)
    assert list(colleagues.load(office.ledger)) == [BOB], "what counts no more is let go"
