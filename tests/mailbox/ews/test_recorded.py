"""The adapter reads what a real server answered (see the shared ews-wire folder), and doesn't
believe what can't be believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from ackd.mailbox import values
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.ews.requests import distinguished
from ackd.mailbox.sync_keys import SyncKey
from ackd.model import Address, Done, Unknown
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import letter, task
from tests.mailbox.ews.scripted import Scripted, ScriptedServer

NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
Recorded = Callable[[str], Scripted]


@pytest.fixture
def recorded(shared: Path) -> Recorded:
    def find(name: str) -> Scripted:
        (file,) = (shared / "ews-wire").glob(f"{name}-*.response.*.xml")
        return Scripted(file.read_bytes(), int(file.name.split(".")[-2]))

    return find


class Desk:
    """An EwsMailbox against a script."""

    def __init__(self, *script: Scripted) -> None:
        self.server = ScriptedServer(*script)
        self.server.__enter__()
        access = Access("alice@corp.example", self.server.url, self.server.url, "secret")
        self.mailbox = EwsMailbox(access, zone=ZoneInfo("Europe/Berlin"), clock=StepClock(NOW))

    def close(self) -> None:
        self.mailbox.close()
        self.server.__exit__(None, None, None)


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(*script: Scripted) -> Desk:
        desks.append(Desk(*script))
        return desks[-1]

    yield make
    for made in desks:
        made.close()


def element(answer: Scripted, path: str) -> Any:
    found = etree.fromstring(answer.body).find(f".//{{*}}{path}")
    assert found is not None
    return found


def test_a_mail_is_read_whole(recorded: Recorded) -> None:
    from ackd.mailbox.ews import reading

    mail = reading.mail(element(recorded("06"), "Items/{*}Message"), "Inbox", NOW)
    assert mail.subject == "Refund for order 4711"
    assert mail.sender == Address("bob@corp.example")
    assert [a.email for a in mail.to] == ["alice@corp.example"]
    assert mail.received == datetime(2026, 11, 21, 20, 21, 39, 857445, tzinfo=UTC)
    assert "whether the refund has been processed?" in (mail.html or "")
    assert mail.item_class == "IPM.Note"
    assert mail.headers
    assert mail.message_id.startswith("<179529249982.")
    assert not mail.is_draft


def test_a_sent_letter_is_done_and_found(recorded: Recorded, desk: Callable[..., Desk]) -> None:
    (outcome,) = desk(recorded("07")).mailbox.send([letter()])
    assert isinstance(outcome, Done)
    assert outcome.item


def test_a_task_is_done(recorded: Recorded, desk: Callable[..., Desk]) -> None:
    (outcome,) = desk(recorded("10")).mailbox.create_tasks([task()])
    assert isinstance(outcome, Done)


@pytest.mark.parametrize(
    ("name", "due", "complete"),
    [("11", date(2026, 11, 24), False), ("13", date(2026, 11, 30), False), ("15", date(2026, 11, 30), True)],
)
def test_a_task_in_sync(recorded: Recorded, name: str, due: date, complete: bool) -> None:
    from ackd.mailbox.ews import reading

    found = element(recorded(name), "Changes//{*}Task")
    assert reading.seen_task(found, ZoneInfo("Europe/Berlin")) is None  # no token was asked for
    assert (
        values.task_date(values.moment(reading.text_at(found, "t:DueDate")), ZoneInfo("Europe/Berlin")) == due
    )
    assert (reading.text_at(found, "t:Status") == "Completed") is complete


def test_a_deleted_task_is_gone(recorded: Recorded, desk: Callable[..., Desk]) -> None:
    page = desk(recorded("17")).mailbox.syncing.page(
        SyncKey.TASKS, distinguished("tasks", "a@b.example"), _folder_sync(), ""
    )
    assert len(page.deleted) == 1
    assert page.created == ()


def test_an_idle_sync_is_empty(recorded: Recorded, desk: Callable[..., Desk]) -> None:
    page = desk(recorded("04")).mailbox.syncing.page(
        SyncKey.SENT, distinguished("sentitems", "a@b.example"), _folder_sync(), ""
    )
    assert page.complete
    assert (page.created, page.updated, page.deleted) == ((), (), ())


def test_a_batch_that_ended_in_500_leaves_every_item_open(
    recorded: Recorded, desk: Callable[..., Desk]
) -> None:
    made = desk(recorded("26"))
    outcomes = made.mailbox.send([letter("1" * 32), letter("2" * 32), letter("3" * 32)])
    assert [type(outcome) for outcome in outcomes] == [Unknown] * 3
    assert len(made.server.requests) == 1


def test_an_empty_response_code_leaves_the_item_open(recorded: Recorded) -> None:
    from ackd.mailbox.ews.wire import _answer
    from ackd.mailbox.ews.writing import read_outcomes

    (outcome,) = read_outcomes([_answer(element(recorded("28"), "SendItemResponse"))], 1)
    assert isinstance(outcome, Unknown)


def _folder_sync() -> Any:
    from ackd.mailbox.ews.sync_state import FolderSync

    return FolderSync("state", "")
