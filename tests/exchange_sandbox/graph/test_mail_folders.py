"""mailFolders: listed, made, renamed, moved, deleted; hidden ones; what EWS sees of them."""

from __future__ import annotations

import threading

import pytest

from exchange_sandbox import Sandbox

from ..conftest import ALICE
from ..wire import Wire
from .graph_client import Graph, signed_in

MARK = "String {7c1d4a54-0000-4000-8000-61636b640001} Name ackd-mark"


def test_the_folders_of_mail_are_listed_and_no_others(alice: Graph) -> None:
    names = [one["displayName"] for one in alice.all("/me/mailFolders")]
    assert {"Inbox", "Drafts", "Sent Items", "Deleted Items", "Outbox", "Junk Email"} <= set(names)
    assert not {"Calendar", "Contacts", "Tasks", "Conversation History", "Root"} & set(names)


@pytest.mark.parametrize(
    "path",
    [
        "/me/mailFolders/inbox",
        "/me/mailFolders('inbox')",
        "/me//mailfolders/INBOX",
        "/users/alice%40corp.example/mailFolders/Inbox",
    ],
)
def test_a_folder_has_one_name_however_it_is_written(alice: Graph, path: str) -> None:
    got = alice.get(path)
    assert (got.status, got.json["displayName"]) == (200, "Inbox")
    assert alice.get(f"/me/mailFolders/{got.id}").id == got.id


def test_a_hidden_folder_is_listed_only_when_asked_for(alice: Graph) -> None:
    body = {
        "displayName": "ackd",
        "isHidden": True,
        "singleValueExtendedProperties": [{"id": MARK, "value": "7"}],
    }
    made = alice.post("/me/mailFolders", body)
    assert (made.status, made.json["isHidden"]) == (201, True)
    assert "ackd" not in [one["displayName"] for one in alice.all("/me/mailFolders")]
    params = {
        "includeHiddenFolders": "true",
        "$filter": "displayName eq 'ACKD'",
        "$expand": f"singleValueExtendedProperties($filter=id eq '{MARK}' or id eq 'SystemTime 0x3007')",
    }
    (found,) = alice.get("/me/mailFolders", params=params).value
    values = {one["id"]: one["value"] for one in found["singleValueExtendedProperties"]}
    assert values == {MARK: "7", "SystemTime 0x3007": "2026-11-24T08:00:00Z"}


def test_a_name_that_is_taken_is_refused(alice: Graph) -> None:
    assert alice.post("/me/mailFolders", {"displayName": "Projects"}).status == 201
    again = alice.post("/me/mailFolders", {"displayName": "PROJECTS"})
    assert (again.status, again.code) == (409, "ErrorFolderExists")


def test_of_many_who_make_the_same_folder_one_succeeds(alice: Graph) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(alice.post("/me/mailFolders", {"displayName": "lease"}).status)
        )
        for _ in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(statuses) == [201, *[409] * 7]


