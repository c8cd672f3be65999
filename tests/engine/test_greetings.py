"""The directory's given names: asked for where a name leaves doubt, a few at a time, once a month."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.engine import greetings
from ackd.errors import Failed, SignInRefused
from ackd.ledger import MemoryLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Address
from tests.backends import OverGraph, OverHttp
from tests.people import BOB, MONDAY, raw
from tests.scenario import InMemory, Scenario

WEBER = Address("aw17@corp.example", "Blume Anh")


class Directory(MemoryMailbox):
    """A directory that counts how often it is asked, and may be broken."""

    asked: list[tuple[str, ...]]
    trouble: Exception | None = None

    def given_names(self, addresses: Collection[str]) -> dict[str, str]:
        self.asked.append(tuple(addresses))
        if self.trouble:
            raise self.trouble
        return super().given_names(addresses)


@pytest.fixture
def directory() -> Directory:
    made = Directory(lambda: MONDAY, given={WEBER.email: "Anh", "kasse.nord@corp.example": ""})
    made.asked = []
    return made


def test_it_is_asked_once_a_month(directory: Directory) -> None:
    ledger = MemoryLedger()
    for days, times in ((0, 1), (29, 1), (31, 2)):
        told = greetings.told([WEBER, WEBER], directory, ledger, MONDAY + timedelta(days=days))
        assert told == {WEBER.email: "Anh"}
        assert directory.asked == [(WEBER.email,)] * times


@pytest.mark.parametrize(
    "sure",
    [
        Address("bob.jones@corp.example", "Bob Jones"),
        Address("b@corp.example", "Jones, Bob (HR)"),
        Address("kantine@corp.example", "Kantine"),
        Address("rh@corp.example", "Ressources Humaines"),
    ],
)
def test_what_leaves_no_doubt_costs_no_request(directory: Directory, sure: Address) -> None:
    assert greetings.told([sure], directory, MemoryLedger(), MONDAY) == {}
    assert not directory.asked


def test_few_are_asked_for_at_once_and_the_others_next_time(directory: Directory) -> None:
    ledger = MemoryLedger()
    many = [Address(f"x{number}@corp.example", "Blume Anh") for number in range(7)]
    for count in (5, 2):
        greetings.told(many, directory, ledger, MONDAY)
        assert len(directory.asked[-1]) == count
    assert set(greetings.told(many, directory, ledger, MONDAY).values()) == {None}
    assert len(directory.asked) == 2  # that it doesn't know them is remembered too


def test_a_broken_directory_keeps_no_letter_back(directory: Directory) -> None:
    directory.trouble = Failed("the directory is away")
    assert greetings.told([WEBER], directory, MemoryLedger(), MONDAY) == {}
    directory.trouble = SignInRefused("the password is wrong")
    with pytest.raises(SignInRefused):
        greetings.told([WEBER], directory, MemoryLedger(), MONDAY)


@pytest.mark.parametrize("kind", [InMemory, OverHttp, OverGraph])
@pytest.mark.parametrize(("given", "greeting"), [("Anh", "Hello Anh,"), ("", "Hello,")])
def test_the_letter_greets_by_the_directorys_name(
    tmp_path: Path, kind: Any, given: str, greeting: str
) -> None:
    backend = InMemory(given={BOB: given}) if kind is InMemory else kind(tmp_path)
    with Scenario(backend=backend).begin() as office:
        if kind is not InMemory:
            office.sandbox.name_person(BOB, "Blume Anh", given)
        backend.deliver(raw("q", at=office.clock.now()).replace(b"From: Bob", b"From: Blume Anh"))
        office.work()
        (letter,) = office.letters()
        assert str(getattr(letter, "text", "") or letter.text_body).splitlines()[0].strip() == greeting
