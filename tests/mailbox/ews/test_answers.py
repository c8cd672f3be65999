"""Answers of any size: texts are cut while they come in, and what is still too large is given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ackd.mailbox import item_reads, transport
from ackd.mailbox.ews import answers, arrivals
from ackd.mailbox.ews.answers import LONGEST_TEXT, Cutter
from ackd.mailbox.item_reads import Wanted, batches
from exchange_sandbox import Quirks
from tests.mailbox.contract.mailbox_contract import BOB, NOW, drain, raw_mail
from tests.mailbox.contract.test_ews import EwsWorld
from tests.mailbox.ews.scripted import Scripted, ScriptedServer
from tests.plays import many

TEXTS = st.lists(st.text(alphabet="ab <>&;é漢😀\n", max_size=40), min_size=1, max_size=6)


@given(TEXTS, st.integers(1, 60), st.integers(1, 30))
@settings(max_examples=many(200))
def test_what_is_cut_stays_well_formed_and_a_beginning(texts: list[str], longest: int, chunk: int) -> None:
    root = etree.Element("all")
    for text in texts:
        etree.SubElement(root, "one", name="x>y").text = text
    whole = etree.tostring(root, encoding="utf-8")
    cutter = Cutter(longest)
    cut = b"".join(cutter.feed(whole[start : start + chunk]) for start in range(0, len(whole), chunk))
    found = [one.text or "" for one in etree.fromstring(cut)]
    assert len(found) == len(texts)
    for text, kept in zip(texts, found, strict=True):
        assert text.startswith(kept)
        assert kept == text or len(kept.encode()) >= longest // 6, "an entity has at most six bytes a letter"
        assert len(kept.encode()) <= longest + 40


def test_other_encodings_are_left_alone() -> None:
    whole = "<a>".encode("utf-16") + "x".encode("utf-16-le") * 99
    assert Cutter(5).feed(whole) == whole


def test_batches_are_measured_in_bytes() -> None:
    many = [Wanted(str(number), 2_000) for number in range(250)]
    assert [len(batch) for batch in batches(many)] == [100, 100, 50]
    large = [Wanted(str(number), 10_000_000) for number in range(9)]
    assert max(len(batch) for batch in batches(large)) == item_reads.BATCH_BYTES // (2 * LONGEST_TEXT)
    assert [len(batch) for batch in batches([many[0], replace(many[1], alone=True), many[2]])] == [1, 1, 1]


@pytest.fixture(params=["limits", "refuses", "ignores", "no sizes"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EwsWorld]:
    quirks = {
        "limits": Quirks(),
        "refuses": Quirks(body_limit_refused=True),
        "ignores": Quirks(body_limit_ignored=True),
        "no sizes": Quirks(body_limit_ignored=True, no_sizes=True),
    }
    made = EwsWorld(tmp_path, quirks[request.param])
    yield made
    made.close()


def test_a_large_text_is_read_to_its_limit(world: EwsWorld) -> None:
    sync_state = drain(world.mailbox, None, None)[-1].sync_state
    world.tick(5)
    world.arrive(raw_mail("small"))
    for number in range(8):
        world.arrive(
            raw_mail(f"n{number}", text="Could you send me the figures?\r\n" + "words and words " * 60_000)
        )
    pages = drain(world.mailbox, sync_state, NOW)
    mails = [mail for page in pages for mail in page.mails]
    assert len({mail.message_id for mail in mails}) == len(mails) == 9
    assert all(not mail.unread and not mail.unreadable for mail in mails)
    assert all("Could you send me the figures?" in mail.text for mail in mails)
    assert max(len(mail.text) for mail in mails) <= LONGEST_TEXT + 40
    for page in pages:
        held = sum(len(mail.text) + len(mail.html or "") for mail in page.mails)
        assert held <= arrivals.PAGE_BYTES + item_reads.BATCH_BYTES


def test_a_limit_that_is_refused_isnt_asked_for_again(tmp_path: Path) -> None:
    world = EwsWorld(tmp_path, Quirks(body_limit_refused=True))
    sync_state = drain(world.mailbox, None, None)[-1].sync_state
    counts = []
    for number in range(3):
        world.tick(60)
        world.arrive(raw_mail(f"n{number}"))
        world.sandbox.requests.clear()
        page = drain(world.another(), sync_state, NOW)[-1]  # a new process each time, as `ackd once`
        sync_state = page.sync_state
        counts.append(world.sandbox.requests.count("GetItem"))
    world.close()
    assert counts == [2, 1, 1]


def test_a_mail_that_is_too_large_even_so_is_set_aside_with_its_sender(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LARGEST_ANSWER", 40_000)
    world = EwsWorld(tmp_path, Quirks(body_limit_ignored=True))
    sync_state = drain(world.mailbox, None, None)[-1].sync_state
    world.tick(5)
    world.arrive(raw_mail("n1"))
    world.arrive(raw_mail("big", text="words " * 12_000))
    world.arrive(raw_mail("n2"))
    mails = {mail.message_id: mail for page in drain(world.mailbox, sync_state, NOW) for mail in page.mails}
    world.close()
    assert sorted(mails) == ["<big@corp.example>", "<n1@corp.example>", "<n2@corp.example>"]
    big = mails["<big@corp.example>"]
    assert "too large" in big.unread
    assert big.sender is not None
    assert big.sender.email == BOB
    assert not mails["<n1@corp.example>"].unread


def test_an_answer_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.mailbox.contract.test_ews import PASSWORD, ZONE, Access, EwsMailbox, StepClock

    monkeypatch.setattr(answers, "LARGEST_ANSWER", 50_000)
    with ScriptedServer(Scripted.soap("<x/>" * 100_000)) as server:
        mailbox = EwsMailbox(
            Access("a@corp.example", server.url, "a", PASSWORD), zone=ZONE, clock=StepClock(NOW)
        )
        with pytest.raises(transport.TooLarge, match="too large to be read"):
            mailbox.changes(None, None)
        mailbox.close()
