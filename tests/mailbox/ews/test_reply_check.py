"""Signs of the owner's answer on servers that refuse to search for them."""

from __future__ import annotations

import pytest

from ackd.model import Signs
from tests.mailbox.ews.test_past import MESSAGES, OK, REFUSED, Scene

ASKED = {"<q1@x>": "", "<q2@x>": ""}


def folders(drafts: str, inbox: str) -> str:
    """The answer to one FindItem over Drafts, Outbox, Deleted Items, Junk and Inbox."""
    root = '<m:RootFolder IncludesLastItemInRange="true"><t:Items>{}</t:Items></m:RootFolder>'
    return MESSAGES.format(
        "FindItem",
        "".join(OK.format("FindItem", root.format(items)) for items in (drafts, "", "", "", inbox)),
    )


def item(*, answers: str = "", own: str = "", verb: str = "") -> str:
    path = '<t:ExtendedFieldURI PropertyTag="0x1081" PropertyType="Integer"/>'
    verbs = f"<t:ExtendedProperty>{path}<t:Value>{verb}</t:Value></t:ExtendedProperty>" if verb else ""
    replied = f"<t:InReplyTo>{answers}</t:InReplyTo>" if answers else ""
    return (
        f'<t:Message><t:ItemId Id="i"/>{replied}{verbs}'
        f"<t:InternetMessageId>{own}</t:InternetMessageId></t:Message>"
    )


REFUSAL = MESSAGES.format("FindItem", REFUSED.format("FindItem", "ErrorUnsupportedPathForQuery") * 5)


def test_a_server_that_refuses_the_search_is_asked_for_what_changed_last() -> None:
    seen = folders(
        item(answers="&lt;q1@x&gt;") + item(answers="&lt;zz@x&gt;"),
        item(own="&lt;q2@x&gt;", verb="104") + item(own="&lt;zz@x&gt;", verb="102"),
    )
    scene = Scene(REFUSAL, seen)
    with scene as mailbox:
        mailbox.syncing._folders = {"Inbox": mailbox._wire.distinguished("inbox")}
        assert mailbox.signs(ASKED) == Signs(answered=frozenset({"<q1@x>"}))
    assert scene.asked() == ["FindItem", "FindItem"]
    assert b"Restriction" not in scene.server.requests[1]


def test_a_server_that_lists_no_drafts_is_a_hint_less_and_told(caplog: pytest.LogCaptureFixture) -> None:
    with Scene(REFUSAL, REFUSAL) as mailbox:
        mailbox.syncing._folders = {"Inbox": mailbox._wire.distinguished("inbox")}
        assert mailbox.signs(ASKED) == Signs()
    assert "event=replies-unread" in caplog.text
    assert "ErrorUnsupportedPathForQuery" in caplog.text


FOLDER = '<m:RootFolder IncludesLastItemInRange="{}"><t:Folders>{}</t:Folders></m:RootFolder>'
GONE = MESSAGES.format("GetItem", REFUSED.format("GetItem", "ErrorItemNotFound"))
SPECIAL = MESSAGES.format(
    "GetFolder",
    "".join(
        OK.format("GetFolder", f'<m:Folders><t:Folder><t:FolderId Id="{name}"/></t:Folder></m:Folders>')
        for name in ("trash", "junk", "drafts", "outbox", "sent")
    ),
)


def tree(complete: str) -> str:
    """A folder of mail below the root, and one in the trash."""
    shown = "".join(
        f'<t:Folder><t:FolderId Id="{name}"/><t:ParentFolderId Id="{parent}"/></t:Folder>'
        for name, parent in (("projects", "root"), ("old", "trash"), ("trash", "root"))
    )
    return MESSAGES.format("FindFolder", OK.format("FindFolder", FOLDER.format(complete, shown)))


def places(*shown: str) -> str:
    """What lies in Projects, below the trash, and in the trash."""
    root = '<m:RootFolder IncludesLastItemInRange="true"><t:Items>{}</t:Items></m:RootFolder>'
    return MESSAGES.format("FindItem", "".join(OK.format("FindItem", root.format(one)) for one in shown))


Q1 = item(own="&lt;q1@x&gt;")


@pytest.mark.parametrize(
    ("complete", "found", "expected"),
    [
        ("true", places("", "", ""), Signs(gone=frozenset({"<q1@x>"}))),
        ("true", places("", Q1, ""), Signs(thrown=frozenset({"<q1@x>"}))),
        ("true", places(Q1, "", ""), Signs()),
        ("true", places(Q1, Q1, ""), Signs()),
        ("true", MESSAGES.format("FindItem", REFUSED.format("FindItem", "ErrorX") * 3), Signs()),
        ("false", places("", "", ""), Signs()),  # it may lie in a folder that wasn't listed
    ],
)
def test_only_what_is_in_no_folder_for_certain_is_gone(complete: str, found: str, expected: Signs) -> None:
    with Scene(folders("", ""), GONE, tree(complete), SPECIAL, found) as mailbox:
        mailbox.syncing._folders = {"Inbox": mailbox._wire.distinguished("inbox")}
        assert mailbox.signs({"<q1@x>": "item"}) == expected


def test_what_the_server_still_has_is_not_gone_whatever_a_search_finds() -> None:
    here = MESSAGES.format("GetItem", OK.format("GetItem", f"<m:Items>{Q1}</m:Items>"))
    scene = Scene(folders("", ""), here)
    with scene as mailbox:
        mailbox.syncing._folders = {"Inbox": mailbox._wire.distinguished("inbox")}
        assert mailbox.signs({"<q1@x>": "item"}) == Signs()
    assert scene.asked() == ["FindItem", "GetItem"]
