"""Folders: found, made, changed and deleted as Exchange does it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from exchange_sandbox import Quirks, Sandbox

from .conftest import ALICE, BOB, Time
from .wire import Got, Wire, extended, message, set_field

HIDDEN = 'PropertyTag="0x10f4" PropertyType="Boolean"'
COMMIT_TIME = '<t:ExtendedFieldURI PropertyTag="0x670a" PropertyType="SystemTime"/>'
DELETED = '<t:ExtendedFieldURI PropertyTag="0x670b" PropertyType="Integer"/>'


def get(wire: Wire, folder: str, *paths: str, base: str = "IdOnly") -> Got:
    more = "".join(one if one.startswith("<") else f'<t:FieldURI FieldURI="{one}"/>' for one in paths)
    extra = f"<t:AdditionalProperties>{more}</t:AdditionalProperties>" if more else ""
    return wire(
        f"<m:GetFolder><m:FolderShape><t:BaseShape>{base}</t:BaseShape>{extra}</m:FolderShape>"
        f"<m:FolderIds>{folder}</m:FolderIds></m:GetFolder>"
    )


def named(name: str, mailbox: str = "") -> str:
    inner = f"<t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress></t:Mailbox>" if mailbox else ""
    return f'<t:DistinguishedFolderId Id="{name}">{inner}</t:DistinguishedFolderId>'


def create(wire: Wire, name: str, *, parent: str = "inbox", extra: str = "", element: str = "Folder") -> Got:
    return wire(
        f"<m:CreateFolder><m:ParentFolderId>{named(parent)}</m:ParentFolderId><m:Folders><t:{element}>"
        f"<t:DisplayName>{name}</t:DisplayName>{extra}</t:{element}></m:Folders></m:CreateFolder>"
    )


def delete(wire: Wire, folder: str, how: str = "HardDelete") -> Got:
    return wire(f'<m:DeleteFolder DeleteType="{how}"><m:FolderIds>{folder}</m:FolderIds></m:DeleteFolder>')


def find(
    wire: Wire, parent: str, *, restriction: str = "", traversal: str = "Shallow", view: str = ""
) -> Got:
    limit = f"<m:Restriction>{restriction}</m:Restriction>" if restriction else ""
    return wire(
        f'<m:FindFolder Traversal="{traversal}"><m:FolderShape>'
        "<t:BaseShape>Default</t:BaseShape></m:FolderShape>"
        f"{view}{limit}<m:ParentFolderIds>{named(parent)}</m:ParentFolderIds></m:FindFolder>"
    )


def test_all_properties_of_all_standard_folders(alice: Wire) -> None:
    names = [
        "root",
        "msgfolderroot",
        "inbox",
        "sentitems",
        "drafts",
        "outbox",
        "deleteditems",
        "junkemail",
        "tasks",
        "calendar",
        "contacts",
        "notes",
        "journal",
        "searchfolders",
        "recoverableitemsdeletions",
    ]
    got = get(alice, "".join(named(name) for name in names), "folder:PermissionSet", base="AllProperties")
    assert set(got.codes) == {"NoError"}
    assert got.texts("t:DistinguishedFolderId") == names
    assert (
        len(got.all("t:TasksFolder"))
        == len(got.all("t:CalendarFolder"))
        == len(got.all("t:ContactsFolder"))
        == 1
    )


def test_own_mailbox_alone(alice: Wire) -> None:
    wanted = named("inbox", ALICE) + named("inbox", BOB) + named("inbox", "nobody@corp.example")
    assert get(alice, wanted).codes == ["NoError", "ErrorAccessDenied", "ErrorNonExistentMailbox"]


def test_a_folder_of_somebody_else_by_its_id(alice: Wire, bob: Wire) -> None:
    (theirs,) = get(bob, named("inbox")).ids
    assert get(alice, f'<t:FolderId Id="{theirs[0]}"/>').codes == ["ErrorAccessDenied"]


def test_names_compare_without_case(alice: Wire) -> None:
    assert create(alice, "Ackd Lease").codes == ["NoError"]
    assert create(alice, "ackd LEASE").codes == ["ErrorFolderExists"]
    assert create(alice, "ackd lease", parent="drafts").codes == ["NoError"]


def test_of_many_who_create_a_folder_one_wins(sandbox: Sandbox) -> None:
    for round_ in range(3):
        codes: list[str] = []
        start = threading.Barrier(8)

        def race(number: int, start: threading.Barrier = start, codes: list[str] = codes) -> None:
            wire = Wire(sandbox.url, ALICE)
            get(wire, named("inbox"))  # connected and signed in
            start.wait(10)
            codes.extend(create(wire, f"lease-{number}").codes)

        racers = [threading.Thread(target=race, args=(round_,)) for _ in range(8)]
        for one in racers:
            one.start()
        for one in racers:
            one.join(20)
        assert sorted(codes) == ["ErrorFolderExists"] * 7 + ["NoError"]


def test_hidden_folders_and_other_extended_properties(alice: Wire) -> None:
    mine = (
        'PropertySetId="7c1d4a54-0000-4000-8000-61636b640001" PropertyName="generation" PropertyType="Long"'
    )
    (made,) = create(alice, "ackd", extra=extended(HIDDEN, "true") + extended(mine, "12345678901")).ids
    paths = [f"<t:ExtendedFieldURI {one}/>" for one in (HIDDEN, mine)]
    got = get(alice, f'<t:FolderId Id="{made[0]}"/>', *paths, "folder:FolderClass")
    assert got.texts("t:Value") == ["true", "12345678901"]
    assert got.texts("t:FolderClass") == []  # none was given


def test_creation_time_is_the_servers(alice: Wire, time: Time) -> None:
    time.move(61.7)
    (made,) = create(alice, "x").ids
    created = '<t:ExtendedFieldURI PropertyTag="0x3007" PropertyType="SystemTime"/>'
    assert get(alice, f'<t:FolderId Id="{made[0]}"/>', created).text("t:Value") == "2026-11-24T08:01:01Z"


def test_a_folder_is_renamed_and_keeps_its_id(alice: Wire) -> None:
    (made,) = create(alice, "before").ids
    create(alice, "taken")

    def rename(name: str) -> Got:
        return alice(
            f'<m:UpdateFolder><m:FolderChanges><t:FolderChange><t:FolderId Id="{made[0]}"/><t:Updates>'
            '<t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/>'
            f"<t:Folder><t:DisplayName>{name}</t:DisplayName></t:Folder></t:SetFolderField>"
            f"<t:SetFolderField><t:ExtendedFieldURI {HIDDEN}/><t:Folder>{extended(HIDDEN, '1')}</t:Folder>"
            "</t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>"
        )

    assert rename("TAKEN").codes == ["ErrorFolderExists"]
    changed = rename("after").ids
    assert changed[0][0] == made[0]
    assert changed[0][1] != made[1]
    assert sorted(find(alice, "inbox").texts("t:DisplayName")) == ["after", "taken"]


def test_deleted_folders(alice: Wire) -> None:
    assert delete(alice, named("inbox")).codes == ["ErrorDeleteDistinguishedFolder"]
    for how in ("MoveToDeletedItems", "SoftDelete", "HardDelete", "MoveToDeletedItems"):
        (made,) = create(alice, "again").ids
        assert delete(alice, f'<t:FolderId Id="{made[0]}"/>', how).codes == ["NoError"]
    assert find(alice, "deleteditems").texts("t:DisplayName") == ["again", "again1"]
    assert get(alice, '<t:FolderId Id="bm9uc2Vuc2U="/>').codes == ["ErrorInvalidIdMalformed"]
    (made,) = create(alice, "gone").ids
    delete(alice, f'<t:FolderId Id="{made[0]}"/>')
    assert get(alice, f'<t:FolderId Id="{made[0]}"/>').codes == ["ErrorFolderNotFound"]


def test_folders_are_found_by_name_deep_and_in_pages(alice: Wire) -> None:
    for name in ("one", "two", "three"):
        create(alice, name)
    equal = (
        '<t:IsEqualTo><t:FieldURI FieldURI="folder:DisplayName"/>'
        '<t:FieldURIOrConstant><t:Constant Value="TWO"/>'
        "</t:FieldURIOrConstant></t:IsEqualTo>"
    )
    assert find(alice, "root", restriction=equal, traversal="Deep").texts("t:DisplayName") == ["two"]
    assert find(alice, "root", restriction=equal).texts("t:DisplayName") == []
    view = '<m:IndexedPageFolderView MaxEntriesReturned="2" Offset="{}" BasePoint="Beginning"/>'
    first, last = (find(alice, "inbox", view=view.format(offset)) for offset in (0, 2))
    assert first.texts("t:DisplayName") + last.texts("t:DisplayName") == ["one", "three", "two"]
    ends = [got.all("m:RootFolder")[0].get("IncludesLastItemInRange") for got in (first, last)]
    assert ends == ["false", "true"]


def test_the_commit_time_moves_with_every_change_of_an_item(alice: Wire, bob: Wire, time: Time) -> None:
    def seen() -> tuple[str, ...]:
        got = get(alice, named("inbox"), COMMIT_TIME, DELETED)
        return tuple(got.texts("t:Value"))

    looks = [seen()]
    time.move(10)
    bob.send("Hello", ALICE)
    looks.append(seen())
    time.move(10)
    (item,) = alice.find("inbox").ids
    read = set_field("message:IsRead", "<t:IsRead>true</t:IsRead>")
    alice.update(item, read)
    looks.append(seen())
    time.move(10)
    alice(
        '<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>'
        f'<t:ItemId Id="{item[0]}"/></m:ItemIds></m:DeleteItem>'
    )
    looks.append(seen())
    assert looks == [
        ("2026-11-24T08:00:00Z", "0"),
        ("2026-11-24T08:00:10Z", "0"),
        ("2026-11-24T08:00:20Z", "0"),
        ("2026-11-24T08:00:30Z", "1"),
    ]


def test_a_server_without_commit_times(make: Callable[..., Sandbox]) -> None:
    wire = Wire(make(quirks=Quirks(no_commit_time=True)).url, ALICE)
    assert get(wire, named("inbox"), COMMIT_TIME, DELETED).texts("t:Value") == ["0"]


@pytest.mark.parametrize(
    ("element", "code"),
    [("TasksFolder", "IPF.Task"), ("CalendarFolder", "IPF.Appointment"), ("ContactsFolder", "IPF.Contact")],
)
def test_the_type_of_a_folder_gives_its_class(alice: Wire, element: str, code: str) -> None:
    (made,) = create(alice, "typed", parent="msgfolderroot", element=element).ids
    got = get(alice, f'<t:FolderId Id="{made[0]}"/>', "folder:FolderClass")
    assert got.text("t:FolderClass") == code
    assert len(got.all(f"t:{element}")) == 1


def test_a_folder_needs_a_name(alice: Wire) -> None:
    assert create(alice, " ").codes == ["ErrorFolderSavePropertyError"]


def test_ids_of_other_things_are_none_of_folders(alice: Wire) -> None:
    item, _ = alice.create(message("x")).ids[0]
    places = '<t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds>'
    types = "<t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>"
    watermark = alice(
        f"<m:Subscribe><m:PullSubscriptionRequest>{places}{types}<t:Timeout>5</t:Timeout>"
        "</m:PullSubscriptionRequest></m:Subscribe>"
    ).text("m:Watermark")
    ids = "".join(f'<t:FolderId Id="{one}"/>' for one in (item, watermark))
    got = alice(
        "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
        f"<m:FolderIds>{ids}</m:FolderIds></m:GetFolder>"
    )
    assert got.codes == ["ErrorCannotUseItemIdForFolderId", "ErrorInvalidId"]
