"""Ids converted, items exported, junk, read marks, delegates, mail tips and personas."""

from __future__ import annotations

from decimal import Decimal

import exchangelib
import pytest
from exchangelib import errors
from exchangelib.properties import ID_FORMATS, AlternateId
from exchangelib.services import GetPersona

from exchange_sandbox import Sandbox

from .conftest import ALICE, BOB
from .test_client import account
from .test_folders import get, named
from .test_items import delete, saved
from .wire import Got, Wire, mailbox, message

ENTRY_ID = '<t:ExtendedFieldURI PropertyTag="0x0fff" PropertyType="Binary"/>'


@pytest.fixture
def owner(sandbox: Sandbox) -> exchangelib.Account:
    return account(sandbox, ALICE)


def test_ids_are_converted_there_and_back(owner: exchangelib.Account) -> None:
    item = exchangelib.Message(account=owner, folder=owner.drafts, subject="x").save()
    convert = owner.protocol.convert_ids
    for one in (item, owner.inbox):
        start = AlternateId(id=one.id, format="EwsId", mailbox=ALICE)
        shown = {form: next(iter(convert([start], destination_format=form))) for form in ID_FORMATS}
        assert len({about.id for about in shown.values()}) == len(ID_FORMATS)
        for about in shown.values():
            for form in ID_FORMATS:
                (back,) = convert([about], destination_format=form)
                assert (back.id, back.format) == (shown[form].id, form)


def convert(wire: Wire, about: str, form: str = "EwsId") -> Got:
    return wire(f'<m:ConvertId DestinationFormat="{form}"><m:SourceIds>{about}</m:SourceIds></m:ConvertId>')


@pytest.mark.parametrize("form", sorted(ID_FORMATS))
def test_ids_that_cannot_be_converted(alice: Wire, bob: Wire, form: str) -> None:
    for text in ("", "x", "AAAA", "%", "0A"):
        about = f'<t:AlternateId Format="{form}" Id="{text}" Mailbox="{ALICE}"/>'
        (code,) = convert(alice, about).codes
        assert code.startswith("ErrorInvalidId")
    (item,) = [saved(alice, message("x"))]
    theirs = f'<t:AlternateId Format="EwsId" Id="{item[0]}" Mailbox="{BOB}"/>'
    nobodys = f'<t:AlternateId Format="EwsId" Id="{item[0]}" Mailbox="nobody@corp.example"/>'
    public = '<t:AlternatePublicFolderId Format="EwsId" FolderId="x"/>'
    assert convert(alice, theirs + nobodys + public, form).codes == [
        "ErrorInvalidIdMalformed",
        "ErrorNonExistentMailbox",
        "ErrorNoPublicFolderReplicaAvailable",
    ]


def test_the_entry_id_is_the_one_that_converts(alice: Wire) -> None:
    item = saved(alice, message("x"))
    entry = alice.get(item[0], ENTRY_ID).text("t:Value")
    about = f'<t:AlternateId Format="EntryId" Id="{entry}" Mailbox="{ALICE}"/>'
    assert convert(alice, about).all("m:AlternateId")[0].get("Id") == item[0]
    entry = get(alice, named("inbox"), ENTRY_ID).text("t:Value")
    about = f'<t:AlternateId Format="EntryId" Id="{entry}" Mailbox="{ALICE}"/>'
    assert convert(alice, about).all("m:AlternateId")[0].get("Id") == get(alice, named("inbox")).ids[0][0]


