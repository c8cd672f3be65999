"""Who writes the same again and again, known by hashes alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from ackd.engine import frames
from ackd.ledger import SqlLedger
from ackd.ledger.frames import MOST
from ackd.model import Address, Mail, Mode, Page, ValueKey
from ackd.text.frames import frames as frames_of
from tests.people import ALICE, MONDAY, mail

LUNCH = Address("lunch@corp.example", "Lunch")
TEXT = (
    "Good morning! Today we have soup {0}, curry and pasta. What would you like? Order by 10:3{0}.\n\n"
    "https://lunch.corp.example/?day={0}"
)


def written(number: int, sender: Address = LUNCH, text: str = TEXT) -> Mail:
    at = MONDAY + timedelta(days=number)
    return replace(mail(f"m{number}", at=at), sender=sender, text=text.format(number), html=None)


def test_numbers_addresses_and_quotations_vary() -> None:
    one, other = (
        frames_of(f'Bob asks for "{name}" by {day} November, see https://x.example/{day}.')
        for name, day in (("figures", 20), ("the offer", 21))
    )
    assert one == other == ("bob asks for by # november see",)
    assert frames_of("Hi Alice,\n\nThanks!\nBob") == ()  # too short to tell anything


def test_the_third_mail_of_the_same_is_known_as_such() -> None:
    ledger = SqlLedger("sqlite://", ALICE.address)
    repeats = []
    for number in range(3):
        found = frames.read(ledger, [written(number)])
        repeats.append(found.repeats(written(number)))
        ledger.record(Page(MONDAY, Mode.PREVIEW, frames=found.note(written(number))))
    assert repeats == [0, 1, 2]
    other = frames.read(ledger, [written(4, text="Could you tell us by {} how many of you come on Friday?")])
    assert other.repeats(written(4)) == 0
    ledger.close()


def test_mails_of_one_page_are_counted_too() -> None:
    ledger = SqlLedger("sqlite://", ALICE.address)
    page = [written(number) for number in range(3)]
    found = frames.read(ledger, page)
    assert [(found.repeats(one), found.note(one))[0] for one in page] == [0, 1, 2]
    ledger.close()


def test_of_people_nothing_is_counted() -> None:
    ledger = SqlLedger("sqlite://", ALICE.address)
    bob = Address("bob@corp.example", "Bob Brown")
    found = frames.read(ledger, [written(number, bob) for number in range(3)])
    assert found == frames.Frames()
    assert ledger.value(ValueKey.FRAMES_SALT) is None
    ledger.close()


def test_no_text_is_in_the_ledger_and_each_has_a_salt_of_its_own(tmp_path: Path) -> None:
    keys = []
    for name in ("one", "other"):
        ledger = SqlLedger(f"sqlite:///{tmp_path / name}", ALICE.address)
        found = frames.read(ledger, [written(1)])
        keys.append(found.note(written(1)))
        ledger.record(Page(MONDAY, Mode.PREVIEW, frames=keys[-1]))
        ledger.close()
    assert keys[0]
    assert not set(keys[0]) & set(keys[1])
    assert not re.search(rb"soup|curry|lunch@", (tmp_path / "one").read_bytes())


def test_they_are_bounded() -> None:
    ledger = SqlLedger("sqlite://", ALICE.address)
    for day in range(3):
        keys = tuple(f"{day}-{number}" for number in range(MOST // 2))
        ledger.record(Page(MONDAY + timedelta(days=day), Mode.PREVIEW, frames=keys))
    ledger.prune(MONDAY - timedelta(days=1))
    assert not ledger.frames(["0-1"])
    assert ledger.frames(["1-1", "2-1"]) == {"1-1": 1, "2-1": 1}
    ledger.close()
