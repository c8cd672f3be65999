"""Each way in which real servers differ, switched on: what differs then, and that nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from exchange_sandbox import Quirks, Sandbox, deliver

from .conftest import ALICE, BOB
from .test_find import contains
from .wire import Wire, message


def test_pages_of_250(make: Callable[..., Sandbox]) -> None:
    sandbox = make(quirks=Quirks(find_pages_of_250=True))
    deliver(sandbox.data, [b"From: bob@corp.example\r\nSubject: Mail\r\n\r\nx\r\n"] * 260, ALICE)
    alice = Wire(sandbox.url, ALICE)
    (root,) = alice.find("inbox", restriction=contains("item:Subject", "mail")).all("m:RootFolder")
    about = [
        root.get(name) for name in ("TotalItemsInView", "IndexedPagingOffset", "IncludesLastItemInRange")
    ]
    assert (len(root[0]), about) == (250, ["260", "250", "false"])
    assert len(alice.find("inbox").ids) == 260


def test_a_message_id_that_is_refused(make: Callable[..., Sandbox]) -> None:
    alice = Wire(make(quirks=Quirks(message_id_refused=True)).url, ALICE)
    one = "<t:InternetMessageId>&lt;1@corp.example&gt;</t:InternetMessageId>"
    got = alice.create(message("a", BOB, tail=one) + message("b", BOB))
    assert got.codes == ["ErrorInvalidPropertySet", "NoError"]
    (path,) = got.all("m:MessageXml/t:FieldURI")
    assert path.get("FieldURI") == "message:InternetMessageId"


def test_a_send_whose_code_is_empty(tmp_path: Path) -> None:
    people = dict.fromkeys((ALICE, BOB), "secret")
    with Sandbox(tmp_path, people, quirks=Quirks(empty_send_code=True)) as sandbox:
        alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
        number, key = alice.create(message("hello", BOB)).ids[0]
        item = f'<t:ItemId Id="{number}" ChangeKey="{key}"/>'
        got = alice(f'<m:SendItem SaveItemToFolder="false"><m:ItemIds>{item}</m:ItemIds></m:SendItem>')
        assert (got.status, got.codes) == (200, [""])
        assert bob.find("inbox", "item:Subject").texts("t:Subject") == ["hello"]


def test_a_batch_that_breaks_at_an_unknown_recipient(make: Callable[..., Sandbox]) -> None:
    sandbox = make(quirks=Quirks(unknown_recipient_breaks_batch=True))
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    batch = message("one", BOB) + message("two", "nobody@corp.example") + message("three", BOB)
    got = alice.create(batch, "SendAndSaveCopy")
    assert (got.status, got.codes) == (500, ["ErrorInternalServerError"])
    assert bob.find("inbox", "item:Subject").texts("t:Subject") == ["one"]
    assert sorted(alice.find("sentitems", "item:Subject").texts("t:Subject")) == ["one", "two"]
    assert alice.find("inbox").ids == []  # nor was there a report


def test_an_operation_that_is_missing(make: Callable[..., Sandbox]) -> None:
    alice = Wire(make(quirks=Quirks.of(["unsupported=FindItem"])).url, ALICE)
    got = alice.find("inbox")
    assert (got.status, got.codes) == (500, ["ErrorInvalidRequest"])
    assert "FindItem is not supported" in got.texts("e:Message")[0]
    assert alice.create(message("others are there")).codes == ["NoError"]


def test_answers_without_a_date(make: Callable[..., Sandbox]) -> None:
    sandbox = make(quirks=Quirks(no_date_header=True))
    alice = Wire(sandbox.url, ALICE)
    assert [("date" in alice.find(name).headers, alice.find(name).status) for name in ("inbox", "tasks")] == [
        (False, 200)
    ] * 2
    sandbox.faults.add("FindItem", "busy")
    got = alice.find("inbox")
    assert (got.status, "date" in got.headers) == (500, True)
    got = Wire(sandbox.url, ALICE, "wrong").raw(b"")
    assert (got.status, "date" in got.headers) == (401, True)


def test_what_is_taken_and_not_kept(make: Callable[..., Sandbox]) -> None:
    quirks = ("reminders_ignored", "appending_ignored", "tasks_without_status", "ids_invalid")
    alice = Wire(make(quirks=Quirks.of(quirks)).url, ALICE)
    at = "<t:ReminderDueBy>2026-11-24T10:00:00Z</t:ReminderDueBy><t:ReminderIsSet>true</t:ReminderIsSet>"
    text = '<t:Body BodyType="Text">one</t:Body>'
    task = f"<t:Task><t:Subject>x</t:Subject>{text}{at}<t:Status>InProgress</t:Status></t:Task>"
    item = alice.create(task).ids[0]
    shown = ("item:Body", "item:ReminderDueBy", "item:ReminderIsSet", "task:Status", "task:PercentComplete")
    got = alice.get(item[0], *shown)
    assert (got.texts("t:ReminderDueBy"), got.text("t:ReminderIsSet")) == ([], "true")
    assert (got.texts("t:Status"), len(got.texts("t:PercentComplete"))) == ([], 1)
    path = '<t:FieldURI FieldURI="item:Body"/>'
    more = f"<t:AppendToItemField>{path}<t:Task>{text.replace('one', 'two')}</t:Task></t:AppendToItemField>"
    assert alice.update(got.ids[0], more).codes == ["NoError"]
    assert alice.get(item[0], "item:Body").text("t:Body") == "one"
    assert alice.get("bm9uc2Vuc2U=").codes == ["ErrorInvalidId"]


def test_a_draft_that_stays_and_copies_without_dates(make: Callable[..., Sandbox]) -> None:
    quirks = ("sent_drafts_stay", "sent_copies_undated", "drafts_unmarked")
    sandbox = make(quirks=Quirks.of(quirks))
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    number, key = alice.create(message("hello", BOB)).ids[0]
    assert alice.get(number, "item:IsDraft").text("t:IsDraft") == "false"
    item = f'<t:ItemId Id="{number}" ChangeKey="{key}"/>'
    for _ in range(2):
        got = alice(f'<m:SendItem SaveItemToFolder="true"><m:ItemIds>{item}</m:ItemIds></m:SendItem>')
        assert got.codes == ["NoError"]
    assert [len(alice.find(name).ids) for name in ("drafts", "sentitems")] == [1, 0]
    assert len(bob.find("inbox").ids) == 2
    assert alice.send("by the way", BOB).codes == ["NoError"]
    shown = ("item:DateTimeSent", "message:InternetMessageId", "item:DateTimeReceived")
    got = alice.get(alice.find("sentitems").ids[0][0], *shown)
    assert [len(got.texts(f"t:{path.partition(':')[2]}")) for path in shown] == [0, 0, 1]
    assert bob.get(bob.find("inbox").ids[0][0], shown[1]).text("t:InternetMessageId")


def test_a_gone_folder_whose_deletion_fails(make: Callable[..., Sandbox]) -> None:
    alice = Wire(make(quirks=Quirks(gone_folder_deletion_fails=True)).url, ALICE)
    got = alice(
        '<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderId>'
        "<m:Folders><t:Folder><t:DisplayName>a</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>"
    )
    own = got.all("t:FolderId")[0].get("Id")
    ids = f'<m:FolderIds><t:FolderId Id="{own}"/></m:FolderIds>'
    wanted = f'<m:DeleteFolder DeleteType="HardDelete">{ids}</m:DeleteFolder>'
    assert alice(wanted).codes == ["NoError"]
    assert (alice(wanted).status, alice(wanted).codes) == (500, ["ErrorInternalServerError"])
