"""delta: nothing is missed, removals and changes are told, links die and tokens are refused as real ones."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange_sandbox import Quirks, Sandbox

from ..conftest import ALICE, Time
from .graph_client import Graph, signed_in

INBOX = "/me/mailFolders/inbox/messages/delta"
QUICK = {"$select": "subject,isRead,categories"}


def deliver(sandbox: Sandbox, *subjects: str) -> None:
    for subject in subjects:
        sandbox.deliver(f"From: bob@corp.example\r\nSubject: {subject}\r\n\r\nText.\r\n".encode(), ALICE)


def walk(client: Graph, start: str, **options: Any) -> tuple[list[dict[str, Any]], str]:
    """All changes up to the deltaLink, and that link."""
    found: list[dict[str, Any]] = []
    got = client.get(start, **options)
    while True:
        assert got.status == 200, got
        found += got.value
        if "@odata.deltaLink" in got.json:
            return found, got.json["@odata.deltaLink"]
        got = client.get(got.json["@odata.nextLink"], headers=options.get("headers"))


def test_what_happens_is_told_and_no_more(sandbox: Sandbox, alice: Graph) -> None:
    deliver(sandbox, "one", "two")
    first, link = walk(alice, INBOX, params=QUICK)
    assert sorted(one["subject"] for one in first) == ["one", "two"]
    assert walk(alice, link)[0] == []
    one, two = sorted(first, key=lambda message: str(message["subject"]))
    alice.patch(f"/me/messages/{one['id']}", {"isRead": True})
    alice.patch(f"/me/messages/{two['id']}", {"categories": ["Red"]})
    deliver(sandbox, "three")
    changed, link = walk(alice, link)
    by_id = {message["id"]: message for message in changed}
    read, marked = by_id[one["id"]], by_id[two["id"]]
    assert (read["isRead"], set(read) - {"@odata.type", "@odata.etag"}) == (True, {"id", "isRead"})
    assert (marked["categories"], set(marked) - {"@odata.type", "@odata.etag"}) == (
        ["Red"],
        {"id", "categories"},
    )
    assert [message["subject"] for message in changed if "subject" in message] == ["three"]
    alice.post(f"/me/messages/{one['id']}/move", {"destinationId": "junkemail"})
    alice.post(f"/me/messages/{two['id']}/permanentDelete")
    gone, link = walk(alice, link)
    assert {message["id"]: message["@removed"]["reason"] for message in gone} == {
        one["id"]: "deleted",
        two["id"]: "deleted",
    }
    assert walk(alice, link)[0] == []


def test_immutable_ids_in_a_delta_are_those_of_before_the_move(sandbox: Sandbox, alice: Graph) -> None:
    alice.prefer = 'IdType="ImmutableId"'
    deliver(sandbox, "one")
    (first,), link = walk(alice, INBOX)
    alice.post(f"/me/messages/{first['id']}/move", {"destinationId": "junkemail"})
    (gone,), link = walk(alice, link)
    assert (gone["id"], "@removed" in gone) == (first["id"], True)
    alice.post(f"/me/messages/{first['id']}/move", {"destinationId": "inbox"})
    (back,), link = walk(alice, link)
    assert back["id"] == first["id"]
    alice.post(f"/me/messages/{first['id']}/permanentDelete")
    (gone,), link = walk(alice, link)
    assert gone["id"] == first["id"]


def test_pages_are_as_large_as_preferred_and_top_means_nothing(sandbox: Sandbox, alice: Graph) -> None:
    deliver(sandbox, *(f"m{number}" for number in range(23)))
    assert len(alice.get(INBOX, params={"$top": 50}).value) == 10
    got = alice.get(INBOX, headers={"Prefer": "odata.maxpagesize=4"})
    assert len(got.value) == 4
    found, _ = walk(alice, INBOX, headers={"Prefer": "odata.maxpagesize=4"})
    assert len({message["id"] for message in found}) == 23


@pytest.mark.parametrize("spelled", ["delta", "delta()", "microsoft.graph.delta()", "microsoft.graph.delta"])
def test_the_function_is_spelled_as_clients_do(alice: Graph, spelled: str) -> None:
    assert alice.get(f"/me/mailFolders('Inbox')/messages/{spelled}").value == []


def test_a_filter_is_about_what_arrived(sandbox: Sandbox, alice: Graph, time: Time) -> None:
    deliver(sandbox, "old")
    time.move(3000)
    deliver(sandbox, "new")
    params = {"$filter": "receivedDateTime ge 2026-11-24T08:30:00Z", "$select": "subject"}
    found, link = walk(alice, INBOX, params=params)
    assert [message["subject"] for message in found] == ["new"]
    (old,) = alice.get("/me/messages", params={"$filter": "subject eq 'old'"}).value
    alice.delete(f"/me/messages/{old['id']}")
    (gone,), _ = walk(alice, link)
    assert gone["id"] == old["id"]


def test_from_now_on(sandbox: Sandbox, alice: Graph) -> None:
    deliver(sandbox, "old")
    found, link = walk(alice, f"{INBOX}?$deltatoken=latest")
    assert found == []
    deliver(sandbox, "new")
    assert [message["subject"] for message in walk(alice, link)[0]] == ["new"]


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ("$deltatoken=nonsense", 400, "ErrorInvalidUrlQuery"),
        ("$skiptoken=%F0", 400, "ErrorInvalidUrlQuery"),
        ("$expand=attachments", 500, "ErrorInternalServerError"),
        ("$filter=isRead%20eq%20true", 400, "ErrorInvalidUrlQueryFilter"),
        ("$select=nix", 400, "RequestBroker--ParseUri"),
    ],
)
def test_what_a_delta_refuses(alice: Graph, options: str, status: int, code: str) -> None:
    got = alice.get(f"{INBOX}?{options}")
    assert (got.status, got.code) == (status, code)


def test_a_token_is_good_for_its_folder_alone(alice: Graph) -> None:
    _, link = walk(alice, INBOX)
    token = link.partition("?")[2]
    assert alice.get(f"/me/mailFolders/drafts/messages/delta?{token}").code == "SyncStateNotFound"


@pytest.mark.parametrize("kind", ["410", "stale-sync-state"])
def test_a_lost_sync_state(sandbox: Sandbox, alice: Graph, kind: str) -> None:
    _, link = walk(alice, INBOX)
    sandbox.faults.add("messages.delta", kind)
    got = alice.get(link)
    assert (got.status, got.code in ("SyncStateNotFound", "resyncRequired")) == (410, True)
    assert alice.get(link).status == 200


def test_quirks_of_real_servers(make: Any) -> None:
    sandbox = make(
        quirks=Quirks(graph_doubled_changes=True, graph_empty_pages=True, graph_short_lived_links=True)
    )
    alice = signed_in(sandbox, ALICE)
    deliver(sandbox, *(f"m{number}" for number in range(30)))
    links, got = [], alice.get(INBOX, headers={"Prefer": "odata.maxpagesize=10"})
    sizes = [len(got.value)]
    while link := got.json.get("@odata.nextLink"):
        links.append(link)
        got = alice.get(link, headers={"Prefer": "odata.maxpagesize=10"})
        sizes.append(len(got.value))
    assert sizes == [11, 11, 11, 0]
    assert alice.get(links[0]).code == "SyncStateNotFound"
    assert alice.get(links[-1]).status == 200


def test_folders_have_a_delta_too(alice: Graph) -> None:
    found, link = walk(alice, "/me/mailFolders/delta")
    assert "Inbox" in [one["displayName"] for one in found]
    made = alice.post("/me/mailFolders", {"displayName": "New"})
    assert [one["id"] for one in walk(alice, link)[0]] == [made.id]
    _, link = walk(alice, link)
    alice.post(f"/me/mailFolders/{made.id}/permanentDelete")
    assert walk(alice, link)[0] == [{"id": made.id, "@removed": {"reason": "deleted"}}]


STEPS = st.lists(st.sampled_from(["arrive", "read", "mark", "move", "back", "delete", "page"]), max_size=25)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, size=st.integers(1, 4))
def test_a_follower_knows_in_the_end_what_is_there(
    sandbox: Sandbox, alice: Graph, steps: list[str], size: int
) -> None:
    """Whatever happens between two pages."""
    headers = {"Prefer": f"odata.maxpagesize={size}"}
    for one in alice.all("/me/messages", params={"$top": 100}):
        alice.post(f"/me/messages/{one['id']}/permanentDelete")
    known: dict[str, dict[str, Any]] = {}
    link = INBOX

    def page() -> bool:
        nonlocal link
        got = alice.get(link, headers=headers)
        for one in got.value:
            if "@removed" in one:
                known.pop(one["id"], None)
            else:
                known.setdefault(one["id"], {}).update(one)
        link = got.json.get("@odata.nextLink") or got.json["@odata.deltaLink"]
        return "@odata.deltaLink" in got.json

    for number, step in enumerate(steps):
        place = "junkemail" if step == "back" else "inbox"
        there = alice.get(f"/me/mailFolders/{place}/messages", params={"$select": "id"}).value
        if step == "arrive":
            deliver(sandbox, f"m{number}")
        elif step == "page":
            page()
        elif there:
            path = f"/me/messages/{there[number % len(there)]['id']}"
            {
                "read": lambda path=path: alice.patch(path, {"isRead": True}),
                "mark": lambda path=path: alice.patch(path, {"categories": ["Red"]}),
                "move": lambda path=path: alice.post(f"{path}/move", {"destinationId": "junkemail"}),
                "back": lambda path=path: alice.post(f"{path}/move", {"destinationId": "inbox"}),
                "delete": lambda path=path: alice.delete(path),
            }[step]()
    while not page():
        pass
    there = alice.all("/me/mailFolders/inbox/messages", params={"$select": "id,isRead,categories"})
    seen = {
        one["id"]: (known.get(one["id"], {}).get("isRead"), known.get(one["id"], {}).get("categories"))
        for one in there
    }
    assert seen == {one["id"]: (one["isRead"], one["categories"]) for one in there}
    assert known.keys() == {one["id"] for one in there}
