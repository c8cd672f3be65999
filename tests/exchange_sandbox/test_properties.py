"""Extended properties of every type under every kind of name, flags, and what only the server says."""

from __future__ import annotations

import base64

import pytest

from exchange_sandbox import Sandbox

from .conftest import ALICE
from .wire import Wire, message, set_field

SET = "7c1d4a54-0000-4000-8000-61636b640001"
VALUES = {
    "ApplicationTime": "31681.838125",
    "Binary": "AP8=",
    "Boolean": "true",
    "CLSID": "7c1d4a54-0000-4000-8000-61636b640002",
    "Currency": "-9223372036854775808",
    "Double": "0.1234567890123",
    "Float": "1e-05",
    "Integer": "-2147483648",
    "Long": "9223372036854775807",
    "Short": "-32768",
    "String": " a &lt;b&gt; ä 漢 ",
    "SystemTime": "1999-12-31T23:59:59Z",
}
TYPES = {**{kind: [value] for kind, value in VALUES.items()},
         **{f"{kind}Array": [value] * 2 for kind, value in VALUES.items() if kind != "Boolean"}}  # fmt: skip
SETS = (
    "Meeting", "Appointment", "Common", "PublicStrings", "Address", "CalendarAssistant", "UnifiedMessaging",
    "Task", "Sharing",
)  # fmt: skip
NAMES = [
    'PropertyTag="0x6{:03x}"',
    f'PropertySetId="{SET}" PropertyName="näme {{}}"',
    f'PropertySetId="{SET}" PropertyId="{{}}"',
    *(f'DistinguishedPropertySetId="{one}" PropertyName="n{{}}"' for one in SETS),
    *(f'DistinguishedPropertySetId="{one}" PropertyId="{{}}"' for one in SETS),
]


def element(path: str, values: list[str]) -> str:
    value = "".join(f"<t:Value>{one}</t:Value>" for one in values)
    value = f"<t:Values>{value}</t:Values>" if "Array" in path else value
    return f"<t:ExtendedProperty><t:ExtendedFieldURI {path}/>{value}</t:ExtendedProperty>"


@pytest.mark.parametrize("name", NAMES)
def test_extended_properties_of_all_types(alice: Wire, name: str) -> None:
    paths = {
        kind: f'{name.format(number)} PropertyType="{kind}"'.replace('="', '="')
        for number, kind in enumerate(TYPES, 0x9010)
    }
    paths = {kind: path.replace("0x69", "0x6") for kind, path in paths.items()}
    (item,) = alice.create(
        message("x", extra="".join(element(paths[kind], TYPES[kind]) for kind in TYPES))
    ).ids
    asked = [f"<t:ExtendedFieldURI {path}/>" for path in paths.values()]
    expected = [
        value.replace("&lt;", "<").replace("&gt;", ">") for values in TYPES.values() for value in values
    ]
    assert alice.get(item[0], *asked).texts("t:Value") == expected
    assert alice.find("drafts", *asked).texts("t:Value") == expected
    for kind, values in TYPES.items():
        if "Binary" in kind:
            continue  # Exchange compares no bytes
        restriction = (
            f"<t:IsEqualTo><t:ExtendedFieldURI {paths[kind]}/><t:FieldURIOrConstant>"
            f'<t:Constant Value="{values[0]}"/></t:FieldURIOrConstant></t:IsEqualTo>'
        )
        assert alice.find("drafts", restriction=restriction).ids == [item], kind
    delete = "".join(f"<t:DeleteItemField>{path}</t:DeleteItemField>" for path in asked)
    assert alice.update(item, delete).codes == ["NoError"]
    assert alice.get(item[0], *asked).texts("t:Value") == []


def flag(*parts: str) -> str:
    status, *dates = parts
    inner = "".join(f"<t:{date}>2026-12-0{n}T00:00:00Z</t:{date}>" for n, date in enumerate(dates, 1))
    return set_field("item:Flag", f"<t:Flag><t:FlagStatus>{status}</t:FlagStatus>{inner}</t:Flag>")


def test_flags_and_their_dates(alice: Wire) -> None:
    (item,) = alice.create(message("x")).ids
    for good in (
        ("Flagged",), ("Flagged", "StartDate", "DueDate"), ("Complete",), ("Complete", "CompleteDate"),
        ("NotFlagged",),
    ):  # fmt: skip
        assert alice.update(item, flag(*good), "AlwaysOverwrite").codes == ["NoError"]
        (given,) = alice.get(item[0], "item:Flag").all("t:Flag")
        assert [one.tag.rpartition("}")[2] for one in given] == ["FlagStatus", *good[1:]]
    for bad in (
        ("Flagged", "DueDate"), ("Flagged", "CompleteDate"), ("Complete", "StartDate", "DueDate"),
        ("NotFlagged", "CompleteDate"),
    ):  # fmt: skip
        assert alice.update(item, flag(*bad), "AlwaysOverwrite").codes == ["ErrorInvalidArgument"]
    status = '<t:ExtendedFieldURI PropertyTag="0x1090" PropertyType="Integer"/>'
    alice.update(item, flag("Flagged"), "AlwaysOverwrite")
    assert alice.get(item[0], status).text("t:Value") == "2"
    alice.update(item, f"<t:DeleteItemField>{status}</t:DeleteItemField>", "AlwaysOverwrite")
    assert alice.get(item[0], "item:Flag").text("t:FlagStatus") == "NotFlagged"


