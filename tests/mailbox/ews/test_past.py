"""Searches and listings on servers that page, refuse, mix up or can't give what they list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ackd.errors import Unreachable
from ackd.mailbox import item_reads
from ackd.mailbox.ews import Access, EwsMailbox, past
from ackd.model import Mail, SentMail
from exchange_sandbox import Quirks
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import NOW, raw_mail
from tests.mailbox.contract.test_ews import ZONE, EwsWorld
from tests.mailbox.ews.scripted import Scripted, ScriptedServer

MESSAGES = "<m:{0}Response><m:ResponseMessages>{1}</m:ResponseMessages></m:{0}Response>"
OK = (
    '<m:{0}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
    "{1}</m:{0}ResponseMessage>"
)
REFUSED = (
    '<m:{0}ResponseMessage ResponseClass="Error"><m:MessageText>no</m:MessageText>'
    "<m:ResponseCode>{1}</m:ResponseCode></m:{0}ResponseMessage>"
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[EwsWorld]:
    world = EwsWorld(tmp_path, Quirks())
    yield world
    world.close()


def names(found: Iterator[Mail | SentMail]) -> list[str]:
    return [one.message_id.strip("<>").partition("@")[0] for one in found]


def test_many_pages_give_every_mail_once_in_order(world: EwsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "LISTING", 3)
    monkeypatch.setattr(item_reads, "MOST", 2)
    for number in range(11):
        world.arrive(raw_mail(f"n{number}"))
        world.tick(1 if number % 4 else 0)  # several in the same second
    found = names(world.mailbox.past(NOW))
    assert found == [f"n{number}" for number in range(11)]
    assert names(world.mailbox.past(NOW + timedelta(seconds=6))) == ["n8", "n9", "n10"]
    assert len(names(world.mailbox.past(NOW, 5))) == 5


def test_mail_that_comes_in_while_the_pages_are_listed_moves_them(
    world: EwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "LISTING", 3)
    for number in range(8):
        world.arrive(raw_mail(f"n{number}"))
        world.tick(1)
    listed = past._newest_first(
        world.mailbox._wire, "Inbox", world.mailbox.syncing.inboxes()["Inbox"], past.RECEIVED
    )
    found = [next(listed).message_id]
    world.arrive(raw_mail("new"))
    found += [one.message_id for one in listed]
    assert found == [f"<n{number}@corp.example>" for number in reversed(range(8))]


# --- scripted servers ---------------------------------------------------------------------------


def listing(*items: tuple[str, datetime, str], last: bool = True) -> str:
    shown = "".join(
        f'<t:Message><t:ItemId Id="{name}"/><t:Subject>{subject}</t:Subject>'
        f"<t:DateTimeReceived>{at:%Y-%m-%dT%H:%M:%SZ}</t:DateTimeReceived>"
        f"<t:DateTimeSent>{at:%Y-%m-%dT%H:%M:%SZ}</t:DateTimeSent>"
        f"<t:InternetMessageId>&lt;{name}@x&gt;</t:InternetMessageId></t:Message>"
        for name, at, subject in items
    )
    is_last = str(last).lower()
    root = f'<m:RootFolder IncludesLastItemInRange="{is_last}"><t:Items>{shown}</t:Items></m:RootFolder>'
    return MESSAGES.format("FindItem", OK.format("FindItem", root))


def given(*items: str) -> str:
    return MESSAGES.format("GetItem", "".join(items))


def message(name: str) -> str:
    item = f'<t:ItemId Id="{name}"/><t:InternetMessageId>&lt;{name}@x&gt;</t:InternetMessageId>'
    return OK.format("GetItem", f"<m:Items><t:Message>{item}</t:Message></m:Items>")


def at(minutes: float) -> datetime:
    return datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(minutes=minutes)


class Scene:
    """An EwsMailbox on a script, and what it asked."""

    def __init__(self, *answers: str) -> None:
        self.server = ScriptedServer(*map(Scripted.soap, answers))

    def __enter__(self) -> EwsMailbox:
        self.server.__enter__()
        access = Access("alice@corp.example", self.server.url, self.server.url, "secret")
        self.mailbox = EwsMailbox(access, zone=ZONE, clock=StepClock(NOW))
        return self.mailbox

    def __exit__(self, *_: object) -> None:
        self.mailbox.close()
        self.server.__exit__(None, None, None)

    def asked(self) -> list[str]:
        found = (re.search(rb"<m:(\w+Item)[ >]", request) for request in self.server.requests)
        return [match[1].decode() for match in found if match]


def test_a_server_that_refuses_the_restriction_is_gone_through() -> None:
    page = listing(("c", at(3), "A budget"), ("b", at(2), "Other"), ("a", at(1), "The Budget"))
    refused = MESSAGES.format("FindItem", REFUSED.format("FindItem", "ErrorUnsupportedPathForQuery"))
    scene = Scene(refused, page, given(message("c"), message("a")))
    with scene as mailbox:
        found = mailbox.search(subject="budget")
    assert [mail.message_id for mail in found] == ["<c@x>", "<a@x>"]
    assert scene.asked() == ["FindItem", "FindItem", "GetItem"]


def test_what_the_server_cannot_give_comes_with_everything_unknown_and_what_is_gone_not_at_all() -> None:
    inbox = listing(("c", at(3), ""), ("b", at(2), ""), ("a", at(1), ""))
    corrupt, gone = (REFUSED.format("GetItem", code) for code in ("ErrorWeird", "ErrorItemNotFound"))
    with Scene(inbox, listing(), given(message("a"), corrupt, gone)) as mailbox:
        first, second = mailbox.past(at(0))
    assert (first.message_id, second.message_id) == ("<a@x>", "<b@x>")
    assert isinstance(second, Mail)
    assert (second.headers, second.sender, second.item_class, second.received) == (None, None, None, at(2))


def test_a_server_that_keeps_no_order_is_listed_to_the_end() -> None:
    first = listing(("x", at(-9), ""), ("b", at(2), ""), ("y", at(-8), ""), last=False)
    second = listing(("c", at(3), ""), ("a", at(1), ""))
    scene = Scene(first, second, listing(), given(message("a"), message("b"), message("c")))
    with scene as mailbox:
        assert names(mailbox.past(at(0))) == ["a", "b", "c"]
    assert scene.asked() == ["FindItem", "FindItem", "FindItem", "GetItem"]


def test_a_listing_ends_where_the_wanted_time_begins() -> None:
    scene = Scene(listing(("b", at(2), ""), ("x", at(-9), ""), last=False), listing(), given(message("b")))
    with scene as mailbox:
        assert names(mailbox.past(at(0))) == ["b"]
    assert scene.asked() == ["FindItem", "FindItem", "GetItem"]


def test_a_refused_listing_is_told() -> None:
    refused = MESSAGES.format("FindItem", REFUSED.format("FindItem", "ErrorAccessDenied"))
    with (
        Scene(refused) as mailbox,
        pytest.raises(Unreachable, match="Inbox can't be listed: ErrorAccessDenied"),
    ):
        list(mailbox.past(at(0)))
