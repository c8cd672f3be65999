"""Distribution lists: expanded one level deep, and mail to them reaches their members."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from exchange_sandbox import Sandbox, SandboxError

from .conftest import ALICE, BOB
from .wire import Wire, mailbox

CARL = "carl@corp.example"
TEAM, INNER = "team@corp.example", "inner.circle@corp.example"


@pytest.fixture
def office(make: Callable[..., Sandbox]) -> Sandbox:
    groups = {TEAM: [BOB, INNER, "Dora@Partner.example"], INNER: [CARL, TEAM, BOB]}
    return make(mailboxes=(ALICE, BOB, CARL), groups=groups)


def expand(wire: Wire, address: str) -> list[tuple[str, ...]]:
    got = wire(f"<m:ExpandDL>{mailbox(address).replace('t:Mailbox', 'm:Mailbox')}</m:ExpandDL>")
    assert got.codes == ["NoError"]
    (expansion,) = got.all("m:DLExpansion")
    assert (expansion.get("IncludesLastItemInRange"), expansion.get("TotalItemsInView")) == (
        "true",
        str(len(expansion)),
    )
    return [tuple(part.text or "" for part in member) for member in expansion]


def test_a_list_is_expanded_one_level_deep(office: Sandbox) -> None:
    assert expand(Wire(office.url, ALICE), TEAM.upper()) == [
        ("Bob", BOB, "SMTP", "Mailbox"),
        ("Inner Circle", INNER, "SMTP", "PublicDL"),
        ("dora@partner.example", "dora@partner.example", "SMTP", "Contact"),
    ]


@pytest.mark.parametrize("address", ["nobody@corp.example", BOB])
def test_what_is_no_list_is_not_found(office: Sandbox, address: str) -> None:
    element = mailbox(address).replace("t:Mailbox", "m:Mailbox")
    got = Wire(office.url, ALICE)(f"<m:ExpandDL>{element}</m:ExpandDL>")
    assert got.codes == ["ErrorNameResolutionNoResults"]


def test_mail_to_a_list_reaches_each_member_once(office: Sandbox) -> None:
    alice, bob, carl = (Wire(office.url, who) for who in (ALICE, BOB, CARL))
    alice.send("To the team", TEAM)
    for member in (bob, carl):
        got = member.find("inbox", "item:Subject")
        assert got.texts("t:Subject") == ["To the team"]
    to = dict(bob.headers(bob.find("inbox").ids[0][0]))["To"]
    assert to == '"Team" <team@corp.example>'
    # the one member who can't be reached is told of, as for a mail to that address alone
    assert alice.find("inbox", "item:Subject").texts("t:Subject") == ["Undeliverable: To the team"]


def test_transport_delivers_to_a_list_too(office: Sandbox) -> None:
    office.deliver(b"From: eve@evil.test\r\nTo: team@corp.example\r\nSubject: hi\r\n\r\nx", TEAM)
    assert len(Wire(office.url, CARL).find("inbox").ids) == 1
    assert Wire(office.url, ALICE).find("inbox").ids == []


def test_lists_are_found_by_name_and_kept(make: Callable[..., Sandbox], office: Sandbox) -> None:
    office.stop()
    again = make()
    wire = Wire(again.url, ALICE)
    assert len(expand(wire, INNER)) == 3
    got = wire('<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>inner</m:UnresolvedEntry>'
               "</m:ResolveNames>")  # fmt: skip
    assert got.text("t:MailboxType") == "PublicDL"


def test_an_address_is_a_mailbox_or_a_list(make: Callable[..., Sandbox], office: Sandbox) -> None:
    office.stop()
    with pytest.raises(SandboxError, match=r"team@corp\.example.*list already"):
        make(mailboxes=(TEAM,))
    with pytest.raises(SandboxError, match=r"bob@corp\.example.*mailbox already"):
        make(groups={BOB: [ALICE]})
    with pytest.raises(SandboxError, match="no address"):
        make(groups={"x@corp.example": ["no address"]})
