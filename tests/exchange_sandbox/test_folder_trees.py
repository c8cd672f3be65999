"""Folders with what is in them: moved, copied, emptied, followed, searched and opened to others."""

from __future__ import annotations

import random

import exchangelib
import pytest
from exchangelib import errors
from lxml import etree

from exchange_sandbox import Sandbox
from tests.plays import seeds

from .conftest import ALICE, BOB
from .test_client import account
from .test_folders import create, delete, find, get, named
from .test_items import saved
from .wire import Got, Wire, message, set_field


def folder_id(one: tuple[str, str]) -> str:
    return f'<t:FolderId Id="{one[0]}"/>'


def made(wire: Wire, name: str, **about: str) -> tuple[str, str]:
    (one,) = create(wire, name, **about).ids
    return one


def carry(wire: Wire, operation: str, folder: str, target: str) -> Got:
    return wire(
        f"<m:{operation}><m:ToFolderId>{target}</m:ToFolderId><m:FolderIds>{folder}</m:FolderIds></m:{operation}>"
    )


def below(wire: Wire, name: str, parent: tuple[str, str]) -> tuple[str, str]:
    got = wire(
        f"<m:CreateFolder><m:ParentFolderId>{folder_id(parent)}</m:ParentFolderId><m:Folders><t:Folder>"
        f"<t:DisplayName>{name}</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>"
    )
    (one,) = got.ids
    return one


def put(wire: Wire, folder: tuple[str, str], subject: str = "x") -> None:
    got = wire(
        f'<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId>{folder_id(folder)}'
        f"</m:SavedItemFolderId><m:Items>{message(subject)}</m:Items></m:CreateItem>"
    )
    assert got.codes == ["NoError"]


def empty(wire: Wire, folder: str, how: str, below: str = "false") -> Got:
    return wire(
        f'<m:EmptyFolder DeleteType="{how}" DeleteSubFolders="{below}">'
        f"<m:FolderIds>{folder}</m:FolderIds></m:EmptyFolder>"
    )


def test_a_folder_moves_with_all_in_it_and_keeps_its_id(alice: Wire) -> None:
    one, other = made(alice, "one"), made(alice, "other")
    inner = below(alice, "inner", one)
    put(alice, inner)
    (moved,) = carry(alice, "MoveFolder", folder_id(one), folder_id(other)).ids
    assert moved[0] == one[0]
    counts = ("folder:ChildFolderCount", "folder:TotalCount", "folder:UnreadCount")
    assert get(alice, folder_id(other), *counts).text("t:ChildFolderCount") == "1"
    got = get(alice, folder_id(inner), *counts)
    assert (got.text("t:TotalCount"), got.text("t:UnreadCount")) == ("1", "1")


def test_what_cannot_be_moved(alice: Wire) -> None:
    one = made(alice, "one")
    inner = below(alice, "inner", one)
    made(alice, "taken", parent="drafts")
    assert carry(alice, "MoveFolder", folder_id(one), folder_id(inner)).codes == ["ErrorMoveCopyFailed"]
    assert carry(alice, "MoveFolder", folder_id(one), folder_id(one)).codes == ["ErrorMoveCopyFailed"]
    assert carry(alice, "CopyFolder", folder_id(one), folder_id(inner)).codes == ["ErrorMoveCopyFailed"]
    refused = carry(alice, "MoveFolder", named("drafts") + folder_id(one), named("voicemail"))
    assert refused.codes == ["ErrorToFolderNotFound", "ErrorToFolderNotFound"]
    assert carry(alice, "MoveFolder", named("drafts"), named("inbox")).codes == [
        "ErrorMoveDistinguishedFolder"
    ]
    below(alice, "taken", one)
    (taken,) = find(alice, "drafts").ids
    assert carry(alice, "MoveFolder", folder_id(taken), folder_id(one)).codes == ["ErrorFolderExists"]


def test_a_copy_is_a_tree_of_its_own(alice: Wire) -> None:
    one = made(alice, "one")
    inner = below(alice, "inner", one)
    put(alice, inner, "copied")
    (twin,) = carry(alice, "CopyFolder", folder_id(one), named("drafts")).ids
    assert twin[0] != one[0]
    assert delete(alice, folder_id(one)).codes == ["NoError"]
    found = find(alice, "drafts", traversal="Deep")
    assert sorted(found.texts("t:DisplayName")) == ["inner", "one"]
    assert sorted(found.texts("t:TotalCount")) == ["0", "1"]


