"""One's own contacts and private lists as recipients: once sent they are the addresses behind them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from ackd.sandbox import ids
from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties.types import type_of
from ackd.sandbox.store import items
from ackd.sandbox.store.items import Item


def addressed(
    db: sqlite3.Connection, owner: int, recipients: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The recipients of ``owner``'s mail, contacts by their first address and lists by their members, also of
    lists in lists; raises ErrorInvalidRecipients for one who has no address."""
    found: list[dict[str, Any]] = []
    seen: set[int] = set()
    todo = list(recipients)[::-1]
    while todo:
        one = todo.pop()
        if "item" not in one or one["address"]:
            found.append(one)
            continue
        item = _item(db, owner, one["item"])
        if item.id in seen:  # lists that contain each other
            continue
        seen.add(item.id)
        kind = type_of(item.cls).element
        if kind == "DistributionList":
            todo += item.bag.get("Members", [])[::-1]
        else:
            found.append(_contact(item, one))
    return found


def _item(db: sqlite3.Connection, owner: int, number: str) -> Item:
    store = UUID(db.execute("SELECT value FROM meta WHERE name = 'guid'").fetchone()[0])
    try:
        one = ids.decode(store, number)
        if one.kind == ids.ITEM and one.mailbox == owner:
            return items.get(db, one.number)
    except EwsError as error:
        raise EwsError("ErrorInvalidRecipients") from error
    raise EwsError("ErrorInvalidRecipients")


def _contact(item: Item, one: dict[str, Any]) -> dict[str, Any]:
    emails = item.bag.get("EmailAddresses", {})
    if not emails:
        raise EwsError("ErrorInvalidRecipients")
    address = emails[min(emails)]["address"]
    return {"name": one["name"] or item.bag.get("DisplayName") or address, "address": address}
