"""Each fault does what it says: to the connection, to the answer, and to the store."""

from __future__ import annotations

import http.client
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from lxml import etree

from exchange_sandbox import Sandbox
from exchange_sandbox.faults import ALWAYS, Fault, Faults, parse

from .conftest import ALICE, BOB, Time
from .test_items import saved
from .test_sync import kinds, state
from .wire import NS, Wire, check_fault, envelope, message

GONE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


def send(wire: Wire, *subjects: str) -> None:
    wire.create("".join(message(subject, ALICE) for subject in subjects), "SendAndSaveCopy")


def subjects(wire: Wire, folder: str = "inbox") -> list[str]:
    return sorted(wire.find(folder, "item:Subject").texts("t:Subject"))


@pytest.mark.parametrize(("kind", "status"), [("401", 401), ("403", 403), ("429", 429), ("503", 503)])
def test_refused_by_status(sandbox: Sandbox, alice: Wire, bob: Wire, kind: str, status: int) -> None:
    sandbox.faults.add("CreateItem", kind, 7)
    got = bob.create(message("x", ALICE), "SendAndSaveCopy")
    assert got.status == status
    assert got.headers["retry-after"] == "7"
    assert ("www-authenticate" in got.headers) == (status == 401)
    assert subjects(alice) == []
    send(bob, "x")
    assert subjects(alice) == ["x"]
    assert [one.fault for one in sandbox.requests if one.operation == "CreateItem"] == [kind, ""]