def test_mime_is_set_anew_in_a_draft_alone(sandbox: Sandbox, alice: Wire) -> None:
    attached = (
        "<t:Attachments><t:FileAttachment><t:Name>a</t:Name><t:Content/></t:FileAttachment></t:Attachments>"
    )
    to = (
        "<t:ToRecipients><t:Mailbox><t:EmailAddress>b@x.example</t:EmailAddress></t:Mailbox></t:ToRecipients>"
    )
    (item,) = alice.create(f"<t:Message><t:Subject>old</t:Subject>{attached}{to}</t:Message>").ids
    raw = b"Subject: new\r\nX-Kept: yes\r\n\r\nnew text\r\n"
    mime = set_field("item:MimeContent", f"<t:MimeContent>{base64.b64encode(raw).decode()}</t:MimeContent>")
    assert alice.update(item, mime, "AlwaysOverwrite").codes == ["NoError"]
    got = alice.get(item[0], "item:MimeContent", "item:Attachments", "item:Body", base="Default")
    assert (got.text("t:Subject"), got.text("t:Body")) == ("new", "new text\r\n")
    assert got.all("t:Attachments") + got.all("t:ToRecipients") == []
    assert base64.b64decode(got.text("t:MimeContent")) == raw
    sandbox.deliver(raw, ALICE)
    ((received, key),) = alice.find("inbox").ids
    assert alice.update((received, key), mime).codes == ["ErrorInvalidPropertyUpdateSentMessage"]


RECEIPT = "<t:IsReadReceiptRequested>true</t:IsReadReceiptRequested>"


def read(wire: Wire, item: tuple[str, str], *, silently: bool = False) -> None:
    change = set_field("message:IsRead", "<t:IsRead>true</t:IsRead>")
    quiet = ' SuppressReadReceipts="true"' if silently else ""
    got = wire(
        f'<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"{quiet}>'
        f'<m:ItemChanges><t:ItemChange><t:ItemId Id="{item[0]}"/><t:Updates>{change}</t:Updates>'
        "</t:ItemChange></m:ItemChanges></m:UpdateItem>"
    )
    assert got.codes == ["NoError"]


def test_a_receipt_is_sent_once_when_a_mail_is_read(alice: Wire, bob: Wire) -> None:
    bob.create(message("Grüße", ALICE, tail=RECEIPT), "SendAndSaveCopy")
    ((sent, _),) = bob.find("sentitems").ids
    message_id = bob.get(sent, "message:InternetMessageId").text("t:InternetMessageId")
    (item,) = alice.find("inbox").ids
    for _ in range(2):
        read(alice, item)
    ((receipt, _),) = bob.find("inbox").ids
    got = bob.get(receipt, "item:ItemClass", "message:From", "item:InReplyTo", base="Default")
    assert (got.text("t:ItemClass"), got.text("t:Subject")) == ("REPORT.IPM.Note.IPNRN", "Read: Grüße")
    assert (got.text("t:From/t:Mailbox/t:EmailAddress"), got.text("t:InReplyTo")) == (ALICE, message_id)


def test_no_receipt_is_sent_where_it_is_not_wanted(alice: Wire, bob: Wire) -> None:
    for _ in range(2):
        bob.create(message("x", ALICE, tail=RECEIPT), "SendAndSaveCopy")
    bob.create(message("x", ALICE), "SendAndSaveCopy")
    unasked, first, second = alice.find("inbox").ids
    suppress = f'<t:SuppressReadReceipt><t:ReferenceItemId Id="{first[0]}"/></t:SuppressReadReceipt>'
    assert alice.create(suppress).codes == ["NoError"]
    assert alice.create(suppress).codes == ["ErrorReadReceiptNotPending"]
    read(alice, second, silently=True)
    for one in (unasked, first, second):
        read(alice, one)
    assert bob.find("inbox").ids == []


def test_a_post_is_answered_where_it_is(alice: Wire) -> None:
    ((post, _),) = alice.create("<t:PostItem><t:Subject>idea</t:Subject></t:PostItem>", folder="notes").ids
    reply = (
        f'<t:PostReplyItem><t:ReferenceItemId Id="{post}"/>'
        '<t:NewBodyContent BodyType="Text">good</t:NewBodyContent></t:PostReplyItem>'
    )
    assert alice.create(reply).codes == ["NoError"]
    assert sorted(alice.find("notes", "item:Subject").texts("t:Subject")) == ["RE: idea", "idea"]
    ((letter, _),) = alice.create(message("x")).ids
    assert alice.create(reply.replace(post, letter)).codes == ["ErrorInvalidReferenceItem"]
