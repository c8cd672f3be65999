"""What servers that aren't Microsoft's take with NoError and don't keep, or leave out: with each such quirk
alone, and with all of them together, what ackd writes stands there and what it reads is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from ackd.errors import AckdError, Unreachable
from ackd.mailbox.ews import EwsMailbox
from ackd.mailbox.ews.client import MailProgram
from ackd.mailbox.ews.ways import DRAFTS, NOTE, REMINDER
from ackd.mailbox.program import ShownTask
from ackd.model import CategoryChange, Done, Place, Refused, SentMail, TaskChange
from exchange_sandbox import Quirks
from tests.exchange_sandbox.wire import Wire
from tests.mailbox.contract.mailbox_contract import BOB, NOW, OWNER, drain, letter, raw_mail, task
from tests.mailbox.contract.test_ews import ZONE, EwsWorld
from tests.mailbox.contract.test_kinds import TwoFaces

QUIRKS = (
    *("reminders_ignored", "appending_ignored", "sent_copies_undated", "ids_invalid", "gone_folders_untold"),
    *("gone_folder_deletion_fails", "tasks_without_status", "drafts_unmarked", "sent_drafts_stay"),
)
TOKEN, OTHER = "a" * 32, "b" * 32
LATER = NOW + timedelta(days=4)
MINE = (
    '<t:SetItemField><t:FieldURI FieldURI="item:Body"/><t:Task><t:Body BodyType="HTML">'
    "&lt;html&gt;&lt;body&gt;&lt;b&gt;mine&lt;/b&gt;&lt;/body&gt;&lt;/html&gt;"
    "</t:Body></t:Task></t:SetItemField>"
)

Make = Callable[..., EwsWorld]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[EwsWorld] = []

    def start(*quirks: str, world: Callable[..., EwsWorld] = EwsWorld) -> EwsWorld:
        made.append(world(tmp_path, Quirks.of(quirks)))
        return made[-1]

    yield start
    for world in made:
        world.close()


def each(*quirks: str) -> pytest.MarkDecorator:
    """Without quirks, with each of these, with all that leave out, and with everything."""
    sets = [(), *((quirk,) for quirk in quirks), QUIRKS, ("all", *QUIRKS)]
    return pytest.mark.parametrize("quirks", sets, ids=lambda some: "+".join(some[-2:]) or "none")


def shown(world: EwsWorld) -> ShownTask:
    program = MailProgram(world.access, ZONE)
    (found,) = program.tasks()
    program.close()
    return found


def item_of(world: EwsWorld, token: str = OTHER) -> str:
    return world.mailbox.tasks([token])[0].item


@each("reminders_ignored", "appending_ignored", "tasks_without_status")
def test_a_task_keeps_reminder_note_day_and_category(make: Make, quirks: tuple[str, ...]) -> None:
    world = make(*quirks)
    (made,) = world.mailbox.create_tasks([task(OTHER)])
    assert isinstance(made, Done)
    assert shown(world).reminder == task(OTHER).reminder
    seen = world.mailbox.tasks([OTHER])[0]
    assert made.key in ("", seen.key), "the owner has changed nothing"
    moved = TaskChange(
        OTHER,
        seen.item,
        reminder=LATER,
        due_date=LATER.date(),
        notes="Bob writes:\nstill waiting",
        add=("Late",),
    )
    for _ in range(2):  # the second time there is nothing to add
        assert isinstance(world.mailbox.change_tasks([moved])[0], Done)
    found = shown(world)
    assert (found.reminder, found.due, "Late" in found.categories) == (LATER, LATER.date(), True)
    assert found.body.count("still waiting") == 1
    assert found.body.startswith(task(OTHER).body[:5])
    assert not world.mailbox.tasks([OTHER])[0].is_complete
    assert isinstance(world.mailbox.change_tasks([TaskChange(OTHER, seen.item, complete=True)])[0], Done)
    assert world.mailbox.tasks([OTHER])[0].is_complete
    assert shown(world).is_complete


@pytest.mark.parametrize("quirk", ["reminders_ignored", "appending_ignored"])
def test_what_was_found_out_is_kept_for_the_next_process(make: Make, quirk: str) -> None:
    world = make(quirk)
    world.mailbox.create_tasks([task(OTHER)])
    world.mailbox.change_tasks([TaskChange(OTHER, item_of(world), notes="one")])
    state = drain(world.mailbox, None, NOW)[-1].sync_state
    world.watch("Inbox")
    drain(world.mailbox, state, NOW)
    before = world.sandbox.requests.count("UpdateItem")
    world.mailbox.create_tasks([task(TOKEN)])
    change = TaskChange(OTHER, item_of(world), reminder=LATER, notes="two")
    assert isinstance(world.mailbox.change_tasks([change])[0], Done)
    assert world.sandbox.requests.count("UpdateItem") == before + 1, "the right way at once"


def test_by_the_self_test_it_is_written_the_right_way_from_the_start(make: Make) -> None:
    world = make("reminders_ignored", "appending_ignored", "drafts_unmarked")
    world.mailbox.close()
    world.mailbox = EwsMailbox(world.access, zone=ZONE, clock=world.clock, refuted=(REMINDER, NOTE, DRAFTS))
    world.mailbox.create_tasks([task(OTHER)])
    assert [world.sandbox.requests.count(what) for what in ("UpdateItem", "GetItem")] == [0, 0]
    assert shown(world).reminder == task(OTHER).reminder


def test_a_formatted_text_stays_formatted(make: Make) -> None:
    world = make("appending_ignored")
    world.mailbox.create_tasks([task(OTHER)])
    wire = Wire(world.sandbox.url, OWNER)
    assert wire.update(wire.find("tasks").ids[0], MINE).codes == ["NoError"]
    for note in ("a < b", "second", "a < b"):
        world.mailbox.change_tasks([TaskChange(OTHER, item_of(world), notes=note)])
    (body,) = wire.get(item_of(world), "item:Body").all("t:Body")
    assert body.get("BodyType") == "HTML"
    assert "<b>mine</b><p>a &lt; b</p><p>second</p></body>" in (body.text or "")


def test_what_cannot_be_read_back_is_asked_at_the_next_write(make: Make) -> None:
    world = make("reminders_ignored")
    world.sandbox.faults.add("GetItem", "503")
    (made,) = world.mailbox.create_tasks([task(OTHER)])
    assert isinstance(made, Done)
    world.mailbox.change_tasks([TaskChange(OTHER, item_of(world), reminder=LATER)])
    assert shown(world).reminder == LATER


@each("sent_copies_undated")
def test_the_owners_answers_are_seen_with_their_time(make: Make, quirks: tuple[str, ...]) -> None:
    world = make(*quirks)
    world.arrive(raw_mail("q1"))
    world.tick(3600)
    world.owner_answers("<q1@corp.example>", BOB)
    world.tick(24 * 3600)
    since = NOW - timedelta(days=1)
    (answer,) = [one for one in world.mailbox.past(since, answered=True) if isinstance(one, SentMail)]
    assert (answer.at, answer.in_reply_to) == (NOW + timedelta(hours=1), "<q1@corp.example>")
    assert list(world.mailbox.past(NOW + timedelta(hours=2))) == []
    (seen,) = [mail for page in drain(world.mailbox, None, since) for mail in page.sent]
    assert seen.at == NOW + timedelta(hours=1)


@each("ids_invalid")
def test_an_id_that_means_nothing_is_a_task_that_is_gone(make: Make, quirks: tuple[str, ...]) -> None:
    world = make(*quirks)
    (outcome,) = world.mailbox.change_tasks([TaskChange(OTHER, "bm9uc2Vuc2U=", notes="x")])
    assert isinstance(outcome, Refused)
    assert outcome.is_gone
    world.arrive(raw_mail("q1"))
    change = CategoryChange("<q1@corp.example>", "bm9uc2Vuc2U=", add=("Promised",))
    assert isinstance(world.mailbox.categorize([change])[0], Done), "found by its Message-ID"


@each("gone_folders_untold", "gone_folder_deletion_fails")
def test_a_lease_that_is_gone_can_be_given_back(make: Make, quirks: tuple[str, ...]) -> None:
    world = make(*quirks)
    world.mailbox.set_watermark(NOW)
    lease = world.mailbox.take_lease("me")
    assert lease
    world.mailbox.release(lease)
    assert not world.mailbox.holds(lease)
    world.mailbox.release(lease)
    assert world.mailbox.take_lease("me")
    world.sandbox.faults.add("DeleteFolder", "503")
    with pytest.raises(Unreachable):
        world.mailbox.leave()


@each("drafts_unmarked")
def test_what_lies_in_the_trash_is_told_apart_or_unclear(make: Make, quirks: tuple[str, ...]) -> None:
    world = make(*quirks)
    is_told = not set(quirks) & {"drafts_unmarked"}
    world.mailbox.draft([letter(TOKEN)])
    assert world.mailbox.find([TOKEN]) == {TOKEN: Place.DRAFTS}
    state = drain(world.mailbox, None, NOW)[-1].sync_state
    world.owner_trashes_draft(TOKEN)
    world.watch("Inbox")  # another process
    drain(world.mailbox, state, NOW)
    assert world.mailbox.find([TOKEN]) == {TOKEN: Place.THROWN_AWAY if is_told else Place.UNCLEAR}
    world.mailbox.send([letter(OTHER)])
    world.owner_trashes_sent(OTHER)
    assert world.mailbox.find([OTHER]) == {OTHER: Place.TRASH if is_told else Place.UNCLEAR}


class FromGraph(TwoFaces):
    def __init__(self, folder: Path, quirks: Quirks) -> None:
        super().__init__(folder, quirks, "graph")


@pytest.mark.parametrize("fault", ["", "cut-after-commit", "empty-response-code", "malformed-xml"])
@each("sent_drafts_stay")
def test_a_draft_that_stays_is_sent_once_and_not_claimed(
    make: Make, quirks: tuple[str, ...], fault: str
) -> None:
    """Also where the server's answer is lost."""
    world = make(*quirks, world=FromGraph)
    stays = "sent_drafts_stay" in quirks
    world.sandbox.faults.add("messages.send", "503", times=9)
    world.mailbox.send([letter(TOKEN)])
    world.turn()
    if fault:
        world.sandbox.faults.add("SendItem", fault)
    (first,) = world.mailbox.send_unsent([TOKEN])
    is_said = not fault and "all" not in quirks
    assert isinstance(first, Done) == (is_said and not stays)
    place = Place.UNCLEAR if stays else Place.SENT
    assert world.mailbox.find([TOKEN]) == {TOKEN: place}
    for face in ("ews", "graph"):
        assert world.kind == face
        with suppress(AckdError):
            assert not isinstance(world.mailbox.send_unsent([TOKEN])[0], Done)
        assert world.mailbox.find([TOKEN]) == {TOKEN: place}
        world.turn()
    heard = Wire(world.sandbox.url, BOB).find("inbox").ids
    assert len(heard) == 1


def test_a_refused_draft_is_sent_later(make: Make) -> None:
    world = make("sent_drafts_stay", world=FromGraph)
    world.sandbox.faults.add("messages.send", "503", times=9)
    world.mailbox.send([letter(TOKEN)])
    world.turn()
    world.sandbox.faults.add("SendItem", "quota-exceeded")
    assert isinstance(world.mailbox.send_unsent([TOKEN])[0], Refused)
    assert world.mailbox.find([TOKEN]) == {TOKEN: Place.UNSENT}
    world.mailbox.send_unsent([TOKEN])
    assert len(Wire(world.sandbox.url, BOB).find("inbox").ids) == 1
