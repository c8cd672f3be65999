"""Signs of the owner's answer on servers that refuse to search for them."""

from __future__ import annotations

import pytest

from ackd.model import Signs
from tests.ews.test_past import MESSAGES, OK, REFUSED, Scene

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
    assert "event=hints-unread" in caplog.text
    assert "ErrorUnsupportedPathForQuery" in caplog.text
