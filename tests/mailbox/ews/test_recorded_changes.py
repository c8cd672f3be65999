"""What a real server answered when a task of ours was moved, completed and trashed and a category set
(see the shared ews-wire folder, 11 to 19), read by the adapter step by step.

The recordings were made without asking for our token. Where a story hangs on it, it is put into the
recorded answer as that server gives extended properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.mailbox import own_properties
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.ews.reading import marked
from ackd.mailbox.ews.requests import distinguished
from ackd.mailbox.ews.sync_state import FolderSync
from ackd.mailbox.ews.syncing import _Page
from ackd.mailbox.sync_keys import SyncKey
from ackd.model import CategoryChange, Done, SeenTask, TaskChange
from tests.clock import StepClock
from tests.mailbox.ews.scripted import Scripted, ScriptedServer

NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
TOKEN = "b" * 32
_OURS = (
    f'<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="{own_properties.PROPERTY_SET}" '
    f'PropertyName="{own_properties.TOKEN}" PropertyType="String"/>'
    f"<t:Value>{TOKEN}</t:Value></t:ExtendedProperty>"
)
Recorded = Callable[[str], Scripted]
Desk = Callable[..., EwsMailbox]


@pytest.fixture
def recorded(shared: Path) -> Recorded:
    def find(name: str) -> Scripted:
        (file,) = (shared / "ews-wire").glob(f"{name}-*.response.*.xml")
        return Scripted(re.sub(rb"</t:Task>", _OURS.encode() + b"</t:Task>", file.read_bytes()))

    return find


@pytest.fixture
def servers() -> Iterator[list[ScriptedServer]]:
    made: list[ScriptedServer] = []
    yield made
    for server in made:
        server.__exit__(None, None, None)


@pytest.fixture
def desk(servers: list[ScriptedServer]) -> Desk:
    """A mailbox against a script."""

    def make(*script: Scripted) -> EwsMailbox:
        servers.append(ScriptedServer(*script))
        servers[-1].__enter__()
        access = Access("alice@corp.example", servers[-1].url, servers[-1].url, "secret")
        return EwsMailbox(access, zone=ZoneInfo("Europe/Berlin"), clock=StepClock(NOW))

    return make


def synced(mailbox: EwsMailbox) -> _Page:
    return mailbox.syncing.page(
        SyncKey.TASKS, distinguished("tasks", "alice@corp.example"), FolderSync("state", ""), ""
    )


def task_in(mailbox: EwsMailbox) -> SeenTask:
    (task,) = mailbox.syncing.tasks(SyncKey.TASKS, synced(mailbox))
    return task


def read_of(answer: Scripted, kind: str) -> Scripted:
    """The answer to a GetItem that shows the item as a recorded sync did."""
    found = re.search(rf"<t:{kind}>.*</t:{kind}>".encode(), answer.body)
    assert found is not None
    return Scripted.soap(
        '<m:GetItemResponse><m:ResponseMessages><m:GetItemResponseMessage ResponseClass="Success">'
        f"<m:ResponseCode>NoError</m:ResponseCode><m:Items>{found[0].decode()}</m:Items>"
        "</m:GetItemResponseMessage></m:ResponseMessages></m:GetItemResponse>"
    )


def test_a_task_from_its_making_to_its_end(recorded: Recorded, desk: Desk) -> None:
    made, moved, done = (task_in(desk(recorded(name))) for name in ("11", "13", "15"))
    assert {task.token for task in (made, moved, done)} == {TOKEN}
    assert [task.due_date for task in (made, moved, done)] == [date(2026, 11, 24), *[date(2026, 11, 30)] * 2]
    assert [task.is_complete for task in (made, moved, done)] == [False, False, True]
    assert {task.item for task in (made, moved, done)} == {made.item}
    assert len({task.key for task in (made, moved, done)}) == 3
    assert made.categories == ("Promised",)
    assert synced(desk(recorded("17"))).deleted == (made.item,)


def test_our_own_move_is_known_by_its_key_when_it_comes_back(
    recorded: Recorded, desk: Desk, servers: list[ScriptedServer]
) -> None:
    made = task_in(desk(recorded("11")))
    change = TaskChange(TOKEN, made.item, made.key, due_date=date(2026, 11, 30))
    mailbox = desk(read_of(recorded("11"), "Task"), recorded("12"))
    (outcome,) = mailbox.change_tasks([change])
    assert isinstance(outcome, Done)
    assert outcome.item == made.item
    assert outcome.key == task_in(desk(recorded("13"))).key
    written = servers[1].requests[-1].decode()
    assert "2026-11-30T00:00:00Z" in written
    assert 'ConflictResolution="NeverOverwrite"' in written
    assert made.key in written


def test_our_own_tick_is_known_by_its_key_when_it_comes_back(recorded: Recorded, desk: Desk) -> None:
    moved = task_in(desk(recorded("13")))
    change = TaskChange(TOKEN, moved.item, moved.key, complete=True)
    (outcome,) = desk(read_of(recorded("13"), "Task"), recorded("14")).change_tasks([change])
    assert isinstance(outcome, Done)
    assert outcome.key == task_in(desk(recorded("15"))).key


def test_a_task_is_taken_to_the_trash(recorded: Recorded, desk: Desk, servers: list[ScriptedServer]) -> None:
    found = re.search(rb"<t:Task>.*</t:Task>", recorded("15").body)
    assert found is not None
    message = (
        '<m:FindItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
        '<m:RootFolder IncludesLastItemInRange="true"><t:Items>{}</t:Items></m:RootFolder>'
        "</m:FindItemResponseMessage>"
    )
    folders = message.format("") + message.format(found[0].decode()) + message.format("")
    listed = Scripted.soap(
        f"<m:FindItemResponse><m:ResponseMessages>{folders}</m:ResponseMessages></m:FindItemResponse>"
    )
    assert desk(listed, recorded("16")).remove([TOKEN], for_good=False) == {TOKEN}
    assert b'DeleteType="MoveToDeletedItems"' in servers[0].requests[-1]


def test_a_category_of_the_owners_is_seen(recorded: Recorded, desk: Desk) -> None:
    (element,) = synced(desk(recorded("19"))).updated
    mark = marked(element)
    assert mark is not None
    assert mark.categories == ("ackd: not a question",)
    assert mark.message_id == "<179529249982.12370.10754079539268852230@relay.corp.example>"
    assert mark.received == datetime(2026, 11, 21, 20, 21, 39, tzinfo=UTC)


def test_a_command_is_taken_away(recorded: Recorded, desk: Desk, servers: list[ScriptedServer]) -> None:
    (element,) = synced(desk(recorded("19"))).updated
    mark = marked(element)
    assert mark is not None
    change = CategoryChange(mark.message_id, mark.item, remove=("ackd: not a question",))
    (outcome,) = desk(read_of(recorded("19"), "Message"), recorded("18")).categorize([change])
    assert isinstance(outcome, Done)
    assert outcome.item == mark.item
    assert b"<t:DeleteItemField>" in servers[1].requests[-1]