def test_a_folder_is_renamed_moved_copied_and_deleted(alice: Graph) -> None:
    outer = alice.post("/me/mailFolders", {"displayName": "Outer"}).id
    inner = alice.post(f"/me/mailFolders/{outer}/childFolders", {"displayName": "Inner"}).id
    assert [one["id"] for one in alice.get(f"/me/mailFolders/{outer}/childFolders").value] == [inner]
    assert (
        alice.patch(f"/me/mailFolders/{inner}", {"displayName": "Renamed"}).json["displayName"] == "Renamed"
    )
    moved = alice.post(f"/me/mailFolders/{inner}/move", {"destinationId": "inbox"})
    assert (moved.status, moved.id) == (201, inner)
    copied = alice.post(f"/me/mailFolders/{inner}/copy", {"destinationId": outer})
    assert copied.status == 201
    assert copied.id != inner
    assert alice.delete(f"/me/mailFolders/{outer}").status == 204
    bin_id = alice.get("/me/mailFolders/deleteditems").id
    assert alice.get(f"/me/mailFolders/{outer}").json["parentFolderId"] == bin_id
    assert alice.post(f"/me/mailFolders/{outer}/permanentDelete").status == 204
    assert alice.get(f"/me/mailFolders/{outer}").code == "ErrorItemNotFound"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("DELETE", "/me/mailFolders/inbox", None, 403, "ErrorDeleteDistinguishedFolder"),
        ("PATCH", "/me/mailFolders/inbox", {"displayName": "x"}, 400, "ErrorInvalidOperation"),
        ("POST", "/me/mailFolders", {}, 400, "RequestBodyRead"),
        ("POST", "/me/mailFolders", {"displayName": " "}, 400, "ErrorInvalidParameter"),
        ("POST", "/me/mailFolders", {"displayName": 7}, 400, "RequestBodyRead"),
        ("POST", "/me/mailFolders", {"displayName": "x", "nix": 1}, 400, "RequestBodyRead"),
        ("GET", "/me/mailFolders/nowhere", None, 400, "ErrorInvalidIdMalformed"),
        ("GET", "/me/mailFolders/archive", None, 404, "ErrorItemNotFound"),
        ("GET", "/me/mailFolders?$select=nix", None, 400, "RequestBroker--ParseUri"),
        ("GET", "/me/mailFolders?$top=0", None, 400, "RequestBroker--ParseUri"),
        ("GET", "/me/nowhere", None, 400, "BadRequest"),
        ("PUT", "/me/mailFolders", None, 405, "Request_BadRequest"),
    ],
)
def test_what_cannot_be_is_refused(
    alice: Graph, method: str, path: str, body: object, status: int, code: str
) -> None:
    got = alice.ask(method, path, body)
    assert (got.status, got.code) == (status, code)


def test_pages_follow_each_other(alice: Graph) -> None:
    for number in range(7):
        alice.post("/me/mailFolders", {"displayName": f"F{number}"})
    params = {
        "$top": 3,
        "$filter": "startswith(displayName,'f')",
        "$orderby": "displayName desc",
        "$count": "true",
    }
    got = alice.get("/me/mailFolders", params=params)
    assert got.json["@odata.count"] == 7
    names = [one["displayName"] for one in alice.all("/me/mailFolders", params=params)]
    assert names == [f"F{number}" for number in reversed(range(7))]


def test_what_one_face_makes_the_other_has(alice: Graph, alice_ews: Wire, sandbox: Sandbox) -> None:
    made = alice.post("/me/mailFolders", {"displayName": "Ours", "isHidden": True})
    ews_id = made.id.replace("-", "/").replace("_", "+")
    got = alice_ews(
        "<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape><t:AdditionalProperties>"
        '<t:ExtendedFieldURI PropertyTag="0x10F4" PropertyType="Boolean"/>'
        "</t:AdditionalProperties></m:FolderShape>"
        f'<m:FolderIds><t:FolderId Id="{ews_id}"/></m:FolderIds></m:GetFolder>'
    )
    assert got.text("t:DisplayName") == "Ours"
    assert got.text("t:Value") == "true"
    assert sandbox.requests.count("mailFolders.create") == 1


def test_somebody_else_sees_nothing(sandbox: Sandbox, alice: Graph, bob: Graph) -> None:
    made = alice.post("/me/mailFolders", {"displayName": "Private"})
    assert bob.get(f"/me/mailFolders/{made.id}").code == "ErrorAccessDenied"
    assert bob.get(f"/users/{ALICE}/mailFolders").code == "ErrorAccessDenied"
    reader = signed_in(sandbox, ALICE, scope="Mail.Read")
    assert reader.get("/me/mailFolders").status == 200
    assert reader.post("/me/mailFolders", {"displayName": "x"}).code == "ErrorAccessDenied"


def test_a_path_may_lead_down_the_tree(alice: Graph) -> None:
    outer = alice.post("/me/mailFolders", {"displayName": "Outer"}).id
    inner = alice.post(f"/me/mailFolders/{outer}/childFolders", {"displayName": "Inner"}).id
    path = f"/me/mailFolders/{outer}/childFolders/{inner}"
    assert alice.get(path).json["displayName"] == "Inner"
    draft = alice.post(f"{path}/messages", {"subject": "x"})
    assert alice.get(f"{path}/messages/{draft.id}").json["subject"] == "x"
    assert alice.get(f"{path}/messages/$count").raw == b"1"
    (found,) = alice.get(
        "/me/mailFolders", params={"$filter": "displayName eq 'Outer'", "$expand": "childFolders"}
    ).value
    assert [one["id"] for one in found["childFolders"]] == [inner]