def test_folders_are_emptied_as_items_are_deleted(alice: Wire) -> None:
    one = made(alice, "one")
    for how, bin_name in (
        ("MoveToDeletedItems", "deleteditems"),
        ("SoftDelete", "recoverableitemsdeletions"),
        ("HardDelete", ""),
    ):
        put(alice, one, how)
        put(alice, below(alice, how, one))
        assert empty(alice, folder_id(one), how).codes == ["NoError"]
        got = get(alice, folder_id(one), "folder:TotalCount", "folder:ChildFolderCount")
        assert (got.text("t:TotalCount"), got.text("t:ChildFolderCount")) == ("0", "1")
        put(alice, one, how)
        assert empty(alice, folder_id(one), how, "true").codes == ["NoError"]
        got = get(alice, folder_id(one), "folder:TotalCount", "folder:ChildFolderCount")
        assert (got.text("t:TotalCount"), got.text("t:ChildFolderCount")) == ("0", "0")
        if bin_name:
            assert alice.find(bin_name, "item:Subject").texts("t:Subject") == [how, how]
            assert find(alice, bin_name).texts("t:DisplayName") == [how]
    assert empty(alice, named("calendar"), "HardDelete").codes == ["ErrorCannotEmptyFolder"]
    saved(alice, message("stays"))
    assert empty(alice, named("msgfolderroot"), "HardDelete", "1").codes == ["ErrorDeleteDistinguishedFolder"]
    assert len(alice.find("drafts").ids) == 1


@pytest.mark.long
def test_a_client_wipes_a_whole_mailbox(sandbox: Sandbox) -> None:
    owner = account(sandbox, ALICE)
    zone = owner.default_timezone
    deep = exchangelib.folders.Messages(parent=owner.inbox, name="deep").save()
    exchangelib.folders.Tasks(parent=deep, name="deeper").save()
    start = exchangelib.EWSDateTime(2026, 11, 24, 9, tzinfo=zone)
    end = exchangelib.EWSDateTime(2026, 11, 24, 10, tzinfo=zone)
    for item in (
        exchangelib.Message(account=owner, folder=deep, subject="mail"),
        exchangelib.Task(account=owner, folder=owner.tasks, subject="task"),
        exchangelib.CalendarItem(account=owner, folder=owner.calendar, subject="day", start=start, end=end),
    ):
        item.save()
    standard = len(list(owner.root.walk())) - 2
    owner.root.wipe()
    owner.root.clear_cache()
    left = list(owner.root.walk())
    assert len(left) == standard
    assert [one.name for one in left if one.total_count] == []


@pytest.mark.parametrize("name", ["archiveinbox", "voicemail", "directory", "allitems"])
def test_standard_folders_that_nobody_has(alice: Wire, name: str) -> None:
    assert get(alice, named(name)).codes == ["ErrorFolderNotFound"]
    assert get(alice, named("publicfoldersroot")).codes == ["ErrorNoPublicFolderReplicaAvailable"]


def permission(user: str, level: str, more: str = "") -> str:
    return (
        f"<t:PermissionSet><t:Permissions><t:Permission><t:UserId>{user}</t:UserId>{more}"
        f"<t:PermissionLevel>{level}</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet>"
    )


def smtp(address: str) -> str:
    return f"<t:PrimarySmtpAddress>{address}</t:PrimarySmtpAddress>"


