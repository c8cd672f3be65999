"""Where something doesn't hold on which ackd relies, it works all the same, once the self-test has found that
out: each thing by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ackd.mailbox.graph import letter_ids, ways
from ackd.model import Done, Place, TaskChange, Unknown
from exchange_sandbox import Quirks
from tests.backends import REFUTED
from tests.mailbox.contract.mailbox_contract import BOB, NOW, drain, letter, raw_mail, task
from tests.mailbox.contract.test_graph import GraphWorld

TOKEN = letter().token
Make = Callable[..., GraphWorld]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    made: list[GraphWorld] = []

    def start(*quirks: str) -> GraphWorld:
        refuted = [REFUTED[quirk] for quirk in quirks]
        made.append(GraphWorld(tmp_path, Quirks.of(quirks), monkeypatch, *refuted))
        return made[-1]

    yield start
    for world in made:
        world.close()


# --- letters --------------------------------------------------------------------------------------


def test_a_copy_without_a_token_is_known_by_its_message_id(make: Make) -> None:
    world = make("graph_copies_lose_marks")
    state = drain(world.mailbox, None, None)[-1].sync_state
    world.tick(5)
    world.sandbox.faults.add("messages.send", "504-after-commit")
    (outcome,) = world.mailbox.send([letter()])
    assert isinstance(outcome, Unknown)
    assert world.mailbox.find([TOKEN]) == {TOKEN: Place.SENT}
    assert [mail.token for page in drain(world.mailbox, state, NOW) for mail in page.sent] == [TOKEN]
    (outcome,) = world.mailbox.send_unsent([TOKEN])
    assert isinstance(outcome, Unknown)


@pytest.mark.parametrize("quirk", ["graph_copies_lose_marks", "graph_reply_headers_ignored"])
def test_a_draft_for_the_owner_isnt_taken_for_one_on_its_way(make: Make, quirk: str) -> None:
    """The marks of the one that is made as MIME were lost."""
    world = make(quirk)
    world.sandbox.faults.add("messages.update", "cut-before-commit")
    world.mailbox.draft([letter()])
    assert world.mailbox.find([TOKEN]) == {TOKEN: Place.DRAFTS}
    assert world.mailbox.send_unsent([TOKEN]) == [
        Unknown("the letter isn't in Drafts any more: it may be out")
    ]
    assert not world.mailbox.signs({letter().in_reply_to: ""}).answered, "it isn't the owner's reply"


def test_only_our_own_message_ids_tell_a_token() -> None:
    own_id = letter_ids.made(TOKEN, "corp.example", is_on_its_way=True)
    assert letter_ids.token_in(own_id) == TOKEN
    assert letter_ids.is_on_its_way(own_id)
    for other in (
        f"<{TOKEN}@corp.example>",
        f"<{TOKEN}@ackd>",
        "<@ackd.corp.example>",
        f"<{TOKEN}@ackd.corp.example> x",
        f"{TOKEN}@ackd.corp.example",
        f"<a b{TOKEN}@ackd.corp.example>",
        "",
    ):
        assert letter_ids.token_in(other) == "", other


@pytest.mark.parametrize("domain", ["corp.example", "büro.example", "", "a" * 300])
def test_a_message_id_is_ascii_whatever_the_domain(domain: str) -> None:
    known = ways.Ways.of((), f"alice@{domain}" if domain else "")
    assert letter_ids.made(TOKEN, known.domain, is_on_its_way=True).isascii()


# --- reading --------------------------------------------------------------------------------------


def test_a_long_text_is_read_from_its_html(make: Make) -> None:
    world = make("graph_long_text_cut")
    text = "figures " * 5_000 + "and the last word"
    state = drain(world.mailbox, None, None)[-1].sync_state
    world.tick(5)
    world.arrive(raw_mail("long", text=text).replace(b"text/plain", b"text/html"))
    (mail,) = (mail for page in drain(world.mailbox, state, NOW) for mail in page.mails)
    assert "the last word" in (mail.html or "")
    assert not mail.text


@pytest.mark.parametrize("knows", [True, False])
def test_a_command_on_an_old_mail_is_told(make: Make, knows: bool) -> None:
    """Without the self-test it isn't, where a delta tells only of what its filter leaves in."""
    world = make("graph_filtered_changes")
    if not knows:
        world.refuted = ()
        world.mailbox.close()
        world.mailbox = world.opened("Inbox")
    world.arrive(raw_mail("old"))
    world.tick(10 * 86400)
    since = NOW + timedelta(days=10)
    state = drain(world.mailbox, None, since)[-1].sync_state
    world.tick(5)
    world.outlook.mark("<old@corp.example>", "ackd: acknowledge")
    marked = [mark.message_id for page in drain(world.mailbox, state, since) for mark in page.marked]
    assert marked == ["<old@corp.example>"] * knows


