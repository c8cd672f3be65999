"""A message that a server gives in part, or wrongly: what can't be read is told as unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from ackd.mailbox.ews import reading
from ackd.mailbox.ews.wire import NAMESPACES
from ackd.model import Mail, Sensitivity, Suppressed
from exchange_sandbox import Quirks
from tests.exchange_sandbox.wire import Wire
from tests.mailbox.contract.mailbox_contract import OWNER, raw_mail
from tests.mailbox.contract.test_ews import EwsWorld

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PARTS = {
    "Body": '<t:Body BodyType="Text">Could you help?</t:Body>',
    "DateTimeReceived": "<t:DateTimeReceived>2026-11-23T08:00:00Z</t:DateTimeReceived>",
    "IsDraft": "<t:IsDraft>false</t:IsDraft>",
    "From": "<t:From><t:Mailbox><t:EmailAddress>bob@corp.example</t:EmailAddress></t:Mailbox></t:From>",
}


def mail(**changes: str) -> Mail:
    """The mail with some of its parts changed, or left out where they are empty."""
    inside = "".join((PARTS | changes).values())
    text = f'<t:Message xmlns:t="{NAMESPACES["t"]}">{inside}</t:Message>'
    return reading.mail(etree.fromstring(text), "Inbox", NOW)


def extended(tag: str, kind: str, value: str) -> str:
    return (
        f'<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="{tag}" PropertyType="{kind}"/>'
        f"<t:Value>{value}</t:Value></t:ExtendedProperty>"
    )


def test_what_a_server_leaves_out_by_right_is_no_mystery() -> None:
    assert mail().unreadable == ()
    assert mail(Body='<t:Body BodyType="Text"/>').unreadable == ()


@pytest.mark.parametrize(
    ("changes", "unreadable"),
    [
        ({"DateTimeReceived": ""}, "when it came"),
        ({"DateTimeReceived": "<t:DateTimeReceived>soon</t:DateTimeReceived>"}, "when it came"),
        ({"IsDraft": ""}, "whether it is a draft"),
        ({"IsDraft": "<t:IsDraft>perhaps</t:IsDraft>"}, "whether it is a draft"),
        ({"Body": ""}, "its text"),
        ({"x": extended("0x1081", "Integer", "reply")}, "PidTagLastVerbExecuted"),
        ({"x": extended("0x3fdf", "Integer", "")}, "PidTagAutoResponseSuppress"),
        ({"x": extended("0x3fdf", "Integer", "1" * 20)}, "PidTagAutoResponseSuppress"),
        ({"x": extended("0x0005", "Boolean", "2")}, "PidTagAutoForwarded"),
    ],
)
def test_what_cannot_be_read_is_told(changes: dict[str, str], unreadable: str) -> None:
    found = mail(**changes)

    assert ", ".join(found.unreadable) == unreadable
    assert found.headers is None
    assert found.item_class is None


@pytest.mark.parametrize(
    ("tag", "kind", "value", "name", "read"),
    [
        ("0x0005", "Boolean", "true", "auto_forwarded", True),
        ("0x3fdf", "Integer", "-1", "suppressed", Suppressed.of(0x3F)),
        ("0x3fdf", "Integer", "20", "suppressed", Suppressed.OUT_OF_OFFICE | Suppressed.READ_RECEIPT),
        ("0x1081", "Integer", "102", "is_marked_answered", True),
        ("0x1081", "Integer", "103", "is_marked_answered", True),
        ("0x1081", "Integer", "104", "is_marked_answered", False),
        ("0x1081", "Integer", "0", "is_marked_answered", False),
    ],
)
def test_the_properties_that_forbid_an_answer_come_over_the_wire(
    tmp_path: Path, tag: str, kind: str, value: str, name: str, read: object
) -> None:
    world = EwsWorld(tmp_path, Quirks())
    try:
        world.arrive(raw_mail())
        wire = Wire(world.sandbox.url, OWNER)
        path = f'<t:ExtendedFieldURI PropertyTag="{tag}" PropertyType="{kind}"/>'
        given = f"<t:ExtendedProperty>{path}<t:Value>{value}</t:Value></t:ExtendedProperty>"
        change = f"<t:SetItemField>{path}<t:Message>{given}</t:Message></t:SetItemField>"
        assert wire.update(wire.find("inbox").ids[0], change).codes == ["NoError"]
        (found,) = world.mailbox.search(message_id="<q1@corp.example>")
        assert getattr(found, name) == read
        assert found.unreadable == ()
    finally:
        world.close()


@pytest.mark.parametrize("tag", ["0x5", "0x0005", "0X05"])
def test_a_tag_is_a_number_however_the_server_writes_it(tag: str) -> None:
    assert mail(x=extended(tag, "Boolean", "true")).auto_forwarded is True
    assert mail(x=extended("0x50", "Boolean", "true")).auto_forwarded is None


@pytest.mark.parametrize(
    ("value", "sensitivity"),
    [
        ("Normal", Sensitivity.NORMAL),
        ("Personal", Sensitivity.PERSONAL),
        ("Confidential", Sensitivity.CONFIDENTIAL),
        ("TopSecret", Sensitivity.CONFIDENTIAL),
    ],
)
def test_an_unknown_sensitivity_is_taken_for_the_highest(value: str, sensitivity: Sensitivity) -> None:
    assert mail(x=f"<t:Sensitivity>{value}</t:Sensitivity>").sensitivity is sensitivity
