"""attachments and open extensions of messages, and ids that are translated."""

from __future__ import annotations

import base64

import pytest

from exchange_sandbox import Sandbox

from ..wire import Wire
from .graph_client import Graph

FILE = {
    "@odata.type": "#microsoft.graph.fileAttachment",
    "name": "brochure.pdf",
    "contentType": "application/pdf",
    "contentBytes": base64.b64encode(b"%PDF").decode(),
}
OPEN = {
    "@odata.type": "microsoft.graph.openTypeExtension",
    "extensionName": "example.ackd",
    "asker": "bob",
    "moves": 2,
}


def test_files_are_attached_read_and_taken_off(alice: Graph, bob: Graph) -> None:
    draft = alice.draft(attachments=[FILE])
    assert draft.json["hasAttachments"] is True
    path = f"/me/messages/{draft.id}/attachments"
    more = alice.post(path, {**FILE, "name": "note.txt", "contentType": "text/plain"})
    assert more.status == 201
    (first, second) = alice.get(path).value
    assert [first["name"], second["name"]] == ["brochure.pdf", "note.txt"]
    assert base64.b64decode(first["contentBytes"]) == b"%PDF"
    assert alice.get(f"{path}/{first['id']}/$value").raw == b"%PDF"
    assert "contentBytes" not in alice.get(path, params={"$select": "name,size"}).value[0]
    assert alice.delete(f"{path}/{second['id']}").status == 204
    assert alice.get(f"{path}/{second['id']}").code == "ErrorItemNotFound"
    alice.post(f"/me/messages/{draft.id}/send")
    (arrived,) = bob.get("/me/messages", params={"$expand": "attachments($select=name)"}).value
    assert [one["name"] for one in arrived["attachments"]] == ["brochure.pdf"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"contentBytes": "!"}, 400, "RequestBodyRead"),
        ({"@odata.type": "#microsoft.graph.itemAttachment"}, 400, "ErrorInvalidRequest"),
        ({"@odata.type": None}, 400, "RequestBodyRead"),
        ({"name": ""}, 400, "ErrorRequiredPropertyMissing"),
        ({"contentBytes": "A" * 4_300_000}, 413, "ErrorMessageSizeExceeded"),
    ],
)
def test_what_cannot_be_attached(alice: Graph, change: dict[str, object], status: int, code: str) -> None:
    draft = alice.draft()
    got = alice.post(f"/me/messages/{draft.id}/attachments", {**FILE, **change})
    assert (got.status, got.code) == (status, code)
    assert alice.get(f"/me/messages/{draft.id}").json["hasAttachments"] is False


def test_open_extensions_are_kept_with_their_item(alice: Graph) -> None:
    draft = alice.draft(extensions=[OPEN])
    path = f"/me/messages/{draft.id}/extensions"
    got = alice.get(f"{path}/example.ackd")
    assert (got.json["asker"], got.json["moves"]) == ("bob", 2)
    assert alice.patch(f"{path}/Example.Ackd", {"moves": 3, "asker": None}).json["moves"] == 3
    assert alice.post(path, OPEN).code == "ErrorInvalidRequest"
    assert alice.post(path, {**OPEN, "extensionName": "other"}).status == 201
    expand = "extensions($filter=id eq 'microsoft.graph.openTypeExtension.other')"
    (found,) = alice.get(f"/me/messages/{draft.id}", params={"$expand": expand}).json["extensions"]
    assert found["extensionName"] == "other"
    wanted = {"$filter": "extensions/any(e:e/id eq 'example.ackd')"}
    assert len(alice.get(path).value) == 2
    assert [one["id"] for one in alice.get("/me/messages", params=wanted).value] == [draft.id]
    assert alice.delete(f"{path}/example.ackd").status == 204
    assert alice.get(f"{path}/example.ackd").code == "ErrorItemNotFound"
    assert alice.post(path, {"extensionName": "x"}).code == "RequestBodyRead"


def test_ids_are_translated_there_and_back(alice: Graph, alice_ews: Wire, sandbox: Sandbox) -> None:
    ews = alice_ews.create("<t:Task><t:Subject>Help</t:Subject></t:Task>").ids[0][0]

    def translate(one: str, source: str, target: str) -> str:
        body = {"inputIds": [one, "nonsense"], "sourceIdType": source, "targetIdType": target}
        good, bad = alice.post("/me/translateExchangeIds", body).value
        assert bad["errorDetails"]["code"] == "ErrorInvalidIdMalformed"
        assert good["sourceId"] == one
        return str(good["targetId"])

    rest = translate(ews, "ewsId", "restId")
    assert rest == ews.replace("/", "-").replace("+", "_")
    assert translate(rest, "restId", "ewsId") == ews
    immutable = translate(ews, "ewsId", "restImmutableEntryId")
    assert immutable != rest
    assert translate(immutable, "restImmutableEntryId", "restId") == rest
    assert translate(translate(rest, "restId", "entryId"), "entryId", "ewsId") == ews
    too_many = {"inputIds": ["x"] * 1001, "sourceIdType": "ewsId", "targetIdType": "restId"}
    assert alice.post("/me/translateExchangeIds", too_many).code == "ErrorInvalidParameter"
    assert sandbox.requests.count("translateExchangeIds") > 4
    assert (
        alice.post(
            "/me/translateExchangeIds", {"inputIds": [], "sourceIdType": "x", "targetIdType": "restId"}
        ).status
        == 400
    )
