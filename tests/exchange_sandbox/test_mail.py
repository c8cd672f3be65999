"""Mail: submitted, stamped, delivered, answered and returned."""

from __future__ import annotations

import base64
from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange_sandbox import Quirks, Sandbox, SandboxError
from tests.plays import many

from .conftest import ALICE, BOB, Time
from .wire import Wire, extended, mailbox, message

TOKEN = 'PropertySetId="7c1d4a54-0000-4000-8000-61636b640001" PropertyName="ackd-token" PropertyType="String"'
SUPPRESS = 'PropertyTag="0x3fdf" PropertyType="Integer"'
VERB = '<t:ExtendedFieldURI PropertyTag="0x1081" PropertyType="Integer"/>'


def header(name: str) -> str:
    return f'DistinguishedPropertySetId="InternetHeaders" PropertyName="{name}" PropertyType="String"'


def first(wire: Wire, folder: str = "inbox") -> str:
    return wire.find(folder).ids[0][0]


def mime(raw: bytes) -> str:
    return f"<t:MimeContent>{base64.b64encode(raw).decode()}</t:MimeContent>"


def test_an_acknowledgement_as_it_travels(alice: Wire, bob: Wire) -> None:
    extra = (
        "<t:InReplyTo>&lt;q@corp.example&gt;</t:InReplyTo>"
        + extended(TOKEN, "0123")
        + extended(SUPPRESS, "61")
        + extended(header("X-Ackd"), "1")
        + extended(header("Auto-Submitted"), "auto-replied")
        + extended(header("X-Auto-Response-Suppress"), "All")
        + extended(header("x-ms-exchange-organization-authas"), "Internal")
    )
    item = message("Re: x", BOB, extra=extra, tail="<t:References>&lt;q@corp.example&gt;</t:References>")
    assert alice.create(item, "SendAndSaveCopy").ids == []
    got = dict(bob.headers(first(bob)))
    assert got["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert got["x-ackd"] == "1"
    assert got["auto-submitted"] == "auto-replied"
    assert got["In-Reply-To"] == got["References"] == "<q@corp.example>"
    assert got["X-MS-Exchange-Organization-AuthAs"] == "Internal"
    assert "x-ms-exchange-organization-authas" not in got
    token = f"<t:ExtendedFieldURI {TOKEN}/>"
    assert bob.get(first(bob), token).texts("t:Value") == []
    assert bob.get(first(bob), f"<t:ExtendedFieldURI {SUPPRESS}/>").text("t:Value") == "61"
    assert bob.get(first(bob), f"<t:ExtendedFieldURI {header('x-ackd')}/>").text("t:Value") == "1"
    copy = alice.get(
        first(alice, "sentitems"), token, "item:IsDraft", "message:IsRead", "message:InternetMessageId"
    )
    assert (copy.text("t:Value"), copy.text("t:IsDraft"), copy.text("t:IsRead")) == ("0123", "false", "true")
    assert copy.text("t:InternetMessageId") == got["Message-ID"]


def test_all_replies_suppressed(alice: Wire, bob: Wire) -> None:
    alice.send("x", BOB, extra=extended(SUPPRESS, "-1"))
    assert dict(bob.headers(first(bob)))["X-Auto-Response-Suppress"] == "All"


def test_forged_stamps_are_stripped_on_submission(alice: Wire, bob: Wire) -> None:
    raw = (
        b"From: bob@corp.example\r\nTo: alice@corp.example\r\nBcc: alice@corp.example\r\nSubject: hi\r\n"
        b"X-MS-Exchange-Organization-AuthAs: Anonymous\r\n"
        b"X-MS-Exchange-Organization-SCL: 9\r\nX-Mine: kept\r\n"
        b"Received: from nowhere\r\n\r\nHello\r\n"
    )
    assert bob.create(f"<t:Message>{mime(raw)}</t:Message>", "SendAndSaveCopy").codes == ["NoError"]
    got = alice.headers(first(alice))
    assert [value for name, value in got if name == "X-MS-Exchange-Organization-AuthAs"] == ["Internal"]
    names = [name for name, _ in got]
    assert "X-MS-Exchange-Organization-SCL" not in names
    assert "Bcc" not in names
    assert names.count("Received") == 1
    assert ("X-Mine", "kept") in got


def test_nobody_sends_as_somebody_else(alice: Wire, bob: Wire) -> None:
    forged = message("x", ALICE, tail=f"<t:From>{mailbox(ALICE)}</t:From>")
    assert bob.create(forged, "SendAndSaveCopy").codes == ["ErrorSendAsDenied"]
    raw = mime(b"From: alice@corp.example\r\nTo: alice@corp.example\r\n\r\nx")
    assert bob.create(f"<t:Message>{raw}</t:Message>", "SendOnly").codes == ["ErrorSendAsDenied"]
    assert alice.find("inbox").ids == bob.find("sentitems").ids == []


def test_everybody_gets_it_once_and_bcc_stays_secret(make: Callable[..., Sandbox]) -> None:
    sandbox = make(mailboxes=(ALICE, BOB, "carl@corp.example"))
    alice, bob, carl = (Wire(sandbox.url, f"{name}@corp.example") for name in ("alice", "bob", "carl"))
    tail = (
        f"<t:CcRecipients>{mailbox(BOB.upper())}</t:CcRecipients>"
        f"<t:BccRecipients>{mailbox('carl@corp.example')}</t:BccRecipients>"
    )
    alice.create(message("x", BOB, tail=tail), "SendAndSaveCopy")
    assert len(bob.find("inbox").ids) == len(carl.find("inbox").ids) == 1
    assert "carl" not in str(carl.headers(first(carl)))
    copy = alice.get(first(alice, "sentitems"), "message:BccRecipients")
    assert copy.text("t:BccRecipients/t:Mailbox/t:EmailAddress") == "carl@corp.example"


def test_recipients_that_are_refused(alice: Wire) -> None:
    assert alice.create(message("x"), "SendAndSaveCopy").codes == ["ErrorMissingRecipients"]
    assert alice.create(message("x", "not an address"), "SendAndSaveCopy").codes == ["ErrorInvalidRecipients"]
    assert alice.find("sentitems").ids == []


@pytest.mark.parametrize("address", ["nobody@corp.example", "somebody@elsewhere.example"])
def test_what_cannot_be_delivered_comes_back_as_a_report(alice: Wire, address: str) -> None:
    assert alice.send("To nobody", address).codes == ["NoError"]
    got = alice.get(
        first(alice), "item:ItemClass", "item:Subject", "message:From", "item:Body", "item:InReplyTo"
    )
    assert got.text("t:ItemClass") == "REPORT.IPM.Note.NDR"
    assert got.text("t:Subject") == "Undeliverable: To nobody"
    assert got.text("t:From/t:Mailbox/t:EmailAddress").startswith("MicrosoftExchange329e71ec88ae")
    assert address in got.text("t:Body")
    assert ("Return-Path", "<>") in alice.headers(first(alice))
    sent = alice.get(first(alice, "sentitems"), "message:InternetMessageId")
    assert got.text("t:InReplyTo") == sent.text("t:InternetMessageId")


def test_no_report_where_it_is_suppressed(alice: Wire) -> None:
    alice.send("x", "nobody@corp.example", extra=extended(SUPPRESS, "2"))
    assert alice.find("inbox").ids == []


def test_a_draft_is_sent(alice: Wire, bob: Wire) -> None:
    (draft,) = alice.create(message("draft", BOB, extra=extended(TOKEN, "t"))).ids

    def send(item: str, key: str = "", more: str = ' SaveItemToFolder="true"') -> list[str]:
        change = f' ChangeKey="{key}"' if key else ""
        return alice(
            f'<m:SendItem{more}><m:ItemIds><t:ItemId Id="{item}"{change}/></m:ItemIds></m:SendItem>'
        ).codes

    assert send(draft[0]) == ["ErrorChangeKeyRequired"]
    assert send(draft[0], "CQAAAAAAAAAAAAAB") == ["ErrorStaleObject"]
    assert send(*draft) == ["NoError"]
    assert alice.find("drafts").ids == []
    assert bob.find("inbox", "item:Subject").texts("t:Subject") == ["draft"]
    assert alice.get(first(alice, "sentitems"), f"<t:ExtendedFieldURI {TOKEN}/>").text("t:Value") == "t"
    assert send(*draft) == ["ErrorItemNotFound"]
    (second,) = alice.create(message("unsaved", BOB)).ids
    assert send(*second, more=' SaveItemToFolder="false"') == ["NoError"]
    assert len(alice.find("sentitems").ids) == 1


def test_a_reply_hangs_together_with_the_question(alice: Wire, bob: Wire) -> None:
    bob.send("Refund", ALICE, text="Has it been processed?")
    (question,) = alice.find("inbox").ids
    reply = (
        f'<t:ReplyToItem><t:ReferenceItemId Id="{question[0]}"/>'
        '<t:NewBodyContent BodyType="Text">Yes.</t:NewBodyContent></t:ReplyToItem>'
    )
    assert alice.create(reply, "SendAndSaveCopy").codes == ["NoError"]
    paths = ("item:Subject", "item:InReplyTo", "item:Body", "item:ConversationId", "message:References")
    got = bob.get(first(bob), *paths)
    asked = alice.get(question[0], "message:InternetMessageId", VERB, "item:ConversationId")
    assert got.text("t:Subject") == "RE: Refund"
    assert got.text("t:InReplyTo") == got.text("t:References") == asked.text("t:InternetMessageId")
    assert got.text("t:Body").startswith("Yes.")
    assert "Has it been processed?" in got.text("t:Body")
    assert asked.text("t:Value") == "102"
    copy = alice.get(first(alice, "sentitems"), "item:ConversationId").all("t:ConversationId")[0].get("Id")
    assert copy == asked.all("t:ConversationId")[0].get("Id")


def test_forward_and_reply_to_all(make: Callable[..., Sandbox]) -> None:
    sandbox = make(mailboxes=(ALICE, BOB, "carl@corp.example"))
    alice, bob, carl = (Wire(sandbox.url, f"{name}@corp.example") for name in ("alice", "bob", "carl"))
    bob.create(
        message("x", ALICE, tail=f"<t:CcRecipients>{mailbox('carl@corp.example')}</t:CcRecipients>"),
        "SendOnly",
    )
    (question,) = alice.find("inbox").ids
    alice.create(f'<t:ReplyAllToItem><t:ReferenceItemId Id="{question[0]}"/></t:ReplyAllToItem>', "SendOnly")
    assert sorted(carl.find("inbox", "item:Subject").texts("t:Subject")) == ["RE: x", "x"]
    assert bob.find("inbox", "item:Subject").texts("t:Subject") == ["RE: x"]
    to = f"<t:ToRecipients>{mailbox('carl@corp.example')}</t:ToRecipients>"
    alice.create(f'<t:ForwardItem>{to}<t:ReferenceItemId Id="{question[0]}"/></t:ForwardItem>', "SendOnly")
    assert "FW: x" in carl.find("inbox", "item:Subject").texts("t:Subject")
    assert alice.get(question[0], VERB).text("t:Value") == "104"
    assert alice.create("<t:ReplyToItem/>", "SendOnly").codes == ["ErrorMissingInformationReferenceItemId"]
    accept = f'<t:AcceptItem><t:ReferenceItemId Id="{question[0]}"/></t:AcceptItem>'
    assert alice.create(accept, "SendOnly").codes == ["ErrorInvalidItemForOperationAcceptItem"]


def test_what_transport_hands_over_is_kept(sandbox: Sandbox, alice: Wire, time: Time) -> None:
    time.move(3600)
    sandbox.deliver(
        b"From: Carl <carl@corp.example>\nTo: alice@corp.example\nSubject: Hello\n"
        b"X-MS-Exchange-Organization-AuthAs: Internal\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n\nline\n",
        ALICE,
    )
    got = alice.get(first(alice), "item:DateTimeReceived", "item:DateTimeSent", "message:IsRead")
    assert got.text("t:DateTimeReceived") == "2026-11-24T09:00:00Z"
    assert got.text("t:DateTimeSent") == "2026-11-23T09:00:00Z"
    assert got.text("t:IsRead") == "false"
    names = dict(alice.headers(first(alice)))
    assert names["X-MS-Exchange-Organization-AuthAs"] == "Internal"
    assert {"Received", "Return-Path", "Message-ID"} <= set(names)
    raw = base64.b64decode(alice.get(first(alice), "item:MimeContent").text("t:MimeContent"))
    assert raw.endswith(b"\r\n\r\nline\r\n")


def test_from_outside_no_stamp_is_believed(sandbox: Sandbox, alice: Wire) -> None:
    raw = (
        b"From: alice@corp.example\r\nx-ms-exchange-ORGANIZATION-authas: Internal\r\n"
        b"X-MS-Exchange-Organization-AuthSource: exchange.corp.example\r\n\r\nforged"
    )
    sandbox.deliver(raw, ALICE, from_outside=True)
    got = alice.headers(first(alice))
    stamps = [value for name, value in got if name.lower() == "x-ms-exchange-organization-authas"]
    assert stamps == ["Anonymous"]
    assert "ORGANIZATION" not in str(got)


def test_an_item_class_for_what_transport_cannot_say(sandbox: Sandbox, alice: Wire) -> None:
    name = "IPM.Note.Rules.OofTemplate.Microsoft"
    sandbox.deliver(f"Subject: Away\r\nX-Sandbox-Item-Class: {name}\r\n\r\nI am away".encode(), ALICE)
    assert alice.get(first(alice), "item:ItemClass").text("t:ItemClass") == name
    assert "X-Sandbox-Item-Class" not in dict(alice.headers(first(alice)))


def test_nobody_of_that_name(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match=r"nobody@corp\.example"):
        sandbox.deliver(b"\r\n\r\nx", "nobody@corp.example")


def test_a_server_that_gives_its_own_message_ids_and_strips_auto_submitted(
    make: Callable[..., Sandbox],
) -> None:
    sandbox = make(quirks=Quirks(own_message_ids=True, no_auto_submitted=True))
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    mine = "<t:InternetMessageId>&lt;mine@corp.example&gt;</t:InternetMessageId>"
    extra = extended(header("Auto-Submitted"), "auto-replied")
    alice.create(message("x", BOB, extra=extra, tail=mine), "SendAndSaveCopy")
    got = dict(bob.headers(first(bob)))
    assert got["Message-ID"] != "<mine@corp.example>"
    assert "auto-submitted" not in {name.lower() for name in got}


def test_a_message_id_of_the_clients_is_kept(alice: Wire, bob: Wire) -> None:
    mine = "<t:InternetMessageId>&lt;mine@corp.example&gt;</t:InternetMessageId>"
    alice.create(message("x", BOB, tail=mine), "SendAndSaveCopy")
    assert dict(bob.headers(first(bob)))["Message-ID"] == "<mine@corp.example>"


def test_headers_cannot_be_smuggled_in(alice: Wire, bob: Wire) -> None:
    evil = "x&#13;&#10;X-Evil: 1&#10;&#10;body"
    item = message(evil, BOB, extra=extended(header("x-a"), evil))
    assert alice.create(item, "SendAndSaveCopy").codes == ["NoError"]
    got = bob.headers(first(bob))
    assert "X-Evil" not in dict(got)
    assert dict(got)["x-a"] == "x X-Evil: 1 body"


_ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"), max_size=120
)