# --- tasks ----------------------------------------------------------------------------------------

TASKS = [
    ("graph_task_links_ignored",),
    ("graph_task_memory_ignored",),
    ("graph_task_links_ignored", "graph_task_memory_ignored"),
]


@pytest.mark.parametrize("quirks", TASKS, ids=["links", "memory", "both"])
def test_a_task_is_linked_and_remembers(make: Make, quirks: tuple[str, ...]) -> None:
    world = make(*quirks)
    made = replace(task(), link="https://outlook.example/q1")
    (outcome,) = world.mailbox.create_tasks([made])
    assert isinstance(outcome, Done)
    (seen,) = world.mailbox.tasks([made.token])
    assert (seen.message_id, seen.asker, seen.promised) == (made.message_id, made.asker, made.promised)
    assert world.mailbox.find([made.token]) == {made.token: Place.TASKS}


def test_a_task_whose_answer_and_link_were_lost_is_found_by_its_memory(make: Make) -> None:
    world = make("graph_task_links_ignored")
    world.sandbox.faults.add("tasks.create", "cut-after-commit")
    (outcome,) = world.mailbox.create_tasks([task()])
    assert isinstance(outcome, Unknown)
    assert world.mailbox.find([task().token]) == {task().token: Place.TASKS}
    (outcome,) = world.mailbox.create_tasks([task("b" * 32)])
    assert isinstance(outcome, Done)


def test_a_task_that_remembers_nothing_begins_to(make: Make) -> None:
    world = make("graph_task_memory_ignored")
    world.sandbox.faults.add("tasks.extensions.create", "503")
    (outcome,) = world.mailbox.create_tasks([task()])
    assert isinstance(outcome, Done)
    (seen,) = world.mailbox.tasks()
    assert seen.promised is None
    later = NOW + timedelta(days=3)
    (outcome,) = world.mailbox.change_tasks([TaskChange(seen.token, seen.item, seen.key, promised=later)])
    assert isinstance(outcome, Done)
    (seen,) = world.mailbox.tasks()
    assert seen.promised == later


# --- folders --------------------------------------------------------------------------------------


def test_of_two_at_once_at_most_one_has_the_lease(make: Make) -> None:
    world = make("graph_folder_names_repeat")
    world.mailbox.set_watermark(NOW)
    boxes = [world.mailbox, *(world.another() for _ in range(3))]
    for _ in range(5):
        with ThreadPoolExecutor(len(boxes)) as pool:
            leases = list(pool.map(lambda box: box.take_lease(str(id(box))), boxes))
        assert sum(lease is not None for lease in leases) <= 1
        for box, lease in zip(boxes, leases, strict=True):
            if lease is not None:
                box.release(lease)
        world.tick(5)
    world.tick(5)
    assert boxes[0].take_lease("one") is not None, "alone it has it"
    assert boxes[1].take_lease("two") is None


def test_two_at_once_have_one_watermark(make: Make) -> None:
    world = make("graph_folder_names_repeat")
    boxes = [world.mailbox, world.another()]
    for box in boxes:
        assert box.watermark() is None
    marks = [box.set_watermark(NOW + timedelta(seconds=number)) for number, box in enumerate(boxes)]
    assert marks == [NOW, NOW]


def test_a_lease_says_whose_it_is(make: Make) -> None:
    world = make("graph_child_marks_ignored")
    world.mailbox.set_watermark(NOW)
    assert world.mailbox.take_lease("one") is not None
    other = world.another()
    assert other.take_lease("two") is None
    busy = other.busy_lease()
    assert busy is not None
    assert busy.holder == "one"


def test_without_a_way_to_delete_for_good_all_is_deleted(make: Make) -> None:
    world = make("graph_no_permanent_delete")
    world.mailbox.set_watermark(NOW)
    for number in range(3):
        lease = world.mailbox.take_lease("one")
        assert lease is not None, number
        world.mailbox.release(lease)
        assert not world.mailbox.holds(lease)
    world.mailbox.draft([letter(), letter("b" * 32, BOB)])
    assert world.mailbox.remove([TOKEN]) == {TOKEN}
    assert world.mailbox.find([TOKEN, "b" * 32]) == {"b" * 32: Place.DRAFTS}
    assert not world.outlook.account.trash.all().count()