def test_permissions_are_kept(alice: Wire) -> None:
    one = made(alice, "open", extra=permission(smtp(BOB), "Author"))
    got = get(alice, folder_id(one), "folder:PermissionSet")
    assert got.texts("t:PermissionLevel") == ["Author"]
    assert got.texts("t:EditItems") == ["Owned"]
    assert got.texts("t:DisplayName") == ["Bob"]
    field = set_field("folder:PermissionSet", permission(smtp(BOB), "Reviewer"), "Folder")
    changed = alice(
        f"<m:UpdateFolder><m:FolderChanges><t:FolderChange>{folder_id(one)}<t:Updates>"
        f"{field.replace('SetItemField', 'SetFolderField')}</t:Updates></t:FolderChange>"
        "</m:FolderChanges></m:UpdateFolder>"
    )
    assert changed.codes == ["NoError"]
    assert get(alice, folder_id(one), "folder:PermissionSet").texts("t:ReadItems") == ["FullDetails"]
    for bad, code in (
        (permission(smtp("nobody@corp.example"), "Owner"), "ErrorInvalidUserInfo"),
        (permission(smtp(BOB), "Custom"), "ErrorInvalidPermissionSettings"),
        (permission(smtp(BOB), "King"), "ErrorSchemaValidation"),
    ):
        assert create(alice, "bad", extra=bad).codes == [code]


def test_a_search_folder_shows_what_is_elsewhere(alice: Wire) -> None:
    unread = (
        '<t:IsEqualTo><t:FieldURI FieldURI="message:IsRead"/><t:FieldURIOrConstant>'
        '<t:Constant Value="false"/></t:FieldURIOrConstant></t:IsEqualTo>'
    )
    search = (
        f'<t:SearchParameters Traversal="Deep"><t:Restriction>{unread}</t:Restriction>'
        f"<t:BaseFolderIds>{named('inbox')}{named('drafts')}</t:BaseFolderIds></t:SearchParameters>"
    )
    one = made(alice, "unread", parent="searchfolders", element="SearchFolder", extra=search)
    inner = made(alice, "inner")
    put(alice, inner, "deep")
    item = saved(alice, message("draft"))
    saved(alice, message("elsewhere"), "sentitems")
    found = alice(
        f'<m:FindItem Traversal="Shallow">{alice.shape("item:Subject")}'
        f"<m:ParentFolderIds>{folder_id(one)}</m:ParentFolderIds></m:FindItem>"
    )
    assert sorted(found.texts("t:Subject")) == ["deep", "draft"]
    got = get(alice, folder_id(one), "folder:TotalCount", "folder:UnreadCount", "folder:SearchParameters")
    assert (got.text("t:TotalCount"), got.text("t:UnreadCount")) == ("2", "2")
    assert len(got.all("t:SearchFolder/t:SearchParameters")) == 1
    assert create(alice, "none", element="SearchFolder").codes == ["ErrorRequiredPropertyMissing"]
    assert carry(alice, "MoveFolder", folder_id(inner), folder_id(one)).codes == ["ErrorInvalidOperation"]
    into = alice(
        f"<m:MoveItem><m:ToFolderId>{folder_id(one)}</m:ToFolderId><m:ItemIds>"
        f'<t:ItemId Id="{item[0]}"/></m:ItemIds></m:MoveItem>'
    )
    assert into.codes == ["ErrorInvalidOperation"]
    kept = alice(
        f'<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId>{folder_id(one)}'
        f"</m:SavedItemFolderId><m:Items>{message('x')}</m:Items></m:CreateItem>"
    )
    assert kept.codes == ["ErrorInvalidOperation"]


def test_a_path_of_folders_is_made_as_far_as_it_is_missing(alice: Wire) -> None:
    made(alice, "one")
    got = alice(
        f"<m:CreateFolderPath><m:ParentFolderId>{named('inbox')}</m:ParentFolderId><m:RelativeFolderPath>"
        "<t:Folder><t:DisplayName>ONE</t:DisplayName></t:Folder>"
        "<t:Folder><t:DisplayName>two</t:DisplayName></t:Folder>"
        "</m:RelativeFolderPath></m:CreateFolderPath>"
    )
    assert got.codes == ["NoError", "NoError"]
    assert sorted(find(alice, "inbox", traversal="Deep").texts("t:DisplayName")) == ["one", "two"]


def follow(wire: Wire, state: str, root: str = "inbox") -> Got:
    known = f"<m:SyncState>{state}</m:SyncState>" if state else ""
    return wire(
        "<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>"
        f"<m:SyncFolderId>{named(root)}</m:SyncFolderId>{known}</m:SyncFolderHierarchy>"
    )


