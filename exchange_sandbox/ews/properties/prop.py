"""What the sandbox knows about one property of a type of item, and the reader that gives its values."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import UUID

from exchange_sandbox.ews import ids
from exchange_sandbox.ews.properties.keys import KEYS
from exchange_sandbox.ews.properties.kinds import Kind, Style
from exchange_sandbox.mime import bodies, export
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, Key, Stream


class Access(IntEnum):
    """When a client may set a property."""

    NEVER = 0
    ON_CREATION = 1
    IN_DRAFT = 2
    ALWAYS = 3


@dataclass(frozen=True, slots=True)
class Prop:
    """A property of EWS. ``name`` is its element, ``key`` its key in the bag; None if it isn't kept.

    ``find``: FindItem and SyncFolderItems may give it. ``shown``: it belongs to the Default shape.
    ``apart``: only given when it is named, not as part of AllProperties. ``append``: AppendToItemField may
    add to it. ``read`` computes it where the bag alone does not say it.
    """

    name: str
    uri: str
    kind: Kind
    access: Access = Access.ALWAYS
    find: bool = True
    shown: bool = False
    apart: bool = False
    append: bool = False
    default: Any = None
    read: Callable[[Item, Reader], Any] | None = None
    key: Key | Stream | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", KEYS.get(self.name))


@dataclass(frozen=True, slots=True)
class Reader:
    """Gives the values of items in one request: with the body type it asked for, and with the quirks."""

    db: sqlite3.Connection
    store: UUID
    style: Style = field(default_factory=Style)
    body_type: str = "best"
    unique_body_type: str = BodyType.HTML
    normalized_body_type: str = BodyType.HTML
    longest_body: int | None = None
    quirks: Quirks = field(default_factory=Quirks)

    def value(self, item: Item, prop: Prop) -> Any:
        """The value of a property, None if the item has none."""
        if prop.key is Key.SIZE and self.quirks.no_sizes:
            return None
        if prop.key is Key.STATUS and self.quirks.tasks_without_status:
            return None
        if prop.key in (Key.SENT, Key.MESSAGE_ID) and self.quirks.sent_copies_undated and _is_copy(item):
            return None
        if prop.key is Key.IS_DRAFT and self.quirks.drafts_unmarked:
            return False
        if prop.read is not None:
            return prop.read(item, self)
        return prop.default if prop.key is None else item.bag.get(prop.key, prop.default)

    def body(self, item: Item, wanted: str) -> dict[str, str]:
        """The body as HTML, as text or, with ``best``, as it was written."""
        stored = {"type": item.bag.get(Key.BODY_TYPE, BodyType.TEXT), "text": export.body_text(self.db, item)}
        body = bodies.converted(stored, wanted)
        return {"type": body["type"], "text": body["text"][: self.longest_body]}

    def item_id(self, item: Item) -> tuple[str, str]:
        """Id and change key; of an attached item the attachment's id, and no change key."""
        if item.way:
            return self.attachment_id(item.mailbox, item.way), ""
        if item.occurrence:
            number = ids.encode_occurrence(self.store, item.mailbox, item.id, item.occurrence)
            return number, ids.change_key(item.change)
        return ids.encode(self.store, ids.ITEM, item.mailbox, item.id), ids.change_key(item.change)

    def attachment_id(self, mailbox: int, way: tuple[int, ...]) -> str:
        """The id of an attachment."""
        return ids.encode_attachment(self.store, mailbox, way)

    def folder_id(self, mailbox: int, number: int, change: int) -> tuple[str, str]:
        """Id and change key of a folder."""
        return ids.encode(self.store, ids.FOLDER, mailbox, number), ids.change_key(change)


def _is_copy(item: Item) -> bool:
    """Whether a mail is the copy of one that was sent: nobody received it."""
    return Key.IS_READ in item.bag and not item.bag.get(Key.IS_DRAFT) and Key.RECEIVED_BY not in item.bag
