"""``message``: how a mail looks as JSON, and what a client may say of one."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from exchange_sandbox.ews import ids as ews_ids
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.graph import attached, extended, ids, opened, values
from exchange_sandbox.graph.changing import Change, draft_setter, setter
from exchange_sandbox.graph.errors import GraphError
from exchange_sandbox.graph.shape import (
    Member,
    Shape,
    View,
    dict_of,
    flag_of,
    inner,
    list_of,
    moment,
    text_of,
    word_of,
)
from exchange_sandbox.mime import export
from exchange_sandbox.store import folders
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Importance, Key, by_name

#: What internetMessageHeaders leaves out: other members say it.
_HEADERS_TOLD_APART = frozenset(("from", "to", "cc", "bcc", "sender"))
_MOST_HEADERS = 5
_KINDS = (
    ("IPM.Schedule.Meeting.Request", "eventMessageRequest"),
    ("IPM.Schedule.Meeting.Resp", "eventMessageResponse"),
    ("IPM.Schedule.Meeting", "eventMessage"),
)


def kind(item: Item) -> str | None:
    """The type of a message that is more than one."""
    return next((name for cls, name in _KINDS if item.cls.startswith(cls)), None)


def web_link(item: Item, form: str) -> str:
    """Where Outlook on the web would show an item."""
    number = f"{item.mailbox}-{item.id}"
    return f"https://exchange.example/owa/?ItemID={quote(number, safe='')}&exvsurl=1&viewmodel={form}"


def _headers(view: View, item: Item) -> list[dict[str, str]] | None:
    if _is_sent_without(view, item):
        return None
    found = export.headers_of(view.db, item)
    return [
        {"name": name, "value": value} for name, value in found if name.lower() not in _HEADERS_TOLD_APART
    ]


def _is_sent_without(view: View, item: Item) -> bool:
    is_silent = view.call.quirks.graph_sent_without_headers and not item.bag.get(Key.IS_DRAFT)
    return is_silent and folders.get(view.db, item.folder).distinguished == "sentitems"


def _property(view: View, item: Item, field: ExtendedField) -> Any:
    if field.key == "tag/007d/String" and _is_sent_without(view, item):
        return None
    return extended.item_value(view, item, field)


def _set_headers(change: Change, value: Any) -> None:
    if not change.creating:
        raise GraphError(
            400, "ErrorInvalidPropertySet", "Headers can be set when a message is made, and not later."
        )
    found = list_of(value, "internetMessageHeaders")
    if len(found) > _MOST_HEADERS:
        raise GraphError(
            400,
            "InvalidInternetMessageHeaderCollection",
            f"Maximum number of headers in one message should be less than or equal to {_MOST_HEADERS}.",
        )
    for one in found:
        header = dict_of(one, "internetMessageHeaders")
        name = text_of(inner(header, "name"), "internetMessageHeaders/name")
        text = text_of(inner(header, "value"), "internetMessageHeaders/value")
        if not name.lower().startswith("x-") or not name.isascii() or ":" in name or " " in name:
            raise GraphError(
                400,
                "InvalidInternetMessageHeader",
                f"The internet message header name '{name[:60]}' should start with 'x-' or 'X-'.",
            )
        change.put(
            by_name("InternetHeaders", name.lower(), "String"), text.replace("\r", " ").replace("\n", " ")
        )


def _set_body(change: Change, value: Any) -> None:
    change.only_in_draft("body")
    change.put_body(value)


def _people(name: str, key: Key) -> Member:
    return Member(
        name,
        lambda view, item: values.recipients(item.bag.get(key)),
        draft_setter(key, name, lambda value: values.parsed_recipients(value, name)),
    )


def _person(name: str, key: Key) -> Member:
    return Member(
        name,
        lambda view, item: values.recipient(item.bag.get(key)),
        draft_setter(key, name, lambda value: values.parsed_recipient(value, name)),
    )


def _flag(name: str, key: Key, *, default: bool | None = False) -> Member:
    return Member(
        name, lambda view, item: item.bag.get(key, default), setter(key, lambda value: flag_of(value, name))
    )


def _moment(name: str, key: Key) -> Member:
    return Member(name, lambda view, item: moment(item.bag.get(key)))


def _conversation(view: View, item: Item) -> str | None:
    found = item.bag.get(Key.CONVERSATION)
    return ids.of_conversation(view.call.store.guid, item.mailbox, found) if found else None


def _set_subject(change: Change, value: Any) -> None:
    change.only_in_draft("subject")
    change.put(Key.SUBJECT, "" if value is None else text_of(value, "subject"))


def _ignore(change: Change, value: Any) -> None:
    """What is taken, and has no effect here."""


SHAPE = Shape(
    "message",
    (
        Member("id", lambda view, item: view.call.item_id(item)),
        _moment("createdDateTime", Key.CREATED),
        _moment("lastModifiedDateTime", Key.MODIFIED),
        Member("changeKey", lambda view, item: ews_ids.change_key(item.change)),
        Member(
            "categories",
            lambda view, item: item.bag.get(Key.CATEGORIES, []),
            setter(Key.CATEGORIES, values.categories_of),
        ),
        _moment("receivedDateTime", Key.RECEIVED),
        _moment("sentDateTime", Key.SENT),
        Member("hasAttachments", lambda view, item: attached.has_any(item)),
        Member(
            "internetMessageId",
            lambda view, item: item.bag.get(Key.MESSAGE_ID),
            draft_setter(Key.MESSAGE_ID, "internetMessageId", partial(text_of, name="internetMessageId")),
        ),
        Member("subject", lambda view, item: item.bag.get(Key.SUBJECT, ""), _set_subject),
        Member("bodyPreview", values.preview),
        Member(
            "importance",
            lambda view, item: values.word(
                values.IMPORTANCE, item.bag.get(Key.IMPORTANCE, Importance.NORMAL)
            ),
            setter(Key.IMPORTANCE, lambda value: word_of(value, "importance", values.IMPORTANCE)),
        ),
        Member(
            "parentFolderId", lambda view, item: view.call.folder_id(item.folder) if item.folder else None
        ),
        Member("conversationId", _conversation),
        Member("conversationIndex", lambda view, item: item.bag.get(Key.CONVERSATION_INDEX)),
        _flag("isDeliveryReceiptRequested", Key.WANTS_DELIVERY_RECEIPT),
        _flag("isReadReceiptRequested", Key.WANTS_READ_RECEIPT),
        _flag("isRead", Key.IS_READ),
        Member("isDraft", lambda view, item: bool(item.bag.get(Key.IS_DRAFT))),
        Member("webLink", lambda view, item: web_link(item, "ReadMessageItem")),
        Member("inferenceClassification", lambda view, item: "focused", _ignore),
        Member("body", values.body, _set_body),
        _person("sender", Key.SENDER),
        _person("from", Key.FROM),
        _people("toRecipients", Key.TO),
        _people("ccRecipients", Key.CC),
        _people("bccRecipients", Key.BCC),
        _people("replyTo", Key.REPLY_TO),
        Member("flag", lambda view, item: values.flag(item), setter(Key.FLAG, values.parsed_flag)),
        Member("uniqueBody", values.unique_body, shown=False),
        Member("internetMessageHeaders", _headers, _set_headers, shown=False),
        Member(extended.NAME, lambda view, item: None, Change.put_extended, shown=False),
        Member(opened.NAME, lambda view, item: None, opened.set_of_item, shown=False),
        Member("attachments", lambda view, item: None, attached.set_all, shown=False),
    ),
    (extended.navigation(_property), attached.NAVIGATION, opened.of_item()),
    etag=lambda item: ids.etag(item.change),
    kind=kind,
)

#: The members that a property of the store's shows in: what a delta tells of when it was changed.
MEMBERS: dict[str, tuple[str, ...]] = {
    Key.CATEGORIES: ("categories",),
    Key.MESSAGE_ID: ("internetMessageId",),
    Key.SUBJECT: ("subject",),
    Key.IMPORTANCE: ("importance",),
    Key.WANTS_DELIVERY_RECEIPT: ("isDeliveryReceiptRequested",),
    Key.WANTS_READ_RECEIPT: ("isReadReceiptRequested",),
    Key.IS_READ: ("isRead",),
    Key.SENDER: ("sender",),
    Key.FROM: ("from",),
    Key.TO: ("toRecipients",),
    Key.CC: ("ccRecipients",),
    Key.BCC: ("bccRecipients",),
    Key.REPLY_TO: ("replyTo",),
    Key.FLAG: ("flag",),
    Key.ATTACHMENTS: ("hasAttachments",),
    "body": ("body", "bodyPreview", "uniqueBody"),
}
