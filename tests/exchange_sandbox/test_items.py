"""Items: created, read, changed, moved and deleted as Exchange does it."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from exchange_sandbox import Quirks, Sandbox

from .conftest import ALICE, BOB, Time
from .wire import Got, Wire, extended, message, set_field

GUID = "7c1d4a54-0000-4000-8000-61636b640001"
MINE = f'PropertySetId="{GUID}" PropertyName="ackd-token" PropertyType="String"'
APPEND_CATEGORIES = (
    '<t:AppendToItemField><t:FieldURI FieldURI="item:Categories"/>'
    "<t:Message><t:Categories/></t:Message></t:AppendToItemField>"
)
FLAGS = 'PropertyTag="0x0e07" PropertyType="Integer"'


def saved(wire: Wire, item: str, folder: str = "") -> tuple[str, str]:
    got = wire.create(item, folder=folder)
    assert got.codes == ["NoError"], got.texts("m:MessageText")
    (one,) = got.ids
    return one


def delete(wire: Wire, item: tuple[str, str], how: str, extra: str = "") -> Got:
    return wire(
        f'<m:DeleteItem DeleteType="{how}"{extra}><m:ItemIds>'
        f'<t:ItemId Id="{item[0]}"/></m:ItemIds></m:DeleteItem>'
    )


def carry(wire: Wire, operation: str, item: tuple[str, str], folder: str) -> Got:
    return wire(
        f'<m:{operation}><m:ToFolderId><t:DistinguishedFolderId Id="{folder}"/></m:ToFolderId>'
        f'<m:ItemIds><t:ItemId Id="{item[0]}"/></m:ItemIds></m:{operation}>'
    )


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        (MINE, "0123abc", "0123abc"),
        (f'PropertySetId="{GUID}" PropertyId="33029" PropertyType="Integer"', "-5", "-5"),
        ('PropertyTag="0x3fdf" PropertyType="Integer"', "61", "61"),
        ('DistinguishedPropertySetId="PublicStrings" PropertyName="x" PropertyType="Boolean"', "1", "true"),
        (
            f'PropertySetId="{GUID}" PropertyName="t" PropertyType="SystemTime"',
            "2026-11-24T09:30:00.5+01:00",
            "2026-11-24T08:30:00Z",
        ),
        (f'PropertySetId="{GUID}" PropertyName="d" PropertyType="Double"', "0.25", "0.25"),
        (
            f'PropertySetId="{GUID}" PropertyName="l" PropertyType="Long"',
            "9007199254740993",
            "9007199254740993",
        ),
        (f'PropertySetId="{GUID}" PropertyName="s" PropertyType="Short"', "-32768", "-32768"),
        (f'PropertySetId="{GUID}" PropertyName="b" PropertyType="Binary"', "AAEC", "AAEC"),
        (f'PropertySetId="{GUID}" PropertyName="g" PropertyType="CLSID"', GUID.upper(), GUID),
        (f'PropertySetId="{GUID}" PropertyName="c" PropertyType="Currency"', "100", "100"),
        (f'PropertySetId="{GUID}" PropertyName="f" PropertyType="Float"', "1.5", "1.5"),
        (f'PropertySetId="{GUID}" PropertyName="a" PropertyType="ApplicationTime"', "2.5", "2.5"),
    ],
)
def test_extended_properties_of_every_type(alice: Wire, path: str, value: str, shown: str) -> None:
    item = saved(alice, message("x", extra=extended(path, value)))
    assert alice.get(item[0], f"<t:ExtendedFieldURI {path}/>").text("t:Value") == shown


def test_extended_properties_with_many_values(alice: Wire) -> None:
    field = f'<t:ExtendedFieldURI PropertySetId="{GUID}" PropertyName="many" PropertyType="StringArray"/>'
    values = "<t:Values><t:Value>a</t:Value><t:Value>b</t:Value></t:Values>"
    item = saved(alice, message("x", extra=f"<t:ExtendedProperty>{field}{values}</t:ExtendedProperty>"))
    assert alice.get(item[0], field).texts("t:Value") == ["a", "b"]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ('PropertyTag="0x8001" PropertyType="String"', "x", "ErrorNoPropertyTagForCustomProperties"),
        ('PropertyTag="0x1000" PropertyName="x" PropertyType="String"', "x", "ErrorInvalidExtendedProperty"),
        ('PropertyName="x" PropertyType="String"', "x", "ErrorInvalidExtendedProperty"),
        (
            f'PropertySetId="{GUID}" PropertyName="x" PropertyType="Object"',
            "x",
            "ErrorUnsupportedMapiPropertyType",
        ),
        (
            f'PropertySetId="{GUID}" PropertyName="x" PropertyType="Integer"',
            "twelve",
            "ErrorInvalidExtendedPropertyValue",
        ),
        ('PropertyTag="0x0e08" PropertyType="Integer"', "1", "ErrorInvalidPropertySet"),
    ],
)
def test_extended_properties_that_are_refused(alice: Wire, path: str, value: str, code: str) -> None:
    assert alice.create(message("x", extra=extended(path, value))).codes == [code]


def test_one_bad_item_does_not_hide_the_others(alice: Wire) -> None:
    bad = extended('PropertyTag="0x8001" PropertyType="String"', "x")
    got = alice.create(message("one") + message("two", extra=bad) + message("three"))
    assert got.codes == ["NoError", "ErrorNoPropertyTagForCustomProperties", "NoError"]
    assert sorted(alice.find("drafts", "item:Subject").texts("t:Subject")) == ["one", "three"]


def test_a_mail_saved_as_mime_keeps_what_it_says(alice: Wire) -> None:
    raw = (
        b"From: Carl <carl@corp.example>\r\nTo: alice@corp.example\r\n"
        b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        b"X-MS-Exchange-Organization-AuthAs: Internal\r\nX-Anything: two\r\n lines\r\nKeywords: red, blue\r\n"
        b"Message-ID: <1@corp.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n\r\nHello\r\n"
    )
    mime = f'<t:MimeContent CharacterSet="UTF-8">{base64.b64encode(raw).decode()}</t:MimeContent>'
    draft = saved(alice, f"<t:Message>{mime}</t:Message>", "inbox")
    received = saved(alice, f"<t:Message>{mime}{extended(FLAGS, '1')}</t:Message>", "inbox")
    assert alice.get(draft[0], "item:IsDraft").text("t:IsDraft") == "true"
    got = alice.get(received[0], "item:IsDraft", "message:IsRead", base="AllProperties")
    assert (got.text("t:IsDraft"), got.text("t:IsRead")) == ("false", "true")
    assert got.text("t:Subject") == "Grüße"
    assert got.text("t:From/t:Mailbox/t:EmailAddress") == "carl@corp.example"
    assert got.text("t:DateTimeSent") == "2026-11-23T09:00:00Z"
    assert got.texts("t:Categories/t:String") == ["red", "blue"]
    assert ("X-MS-Exchange-Organization-AuthAs", "Internal") in alice.headers(received[0])
    assert ("X-Anything", "two lines") in alice.headers(received[0])
    content = alice.get(received[0], "item:MimeContent").text("t:MimeContent")
    assert base64.b64decode(content) == raw
    assert alice.create("<t:Message><t:MimeContent>%%%</t:MimeContent></t:Message>").codes == [
        "ErrorMimeContentInvalidBase64String"
    ]


def test_bodies_as_they_were_written_and_as_wanted(alice: Wire) -> None:
    html = saved(
        alice,
        '<t:Message><t:Body BodyType="HTML">&lt;p&gt;a &lt;b&gt;b&lt;/b&gt; &amp;amp; c&lt;/p&gt;</t:Body>'
        "</t:Message>",
    )
    text = saved(alice, message("x", text="1 &lt; 2\nline"))
    assert "<b>b</b>" in alice.get(html[0], "item:Body").text("t:Body")
    assert alice.get(html[0], "item:Body", body="Text").text("t:Body") == "a b & c\r\n"
    assert alice.get(html[0], "item:TextBody").text("t:TextBody") == "a b & c\r\n"
    assert alice.get(text[0], "item:Body").text("t:Body") == "1 < 2\nline"
    shown = alice.get(text[0], "item:Body", body="HTML").text("t:Body")
    assert "1 &lt; 2<br>" in shown


def test_the_unique_body_is_what_is_new(alice: Wire) -> None:
    answer = "Yes, on Friday.\n\nOn Monday, Bob wrote:\n&gt; Could you send it?\n"
    item = saved(alice, message("Re: x", text=answer))
    assert "Yes, on Friday." in alice.get(item[0], "item:UniqueBody").text("t:UniqueBody")
    assert "Could you" not in alice.get(item[0], "item:UniqueBody").text("t:UniqueBody")


def test_a_server_without_derived_bodies(make: Callable[..., Sandbox]) -> None:
    wire = Wire(make(quirks=Quirks(no_derived_bodies=True)).url, ALICE)
    item = saved(wire, message("x"))
    got = wire.get(item[0], "item:TextBody", "item:UniqueBody", "item:Body")
    assert [len(got.all(f"t:{name}")) for name in ("TextBody", "UniqueBody", "Body")] == [0, 0, 1]


def test_a_server_with_fractions_of_seconds(make: Callable[..., Sandbox], time: Time) -> None:
    time.move(0.25)
    wire = Wire(make(quirks=Quirks(fractional_seconds=True)).url, ALICE)
    item = saved(wire, message("x"))
    assert wire.get(item[0], "item:DateTimeCreated").text("t:DateTimeCreated") == "2026-11-24T08:00:00.250Z"


def test_updates_set_append_and_delete(alice: Wire) -> None:
    first = saved(alice, message("before", BOB, extra=extended(MINE, "t")))
    changes = (
        set_field("item:Subject", "<t:Subject>after</t:Subject>")
        + set_field("item:Categories", "<t:Categories><t:String>red</t:String></t:Categories>")
        + '<t:AppendToItemField><t:FieldURI FieldURI="item:Body"/>'
        '<t:Message><t:Body BodyType="Text"> there</t:Body>'
        "</t:Message></t:AppendToItemField>"
        f"<t:DeleteItemField><t:ExtendedFieldURI {MINE}/></t:DeleteItemField>"
    )
    (second,) = alice.update(first, changes).ids
    assert second[0] == first[0]
    assert base64.b64decode(second[1]) > base64.b64decode(first[1])
    got = alice.get(first[0], "item:Subject", "item:Categories", "item:Body", f"<t:ExtendedFieldURI {MINE}/>")
    assert got.text("t:Subject") == "after"
    assert got.text("t:Body") == "Hello there"
    assert got.texts("t:String") == ["red"]
    assert got.all("t:ExtendedProperty") == []
    mime = base64.b64decode(alice.get(first[0], "item:MimeContent").text("t:MimeContent"))
    assert b"Subject: after" in mime
    assert b"Hello there" in mime


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (set_field("item:Size", "<t:Size>3</t:Size>"), "ErrorInvalidPropertySet"),
        (set_field("item:Subject", ""), "ErrorIncorrectUpdatePropertyCount"),
        (set_field("item:Subject", "<t:Importance>High</t:Importance>"), "ErrorUpdatePropertyMismatch"),
        (
            set_field("task:DueDate", "<t:DueDate>2026-11-24T00:00:00Z</t:DueDate>", "Task"),
            "ErrorInvalidPropertySet",
        ),
        (
            '<t:DeleteItemField><t:FieldURI FieldURI="item:Size"/></t:DeleteItemField>',
            "ErrorInvalidPropertySet",
        ),
        (
            '<t:DeleteItemField><t:FieldURI FieldURI="item:ItemClass"/></t:DeleteItemField>',
            "ErrorInvalidPropertyDelete",
        ),
        (
            APPEND_CATEGORIES,
            "ErrorInvalidPropertyAppend",
        ),
        (set_field("item:ItemClass", "<t:ItemClass>IPM.Task</t:ItemClass>"), "ErrorObjectTypeChanged"),
    ],
)
def test_updates_that_are_refused_change_nothing(alice: Wire, change: str, code: str) -> None:
    item = saved(alice, message("same"))
    got = alice.update(item, set_field("item:Importance", "<t:Importance>High</t:Importance>") + change)
    assert got.codes == [code]
    after = alice.get(item[0], "item:Importance")
    assert after.text("t:Importance") == "Normal"
    assert after.ids == [item]


def test_what_was_sent_stays_as_it_was(alice: Wire, bob: Wire) -> None:
    bob.send("Hello", ALICE)
    (item,) = alice.find("inbox").ids
    change = set_field("message:ToRecipients", "<t:ToRecipients/>")
    assert alice.update(item, change).codes == ["ErrorInvalidPropertyUpdateSentMessage"]


def test_conflicts(alice: Wire) -> None:
    first = saved(alice, message("x"))
    red = set_field("item:Categories", "<t:Categories><t:String>red</t:String></t:Categories>")
    high = set_field("item:Importance", "<t:Importance>High</t:Importance>")
    (second,) = alice.update(first, red).ids
    assert alice.update(first, high, "NeverOverwrite").codes == ["ErrorIrresolvableConflict"]
    assert alice.update(first, red, "AutoResolve").codes == ["ErrorIrresolvableConflict"]
    assert alice.update(first, high, "AutoResolve").codes == ["NoError"]
    assert alice.update(second, high, "AutoResolve").codes == ["ErrorIrresolvableConflict"]
    assert alice.update(first, red, "AlwaysOverwrite").codes == ["NoError"]
    assert alice.update((first[0], ""), red, "NeverOverwrite").codes == [
        "ErrorChangeKeyRequiredForWriteOperations"
    ]
    assert alice.update((first[0], "bm8="), red).codes == ["ErrorInvalidChangeKey"]


def test_a_server_that_never_reports_conflicts(make: Callable[..., Sandbox]) -> None:
    wire = Wire(make(quirks=Quirks(no_conflicts=True)).url, ALICE)
    first = saved(wire, message("x"))
    red = set_field("item:Categories", "<t:Categories><t:String>red</t:String></t:Categories>")
    codes = [code for _ in range(2) for code in wire.update(first, red, "NeverOverwrite").codes]
    assert codes == ["NoError", "NoError"]


def test_ids_that_mean_nothing(alice: Wire, bob: Wire) -> None:
    mine = saved(alice, message("x"))
    theirs = saved(bob, message("y"))
    delete(alice, mine, "HardDelete")
    (folder,) = alice(
        "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>"
        '<t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'
    ).ids
    ids = "".join(
        f'<t:ItemId Id="{one}"/>'
        for one in (mine[0], theirs[0], "", "AAMk", mine[0][:-4] + "AAA=", folder[0])
    )
    got = alice(f"<m:GetItem>{alice.shape()}<m:ItemIds>{ids}</m:ItemIds></m:GetItem>")
    assert got.codes == [
        "ErrorItemNotFound",
        "ErrorAccessDenied",
        "ErrorInvalidIdEmpty",
        "ErrorInvalidIdMalformed",
        "ErrorInvalidIdMalformed",
        "ErrorCannotUseFolderIdForItemId",
    ]


def test_ids_change_on_move_and_copies_are_new(alice: Wire) -> None:
    item = saved(alice, message("x", extra=extended(MINE, "token")))
    (moved,) = carry(alice, "MoveItem", item, "inbox").ids
    assert moved[0] != item[0]
    assert alice.get(item[0]).codes == ["ErrorItemNotFound"]
    (copied,) = carry(alice, "CopyItem", moved, "drafts").ids
    for one in (moved, copied):
        assert alice.get(one[0], f"<t:ExtendedFieldURI {MINE}/>").text("t:Value") == "token"
        assert alice.get(one[0], "item:Body").text("t:Body") == "Hello"
    assert carry(alice, "MoveItem", item, "inbox").codes == ["ErrorItemNotFound"]


def test_the_ways_of_deleting(alice: Wire) -> None:
    for how, where in (("MoveToDeletedItems", "deleteditems"), ("SoftDelete", "recoverableitemsdeletions")):
        delete(alice, saved(alice, message(how)), how)
        assert alice.find(where, "item:Subject").texts("t:Subject") == [how]
    delete(alice, saved(alice, message("gone")), "HardDelete")
    assert alice.find("drafts").ids == []
    (in_bin,) = alice.find("deleteditems").ids
    assert delete(alice, in_bin, "MoveToDeletedItems").codes == ["NoError"]
    assert alice.find("deleteditems").ids == [in_bin]


def test_dispositions_and_occurrences_must_be_given(alice: Wire) -> None:
    assert alice(f"<m:CreateItem><m:Items>{message('x')}</m:Items></m:CreateItem>").codes == [
        "ErrorMessageDispositionRequired"
    ]
    task = saved(alice, "<t:Task><t:Subject>x</t:Subject></t:Task>")
    assert delete(alice, task, "HardDelete").codes == ["ErrorAffectedTaskOccurrencesRequired"]
    assert delete(alice, task, "HardDelete", ' AffectedTaskOccurrences="AllOccurrences"').codes == ["NoError"]


def test_items_belong_into_their_folders(alice: Wire) -> None:
    assert alice.create("<t:Task/>", folder="inbox").codes == ["ErrorCannotCreateTaskInNonTaskFolder"]
    assert alice.create("<t:Contact/>", folder="inbox").codes == [
        "ErrorCannotCreateContactInNonContactFolder"
    ]
    appointment = (
        "<t:CalendarItem><t:Start>2026-11-24T09:00:00Z</t:Start>"
        "<t:End>2026-11-24T10:00:00Z</t:End></t:CalendarItem>"
    )
    assert alice.create(appointment, folder="tasks").codes == [
        "ErrorCannotCreateCalendarItemInNonCalendarFolder"
    ]


def test_every_property_that_can_be_asked_for(alice: Wire, bob: Wire) -> None:
    """All of them, of every type of item: the answers must be valid (checked at the end of each test)."""
    from exchange_sandbox.ews.properties.types import TYPES

    bob.send("Hello", ALICE)
    saved(alice, "<t:Task><t:Subject>t</t:Subject><t:DueDate>2026-11-24T00:00:00Z</t:DueDate></t:Task>")
    saved(alice, "<t:Contact><t:GivenName>Ann</t:GivenName><t:Surname>Lee</t:Surname></t:Contact>")
    saved(
        alice,
        "<t:CalendarItem><t:Start>2026-11-24T09:00:00Z</t:Start><t:End>2026-11-24T10:00:00Z</t:End></t:CalendarItem>",
    )
    uris = sorted({prop.uri for kind in TYPES for prop in kind.props if prop.uri})
    for folder in ("inbox", "sentitems", "tasks", "contacts", "calendar"):
        (item,) = alice.find(folder).ids if folder != "sentitems" else bob.find(folder).ids
        wire = bob if folder == "sentitems" else alice
        assert wire.get(item[0], *uris, base="AllProperties").codes == ["NoError"]
        assert wire.sync(folder, "", 512, *uris).codes == ["NoError"]


def test_find_item_refuses_what_it_cannot_give(alice: Wire) -> None:
    for uri in (
        "item:Body",
        "item:MimeContent",
        "message:ToRecipients",
        "item:Attachments",
        "folder:DisplayName",
    ):
        assert alice.find("inbox", uri).codes == ["ErrorInvalidPropertyRequest"]


def test_a_culture_is_a_language(alice: Wire) -> None:
    for text, codes in (("no language", ["ErrorSchemaValidation"]), ("de-DE", ["NoError"])):
        assert alice.create(message("x", extra=f"<t:Culture>{text}</t:Culture>")).codes == codes
