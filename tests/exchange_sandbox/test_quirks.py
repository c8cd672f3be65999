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