def test_items_are_exported_and_uploaded(owner: exchangelib.Account) -> None:
    raw = b"From: bob@corp.example\r\nSubject: Sent\r\nX-Odd: yes\r\n\r\nBody\r\n"
    made = [
        exchangelib.Message(account=owner, folder=owner.drafts, subject="a", body="b", categories=["c"]),
        exchangelib.Message(account=owner, folder=owner.drafts, mime_content=raw),
        exchangelib.Task(account=owner, folder=owner.tasks, subject="t", percent_complete=Decimal(20)),
    ]
    for one in made:
        one.save()
    streams = owner.export(made)
    placed = owner.upload([(owner.inbox, streams[0]), (owner.inbox, streams[1]), (owner.tasks, streams[2])])
    fresh = list(owner.fetch(placed))
    for one, twin in zip(owner.fetch(made), fresh, strict=True):
        for name in ("subject", "body", "categories", "mime_content", "message_id", "percent_complete"):
            assert getattr(one, name, None) == getattr(twin, name, None)
    fresh[0].subject = "changed"
    fresh[0].save(update_fields=["subject"])
    (again,) = owner.upload([(owner.inbox, ((fresh[0].id, fresh[0].changekey), False, streams[0]))])
    assert again[0] == fresh[0].id
    assert next(iter(owner.fetch([again]))).subject == "a"
    fresh[0].delete()
    bad = [(owner.inbox, (again, False, streams[0])), (owner.inbox, "AAAA"), (owner.inbox, streams[0][:-8])]
    assert [type(one) for one in owner.upload(bad)] == [
        errors.ErrorItemNotFound,
        errors.ErrorCorruptData,
        errors.ErrorCorruptData,
    ]


def upload(wire: Wire, action: str, data: str, item: str = "") -> Got:
    folder = get(wire, named("inbox")).ids[0][0]
    return wire(
        f'<m:UploadItems><m:Items><t:Item CreateAction="{action}"><t:ParentFolderId Id="{folder}"/>{item}'
        f"<t:Data>{data}</t:Data></t:Item></m:Items></m:UploadItems>"
    )


def test_an_upload_that_updates_or_creates(alice: Wire) -> None:
    item = saved(alice, message("x"))
    known = f'<t:ItemId Id="{item[0]}"/>'
    data = alice(f"<m:ExportItems><m:ItemIds>{known}</m:ItemIds></m:ExportItems>").text("m:Data")
    assert upload(alice, "UpdateOrCreate", data, known).all("m:ItemId")[0].get("Id") == item[0]
    assert upload(alice, "Update", data).codes == ["ErrorInvalidIdEmpty"]
    delete(alice, item, "HardDelete")
    assert upload(alice, "UpdateOrCreate", data, known).codes == ["NoError"]
    assert upload(alice, "Update", data, known).codes == ["ErrorItemNotFound"]
    assert upload(alice, "Replace", data).codes == ["ErrorSchemaValidation"]


def test_junk_goes_where_it_belongs(owner: exchangelib.Account, bob: Wire, alice: Wire) -> None:
    bob.send("spam", ALICE)
    owner.inbox.get(subject="spam").mark_as_junk(is_junk=True, move_item=True)
    bob.send("more spam", ALICE)
    assert sorted(owner.junk.all().values_list("subject", flat=True)) == ["more spam", "spam"]
    for one in list(owner.junk.all()):
        one.mark_as_junk(is_junk=False, move_item=True)
    bob.send("ham", ALICE)
    assert owner.inbox.all().count() == 3
    task = saved(alice, "<t:Task><t:Subject>x</t:Subject></t:Task>")
    refused = alice(
        f'<m:MarkAsJunk IsJunk="true" MoveItem="true"><m:ItemIds><t:ItemId Id="{task[0]}"/></m:ItemIds>'
        "</m:MarkAsJunk>"
    )
    assert refused.codes == ["ErrorInvalidOperation"]


def test_all_mail_of_a_folder_is_read(alice: Wire, bob: Wire) -> None:
    for _ in range(3):
        bob.send("x", ALICE)
    state = alice.sync("inbox").text("m:SyncState")
    for flag, unread in (("true", "0"), ("false", "3")):
        got = alice(
            f"<m:MarkAllItemsAsRead><m:ReadFlag>{flag}</m:ReadFlag><m:SuppressReadReceipts>true"
            f"</m:SuppressReadReceipts><m:FolderIds>{named('inbox')}</m:FolderIds></m:MarkAllItemsAsRead>"
        )
        assert got.codes == ["NoError"]
        assert get(alice, named("inbox"), "folder:UnreadCount").text("t:UnreadCount") == unread
    assert len(alice.sync("inbox", state).all("t:ReadFlagChange")) == 3


