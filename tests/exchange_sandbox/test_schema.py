"""The store knows no protocol: what it holds has the keys and words of its own schema alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from exchange_sandbox import Sandbox
from exchange_sandbox.ews.properties.keys import KEYS
from exchange_sandbox.ews.properties.prop import Access
from exchange_sandbox.ews.properties.types import TYPES
from exchange_sandbox.store.database import FILE_NAME, Store, StoreError
from exchange_sandbox.store.schema import Key

from . import stored
from .conftest import ALICE, BOB
from .test_calendar import appointment, daily
from .test_contacts import listed, one_off
from .test_tasks import promise
from .wire import Wire, mailbox, set_field

_MAIL = (
    b"From: Carol <carol@corp.example>\r\nSender: carol@corp.example\r\nTo: %s\r\nCc: bob@corp.example\r\n"
    b"Reply-To: desk@corp.example\r\nSubject: Re: Figures\r\nIn-Reply-To: <1@corp.example>\r\n"
    b"References: <1@corp.example>\r\nImportance: high\r\nSensitivity: Company-Confidential\r\n"
    b"Disposition-Notification-To: carol@corp.example\r\nX-Auto-Response-Suppress: All\r\n"
    b'Content-Type: multipart/mixed; boundary="-"\r\n\r\n---\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n'
    b'---\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="a.csv"\r\n\r\n1,2\r\n'
    b"---\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nHello\r\n-----\r\n"
) % ALICE.encode()
_CONTACT = (
    "<t:Contact><t:FileAsMapping>LastCommaFirst</t:FileAsMapping><t:GivenName>Ann</t:GivenName>"
    '<t:EmailAddresses><t:Entry Key="EmailAddress1" MailboxType="Contact">ann@corp.example</t:Entry>'
    '</t:EmailAddresses><t:PhysicalAddresses><t:Entry Key="Home"><t:City>Bonn</t:City></t:Entry>'
    '</t:PhysicalAddresses><t:PhoneNumbers><t:Entry Key="BusinessPhone">1</t:Entry></t:PhoneNumbers>'
    "<t:PostalAddressIndex>Home</t:PostalAddressIndex><t:Surname>Lee</t:Surname></t:Contact>"
)
_FLAG = "<t:Flag><t:FlagStatus>Flagged</t:FlagStatus></t:Flag>"


def test_the_store_holds_nothing_but_its_schema(make: Callable[..., Sandbox], tmp_path: Path) -> None:
    sandbox = make()
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    sandbox.deliver(_MAIL, ALICE)
    (mail,) = alice.find("inbox").ids
    assert alice.update(mail, set_field("item:Flag", _FLAG)).codes == ["NoError"]
    bob.send("Figures", ALICE)
    people = f"<t:RequiredAttendees><t:Attendee>{mailbox(BOB)}</t:Attendee></t:RequiredAttendees>"
    invited = appointment(daily(3, "2026-12-31")).replace("<t:Recurrence>", f"{people}<t:Recurrence>")
    got = alice(
        '<m:CreateItem SendMeetingInvitations="SendToAllAndSaveCopy">'
        f"<m:Items>{invited}</m:Items></m:CreateItem>"
    )
    assert got.codes == ["NoError"]
    promise(alice)
    done = "<t:Task><t:Subject>x</t:Subject><t:Status>Completed</t:Status></t:Task>"
    for item in (done, _CONTACT, f"<t:DistributionList>{listed(one_off('x'))}</t:DistributionList>"):
        assert alice.create(item).codes == ["NoError"]
    keys = stored.check(tmp_path / "data")
    missing = {
        Key.ATTACHMENTS, Key.FLAG, Key.IMPORTANCE, Key.SENSITIVITY, Key.WANTS_READ_RECEIPT, Key.RECURRENCE,
        Key.REQUIRED_ATTENDEES, Key.MY_RESPONSE, Key.REQUEST_TYPE, Key.STATUS, Key.DUE_DATE, Key.EMAILS,
        Key.POSTAL_ADDRESSES, Key.PHONES, Key.MAILING_ADDRESS, Key.CONVERSATION, Key.TOUCHED, Key.SPAN,
    } - keys  # fmt: skip
    assert not missing, missing


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.element)
def test_what_can_be_set_is_kept_under_a_key(kind: object) -> None:
    props = kind.props  # type: ignore[attr-defined]
    assert [prop.name for prop in props if prop.access and prop.uri and prop.key is None] == []
    assert Access.NEVER == 0
    keys = [prop.key for prop in props if prop.key is not None]
    assert len(keys) == len(set(keys)), "two properties of one item share a key"


def test_each_key_has_one_name() -> None:
    assert len(set(KEYS.values())) == len(KEYS)
    values = [*Key]
    assert len({value.lstrip("_") for value in values}) == len(values)


def test_a_directory_of_another_layout_is_refused_in_so_many_words(tmp_path: Path) -> None:
    Store(tmp_path).close()
    db = sqlite3.connect(tmp_path / FILE_NAME)
    db.execute("PRAGMA user_version = 1")  # the layout in which bags were keyed by EWS's names
    db.close()
    with pytest.raises(StoreError, match=r"another version .*\(layout 1, .*; use an empty directory"):
        Store(tmp_path)
