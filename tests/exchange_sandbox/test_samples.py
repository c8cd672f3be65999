"""Mails for trying out, and the server's stamp on what an address of the organisation's handed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ackd.text import eml
from exchange_sandbox import Sandbox, deliver
from exchange_sandbox.samples import samples
from exchange_sandbox.server.show import Shelf

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
STAMP = "X-MS-Exchange-Organization-AuthAs"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    with Sandbox(folder, {"alice@corp.example": "secret"}):
        return folder


def stamps(data: Path, name: str) -> list[str]:
    """Those of the mail with this subject."""
    with Shelf(data) as shelf:
        (inbox,) = shelf.folders("alice@corp.example", "Inbox")
        (found,) = (one for one in shelf.items(inbox) if one.subject == name)
        texts = "\n".join(shelf.item(found.number).texts.values())
    # they stand in the header fields and in the whole mail
    return sorted(set(re.findall(rf"^{STAMP}: (\w+)\r?$", texts, re.MULTILINE | re.IGNORECASE)))


@pytest.mark.parametrize(
    ("name", "sender", "more", "outside", "wanted"),
    [
        ("a colleague", "bob@corp.example", "", False, ["Internal"]),
        ("in capitals", "BOB@CORP.EXAMPLE", "", False, ["Internal"]),
        ("stamped already", "bob@corp.example", f"{STAMP}: Anonymous\r\n", False, ["Anonymous"]),
        ("a stranger", "bob@else.example", "", False, []),
        ("of a domain below", "bob@sub.corp.example", "", False, []),
        ("two authors", "bob@corp.example, eve@else.example", "", False, []),
        ("at the edge", "bob@corp.example", "", True, ["Anonymous"]),
    ],
)
def test_who_is_inside_is_stamped(
    data: Path, name: str, sender: str, more: str, outside: bool, wanted: list[str]
) -> None:
    raw = f"From: {sender}\r\nTo: alice@corp.example\r\nSubject: {name}\r\n{more}\r\nHello\r\n".encode()
    deliver(data, [raw], "alice@corp.example", from_outside=outside, signed_in=True)
    assert stamps(data, name) == wanted


def test_without_that_word_nothing_is_added(data: Path) -> None:
    deliver(data, [b"From: bob@corp.example\r\nSubject: as it stands\r\n\r\nHello\r\n"], "alice@corp.example")
    assert stamps(data, "as it stands") == []


def test_samples_are_for_whoever_gets_them() -> None:
    mails = [eml.read(raw) for raw in samples("zoe@else.example", AT)]
    assert len(mails) == 5
    for mail in mails:
        assert [one.email for one in mail.to] == ["zoe@else.example"]
        assert mail.sender
        assert mail.sender.email.endswith("@else.example")
        assert mail.sent == AT
    again = {mail.message_id for mail in map(eml.read, samples("zoe@else.example", AT.replace(minute=1)))}
    assert again.isdisjoint({mail.message_id for mail in mails})