def test_what_nobody_has_here(alice: Wire, owner: exchangelib.Account) -> None:
    item = saved(alice, message("x"))
    archive = alice(
        f"<m:ArchiveItem><m:ArchiveSourceFolderId>{named('inbox')}</m:ArchiveSourceFolderId>"
        f'<m:ItemIds><t:ItemId Id="{item[0]}"/></m:ItemIds></m:ArchiveItem>'
    )
    assert archive.codes == ["ErrorArchiveMailboxNotEnabled"]
    managed = alice(
        "<m:CreateManagedFolder><m:FolderNames><t:FolderName>Legal</t:FolderName></m:FolderNames></m:CreateManagedFolder>"
    )
    assert managed.codes == ["ErrorManagedFolderNotFound"]
    with pytest.raises(errors.ErrorAccessDenied):
        list(owner.protocol.get_searchable_mailboxes())


def delegate(address: str, level: str = "Editor") -> str:
    return (
        f"<t:DelegateUser><t:UserId><t:PrimarySmtpAddress>{address}</t:PrimarySmtpAddress></t:UserId>"
        f"<t:DelegatePermissions><t:CalendarFolderPermissionLevel>{level}</t:CalendarFolderPermissionLevel>"
        "</t:DelegatePermissions><t:ViewPrivateItems>true</t:ViewPrivateItems></t:DelegateUser>"
    )


def manage(wire: Wire, operation: str, users: str, owner: str = ALICE, tail: str = "") -> Got:
    about = mailbox(owner).replace("t:Mailbox", "m:Mailbox")
    names = "UserIds" if operation == "RemoveDelegate" else "DelegateUsers"
    return wire(f"<m:{operation}>{about}<m:{names}>{users}</m:{names}>{tail}</m:{operation}>")


def test_delegates_are_kept(alice: Wire, owner: exchangelib.Account) -> None:
    assert owner.delegates == []
    tail = "<m:DeliverMeetingRequests>DelegatesOnly</m:DeliverMeetingRequests>"
    users = delegate(BOB) + delegate(ALICE) + delegate("nobody@corp.example") + delegate(BOB)
    refused = ["ErrorDelegateCannotAddOwner", "ErrorDelegateNoUser", "ErrorDelegateAlreadyExists"]
    assert manage(alice, "AddDelegate", users, tail=tail).codes == ["NoError", "NoError", *refused]
    (known,) = owner.delegates
    assert known.user_id.primary_smtp_address == BOB
    assert known.delegate_permissions.calendar_folder_permission_level == "Editor"
    assert known.delegate_permissions.inbox_folder_permission_level == "None"
    assert (known.view_private_items, known.receive_copies_of_meeting_messages) == (True, False)
    assert manage(alice, "UpdateDelegate", delegate(BOB, "Reviewer")).codes == ["NoError", "NoError"]
    (known,) = owner.delegates
    assert known.delegate_permissions.calendar_folder_permission_level == "Reviewer"
    bob = f"<t:UserId><t:PrimarySmtpAddress>{BOB}</t:PrimarySmtpAddress></t:UserId>"
    assert manage(alice, "RemoveDelegate", bob + bob).codes == ["NoError", "NoError", "ErrorNotDelegate"]
    assert owner.delegates == []
    assert manage(alice, "AddDelegate", delegate(BOB), owner=BOB).codes == ["ErrorAccessDenied"]


def test_mail_tips(owner: exchangelib.Account, alice: Wire) -> None:
    assert owner.mail_tips.recipient_address.email_address == ALICE
    people = mailbox(BOB) + mailbox("nobody@corp.example")
    got = alice(
        f"<m:GetMailTips><m:SendingAs><t:EmailAddress>{ALICE}</t:EmailAddress></m:SendingAs><m:Recipients>{people}"
        "</m:Recipients><m:MailTipsRequested>InvalidRecipient TotalMemberCount</m:MailTipsRequested>"
        "</m:GetMailTips>"
    )
    assert got.texts("t:InvalidRecipient") == ["false", "true"]
    assert got.all("t:OutOfOffice") == []