@pytest.mark.parametrize("seed", seeds(*range(4)))
def test_a_follower_knows_the_hierarchy(alice: Wire, seed: int) -> None:
    """Whatever is made, renamed, moved in, out and about, and deleted: what is told is what is there."""
    chance = random.Random(seed)
    known: dict[str, tuple[str, str]] = {}
    state = ""
    for transition in range(15):
        for step in range(chance.randrange(4)):
            disturb(alice, chance, f"{transition}-{step}")
        got = follow(alice, state)
        state = got.text("m:SyncState")
        for change in got.all("m:Changes")[0]:
            what = etree.QName(change).localname
            number = change.find(".//{*}FolderId").get("Id")
            if what == "Delete":
                del known[number]
                continue
            assert (number in known) == (what == "Update")
            about = (change.findtext(".//{*}DisplayName"), change.find(".//{*}ParentFolderId").get("Id"))
            assert known.get(number) != about
            known[number] = about
    again = follow(alice, state)
    assert len(again.all("m:Changes")[0]) == 0
    there = find(alice, "inbox", traversal="Deep")
    assert {one: name for one, (name, _) in known.items()} == dict(
        zip((one for one, _ in there.ids), there.texts("t:DisplayName"), strict=True)
    )


def disturb(wire: Wire, chance: random.Random, name: str) -> None:
    inside, outside = find(wire, "inbox", traversal="Deep").ids, find(wire, "drafts").ids
    what = chance.choice(("make", "make", "deeper", "rename", "move", "out", "in", "delete", "mail"))
    if what == "make":
        create(wire, name, parent=chance.choice(("inbox", "drafts")))
    elif what == "in" and outside:
        carry(wire, "MoveFolder", folder_id(chance.choice(outside)), named("inbox"))
    elif inside:
        one = chance.choice(inside)
        if what == "deeper":
            below(wire, name, one)
        elif what == "rename":
            wire(
                f"<m:UpdateFolder><m:FolderChanges><t:FolderChange>{folder_id(one)}<t:Updates>"
                '<t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/>'
                f"<t:Folder><t:DisplayName>{name}</t:DisplayName></t:Folder></t:SetFolderField></t:Updates>"
                "</t:FolderChange></m:FolderChanges></m:UpdateFolder>"
            )
        elif what == "move":
            carry(wire, "MoveFolder", folder_id(one), folder_id(chance.choice(inside)))
        elif what == "out":
            carry(wire, "MoveFolder", folder_id(one), named("drafts"))
        elif what == "delete":
            delete(wire, folder_id(one), chance.choice(("HardDelete", "MoveToDeletedItems")))
        else:
            put(wire, one)


def test_states_of_a_hierarchy_that_are_refused(alice: Wire, bob: Wire) -> None:
    state = follow(alice, "").text("m:SyncState")
    items = alice.sync("inbox").text("m:SyncState")
    for wire, root, known in (
        (alice, "inbox", "bm9uc2Vuc2U="),
        (alice, "inbox", items),
        (alice, "root", state),
        (bob, "inbox", state),
    ):
        assert follow(wire, known, root).codes == ["ErrorInvalidSyncStateData"]
    assert follow(alice, "", "voicemail").codes == ["ErrorSyncFolderNotFound"]


def test_a_client_makes_moves_and_forgets_folders(sandbox: Sandbox) -> None:
    owner = account(sandbox, ALICE)
    list(owner.root.sync_hierarchy())
    folder = exchangelib.folders.Folder(parent=owner.inbox, name="a").save()
    assert folder.refresh().folder_class is None
    target = exchangelib.folders.Messages(parent=owner.inbox, name="b").save()
    folder.move(target)
    assert [(what, one.name) for what, one in owner.root.sync_hierarchy()] == [
        ("create", "b"),
        ("create", "a"),
    ]
    folder.delete()
    assert [what for what, _ in owner.root.sync_hierarchy()] == ["delete"]
    with pytest.raises(errors.ErrorMoveDistinguishedFolder):
        owner.drafts.move(target)


def test_the_size_of_a_folder_is_that_of_what_is_in_it(alice: Wire) -> None:
    tag = '<t:ExtendedFieldURI PropertyTag="0x0e08" PropertyType="Integer"/>'
    one = made(alice, "one")
    bare = int(get(alice, folder_id(one), tag).text("t:Value"))
    put(alice, one)
    assert int(get(alice, folder_id(one), tag).text("t:Value")) > bare
