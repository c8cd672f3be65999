"""Attachments: files and items, put on, read, carried along, taken off."""

from __future__ import annotations

import base64
from typing import Any

import exchangelib
import pytest
from exchangelib import FileAttachment, ItemAttachment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange_sandbox import Sandbox
from exchange_sandbox.ews import attaching
from exchange_sandbox.mime import parts, read, write
from exchange_sandbox.store.schema import BodyType, Key
from tests.plays import many

from .conftest import ALICE, BOB
from .test_client import account
from .wire import Got, Wire, message, set_field

NESTED = (
    b"From: bob@corp.example\r\nSubject: outer\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n--b\r\n"
    b"Content-Type: message/rfc822\r\n\r\nFrom: carl@corp.example\r\nSubject: inner\r\n"
    b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\ninner text\r\n--c\r\n"
    b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--c--\r\n--b--\r\n"
)


@pytest.fixture
def owner(sandbox: Sandbox) -> exchangelib.Account:
    return account(sandbox, ALICE)


@pytest.fixture
def colleague(sandbox: Sandbox) -> exchangelib.Account:
    return account(sandbox, BOB)


def file(content: str = "aGVsbG8=", name: str = "a.txt", more: str = "") -> str:
    return (
        f"<t:FileAttachment><t:Name>{name}</t:Name>{more}<t:Content>{content}</t:Content></t:FileAttachment>"
    )


def attach(wire: Wire, item: str, *what: str) -> Got:
    return wire(
        f'<m:CreateAttachment><m:ParentItemId Id="{item}"/><m:Attachments>{"".join(what)}</m:Attachments>'
        "</m:CreateAttachment>"
    )


def with_id(wire: Wire, operation: str, *numbers: str, shape: str = "") -> Got:
    ids = "".join(f'<t:AttachmentId Id="{number}"/>' for number in numbers)
    return wire(f"<m:{operation}>{shape}<m:AttachmentIds>{ids}</m:AttachmentIds></m:{operation}>")


def attachment_ids(got: Got) -> list[str]:
    return [one.get("Id", "") for one in got.all("t:AttachmentId")]


def everything(owner: exchangelib.Account) -> list[Any]:
    """A file with all that can be said of one, and an item of each class, one with a file of its own."""
    zone = owner.default_timezone
    start = exchangelib.EWSDateTime(2026, 11, 25, 9, tzinfo=zone)
    inner = exchangelib.Message(
        subject="inner", body=exchangelib.HTMLBody("<b>hi</b>"), categories=["red"], to_recipients=[BOB],
        attachments=[FileAttachment(name="deep.bin", content=b"\0\xff")],
    )  # fmt: skip
    made = [
        inner,
        exchangelib.Contact(display_name="Ann Lee", given_name="Ann", children=["Tim"]),
        exchangelib.Task(subject="a task", due_date=exchangelib.EWSDate(2026, 11, 24)),
        exchangelib.CalendarItem(subject="an hour", start=start, end=start.replace(hour=10), location="here"),
        exchangelib.items.PostItem(subject="a post"),
    ]
    return [
        FileAttachment(
            name="Grüße  \"1\" 漢.txt", content=b"hello", content_type="text/plain", content_id="c1",
            content_location="http://corp.example/x", is_inline=True,
        ),
        FileAttachment(name="empty", content=b"", content_type="message/rfc822"),
        *(ItemAttachment(name=f"item {number}", item=one) for number, one in enumerate(made)),
    ]  # fmt: skip


def assert_everything(item: Any) -> None:
    by_name = {one.name: one for one in item.attachments}
    first = by_name.pop('Grüße  "1" 漢.txt')
    assert (first.content, first.content_type, first.content_id, first.size) == (
        b"hello",
        "text/plain",
        "c1",
        5,
    )
    assert (first.content_location, first.is_inline) == ("http://corp.example/x", True)
    assert by_name.pop("empty").size == 0
    mail, contact, task, event, post = (by_name[f"item {number}"].item for number in range(5))
    assert (mail.subject, mail.body, mail.categories) == ("inner", "<b>hi</b>", ["red"])
    assert mail.mime_content.count(b"deep.bin") == 2
    (deep,) = mail.attachments
    deep.parent_item = item
    assert deep.content == b"\0\xff"
    assert (contact.given_name, contact.children) == ("Ann", ["Tim"])
    assert contact.mime_content.startswith(b"BEGIN:VCARD\r\n")
    assert task.due_date == exchangelib.EWSDate(2026, 11, 24)
    assert (event.location, event.start.day) == ("here", 25)
    assert (type(post), post.subject) == (exchangelib.items.PostItem, "a post")