def find_people(
    wire: Wire, folder: str, query: str = "", view: str = 'MaxEntriesReturned="9" Offset="0"'
) -> Got:
    return wire(
        "<m:FindPeople><m:PersonaShape><t:BaseShape>Default</t:BaseShape></m:PersonaShape>"
        f'<m:IndexedPageItemView {view} BasePoint="Beginning"/><m:SortOrder><t:FieldOrder Order="Descending">'
        '<t:FieldURI FieldURI="persona:DisplayName"/></t:FieldOrder></m:SortOrder>'
        f"<m:ParentFolderId>{named(folder)}</m:ParentFolderId><m:QueryString>{query}</m:QueryString></m:FindPeople>"
    )


def test_people_among_contacts_and_colleagues(owner: exchangelib.Account, alice: Wire) -> None:
    for name in ("Zoe Zimmer", "Yves Young"):
        first, last = name.split()
        saved(
            alice,
            f"<t:Contact><t:FileAs>{last}</t:FileAs><t:DisplayName>{name}</t:DisplayName><t:GivenName>{first}"
            "</t:GivenName><t:EmailAddresses><t:Entry Key='EmailAddress1'>"
            f"{first.lower()}@other.example</t:Entry></t:EmailAddresses><t:Surname>{last}</t:Surname></t:Contact>",
        )
    found = list(owner.contacts.people().order_by("display_name").only("display_name"))
    assert [one.display_name for one in found] == ["Yves Young", "Zoe Zimmer"]
    (zoe,) = owner.contacts.people().filter(display_name="Zoe Zimmer")
    (whole,) = GetPersona(account=owner).call(personas=[zoe])
    assert whole.surname == "Zimmer"
    assert whole.email_address.email_address == "zoe@other.example"
    got = find_people(alice, "directory")
    assert got.texts("t:DisplayName") == ["Bob", "Alice"]
    assert got.text("m:TotalNumberOfPeopleInView") == "2"
    assert find_people(alice, "directory", "al").texts("t:DisplayName") == ["Alice"]
    assert find_people(alice, "contacts", "zim").texts("t:DisplayName") == ["Zoe Zimmer"]
    page = find_people(alice, "contacts", view='MaxEntriesReturned="1" Offset="1"')
    assert page.texts("t:DisplayName") == ["Yves Young"]
    assert find_people(alice, "inbox").codes == ["ErrorInvalidOperation"]
    with pytest.raises(errors.ErrorInvalidIdMalformed):
        list(GetPersona(account=owner).call(personas=[exchangelib.properties.PersonaId(id="AAAA")]))


def test_configurations_are_deleted(owner: exchangelib.Account) -> None:
    owner.inbox.create_user_configuration("mine", dictionary={"a": 1})
    owner.inbox.delete_user_configuration("mine")
    with pytest.raises(errors.ErrorItemNotFound):
        owner.inbox.get_user_configuration("mine")


def test_hidden_items_are_followed_only_when_asked_for(owner: exchangelib.Account, alice: Wire) -> None:
    def follow(state: str, scope: str) -> Got:
        return alice(
            f"<m:SyncFolderItems>{alice.shape()}<m:SyncFolderId>{named('inbox')}</m:SyncFolderId>"
            f"<m:SyncState>{state}</m:SyncState><m:MaxChangesReturned>9</m:MaxChangesReturned>"
            f"<m:SyncScope>{scope}</m:SyncScope></m:SyncFolderItems>"
        )

    state = alice.sync("inbox").text("m:SyncState")
    owner.inbox.create_user_configuration("mine", dictionary={"a": 1})
    seen = {scope: follow(state, scope) for scope in ("NormalItems", "NormalAndAssociatedItems")}
    assert [len(one.all("t:Create")) for one in seen.values()] == [0, 1]
    owner.inbox.delete_user_configuration("mine")
    gone = [follow(one.text("m:SyncState"), scope) for scope, one in seen.items()]
    assert [len(one.all("t:Delete")) for one in gone] == [0, 1]