@settings(
    max_examples=many(80),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(subject=_ANY_TEXT, text=st.lists(_ANY_TEXT, max_size=4).map("\n".join), name=_ANY_TEXT)
def test_any_text_arrives_as_it_was_written(
    alice: Wire, bob: Wire, subject: str, text: str, name: str
) -> None:
    to = f"<t:Mailbox><t:Name>{escape(name)}</t:Name><t:EmailAddress>{BOB}</t:EmailAddress></t:Mailbox>"
    item = (
        f'<t:Message><t:Subject>{escape(subject)}</t:Subject><t:Body BodyType="Text">{escape(text)}</t:Body>'
        f"<t:ToRecipients>{to}</t:ToRecipients></t:Message>"
    )
    assert alice.create(item, "SendOnly").codes == ["NoError"]
    got = bob.get(first(bob), "item:Subject", "item:Body", "message:ToRecipients")
    assert got.text("t:Subject").split() == subject.split()
    assert got.text("t:Body").rstrip("\r\n") == text.replace("\n", "\r\n").rstrip("\r\n")
    if name.strip():
        assert got.text("t:ToRecipients/t:Mailbox/t:Name").split() == name.split()


def test_the_conversation_is_found_by_what_is_answered(alice: Wire, bob: Wire, sandbox: Sandbox) -> None:
    sandbox.deliver(b"Message-ID: <1@x.example>\r\nSubject: Topic\r\n\r\na", ALICE)
    sandbox.deliver(
        b"Message-ID: <2@x.example>\r\nIn-Reply-To: <1@x.example>\r\nSubject: RE: Topic\r\n\r\nb", ALICE
    )
    got = alice.find("inbox", "item:ConversationId", "message:ConversationTopic")
    assert len({one.get("Id") for one in got.all("t:ConversationId")}) == 1
    assert got.texts("t:ConversationTopic") == ["Topic", "Topic"]