def test_all_kinds_are_kept_and_travel(owner: exchangelib.Account, colleague: exchangelib.Account) -> None:
    """In CreateItem and by CreateAttachment; sent, forwarded, copied, moved: always the same."""
    first, *others = everything(owner)
    mail = exchangelib.Message(
        account=owner, folder=owner.drafts, subject="all", body="x", to_recipients=[BOB], attachments=[first]
    ).save()
    assert first.attachment_id
    key = mail.changekey
    mail.attach(others)
    assert mail.changekey != key
    mail.refresh()
    assert_everything(mail)
    mail.send()
    assert_everything(owner.sent.get())
    received = colleague.inbox.get()
    assert received.has_attachments
    assert_everything(received)
    received.forward("FW: all", "see", [ALICE])
    assert_everything(owner.inbox.get())
    received.copy(colleague.drafts)
    received.move(colleague.trash)
    for folder in (colleague.drafts, colleague.trash):
        assert_everything(folder.get())


def test_taken_off_one_by_one(alice: Wire) -> None:
    item = alice.create(message("x"))
    ((number, key),) = item.ids
    made = attach(alice, number, file(name="a"), file(name="b"))
    first, second = attachment_ids(made)
    assert {one.get("RootItemId") for one in made.all("t:AttachmentId")} == {number}
    keys = [one.get("RootItemChangeKey", "") for one in made.all("t:AttachmentId")]
    assert len({key, *keys}) == 3
    assert alice.get(number, "item:HasAttachments").text("t:HasAttachments") == "true"
    gone = with_id(alice, "DeleteAttachment", first, first)
    assert gone.codes == ["NoError", "ErrorItemNotFound"]
    (root,) = gone.all("m:RootItemId")
    assert root.get("RootItemId") == number
    assert root.get("RootItemChangeKey") not in (key, *keys)
    assert alice.get(number, "item:Attachments").texts("t:Name") == ["b"]
    with_id(alice, "DeleteAttachment", second)
    assert alice.get(number, "item:HasAttachments").text("t:HasAttachments") == "false"
    change = set_field("item:Attachments", f"<t:Attachments>{file()}</t:Attachments>")
    assert alice.update((number, root.get("RootItemChangeKey", "")), change, "AlwaysOverwrite").codes == [
        "ErrorInvalidPropertySet"
    ]


