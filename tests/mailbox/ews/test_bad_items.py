"""One item that a server can't give: the others are read, it is set aside, and comes back when it can
be read. Each way in which a server fails at one item is played over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ackd.errors import AckdError
from ackd.model import Changes
from exchange_sandbox import Quirks
from tests.mailbox.contract.mailbox_contract import BOB, NOW, drain, raw_mail
from tests.mailbox.contract.test_ews import EwsWorld

WORD = "poisoned"
WAYS = [
    "item-fault",
    "item-busy-fault",
    "item-html",
    "item-cut",
    "item-bytes",
    "item-busy",
    "item-store-unavailable",
    "item-internal-error",
    "item-corrupt",
]
LATER = 90  # seconds between polls


@pytest.fixture
def world(tmp_path: Path) -> Iterator[EwsWorld]:
    made = EwsWorld(tmp_path, Quirks())
    yield made
    made.close()


class Reader:
    """Polls as the daemon does, and keeps what it was given."""

    def __init__(self, world: EwsWorld) -> None:
        self.world = world
        self.sync_state = drain(world.mailbox, None, None)[-1].sync_state
        world.tick(5)

    def poll(self, times: int = 1, seconds: float = LATER) -> list[Changes]:
        pages: list[Changes] = []
        for _ in range(times):
            pages += drain(self.world.mailbox, self.sync_state, NOW)
            self.sync_state = pages[-1].sync_state
            self.world.tick(seconds)
        return pages


def spoil(world: EwsWorld, way: str) -> None:
    world.sandbox.faults.add("GetItem", way, times=-1, word=WORD)


def ids(pages: list[Changes], *, unread: bool = False) -> list[str]:
    return [mail.message_id for page in pages for mail in page.mails if bool(mail.unread) == unread]


@pytest.mark.parametrize("way", WAYS)
def test_the_others_are_read_at_once(world: EwsWorld, way: str) -> None:
    reader = Reader(world)
    spoil(world, way)
    for number in range(20):
        world.arrive(raw_mail(WORD if number == 13 else f"n{number}"))
    first = reader.poll(2)  # a server that asks for patience gets it first
    assert sorted(ids(first)) == sorted(f"<n{number}@corp.example>" for number in range(20) if number != 13)
    more = reader.poll(5)
    assert ids(first + more, unread=True) == [f"<{WORD}@corp.example>"], "it is told once"
    assert more[-1].unread == 1
    assert ids(more) == []


@pytest.mark.parametrize("way", WAYS)
def test_alone_it_is_set_aside_too_and_comes_when_it_can_be_read(world: EwsWorld, way: str) -> None:
    reader = Reader(world)
    spoil(world, way)
    world.arrive(raw_mail(WORD))
    assert ids(reader.poll(6), unread=True) == [f"<{WORD}@corp.example>"]
    world.sandbox.faults.clear()
    pages = reader.poll(1, 3700) + reader.poll(3)
    (mail,) = [mail for page in pages for mail in page.mails]
    assert (mail.message_id, mail.reread, mail.unread) == (f"<{WORD}@corp.example>", True, "")
    assert "figures" in mail.text
    assert pages[-1].unread == 0


def test_what_passes_by_itself_is_told_as_if_nothing_had_been(world: EwsWorld) -> None:
    reader = Reader(world)
    world.sandbox.faults.add("GetItem", "item-busy", times=1, word=WORD)
    world.arrive(raw_mail(WORD))
    pages = reader.poll(3)
    (mail,) = [mail for page in pages for mail in page.mails]
    assert (mail.message_id, mail.reread, mail.unread) == (f"<{WORD}@corp.example>", False, "")


@pytest.mark.parametrize("kind", ["503", "cut-before-commit", "busy", "429", "malformed-xml"])
def test_a_server_that_is_down_blames_no_mail(world: EwsWorld, kind: str) -> None:
    reader = Reader(world)
    world.arrive(raw_mail("n1"))
    world.sandbox.faults.add("GetItem", kind, times=-1)
    world.sandbox.faults.add("GetFolder", kind, times=-1, skip=1)
    for _ in range(8):
        world.sandbox.faults.clear()
        world.sandbox.faults.add("GetItem", kind, times=-1)
        world.sandbox.faults.add("GetFolder", kind, times=-1, skip=1)
        try:
            pages = reader.poll()
        except AckdError:
            world.tick(LATER)
            continue
        assert ids(pages, unread=True) == []
    world.sandbox.faults.clear()
    assert ids(reader.poll(2)) == ["<n1@corp.example>"]


def test_the_requests_are_bounded(world: EwsWorld) -> None:
    """A bad mail costs the logarithm of its page, and later one request an hour."""
    reader = Reader(world)
    spoil(world, "item-fault")
    for number in range(64):
        world.arrive(raw_mail(WORD if number == 40 else f"n{number}"))
    world.sandbox.requests.clear()
    reader.poll(1)
    assert world.sandbox.requests.operations().count("GetItem") <= 2 + 2 * 6
    reader.poll(8, 3700)
    world.sandbox.requests.clear()
    reader.poll(60, 60)
    assert world.sandbox.requests.operations().count("GetItem") <= 2


def test_many_bad_mails_are_found_over_some_polls(world: EwsWorld) -> None:
    reader = Reader(world)
    spoil(world, "item-fault")
    for number in range(60):
        world.arrive(raw_mail(f"{WORD}{number}" if number % 3 == 0 else f"n{number}"))
    world.sandbox.requests.clear()
    pages = reader.poll(1)
    assert world.sandbox.requests.count("GetItem") <= 120
    pages += reader.poll(10)
    assert len(ids(pages)) == 40
    assert len(ids(pages, unread=True)) == 20


@pytest.mark.parametrize("way", WAYS)
def test_a_bad_sent_mail_hides_neither_answers_nor_questions(world: EwsWorld, way: str) -> None:
    reader = Reader(world)
    world.arrive(raw_mail("q1"))
    world.arrive(raw_mail("q2"))
    reader.poll()
    spoil(world, way)
    world.outlook.answer("<q1@corp.example>", f"The figures, {WORD}.")
    world.tick(5)
    world.owner_answers("<q2@corp.example>", BOB)
    world.arrive(raw_mail("q3"))
    pages = reader.poll(6)
    assert ids(pages) == ["<q3@corp.example>"]
    answered = {target for page in pages for mail in page.sent for target in mail.targets}
    assert answered >= {"<q1@corp.example>", "<q2@corp.example>"}, (
        "whom it answers can be read without its text"
    )
    assert not pages[-1].unread_sent


def test_while_a_sent_mail_waits_to_be_read_the_page_says_so(world: EwsWorld) -> None:
    reader = Reader(world)
    world.arrive(raw_mail(WORD))
    reader.poll()
    spoil(world, "item-store-unavailable")
    world.owner_answers(
        f"<{WORD}@corp.example>", BOB
    )  # its In-Reply-To has the word: nothing of it can be read
    pages = reader.poll()
    assert pages[-1].unread_sent
    assert not reader.poll(4)[-1].unread_sent, "in the end it keeps nothing back"


@pytest.mark.parametrize("way", ["item-fault", "item-busy", "item-bytes"])
def test_searches_and_the_past_show_the_others(world: EwsWorld, way: str) -> None:
    for name in ("n1", WORD, "n2"):
        world.arrive(raw_mail(name))
    spoil(world, way)
    found = {mail.message_id: bool(mail.headers) for mail in world.mailbox.search(subject="figures")}
    expected = {"<n1@corp.example>": True, f"<{WORD}@corp.example>": False, "<n2@corp.example>": True}
    assert found == expected
    assert {mail.message_id: bool(mail.headers) for mail in world.mailbox.past(NOW)} == expected  # type: ignore[union-attr]


def test_what_xml_cant_say_is_nobodys_mail(world: EwsWorld) -> None:
    """A ledger that was carried over from Graph has Message-IDs that EWS can't be asked for."""
    world.arrive(raw_mail("n1"))
    for sign in ("\0", "\x1f", "\uffff", "\ud800"):
        found = world.mailbox.mails(["<n1@corp.example>", f"<{sign}@corp.example>"])
        assert list(found) == ["<n1@corp.example>"], repr(sign)
        assert world.mailbox.mails([f"<{sign}@corp.example>"]) == {}