def test_busy_with_a_back_off(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    sandbox.faults.add("CreateItem", "busy", 2500)
    got = bob.create(message("x", ALICE), "SendAndSaveCopy")
    assert (got.status, got.codes) == (500, ["ErrorServerBusy"])
    check_fault(got.root.find("s:Body", NS)[0], "busy")  # type: ignore[index]
    (value,) = got.all("t:Value")
    assert (value.get("Name"), value.text) == ("BackOffMilliseconds", "2500")
    assert subjects(alice) == []


@pytest.mark.parametrize(("kind", "arrived"), [("cut-before-commit", []), ("cut-after-commit", ["x"])])
def test_a_connection_that_is_cut(
    sandbox: Sandbox, alice: Wire, bob: Wire, kind: str, arrived: list[str]
) -> None:
    sandbox.faults.add("CreateItem", kind)
    with pytest.raises(GONE):
        send(bob, "x")
    assert subjects(alice) == arrived
    assert subjects(bob, "sentitems") == arrived
    assert sandbox.requests.all()[0].status == 0


def test_an_answer_that_breaks_off(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    sandbox.faults.add("CreateItem", "cut-in-answer")
    with pytest.raises(http.client.IncompleteRead) as broken:
        send(bob, "x")
    assert broken.value.partial.startswith(b"<?xml")
    assert subjects(alice) == ["x"]


def test_a_slow_answer(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.faults.add("GetItem", "slow", 0.3)
    alice.connection.timeout = 0.1
    with pytest.raises(TimeoutError):
        alice.get("x")
    other = Wire(sandbox.url, ALICE)
    sandbox.faults.add("GetItem", "slow", 0.05)
    assert other.get("x").codes == ["ErrorInvalidIdMalformed"]
    assert sandbox.requests.all()[-1].seconds >= 0.05


def test_stopping_does_not_wait_for_slow_answers(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.faults.add("GetItem", "slow", 3600)
    alice.connection.timeout = 0.1
    with pytest.raises(TimeoutError):
        alice.get("x")
    sandbox.stop()


def test_an_answer_that_is_no_xml(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    sandbox.faults.add("CreateItem", "malformed-xml")
    with pytest.raises(etree.XMLSyntaxError):
        send(bob, "x")
    assert subjects(alice) == ["x"]
    _forget_traffic(sandbox)


def test_an_empty_response_code(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    (draft,) = bob.create(message("x", ALICE)).ids
    sandbox.faults.add("SendItem", "empty-response-code")
    got = bob(
        '<m:SendItem SaveItemToFolder="true"><m:ItemIds>'
        f'<t:ItemId Id="{draft[0]}" ChangeKey="{draft[1]}"/></m:ItemIds>'
        "</m:SendItem>"
    )
    assert (got.status, got.codes) == (200, [""])
    assert subjects(alice) == ["x"]
    _forget_traffic(sandbox)


def _forget_traffic(sandbox: Sandbox) -> None:
    """What is broken on purpose cannot be valid."""
    for file in (sandbox.data.parent / "traffic").glob("*"):
        file.unlink()


def test_stale_sync_states(sandbox: Sandbox, alice: Wire) -> None:
    saved(alice, message("x"))
    sandbox.faults.add("SyncFolderItems", "stale-sync-state")
    at = state(alice.sync("drafts"))
    assert alice.sync("drafts", at).codes == ["ErrorInvalidSyncStateData"]
    sandbox.faults.add("*", "full-resync")
    assert kinds(alice.sync("drafts", at)) == ["Create"]
    assert kinds(alice.sync("drafts", at)) == []


def test_a_store_that_is_not_there_for_some_items(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    sandbox.faults.add("CreateItem", "store-unavailable", 2)
    got = bob.create("".join(message(name, ALICE) for name in "abc"), "SendAndSaveCopy")
    assert got.codes == ["NoError", "ErrorMailboxStoreUnavailable", "NoError"]
    assert subjects(alice) == ["a", "c"]


def test_a_batch_that_ends_in_the_middle(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    """As a real server did it: the first was sent, the second has but a copy, the third was not done."""
    sandbox.faults.add("CreateItem", "refused-in-batch", 2)
    got = bob.create("".join(message(name, ALICE) for name in "abc"), "SendAndSaveCopy")
    assert (got.status, got.codes) == (500, ["ErrorInternalServerError"])
    assert subjects(alice) == ["a"]
    assert subjects(bob, "sentitems") == ["a", "b"]


def test_a_draft_that_is_lost(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.faults.add("CreateItem", "lost-draft")
    item = saved(alice, message("x"))
    assert alice.get(item[0]).codes == ["ErrorItemNotFound"]
    assert subjects(alice, "drafts") == []


def test_a_copy_that_appears_later(sandbox: Sandbox, alice: Wire, bob: Wire, time: Time) -> None:
    at = state(bob.sync("sentitems"))
    sandbox.faults.add("CreateItem", "late-sent-copy", 30)
    send(bob, "x")
    assert subjects(alice) == ["x"]
    time.move(29)
    assert subjects(bob, "sentitems") == []
    assert bob.find("root").ids == []
    time.move(1)
    assert kinds(bob.sync("sentitems", at)) == ["Create"]
    assert subjects(bob, "sentitems") == ["x"]


def test_a_date_that_is_wrong(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.faults.add("FindItem", "wrong-date", 86400, skip=1)
    first, second, third = (parsedate_to_datetime(alice.find("inbox").headers["date"]) for _ in range(3))
    assert (second - first, third - first) == (timedelta(days=1), timedelta(0))


def test_times_skips_and_any_operation(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.faults.add("*", "503", times=2, skip=1)
    assert [alice.get("x").status for _ in range(4)] == [200, 503, 503, 200]
    sandbox.faults.add("GetItem", "503", times=ALWAYS)
    assert [alice.get("x").status for _ in range(3)] == [503] * 3
    assert alice.find("inbox").status == 200
    sandbox.faults.clear()
    assert alice.get("x").status == 200


def test_faults_from_a_file_while_it_runs(sandbox: Sandbox, alice: Wire) -> None:
    file = sandbox.data / "FAULTS"
    file.write_text("# some\nGetItem:503=3:1\nnonsense\n\n")
    got = alice.get("x")
    assert (got.status, got.headers["retry-after"]) == (503, "3")
    assert alice.get("x").status == 200
    file.write_text("GetItem:403:always\n")
    assert [alice.get("x").status for _ in range(2)] == [403, 403]
    file.unlink()
    assert alice.get("x").status == 200


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("SendItem:cut-after-commit", Fault("SendItem", "cut-after-commit")),
        ("SendItem:cut-after-commit:2", Fault("SendItem", "cut-after-commit", times=2)),
        ("*:503=5:always:3", Fault("*", "503", 5, times=ALWAYS, skip=3)),
        ("CreateItem:store-unavailable", Fault("CreateItem", "store-unavailable", 1)),
    ],
)
def test_faults_as_texts(text: str, fault: Fault) -> None:
    assert parse(text) == fault


@pytest.mark.parametrize(
    "text", ["", "SendItem", "SendItem:", ":503", "SendItem:nonsense", "a:503:x", "a:503:1:2:3"]
)
def test_texts_that_are_no_faults(text: str) -> None:
    with pytest.raises(ValueError, match="is no fault"):
        parse(text)


def test_a_fault_from_nowhere(tmp_path: Path) -> None:
    faults = Faults(tmp_path / "FAULTS")
    assert faults.take("GetItem") is None
    faults.add("GetItem", "503")
    assert [one.kind for one in faults.waiting()] == ["503"]


def test_the_bytes_of_an_unknown_request_meet_no_fault(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.faults.add("*", "503")
    assert alice.raw(b"nonsense").status == 500
    assert alice.raw(envelope("<m:Nonsense/>")).status == 503


def test_bob_is_met_as_well(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    sandbox.faults.add("FindItem", "403")
    assert (bob.find("inbox").status, alice.find("inbox").status) == (403, 200)
    assert BOB in {one.mailbox for one in sandbox.requests}
