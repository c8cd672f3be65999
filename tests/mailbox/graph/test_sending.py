"""A letter goes out once, whatever happens between the draft and its sending."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ackd.errors import AckdError
from ackd.mailbox.graph.ways import REPLY_HEADERS
from ackd.model import Done, Outcome, Place, Refused, Unknown
from exchange_sandbox import Quirks
from tests.backends import ALL_QUIRKS, refuted_by
from tests.followup.outlook import Outlook
from tests.mailbox.contract.mailbox_contract import BOB, NOW, drain, letter, task
from tests.mailbox.contract.test_graph import GraphWorld

TOKEN = "a" * 32
BEFORE = ("401", "403", "403-policy", "429", "503", "504", "412", "empty-code", "cut-before-commit")
AFTER = ("503-after-commit", "504-after-commit", "cut-after-commit", "malformed-json", "cut-in-answer")


@pytest.fixture(params=["as documented", "with every quirk", "by MIME"])
def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GraphWorld]:
    quirks = Quirks() if request.param == "as documented" else ALL_QUIRKS
    is_json = request.param == "with every quirk"  # whose headers nobody tried
    refuted = [one for one in refuted_by(quirks) if one != REPLY_HEADERS or not is_json]
    world = GraphWorld(tmp_path, quirks, monkeypatch, *refuted)
    yield world
    world.close()


def arrived(world: GraphWorld) -> int:
    """Letters that Bob has."""
    bob = Outlook(world.sandbox.url, BOB)
    try:
        return int(bob.account.inbox.all().count())
    finally:
        bob.close()


def until_it_is_out(world: GraphWorld, tokens: list[str]) -> None:
    """What the outbox does after doubt: look, send the very same or make it anew."""
    for _ in range(4):
        found = world.mailbox.find(tokens)
        waiting = [token for token in tokens if found.get(token) is Place.UNSENT]
        missing = [token for token in tokens if token not in found]
        if not waiting and not missing:
            return
        if waiting:
            world.mailbox.send_unsent(waiting)
        if missing:
            world.mailbox.send([letter(token) for token in missing])
        world.tick(60)
    raise AssertionError(f"it never went out: {found}")


@pytest.mark.every(5)
@pytest.mark.parametrize("step", ["messages.create", "messages.update", "messages.send", "batch"])
@pytest.mark.parametrize("kind", [*BEFORE, *AFTER])
def test_two_letters_go_out_once_each(world: GraphWorld, step: str, kind: str) -> None:
    tokens = [TOKEN, "c" * 32]
    world.mailbox.watermark()
    world.sandbox.faults.add(step, kind)
    try:
        outcomes: list[Outcome] = world.mailbox.send([letter(token) for token in tokens])
    except AckdError:
        outcomes = []
    for token, outcome in zip(tokens, outcomes, strict=False):
        place = world.mailbox.find([token]).get(token)
        assert place is Place.SENT or not isinstance(outcome, Done)
        assert place is None or not isinstance(outcome, Refused), "a refused letter leaves nothing behind"
    world.sandbox.faults.clear()
    until_it_is_out(world, tokens)
    assert arrived(world) == 2
    assert not world.outlook.drafts(), "nothing is left behind"


def test_what_the_owner_sees_of_an_unsent_letter_can_be_thrown_away(world: GraphWorld) -> None:
    world.leave_next_unsent()
    world.mailbox.send([letter()])
    world.owner_trashes_draft(TOKEN)
    assert world.mailbox.find([TOKEN]) == {TOKEN: Place.THROWN_AWAY}
    (outcome,) = world.mailbox.send_unsent([TOKEN])
    assert isinstance(outcome, Unknown)
    assert arrived(world) == 0


def test_an_unsent_letter_that_the_owner_sent_isnt_sent_again(world: GraphWorld) -> None:
    world.leave_next_unsent()
    world.mailbox.send([letter()])
    world.owner_sends_draft(TOKEN)
    (outcome,) = world.mailbox.send_unsent([TOKEN])
    assert isinstance(outcome, Unknown)
    assert world.mailbox.find([TOKEN]) == {TOKEN: Place.SENT}
    assert arrived(world) == 1


def test_the_other_backend_knows_letters_and_lease(world: GraphWorld) -> None:
    from ackd.mailbox.ews import EwsMailbox

    ews = EwsMailbox(world.access, zone=world.mailbox._zone, clock=world.clock)  # type: ignore[attr-defined]
    assert world.mailbox.set_watermark(NOW) == NOW
    assert ews.watermark() == NOW
    world.mailbox.send([letter()])
    assert ews.find([TOKEN]) == {TOKEN: Place.SENT}
    lease = world.mailbox.take_lease("one")
    assert lease is not None
    assert ews.take_lease("two") is None
    world.mailbox.release(lease)
    taken = ews.take_lease("two")
    assert taken is not None
    assert world.mailbox.take_lease("one") is None
    ews.close()


def test_a_lease_that_lies_in_deleted_items_is_none(world: GraphWorld) -> None:
    world.mailbox.set_watermark(NOW)
    lease = world.mailbox.take_lease("one")
    assert lease is not None
    account = world.outlook.account
    ours = next(one for one in account.msg_folder_root.walk() if one.name == "lease")
    ours.move(to_folder=account.trash)
    assert not world.mailbox.holds(lease)
    assert world.another().take_lease("two") is not None


def test_how_often_graph_is_asked(world: GraphWorld) -> None:
    """An idle poll is one request; fifty letters and tasks go by the dozen."""
    state = drain(world.mailbox, None, None)[-1].sync_state
    world.tick(5)
    world.mailbox.changes(state, NOW)
    world.sandbox.requests.clear()
    world.mailbox.changes(state, NOW)
    assert world.sandbox.requests.operations() == ["batch"]
    world.sandbox.requests.clear()
    tokens = [f"{number:032x}" for number in range(50)]
    assert all(isinstance(one, Done) for one in world.mailbox.send([letter(token) for token in tokens]))
    assert all(isinstance(one, Done) for one in world.mailbox.create_tasks([task(token) for token in tokens]))
    by_mime = REPLY_HEADERS in world.refuted  # each draft goes by itself
    is_apart = len(world.refuted) > 1  # links and memories of tasks, too
    assert len(world.sandbox.requests) == 9 + 50 * by_mime + 6 * is_apart


def test_bob_sees_what_the_letter_answers(world: GraphWorld) -> None:
    """With quirks only where it was found out that properties become no headers."""
    world.mailbox.send([letter()])
    bob = Outlook(world.sandbox.url, BOB)
    (mail,) = bob.received()
    bob.close()
    is_threaded = not world._quirks.graph_reply_headers_ignored or REPLY_HEADERS in world.refuted
    assert (mail.in_reply_to or "") == (letter().in_reply_to if is_threaded else "")
    assert mail.author.email_address == "alice@corp.example"
