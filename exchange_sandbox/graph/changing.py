"""A change that a client makes to an item: what its JSON says, as the store keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from exchange_sandbox.ews.properties.setting import Setting
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.graph import extended
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import GraphError
from exchange_sandbox.graph.values import parsed_body
from exchange_sandbox.mime import edit
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, Stream


@dataclass(slots=True)
class Change:
    """A change to one item; ``given`` are the keys that it sets. Call :meth:`settle` at the end."""

    db: sqlite3.Connection
    call: Call
    item: Item
    creating: bool = False
    setting: Setting = field(init=False)

    def __post_init__(self) -> None:
        kind = type_of(self.item.cls)
        self.setting = Setting(self.db, self.item, kind, UTC, self.call.now, creating=self.creating)

    @property
    def given(self) -> set[str]:
        """The keys that were set."""
        return self.setting.given

    def put(self, key: str, value: Any) -> None:
        """Set a property; None takes it away."""
        self.given.add(key)
        if value is None:
            if edit.says(key):
                edit.put(self.db, self.item, key, None)
            self.item.bag.pop(key, None)
        else:
            edit.put(self.db, self.item, key, value)

    def put_body(self, value: Any) -> None:
        """Set the body from a client's ``itemBody``."""
        self.given.add(Stream.BODY)
        edit.put_body(self.db, self.item, parsed_body(value))

    def put_extended(self, value: Any) -> None:
        """Set the extended properties that a client gives."""
        ignored = self.call.quirks.graph_reply_headers_ignored
        extended.put(self.setting, value, replies_ignored=ignored)

    def only_in_draft(self, name: str) -> None:
        """Whether what only drafts let change may be changed; raises GraphError."""
        if not self.creating and not self.item.bag.get(Key.IS_DRAFT):
            raise GraphError(
                400,
                "ErrorInvalidPropertyUpdateSentMessage",
                f"Update operation is invalid for property of a sent message: {name}.",
            )

    def settle(self) -> None:
        """Make the whole agree; raises Refused where it cannot."""
        self.item.bag[Key.MODIFIED_BY] = self.call.user.name
        self.setting.settle()


def setter(key: str, read: Callable[[Any], Any]) -> Callable[[Change, Any], None]:
    """How a member is set that is one property: ``read`` makes the store's value of a client's."""

    def put(change: Change, value: Any) -> None:
        change.put(key, read(value))

    return put


def draft_setter(key: str, name: str, read: Callable[[Any], Any]) -> Callable[[Change, Any], None]:
    """As :func:`setter`, of what only a draft lets change."""

    def put(change: Change, value: Any) -> None:
        change.only_in_draft(name)
        change.put(key, read(value))

    return put