def test_what_came_as_mime_can_be_read_and_taken_off(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.deliver(NESTED, ALICE)
    ((item, _),) = alice.find("inbox").ids
    (inner,) = attachment_ids(alice.get(item, "item:Attachments"))
    shape = (
        "<m:AttachmentShape><t:IncludeMimeContent>true</t:IncludeMimeContent><t:BodyType>HTML</t:BodyType>"
        '<t:AdditionalProperties><t:FieldURI FieldURI="item:Preview"/></t:AdditionalProperties>'
        "</m:AttachmentShape>"
    )
    got = with_id(alice, "GetAttachment", inner, shape=shape)
    assert (got.text("t:Subject"), got.text("t:Preview")) == ("inner", "inner text")
    assert got.all("t:Body")[0].get("BodyType") == "HTML"
    assert base64.b64decode(got.text("t:MimeContent")).startswith(b"From: carl@corp.example\r\n")
    _, deep = attachment_ids(got)
    assert with_id(alice, "GetAttachment", deep).text("t:Content") == "aGVsbG8="
    assert with_id(alice, "DeleteAttachment", deep).codes == ["NoError"]
    left = with_id(alice, "GetAttachment", inner)
    assert (left.text("t:Subject"), attachment_ids(left)) == ("inner", [inner])
    with_id(alice, "DeleteAttachment", inner)
    mime = alice.get(item, "item:MimeContent").text("t:MimeContent")
    assert b"inner" not in base64.b64decode(mime)


def test_an_item_attached_with_its_mime_has_its_attachments_once(owner: exchangelib.Account) -> None:
    """A client that attaches an item as it was given sends its MIME and its attachments too."""
    mail = exchangelib.Message(account=owner, folder=owner.drafts, subject="top", body="x").save()
    mail.attach(FileAttachment(name="f.txt", content=b"hello"))
    for _ in range(2):
        (whole,) = owner.fetch([mail])
        inner = [one.item for one in whole.attachments if isinstance(one, ItemAttachment)]
        assert all(inner)
        mail.attach(ItemAttachment(name="copy", item=whole))
    mail.refresh()
    first, second = sorted(
        (one.item for one in mail.attachments if isinstance(one, ItemAttachment)),
        key=lambda item: len(item.attachments),
    )
    assert [one.name for one in first.attachments] == ["f.txt"]
    assert sorted(one.name for one in second.attachments) == ["copy", "f.txt"]


def test_what_is_attached_takes_attachments_too(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.deliver(NESTED, ALICE)
    ((item, key),) = alice.find("inbox").ids
    (inner,) = attachment_ids(alice.get(item, "item:Attachments"))
    made = attach(alice, inner, "<t:ItemAttachment><t:Task/></t:ItemAttachment>").all("t:AttachmentId")[0]
    assert (made.get("RootItemId"), made.get("RootItemChangeKey") != key) == (item, True)
    (deeper,) = attachment_ids(attach(alice, made.get("Id", ""), file(name="deep.txt")))
    assert with_id(alice, "GetAttachment", deeper).text("t:Content") == "aGVsbG8="
    assert with_id(alice, "GetAttachment", inner).texts("t:FileAttachment/t:Name") == ["a.pdf"]
    assert with_id(alice, "GetAttachment", made.get("Id", "")).text("t:FileAttachment/t:Name") == "deep.txt"
    assert b"deep.txt" in base64.b64decode(alice.get(item, "item:MimeContent").text("t:MimeContent"))


def test_what_is_refused(alice: Wire, bob: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    ((item, _),) = alice.create(message("x")).ids
    (mine,) = attachment_ids(attach(alice, item, file()))
    (theirs,) = attachment_ids(attach(bob, bob.create(message("y")).ids[0][0], file()))
    numbers = (mine, theirs, item, "", "AAMk", mine[:-8] + "AAAAAAA=")
    assert with_id(alice, "GetAttachment", *numbers).codes == [
        "NoError", "ErrorAccessDenied", "ErrorInvalidAttachmentId", "ErrorInvalidIdEmpty",
        "ErrorInvalidAttachmentId", "ErrorInvalidAttachmentId",
    ]  # fmt: skip
    no_content = "<t:FileAttachment><t:Name>x</t:Name></t:FileAttachment>"
    no_item = "<t:ItemAttachment><t:Name>x</t:Name></t:ItemAttachment>"
    monkeypatch.setattr(attaching, "LARGEST", 1000)
    got = attach(alice, item, no_content, no_item, file(base64.b64encode(b"x" * 1001).decode()), file())
    assert got.codes == [
        "ErrorRequiredPropertyMissing", "ErrorMissingItemForCreateItemAttachment",
        "ErrorAttachmentSizeLimitExceeded", "NoError",
    ]  # fmt: skip
    for broken in (file("not base64!"), file(more="<t:Size>x</t:Size>"), "<t:ReferenceAttachment/>",
                   "<t:ItemAttachment><t:DistributionList/></t:ItemAttachment>",
                   "<t:ItemAttachment><t:Message><t:Nonsense/></t:Message></t:ItemAttachment>"):  # fmt: skip
        assert attach(alice, item, broken).codes == ["ErrorSchemaValidation"]
    assert attach(alice, mine, file()).codes == ["ErrorInvalidIdNotAnItemAttachmentId"]
    assert attach(alice, "AAMk", file()).codes == ["ErrorInvalidIdMalformed"]
    assert attach(alice, item, file(name="")).codes == ["ErrorRequiredPropertyMissing"]
    assert len(attachment_ids(alice.get(item, "item:Attachments"))) == 2


def test_items_in_items_have_an_end(alice: Wire) -> None:
    ((item, _),) = alice.create(message("x")).ids
    inner = "<t:ItemAttachment><t:Message/></t:ItemAttachment>"
    for _ in range(attaching.DEEPEST):
        allowed = inner
        inner = "<t:ItemAttachment><t:Message><t:Attachments>" + inner
        inner += "</t:Attachments></t:Message></t:ItemAttachment>"
    assert attach(alice, item, allowed, inner).codes == ["NoError", "ErrorAttachmentNestLevelLimitExceeded"]


@settings(max_examples=many(60), suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.text(st.characters(codec="utf-8"), max_size=300),
    kind=st.text(max_size=60)
    | st.sampled_from(["text/html", "multipart/mixed", "message/rfc822", "a/b; c=d"]),
    data=st.binary(max_size=300),
    inline=st.booleans(),
)
def test_files_survive_mime(name: str, kind: str, data: bytes, inline: bool) -> None:
    """Whatever a file is called and said to be, its bytes arrive, and so does its name."""
    about = {"kind": "file", "name": name, "content_type": kind, "is_inline": inline, "content_id": "x"}
    headers, body = write.body_entity(BodyType.TEXT, "x", [(about, data)])
    raw = b"".join(f"{key}: {value}\r\n".encode() for key, value in headers) + b"\r\n" + body
    bag, _ = read.read(raw, keep_categories=False)
    (one,) = bag[Key.ATTACHMENTS]
    assert (one["kind"], one["is_inline"], one["size"]) == ("file", inline, len(data))
    assert list(parts.read(raw).walk())[one["part"]].content() == data
    assert one["name"] == (name or one["name"])
