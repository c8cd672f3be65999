"""Work in another's mailbox, at both faces: who may, as whom mail goes out, and where its copy lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from exchange_sandbox import Sandbox, SandboxError

from ..conftest import ALICE, BOB
from ..wire import Wire, mailbox, set_field
from .graph_client import Got, Graph, signed_in

SUPPORT = "support@corp.example"
SHARED = (
    "User.Read Mail.ReadWrite.Shared Mail.Send.Shared Calendars.ReadWrite.Shared MailboxSettings.ReadWrite"
)
OWN = "User.Read Mail.ReadWrite Mail.Send Calendars.ReadWrite MailboxSettings.ReadWrite"
ALL = ("full-access", "send-as", "send-on-behalf")


@pytest.fixture
def sandbox(make: Callable[..., Sandbox]) -> Sandbox:
    return make(mailboxes=(ALICE, BOB, SUPPORT))


def at(path: str) -> str:
    return f"/users/{SUPPORT}{path}"


def sent(graph: Graph, author: str | None, path: str = at("")) -> Got:
    """A draft in the shared mailbox that says whom it is from, sent."""
    body: dict[str, Any] = {
        "subject": "Your ticket",
        "body": {"contentType": "text", "content": "Done."},
        "toRecipients": [{"emailAddress": {"address": BOB}}],
    }
    if author is not None:
        body["from"] = {"emailAddress": {"address": author}}
    made = graph.post(f"{path}/messages", body)
    assert made.status == 201, made
    return graph.post(f"{path}/messages/{made.id}/send", checked=False)


def signed(mail: dict[str, Any]) -> tuple[str, str]:
    """From and Sender."""
    return mail["from"]["emailAddress"]["address"], mail["sender"]["emailAddress"]["address"]


def test_nobody_comes_in_without_both_the_permission_and_the_mailboxs_grant(sandbox: Sandbox) -> None:
    guest, own = signed_in(sandbox, ALICE, SHARED), signed_in(sandbox, ALICE, OWN)
    assert guest.get("/me/messages").status == 200, "what is shared is one's own, too"
    for path in (
        "/mailFolders/inbox/messages",
        "/calendarView?startDateTime=2026-11-24&endDateTime=2026-11-25",
    ):
        assert (guest.get(at(path)).status, guest.get(at(path)).code) == (403, "ErrorAccessDenied")
    sandbox.share(SUPPORT, ALICE, "full-access")
    for path in (
        "/mailFolders/inbox/messages",
        "/calendarView?startDateTime=2026-11-24&endDateTime=2026-11-25",
    ):
        assert guest.get(at(path)).status == 200
        assert own.get(at(path)).code == "ErrorAccessDenied"
    sandbox.share(SUPPORT, ALICE)
    assert guest.get(at("/messages")).status == 403, "it was taken away again"


def test_settings_tasks_and_profiles_of_others_stay_closed(sandbox: Sandbox) -> None:
    sandbox.share(SUPPORT, ALICE, *ALL)
    guest = signed_in(sandbox, ALICE, f"{SHARED} Tasks.ReadWrite Tasks.ReadWrite.Shared")
    assert guest.get(at("/mailboxSettings")).code == "ErrorAccessDenied"
    assert guest.get(at("/outlook/masterCategories")).code == "ErrorAccessDenied"
    assert (guest.get(at("/todo/lists")).status, guest.get(at("/todo/lists")).code) == (400, "invalidRequest")
    assert guest.get(at("")).code == "Authorization_RequestDenied"
    assert guest.get("/me").status == guest.get("/me/todo/lists").status == 200


@pytest.mark.parametrize(
    ("right", "author", "expected"),
    [
        ("send-as", SUPPORT, (SUPPORT, SUPPORT)),
        ("send-on-behalf", SUPPORT, (SUPPORT, ALICE)),
        ("send-as", None, (ALICE, ALICE)),
    ],
)
def test_mail_is_from_the_one_that_it_says_and_its_copy_lies_in_the_paths_mailbox(
    sandbox: Sandbox, right: str, author: str | None, expected: tuple[str, str]
) -> None:
    sandbox.share(SUPPORT, ALICE, "full-access", right)
    guest, bob = signed_in(sandbox, ALICE, SHARED), signed_in(sandbox, BOB)
    assert sent(guest, author).status == 202
    assert [signed(one) for one in bob.get("/me/mailFolders/inbox/messages").value] == [expected]
    assert [signed(one) for one in guest.get(at("/mailFolders/sentitems/messages")).value] == [expected]
    assert guest.get("/me/mailFolders/sentitems/messages").value == []


def test_who_may_not_send_for_it_is_refused_and_the_draft_stays(sandbox: Sandbox) -> None:
    sandbox.share(SUPPORT, ALICE, "full-access")
    guest, bob = signed_in(sandbox, ALICE, SHARED), signed_in(sandbox, BOB)
    assert (sent(guest, SUPPORT).status, sent(guest, SUPPORT).code) == (403, "ErrorSendAsDenied")
    assert len(guest.get(at("/mailFolders/drafts/messages")).value) == 2
    assert sent(bob, SUPPORT, "/me").code == "ErrorSendAsDenied"
    assert bob.get("/me/mailFolders/inbox/messages").value == []


def inbox_of(address: str) -> str:
    return (
        '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>'
        f'<m:ParentFolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>{address}'
        "</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:ParentFolderIds></m:FindItem>"
    )


def letter(author: str) -> str:
    """A request that sends from the shared mailbox, and keeps the copy there."""
    return (
        '<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:SavedItemFolderId><t:DistinguishedFolderId '
        f'Id="sentitems"><t:Mailbox><t:EmailAddress>{SUPPORT}</t:EmailAddress></t:Mailbox>'
        "</t:DistinguishedFolderId></m:SavedItemFolderId><m:Items><t:Message><t:Subject>Ticket</t:Subject>"
        f"<t:ToRecipients>{mailbox(BOB)}</t:ToRecipients>{author}</t:Message></m:Items></m:CreateItem>"
    )


def test_the_other_face_opens_and_sends_alike(sandbox: Sandbox) -> None:
    alice, bob = Wire(sandbox.url, ALICE), signed_in(sandbox, BOB)
    author = f"<t:From>{mailbox(SUPPORT)}</t:From>"
    sandbox.deliver(b"Subject: Help\r\nFrom: bob@corp.example\r\n\r\nHelp!\r\n", SUPPORT)
    assert alice(inbox_of(SUPPORT)).codes == ["ErrorAccessDenied"]
    sandbox.share(SUPPORT, ALICE, "full-access")
    ((item, key),) = alice(inbox_of(SUPPORT)).ids
    assert alice.get(item, "item:Subject").text("t:Subject") == "Help"
    read = set_field("message:IsRead", "<t:IsRead>true</t:IsRead>")
    assert alice.update((item, key), read).codes == ["NoError"], "an id names the mailbox as well"
    assert alice(inbox_of(ALICE)).ids == [], "the own one is still the own one"
    assert alice(letter(author)).codes == ["ErrorSendAsDenied"]
    for right, sender in (("send-on-behalf", ALICE), ("send-as", SUPPORT)):
        sandbox.share(SUPPORT, ALICE, "full-access", right)
        assert alice(letter(author)).codes == ["NoError"]
        found = bob.get("/me/mailFolders/inbox/messages").value
        assert (SUPPORT, sender) in [signed(one) for one in found]
    assert alice(letter("")).codes == ["NoError"]
    assert (ALICE, ALICE) in [signed(one) for one in bob.get("/me/mailFolders/inbox/messages").value]


def test_wrong_grants_are_told(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="no such right; there are full-access, send-as, send-on-behalf"):
        sandbox.share(SUPPORT, ALICE, "everything")
    with pytest.raises(SandboxError, match=r"nobody@corp\.example: there is no such mailbox"):
        sandbox.share(SUPPORT, "nobody@corp.example", "send-as")
