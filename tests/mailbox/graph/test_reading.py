"""No mail is lost and none comes twice, whatever becomes of the deltas and of single mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ackd.errors import AckdError, Busy
from ackd.mailbox.graph import past, reading
from ackd.model import Changes, Sensitivity
from exchange_sandbox import Quirks
from tests.backends import ALL_QUIRKS, refuted_by
from tests.mailbox.contract.mailbox_contract import BOB, NOW, drain, letter, named, raw_mail, task
from tests.mailbox.contract.test_graph import GraphWorld

NAMES = [f"n{number}" for number in range(45)]


@pytest.fixture(params=[False, True], ids=["as documented", "with every quirk"])
def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GraphWorld]:
    quirks = ALL_QUIRKS if request.param else Quirks()
    world = GraphWorld(tmp_path, quirks, monkeypatch, *refuted_by(quirks))
    yield world
    world.close()


def begun(world: GraphWorld) -> str:
    state = drain(world.mailbox, None, None)[-1].sync_state
    world.tick(5)
    return state


def polled(world: GraphWorld, state: str) -> list[Changes]:
    """The pages of a service that tries again after each failure."""
    pages: list[Changes] = []
    for _ in range(20):
        try:
            pages.append(world.mailbox.changes(state, NOW))
        except AckdError:
            world.tick(60)
            continue
        state = pages[-1].sync_state
        if pages[-1].complete:
            world.tick(60)
    return pages


@pytest.mark.parametrize(
    "operation",
    [
        "batch",
        *(
            pytest.param(one, marks=pytest.mark.long)
            for one in ("messages.delta", "messages.get", "tasks.delta")
        ),
    ],
)
@pytest.mark.parametrize(
    "kind",
    ["401", "410", "429", "503", "504", "empty-code", "cut-before-commit", "cut-in-answer", "malformed-json"],
)
def test_a_failing_request_loses_no_mail(world: GraphWorld, operation: str, kind: str) -> None:
    state = begun(world)
    for name in NAMES:
        world.arrive(raw_mail(name))
    world.mailbox.create_tasks([task()])
    world.sandbox.faults.add(operation, kind)
    pages = polled(world, state)
    mails = [name for page in pages for name in named(page)]
    assert sorted(set(mails)) == sorted(NAMES)
    if kind != "410":
        assert len(mails) == len(NAMES), "listed anew only where the link was forgotten"
    assert {one.token for page in pages for one in page.tasks} == {task().token}
    assert not any(mail.unread for page in pages for mail in page.mails)


@pytest.mark.parametrize(
    "kind",
    ["item-fault", "item-busy-fault", "item-html", "item-cut", "item-bytes", "item-busy", "item-corrupt"],
)
def test_one_bad_mail_keeps_no_other_back(world: GraphWorld, kind: str) -> None:
    state = begun(world)
    for name in ("n1", "spoiled", "n2"):
        world.arrive(raw_mail(name))
    world.sandbox.faults.add("messages.get", kind, times=-1, word="spoiled@corp.example")
    page = world.mailbox.changes(state, NOW)
    assert [name for name in named(page) if name != "spoiled"] == ["n1", "n2"]
    assert all(mail.unreadable == () for mail in page.mails if "spoiled" not in mail.message_id)
    world.mend()
    pages = [page]
    for _ in range(3):
        world.tick(3700)
        pages.append(world.mailbox.changes(pages[-1].sync_state, NOW))
    given = [mail for page in pages for mail in page.mails if "spoiled" in mail.message_id]
    assert given, "it comes once it can be read"
    assert not given[-1].unread
    assert pages[-1].unread == 0


def test_a_server_that_asks_for_patience_is_given_it(world: GraphWorld) -> None:
    state = begun(world)
    world.sandbox.faults.add("batch", "429", 7.5)
    with pytest.raises(Busy) as caught:
        world.mailbox.changes(state, NOW)
    assert caught.value.wait == timedelta(seconds=7.5)


def test_another_backends_sync_state_lists_anew(world: GraphWorld) -> None:
    world.arrive(raw_mail())
    page = world.mailbox.changes('{"Inbox":{"state":"H4sI","seen":""}}', NOW)
    assert (named(page), page.relisted) == (["q1"], True)


def test_a_letter_to_the_owner_bears_no_token_where_it_arrives(world: GraphWorld) -> None:
    """Else it would count as sent twice, or as a draft."""
    world.mailbox.send([letter(to="alice@corp.example")])
    assert len(world.mailbox.find([letter().token])) == 1


def test_what_is_left_out_is_unknown() -> None:
    mail = reading.mail({"id": "x"}, "Inbox", NOW)
    assert mail.headers is None
    assert mail.item_class is None
    assert mail.sender is None
    assert set(mail.unreadable) == {"when it came", "whether it is a draft", "its text"}
    odd = {"singleValueExtendedProperties": [{"id": "Integer 0x36", "value": "9"}]}
    assert reading.mail(odd, "Inbox", NOW).sensitivity is Sensitivity.CONFIDENTIAL


def test_a_legacy_name_is_no_address() -> None:
    legacy = {"from": {"emailAddress": {"address": "/O=CORP/CN=BOB", "name": "Bob"}}}
    assert reading.mail(legacy, "Inbox", NOW).sender is None
    smtp = {**legacy, "singleValueExtendedProperties": [{"id": "String 0x5d02", "value": BOB}]}
    found = reading.mail(smtp, "Inbox", NOW).sender
    assert found is not None
    assert (found.key, found.name) == (BOB, "Bob")


def test_a_search_looks_at_all_that_it_finds(world: GraphWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """In which order a server gives what it found nobody promises."""
    monkeypatch.setattr(past, "_PAGE", 3)
    for number in range(8):
        world.arrive(raw_mail(f"n{number}"))
        world.tick(60)
    found = world.mailbox.search(subject="figures", limit=2)
    assert [mail.message_id for mail in found] == ["<n7@corp.example>", "<n6@corp.example>"]


def test_a_command_waits_until_its_mail_can_be_read(world: GraphWorld) -> None:
    """A delta tells of a known mail only its categories: what else there is to know is read."""
    world.arrive(raw_mail("q1"))
    state = begun(world)
    world.outlook.mark("<q1@corp.example>", "ackd: can't help")
    world.sandbox.faults.add("messages.get", "store-unavailable", times=2)
    pages = []
    for _ in range(4):
        pages += polled(world, state)
        state = pages[-1].sync_state
        world.tick(60)
    marked = [mark for page in pages for mark in page.marked]
    assert [(mark.message_id, mark.categories) for mark in marked] == [
        ("<q1@corp.example>", ("ackd: can't help",))
    ]
    assert not any(page.unread for page in pages), "it isn't told as a mail that can't be read"
