"""``attachment``: files and items that hang on messages and events."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from exchange_sandbox.ews import attaching
from exchange_sandbox.ews.properties.attachments import Given
from exchange_sandbox.graph import ids
from exchange_sandbox.graph.errors import GraphError, bad_body
from exchange_sandbox.graph.shape import (
    Member,
    Navigation,
    Shape,
    View,
    dict_of,
    flag_of,
    inner,
    list_of,
    moment,
    text_of,
)
from exchange_sandbox.mime import export
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

LARGEST = 3 * 1024 * 1024  # bytes that one request may bring
_FILE, _ITEM = "fileAttachment", "itemAttachment"


class Attachment:
    """An attachment of an item: what is known about it, and its bytes."""

    def __init__(self, item: Item, about: dict[str, Any], data: bytes) -> None:
        self.item = item
        self.about = about
        self.data = data

    @property
    def is_item(self) -> bool:
        """Whether it is an item, and no file."""
        return bool(self.about["kind"] == "item")


def all_of(view: View, item: Item) -> list[Attachment]:
    """An item's attachments."""
    return [Attachment(item, about, data) for about, data in export.attached(view.db, item)]


def has_any(item: Item) -> bool:
    """Whether an item has attachments that aren't shown in its text."""
    return any(not about.get("is_inline") for about in item.bag.get(Key.ATTACHMENTS, ()))


def _id(view: View, one: Attachment) -> str:
    return ids.attachment(view.call.store.guid, one.item.mailbox, (one.item.id, one.about["part"]))


def _content(view: View, one: Attachment) -> str | None:
    return None if one.is_item else base64.b64encode(one.data).decode()


SHAPE = Shape(
    "attachment",
    (
        Member("id", _id),
        Member(
            "lastModifiedDateTime",
            lambda view, one: moment(one.about.get("modified") or one.item.bag.get(Key.CREATED)),
        ),
        Member("name", lambda view, one: one.about.get("name", "")),
        Member("contentType", lambda view, one: one.about.get("content_type") or None),
        Member("size", lambda view, one: one.about.get("size", len(one.data))),
        Member("isInline", lambda view, one: bool(one.about.get("is_inline"))),
    ),
    kind=lambda one: _ITEM if one.is_item else _FILE,
)
_OF_FILES = (
    Member("contentId", lambda view, one: one.about.get("content_id") or None),
    Member("contentLocation", lambda view, one: one.about.get("content_location") or None),
    Member("contentBytes", _content),
)
_FILES = Shape("fileAttachment", (*SHAPE.members, *_OF_FILES), kind=lambda one: _FILE)


def shape_of(one: Attachment) -> Shape:
    """The shape of a file, or that of an item."""
    return SHAPE if one.is_item else _FILES


def check(view: View) -> None:
    """Whether the options name what attachments have; raises GraphError."""
    _FILES.check(view.query)


def write(view: View, one: Attachment) -> dict[str, Any]:
    """An attachment as JSON."""
    return shape_of(one).write(view, one)


NAVIGATION = Navigation("attachments", lambda view, item: [write(view, one) for one in all_of(view, item)])


def parse(value: Any) -> Given:
    """A client's attachment; raises GraphError."""
    found = dict_of(value, "attachments")
    kind = str(found.get("@odata.type", "")).lstrip("#").rpartition(".")[2].lower()
    if kind == _ITEM.lower():
        raise GraphError(
            400, "ErrorInvalidRequest", "Attaching items isn't supported by this sandbox: attach files."
        )
    if kind != _FILE.lower():
        raise bad_body("An attachment needs the @odata.type #microsoft.graph.fileAttachment.")
    about: dict[str, Any] = {"kind": "file", "is_inline": False}
    for name, key in (("name", "name"), ("contentType", "content_type"), ("contentId", "content_id")):
        if inner(found, name) is not None:
            about[key] = text_of(inner(found, name), name)
    if inner(found, "isInline") is not None:
        about["is_inline"] = flag_of(inner(found, "isInline"), "isInline")
    try:
        data = base64.b64decode(text_of(inner(found, "contentBytes"), "contentBytes"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_body("Cannot convert the value of 'contentBytes' from base64.") from error
    return Given(about, data)


def put(change: Any, value: Any) -> dict[str, Any]:
    """Attach what a client gives; what is known about it then. Raises GraphError, Refused."""
    change.given.add(Key.ATTACHMENTS)
    return attaching.put(change.db, change.item, parse(value), None, change.call.now)


def set_all(change: Any, value: Any) -> None:
    """Attach all that a client gives with an item that it makes."""
    if not change.creating:
        raise bad_body("Attachments are added at their own address, not by an update.")
    for one in list_of(value, "attachments"):
        put(change, one)
