"""messages: drafts, what is sent, found, changed, moved; and that each is the same mail at the other face."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from exchange_sandbox import Quirks, Sandbox

from ..conftest import ALICE, BOB, Time
from ..wire import Wire, extended
from ..wire import message as ews_message
from .graph_client import Graph, signed_in

TOKEN = "String {7c1d4a54-0000-4000-8000-61636b640001} Name ackd-token"
QUESTION = (
    b"From: Bob <bob@corp.example>\r\nTo: alice@corp.example\r\nSubject: Question\r\n"
    b"Message-ID: <q@corp.example>\r\n\r\nWhen?\r\n"
)
EXPAND = "singleValueExtendedProperties($filter=id eq '{}')"


def ews_id(rest: str) -> str:
    return rest.replace("-", "/").replace("_", "+")


def by_token(value: str) -> dict[str, str]:
    return {
        "$filter": f"singleValueExtendedProperties/any(ep: ep/id eq '{TOKEN}' and ep/value eq '{value}')",
        "$select": "id,isDraft,parentFolderId",
    }


def properties(got: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["value"] for one in got.get("singleValueExtendedProperties", ())}


def test_a_draft_is_made_found_by_its_token_and_sent(alice: Graph, bob: Graph, bob_ews: Wire) -> None:
    draft = alice.draft(
        "Re: Question",
        internetMessageHeaders=[{"name": "x-ackd", "value": "1"}],
        singleValueExtendedProperties=[
            {"id": TOKEN, "value": "t1"},
            {"id": "String 0x1042", "value": "<question@corp.example>"},
            {"id": "Integer 0x3FDF", "value": "61"},
        ],
    )
    assert draft.json["isDraft"] is True
    drafts = alice.get("/me/mailFolders/drafts").id
    assert draft.json["parentFolderId"] == drafts
    (found,) = alice.get("/me/messages", params=by_token("t1")).value
    assert found == {
        "@odata.etag": draft.json["@odata.etag"],
        "id": draft.id,
        "isDraft": True,
        "parentFolderId": drafts,
    }
    assert alice.get("/me/messages", params=by_token("t2")).value == []
    sent = alice.post(f"/me/messages/{draft.id}/send")
    assert (sent.status, sent.raw) == (202, b"")
    assert alice.get(f"/me/messages/{draft.id}").code == "ErrorItemNotFound"
    (copy,) = alice.get("/me/messages", params=by_token("t1")).value
    assert copy["isDraft"] is False
    assert copy["parentFolderId"] == alice.get("/me/mailFolders/sentitems").id
    (arrived,) = bob.get(
        "/me/mailFolders/inbox/messages", params={"$select": "subject,internetMessageHeaders"}
    ).value
    headers = {one["name"].lower(): one["value"] for one in arrived["internetMessageHeaders"]}
    assert headers["x-ackd"] == "1"
    assert headers["in-reply-to"] == "<question@corp.example>"
    assert headers["x-auto-response-suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert headers["x-ms-exchange-organization-authas"] == "Internal"
    assert not {"from", "to", "sender"} & headers.keys()
    assert bob_ews.find("inbox", "item:Subject").texts("t:Subject") == ["Re: Question"]


def test_extended_properties_are_read_by_other_spellings(alice: Graph) -> None:
    draft = alice.draft(singleValueExtendedProperties=[{"id": "Integer 0x1081", "value": "102"}])
    wanted = (
        "id eq 'integer 0X1081' or id eq 'String 0x001A' or id eq 'Boolean 0x0E1B' or id eq 'String 0x3FFF'"
    )
    got = alice.get(f"/me/messages/{draft.id}", params={"$expand": EXPAND.replace("id eq '{}'", wanted)})
    assert properties(got.json) == {
        "Integer 0x1081": "102",
        "String 0x1a": "IPM.Note",
        "Boolean 0xe1b": "false",
    }
    condition = "ep/id eq 'Integer 0x1081' and cast(ep/value, Edm.Int32) ge 100"
    numbered = f"singleValueExtendedProperties/any(ep: {condition})"
    assert [one["id"] for one in alice.get("/me/messages", params={"$filter": numbered}).value] == [draft.id]


@pytest.mark.parametrize(("quirk", "headers"), [(False, True), (True, False)])
def test_whether_0x1042_becomes_a_header_is_a_quirk(make: Any, quirk: bool, headers: bool) -> None:
    sandbox = make(quirks=Quirks(graph_reply_headers_ignored=quirk))
    alice, bob = signed_in(sandbox, ALICE), signed_in(sandbox, BOB)
    draft = alice.draft(singleValueExtendedProperties=[{"id": "String 0x1042", "value": "<q@corp.example>"}])
    alice.post(f"/me/messages/{draft.id}/send")
    expand = {"$expand": EXPAND.format("String 0x1042")}
    (copy,) = alice.get("/me/mailFolders/sentitems/messages", params=expand).value
    assert properties(copy) == {"String 0x1042": "<q@corp.example>"}
    (arrived,) = bob.get("/me/mailFolders/inbox/messages", params=expand).value
    assert bool(properties(arrived)) is headers


@pytest.mark.parametrize("kept", [False, True])
def test_whether_the_draft_keeps_its_immutable_id_is_a_quirk(make: Any, kept: bool) -> None:
    alice = signed_in(make(quirks=Quirks(graph_keeps_draft_id=kept)), ALICE)
    alice.prefer = 'IdType="ImmutableId"'
    draft = alice.draft()
    alice.post(f"/me/messages/{draft.id}/send")
    assert alice.get(f"/me/messages/{draft.id}").status == (200 if kept else 404)


def test_send_mail_leaves_extended_properties_out(alice: Graph, bob: Graph) -> None:
    message = {
        "subject": "At once",
        "body": {"contentType": "HTML", "content": "<p>Now</p>"},
        "toRecipients": [{"emailAddress": {"address": BOB}}],
        "singleValueExtendedProperties": [{"id": TOKEN, "value": "t1"}],
    }
    assert alice.post("/me/sendMail", {"message": message}).status == 202
    assert alice.get("/me/messages", params=by_token("t1")).value == []
    assert len(alice.get("/me/mailFolders/sentitems/messages").value) == 1
    assert alice.post("/me/sendMail", {"message": message, "saveToSentItems": False}).status == 202
    assert len(alice.get("/me/mailFolders/sentitems/messages").value) == 1
    assert len(bob.get("/me/mailFolders/inbox/messages").value) == 2


def test_mime_comes_in_as_a_draft_and_goes_out(alice: Graph, bob: Graph) -> None:
    mail = (
        b"From: alice@corp.example\r\nTo: bob@corp.example\r\nSubject: By MIME\r\n"
        b"Auto-Submitted: auto-replied\r\nIn-Reply-To: <q@corp.example>\r\n\r\nText.\r\n"
    )
    headers = {"Content-Type": "text/plain"}
    draft = alice.post("/me/messages", base64.b64encode(mail), headers=headers)
    assert (draft.status, draft.json["subject"], draft.json["isDraft"]) == (201, "By MIME", True)
    assert (
        alice.patch(
            f"/me/messages/{draft.id}", {"singleValueExtendedProperties": [{"id": TOKEN, "value": "t1"}]}
        ).status
        == 200
    )
    alice.post(f"/me/messages/{draft.id}/send")
    (arrived,) = bob.get("/me/mailFolders/inbox/messages").value
    raw = bob.get(f"/me/messages/{arrived['id']}/$value").raw
    assert b"In-Reply-To: <q@corp.example>" in raw
    assert b"Auto-Submitted: auto-replied" in raw
    assert alice.post("/me/messages", b"!!", headers=headers).code == "ErrorMimeContentInvalidBase64String"
    assert alice.post("/me/sendMail", base64.b64encode(mail), headers=headers).status == 202
    assert len(bob.get("/me/mailFolders/inbox/messages").value) == 2


def test_an_answer_is_drafted_and_the_question_marked_when_it_is_sent(sandbox: Sandbox, alice: Graph) -> None:
    sandbox.deliver(
        QUESTION,
        ALICE,
    )
    (question,) = alice.get("/me/messages").value
    draft = alice.post(f"/me/messages/{question['id']}/createReply", {"comment": "On Friday."})
    assert (draft.status, draft.json["subject"]) == (201, "RE: Question")
    assert [one["emailAddress"]["address"] for one in draft.json["toRecipients"]] == [BOB]
    assert "On Friday." in draft.json["body"]["content"]
    verb = {"$expand": EXPAND.format("Integer 0x1081")}
    assert properties(alice.get(f"/me/messages/{question['id']}", params=verb).json) == {}
    assert alice.post(f"/me/messages/{draft.id}/send").status == 202
    assert properties(alice.get(f"/me/messages/{question['id']}", params=verb).json) == {
        "Integer 0x1081": "102"
    }


@pytest.mark.parametrize(
    ("how", "verb", "to"),
    [
        ("reply", "102", [BOB]),
        ("replyAll", "103", [BOB, "carol@corp.example"]),
        ("forward", "104", ["carol@corp.example"]),
    ],
)
def test_answers_in_one_step(make: Any, how: str, verb: str, to: list[str]) -> None:
    sandbox = make(mailboxes=(ALICE, BOB, "carol@corp.example"))
    alice = signed_in(sandbox, ALICE)
    sandbox.deliver(
        QUESTION.replace(b"\r\nSubject", b", carol@corp.example\r\nSubject"),
        ALICE,
    )
    (question,) = alice.get("/me/messages").value
    body: dict[str, Any] = {"comment": "Soon."}
    if how == "forward":
        body["toRecipients"] = [{"emailAddress": {"address": "carol@corp.example"}}]
    assert alice.post(f"/me/messages/{question['id']}/{how}", body).status == 202
    (copy,) = alice.get("/me/mailFolders/sentitems/messages").value
    assert [one["emailAddress"]["address"] for one in copy["toRecipients"]] == to
    got = alice.get(f"/me/messages/{question['id']}", params={"$expand": EXPAND.format("Integer 0x1081")})
    assert properties(got.json) == {"Integer 0x1081": verb}


def test_a_moved_message_keeps_its_immutable_id_and_loses_the_other(alice: Graph) -> None:
    draft = alice.draft()
    immutable = {"Prefer": 'IdType="ImmutableId"'}
    always = alice.get(f"/me/messages/{draft.id}", headers=immutable)
    assert always.headers["preference-applied"] == 'IdType="ImmutableId"'
    assert always.id != draft.id
    moved = alice.post(f"/me/messages/{draft.id}/move", {"destinationId": "inbox"})
    assert (moved.status, moved.json["parentFolderId"]) == (201, alice.get("/me/mailFolders/inbox").id)
    assert alice.get(f"/me/messages/{draft.id}").code == "ErrorItemNotFound"
    for _ in range(2):
        assert alice.get(f"/me/messages/{always.id}", headers=immutable).id == always.id
        alice.post(f"/me/messages/{always.id}/move", {"destinationId": "junkemail"})
    copied = alice.post(f"/me/messages/{always.id}/copy", {"destinationId": "inbox"}, headers=immutable)
    assert copied.id != always.id
    assert alice.delete(f"/me/messages/{always.id}").status == 204
    deleted = alice.get(f"/me/messages/{always.id}", headers=immutable).json
    assert deleted["parentFolderId"] == alice.get("/me/mailFolders/deleteditems").id
    assert alice.post(f"/me/messages/{always.id}/permanentDelete").status == 204
    assert alice.get(f"/me/messages/{always.id}", headers=immutable).code == "ErrorItemNotFound"


def test_a_stale_change_is_refused(alice: Graph) -> None:
    draft = alice.draft()
    tag = draft.json["@odata.etag"]
    path = f"/me/messages/{draft.id}"
    changed = alice.patch(path, {"categories": ["Red", "Red"]}, headers={"If-Match": tag})
    assert (changed.status, changed.json["categories"]) == (200, ["Red"])
    stale = alice.patch(path, {"categories": []}, headers={"If-Match": tag})
    assert (stale.status, stale.code) == (412, "ErrorIrresolvableConflict")
    assert alice.patch(path, {"categories": []}, headers={"If-Match": "*"}).status == 200


def test_what_a_sent_message_lets_change(alice: Graph) -> None:
    alice.post(f"/me/messages/{alice.draft().id}/send")
    (copy,) = alice.get("/me/mailFolders/sentitems/messages").value
    path = f"/me/messages/{copy['id']}"
    flag = {
        "flagStatus": "Flagged",
        "dueDateTime": {"dateTime": "2026-11-25T00:00:00", "timeZone": "Europe/Berlin"},
        "startDateTime": {"dateTime": "2026-11-25T00:00:00", "timeZone": "W. Europe Standard Time"},
    }
    got = alice.patch(path, {"importance": "HIGH", "isRead": False, "flag": flag, "categories": ["A"]})
    assert got.status == 200
    assert got.json["flag"]["dueDateTime"] == {"dateTime": "2026-11-24T23:00:00.0000000", "timeZone": "UTC"}
    for body in (
        {"subject": "x"},
        {"body": {"content": "x"}},
        {"toRecipients": []},
        {"internetMessageId": "<x@y>"},
    ):
        assert alice.patch(path, body).code == "ErrorInvalidPropertyUpdateSentMessage"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            {"internetMessageHeaders": [{"name": "Auto-Submitted", "value": "x"}]},
            "InvalidInternetMessageHeader",
        ),
        (
            {"internetMessageHeaders": [{"name": f"x-{n}", "value": "x"} for n in range(6)]},
            "InvalidInternetMessageHeaderCollection",
        ),
        ({"subject": ["x"]}, "RequestBodyRead"),
        ({"importance": "urgent"}, "RequestBodyRead"),
        ({"Nix": 1}, "RequestBodyRead"),
        ({"toRecipients": [{"emailAddress": {}}]}, "RequestBodyRead"),
        (
            {"singleValueExtendedProperties": [{"id": "Integer 0x1081", "value": "x"}]},
            "ErrorInvalidPropertySet",
        ),
        ({"singleValueExtendedProperties": [{"id": "Nothing 0x1081", "value": "x"}]}, "ErrorInvalidProperty"),
        ({"flag": {"dueDateTime": {"dateTime": "x", "timeZone": "UTC"}}}, "RequestBodyRead"),
        (
            {"flag": {"dueDateTime": {"dateTime": "2026-01-01", "timeZone": "Mars"}}},
            "TimeZoneNotSupportedException",
        ),
        (b"{", "BadRequest"),
        (b"[]", "RequestBodyRead"),
        (b'{"subject": NaN}', "BadRequest"),
    ],
)
def test_a_body_that_says_nonsense_is_refused(alice: Graph, body: Any, code: str) -> None:
    got = alice.post("/me/messages", body)
    assert (got.status, got.code) == (400, code)
    assert alice.get("/me/messages").value == []


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ("$filter=nix eq 1", 400, "RequestBroker--ParseUri"),
        ("$filter=subject eq", 400, "BadRequest"),
        ("$filter=frob(subject) eq 1", 400, "BadRequest"),
        ("$filter=isRead eq true&$orderby=receivedDateTime", 400, "InefficientFilter"),
        ("$search=x&$filter=isRead eq true", 400, "SearchWithFilter"),
        ("$top=1001", 400, "ErrorInvalidParameter"),
        ("$skip=-1", 400, "RequestBroker--ParseUri"),
        ("$nix=1", 400, "RequestBroker--ParseUri"),
        ("$select=id&$select=id", 400, "RequestBroker--ParseUri"),
        ("$expand=nix", 400, "RequestBroker--ParseUri"),
        ("$expand=singleValueExtendedProperties", 400, "ErrorInvalidUrlQueryFilter"),
        ("$filter=" + "(" * 100 + "isRead" + ")" * 100, 400, "ErrorRestrictionTooComplex"),
    ],
)
def test_options_that_say_nonsense_are_refused(alice: Graph, options: str, status: int, code: str) -> None:
    alice.draft()
    got = alice.get("/me/messages?" + options.replace(" ", "%20"))
    assert (got.status, got.code) == (status, code)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("subject eq 'ONE'", ["one"]),
        ("contains(subject,'o')", ["two", "one"]),
        ("startswith(subject,'T') and not contains(subject,'w')", ["three"]),
        ("from/emailAddress/address eq 'alice@corp.example' and importance eq 'High'", ["three"]),
        ("categories/any(c:c eq 'red') or subject eq 'one'", ["two", "one"]),
        ("isRead eq false or subject in ('one')", ["one"]),
        ("receivedDateTime ge 2026-11-24T08:02:00Z", ["three"]),
        ("receivedDateTime gt 2026-11-24T08:00:00Z and receivedDateTime lt 2026-11-24T08:02:00Z", ["two"]),
        ("receivedDateTime le 2026-11-24T09:01:00+01:00", ["two", "one"]),
        ("parentFolderId eq 'x'", []),
        ("hasAttachments eq false and (isDraft ne true)", []),
        ("flag/flagStatus eq microsoft.graph.followupFlagStatus'notFlagged'", ["three", "two", "one"]),
    ],
)
def test_filters(alice: Graph, time: Time, wanted: str, found: list[str]) -> None:
    for subject, more in (("one", {}), ("two", {"categories": ["Red"]}), ("three", {"importance": "high"})):
        alice.draft(subject, **more)
        time.move(60)
    got = alice.get("/me/messages", params={"$filter": wanted, "$select": "subject", "$count": "true"})
    assert [one["subject"] for one in got.value] == found
    assert got.json["@odata.count"] == len(found)


def test_pages_have_every_message_once(alice: Graph, time: Time) -> None:
    for number in range(12):
        alice.draft(f"m{number}")
        time.move(1)
    newest = [f"m{number}" for number in reversed(range(12))]
    assert [one["subject"] for one in alice.all("/me/messages")] == newest
    assert len(alice.get("/me/messages").value) == 10
    by_preference = alice.get("/me/messages", headers={"Prefer": "odata.maxpagesize=5"})
    assert len(by_preference.value) == 5
    oldest = alice.all(
        "/me/mailFolders/drafts/messages", params={"$top": 4, "$orderby": "receivedDateTime asc"}
    )
    assert [one["subject"] for one in oldest] == newest[::-1]
    by_name = {"$top": 5, "$orderby": "subject", "$filter": "startswith(subject,'m')"}
    assert len(alice.all("/me/messages", params=by_name)) == 12


def test_bodies_come_as_wanted(alice: Graph) -> None:
    draft = alice.draft(body={"contentType": "html", "content": "<p>Some <b>words</b></p>"})
    plain = alice.get(f"/me/messages/{draft.id}", headers={"Prefer": 'outlook.body-content-type="text"'})
    assert plain.json["body"] == {"contentType": "text", "content": "Some words\r\n"}
    assert 'outlook.body-content-type="text"' in plain.headers["preference-applied"]
    assert alice.get(f"/me/messages/{draft.id}").json["body"]["contentType"] == "html"
    bare = alice.get(f"/me/messages/{draft.id}", headers={"Accept": "application/json;odata.metadata=none"})
    assert not [name for name in bare.json if name.startswith("@")]


def test_what_one_face_writes_the_other_reads(alice: Graph, alice_ews: Wire, bob: Graph) -> None:
    draft = alice.draft(
        categories=["Blue"], importance="low", singleValueExtendedProperties=[{"id": TOKEN, "value": "t"}]
    )
    named = (
        'PropertySetId="7c1d4a54-0000-4000-8000-61636b640001" PropertyName="ackd-token" PropertyType="String"'
    )
    field = f"<t:ExtendedFieldURI {named}/>"
    got = alice_ews.get(ews_id(draft.id), "item:Categories", "item:Importance", "item:Subject", field)
    assert (got.texts("t:String"), got.text("t:Importance"), got.text("t:Value")) == (["Blue"], "Low", "t")
    made = alice_ews.create(ews_message("Made by EWS", BOB, extra=extended(named, "u")))
    rest = made.ids[0][0].replace("/", "-").replace("+", "_")
    read = alice.get(f"/me/messages/{rest}", params={"$expand": EXPAND.format(TOKEN)})
    assert (read.json["subject"], properties(read.json)) == ("Made by EWS", {TOKEN: "u"})
    assert read.json["changeKey"] == made.ids[0][1]
    assert bob.get(f"/me/messages/{rest}").code == "ErrorAccessDenied"


@pytest.mark.parametrize(
    ("written", "kept", "gone"),
    [
        ("<p>Hi<script>alert(1)</script> there</p>", "Hi there", "script"),
        ('<p onclick="x()">Hi</p>', "<p>Hi</p>", "onclick"),
        ('<a href="java\nscript:x()">Hi</a>', "<a>Hi</a>", "script"),
        ("<p>Hi</p><iframe src=x></iframe>", "<p>Hi</p>", "iframe"),
        ("<form action=x><input></form><p>Hi</p>", "<p>Hi</p>", "form"),
    ],
)
def test_what_runs_in_a_body_is_left_out_unless_it_is_wanted(
    alice: Graph, written: str, kept: str, gone: str
) -> None:
    draft = alice.draft(body={"contentType": "html", "content": written})
    path = f"/me/messages/{draft.id}"
    safe = alice.get(path).json["body"]["content"]
    assert kept in safe
    assert gone not in safe
    raw = alice.get(path, headers={"Prefer": "outlook.allow-unsafe-html"})
    assert raw.json["body"]["content"] == written


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("budget", ["Budget plan"]),
        ('"budget plan"', ["Budget plan"]),
        ("subject:lunch", ["Lunch"]),
        ("to:carol", []),
        ("hasattachments:true", []),
    ],
)
def test_searches(alice: Graph, words: str, found: list[str]) -> None:
    for subject in ("Budget plan", "Lunch"):
        alice.draft(subject)
    assert [one["subject"] for one in alice.get("/me/messages", params={"$search": words}).value] == found


def test_messages_are_counted(alice: Graph) -> None:
    for number in range(12):
        alice.draft(f"m{number}", importance="high" if number % 2 else "low")
    assert alice.get("/me/messages/$count").raw == b"12"
    assert alice.get("/me/messages/$count", params={"$filter": "importance eq 'high'"}).raw == b"6"
    assert alice.get("/me/mailFolders/inbox/messages/$count").raw == b"0"
