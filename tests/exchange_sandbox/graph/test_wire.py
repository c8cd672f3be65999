"""The wire: batches, faults before and after the commit, throttling, headers."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from exchange_sandbox import Limits, Sandbox
from exchange_sandbox.authority.service import OPERATIONS
from exchange_sandbox.graph import resources

from ..conftest import ALICE, BOB, Time
from .graph_client import Graph, signed_in

JSON = {"Content-Type": "application/json"}


def part(number: int | str, method: str, url: str, body: Any = None, **more: Any) -> dict[str, Any]:
    with_body = {} if body is None else {"body": body, "headers": JSON}
    return {"id": str(number), "method": method, "url": url, **with_body, **more}


def batch(client: Graph, *parts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    got = client.post("/$batch", {"requests": list(parts)})
    assert got.status == 200, got
    return {one["id"]: one for one in got.json["responses"]}


def test_a_batch_does_its_parts_each_on_its_own(alice: Graph) -> None:
    found = batch(
        alice,
        part(1, "POST", "/me/messages", {"subject": "one"}),
        part(2, "GET", "/me/mailFolders/inbox?$select=displayName"),
        part(3, "GET", "/me/nowhere"),
        part(4, "GET", "/me/messages/AAA"),
    )
    assert [found[key]["status"] for key in "1234"] == [201, 200, 400, 400]
    assert found["1"]["body"]["subject"] == "one"
    assert found["2"]["body"]["displayName"] == "Inbox"
    assert found["4"]["body"]["error"]["code"] == "ErrorInvalidIdMalformed"


def test_parts_wait_for_those_they_depend_on(alice: Graph) -> None:
    found = batch(
        alice,
        part(
            "c",
            "GET",
            "/me/mailFolders?includeHiddenFolders=true&$filter=displayName eq 'A'",
            dependsOn=["b"],
        ),
        part("b", "PATCH", "/me/mailFolders/inbox", {"displayName": "x"}, dependsOn=["a"]),
        part("a", "POST", "/me/mailFolders", {"displayName": "A"}),
        part("d", "GET", "/me/mailFolders?$filter=displayName eq 'A'", dependsOn=["a"]),
    )
    assert {key: one["status"] for key, one in found.items()} == {"a": 201, "b": 400, "c": 424, "d": 200}
    assert len(found["d"]["body"]["value"]) == 1


@pytest.mark.parametrize(
    "requests",
    [
        [],
        [part(n, "GET", "/me") for n in range(21)],
        [part(1, "GET", "/me"), part(1, "GET", "/me")],
        [part(1, "GET", "/me", dependsOn=["2"])],
        [part(1, "GET", "/me", dependsOn=["2"]), part(2, "GET", "/me", dependsOn=["1"])],
        [{"id": "1", "method": "POST", "url": "/me/messages", "body": {"subject": "x"}}],
        [{"id": 1, "method": "GET", "url": "/me"}],
        [part(1, "FROB", "/me")],
        "nonsense",
    ],
)
def test_a_batch_that_cannot_be_read_does_nothing(alice: Graph, requests: Any) -> None:
    got = alice.post("/$batch", {"requests": requests})
    assert (got.status, got.code) == (400, "BadRequest")
    assert alice.get("/me/messages").value == []


def test_more_than_four_at_once_are_too_many(make: Any) -> None:
    alice = signed_in(make(limits=Limits(graph_connections=2)), ALICE)
    found = batch(alice, *(part(n, "GET", "/me/messages") for n in range(20)))
    statuses = {one["status"] for one in found.values()}
    assert statuses <= {200, 429}
    for one in found.values():
        if one["status"] == 429:
            assert one["body"]["error"]["code"] == "ApplicationThrottled"


def test_requests_are_counted_by_app_and_mailbox(make: Any, time: Time) -> None:
    sandbox = make(limits=Limits(graph_requests=3))
    alice, bob = signed_in(sandbox, ALICE), signed_in(sandbox, BOB)
    assert [alice.get("/me").status for _ in range(4)] == [200, 200, 200, 429]
    refused = alice.get("/me")
    assert (refused.code, refused.headers["retry-after"]) == ("TooManyRequests", "600")
    assert bob.get("/me").status == 200
    time.move(601)
    assert alice.get("/me").status == 200


WRITES = [
    ("messages.create", "POST", "/me/messages", {"subject": "x"}),
    ("mailFolders.create", "POST", "/me/mailFolders", {"displayName": "x"}),
    (
        "sendMail",
        "POST",
        "/me/sendMail",
        {"message": {"subject": "x", "toRecipients": [{"emailAddress": {"address": ALICE}}]}},
    ),
]


@pytest.mark.parametrize(("name", "method", "path", "body"), WRITES)
@pytest.mark.parametrize(
    ("kind", "status", "done"),
    [
        ("401", 401, 0), ("401-claims", 401, 0), ("403", 403, 0), ("403-policy", 403, 0), ("429", 429, 0),
        ("503", 503, 0), ("504", 504, 0), ("412", 412, 0), ("empty-code", 400, 0),
        ("store-unavailable", 503, 0),
        ("503-after-commit", 503, 1), ("504-after-commit", 504, 1), ("cut-before-commit", 0, 0),
        ("cut-after-commit", 0, 1), ("cut-in-answer", 0, 1), ("malformed-json", 0, 1),
    ],
)  # fmt: skip
def test_faults_before_and_after_the_commit(
    sandbox: Sandbox,
    alice: Graph,
    name: str,
    method: str,
    path: str,
    body: Any,
    kind: str,
    status: int,
    done: int,
) -> None:
    def count() -> int:
        things = alice.all("/me/messages") + alice.all("/me/mailFolders")
        return len([one for one in things if one.get("subject", one.get("displayName")) == "x"])

    sandbox.faults.add(name, kind)
    try:
        got = alice.ask(method, path, body)
    except (http.client.HTTPException, OSError, ValueError):
        got = None  # cut, or no JSON
    if name != "sendMail" or kind not in ("cut-in-answer", "malformed-json"):  # an empty answer has no middle
        assert (got.status if got else 0) == status
    assert (count() > 0) is bool(done)
    assert sandbox.faults.waiting() == []
    assert [one.fault for one in sandbox.requests if one.operation == name] == [kind]


@pytest.mark.parametrize(("value", "header"), [(None, None), (3, "3"), (2.128, "2.128")])
def test_when_to_come_back_is_whole_fractional_or_missing(
    sandbox: Sandbox, alice: Graph, value: float | None, header: str | None
) -> None:
    sandbox.faults.add("users.get", "429", value)
    got = alice.get("/me")
    assert (got.status, got.headers.get("retry-after")) == (429, header)


def test_a_sent_copy_comes_late(sandbox: Sandbox, alice: Graph, time: Time) -> None:
    draft = alice.draft()
    sandbox.faults.add("messages.send", "late-sent-copy", 60)
    assert alice.post(f"/me/messages/{draft.id}/send").status == 202
    assert alice.get("/me/messages").value == []
    assert alice.get("/me/mailFolders/drafts/messages").value == []
    time.move(61)
    assert len(alice.get("/me/mailFolders/sentitems/messages").value) == 1


def test_a_lost_draft(sandbox: Sandbox, alice: Graph) -> None:
    sandbox.faults.add("messages.create", "lost-draft")
    draft = alice.draft()
    assert alice.post(f"/me/messages/{draft.id}/send").code == "ErrorItemNotFound"


def test_answers_bear_what_clients_look_for(alice: Graph) -> None:
    name = "7d4a5f0e-0000-4000-8000-000000000001"
    got = alice.get("/me", headers={"client-request-id": name})
    assert got.headers["client-request-id"] == name
    assert got.headers["request-id"] != name
    assert got.headers["content-type"].startswith(
        "application/json; odata.metadata=minimal; odata.streaming=true"
    )
    assert (
        alice.get("/me", headers={"client-request-id": "a b\x7f"}).headers["client-request-id"] != "a b\x7f"
    )
    beta = alice.get(alice.base.replace("v1.0", "beta") + "/me", checked=False)
    assert beta.code == "BadRequest"


@pytest.mark.long
def test_fifty_mailboxes_at_once(make: Any) -> None:
    addresses = tuple(f"user{number}@corp.example" for number in range(50))
    sandbox = make(mailboxes=addresses)
    with ThreadPoolExecutor(50) as pool:
        people = list(pool.map(lambda one: signed_in(sandbox, one), addresses))
        statuses = list(pool.map(lambda one: [one.draft().status, one.get("/me/messages").status], people))
    assert statuses == [[201, 200]] * 50


def test_every_operation_has_a_name_of_its_own_sort() -> None:
    names = {route.name for route in resources.scan()} | set(OPERATIONS)
    assert all(name.isascii() and ":" not in name for name in names)
    seen = [(route.method, route.pattern.lower()) for route in resources.scan()]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("item-fault", 500),
        ("item-busy", 503),
        ("item-corrupt", 500),
        ("item-html", 500),
        ("item-store-unavailable", 503),
    ],
)
def test_one_bad_item(sandbox: Sandbox, alice: Graph, kind: str, status: int) -> None:
    bad, good = alice.draft("brochure"), alice.draft("other")
    sandbox.faults.add("messages.get", kind, word="brochure", times=-1)
    assert alice.get(f"/me/messages/{bad.id}", checked=False).status == status
    assert alice.get(f"/me/messages/{good.id}").status == 200
    found = batch(alice, *(part(n, "GET", f"/me/messages/{one.id}") for n, one in enumerate((bad, good))))
    assert [found[key]["status"] for key in "01"] == [status, 200]


def test_an_item_that_cuts_or_garbles_its_answer(sandbox: Sandbox, alice: Graph) -> None:
    bad = alice.draft("brochure")
    sandbox.faults.add("messages.get", "item-cut", word="brochure")
    with pytest.raises(http.client.IncompleteRead):
        alice.get(f"/me/messages/{bad.id}")
    sandbox.faults.add("messages.get", "item-bytes", word="brochure")
    with pytest.raises(UnicodeDecodeError):
        alice.get(f"/me/messages/{bad.id}")


def test_the_traffic_is_written_down(sandbox: Sandbox, alice: Graph, tmp_path: Path) -> None:
    alice.draft("Hello")
    names = sorted(file.name for file in (tmp_path / "traffic").glob("*.json"))
    assert [name[5:] for name in names] == ["messagescreate.request.json", "messagescreate.response.201.json"]
    assert b"POST /v1.0/me/messages" in (tmp_path / "traffic" / names[0]).read_bytes()
    assert b"secret" not in b"".join(file.read_bytes() for file in (tmp_path / "traffic").iterdir())
