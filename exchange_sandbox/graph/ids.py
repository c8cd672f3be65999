"""Ids as Graph's clients see them: those of EWS, spelled so that they may stand in a URL, and immutable ones.

A *rest id* is the EWS id with ``-`` for ``/`` and ``_`` for ``+``. An *immutable id* names the item by the
number under which it first lay in the mailbox, so that it stays when the item is moved; folders have one id.
"""

from __future__ import annotations

import base64
import sqlite3
from uuid import UUID

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.errors import in_ews
from exchange_sandbox.graph.errors import denied, malformed_id, not_found
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox

FOLDER, ITEM = ids.FOLDER, ids.ITEM
IMMUTABLE = 0x11
TODO = 0x12  # of tasks, where To Do has ids of its own
_TO_REST = str.maketrans("/+", "-_")
_TO_EWS = str.maketrans("-_", "/+")


def to_rest(ews_id: str) -> str:
    """An EWS id as a URL may have it."""
    return ews_id.translate(_TO_REST)


def to_ews(rest_id: str) -> str:
    """A rest id as EWS has it."""
    return rest_id.translate(_TO_EWS)


def of_folder(store: UUID, mailbox: int, number: int) -> str:
    """A folder's id."""
    return to_rest(ids.encode(store, ids.FOLDER, mailbox, number))


def of_item(store: UUID, item: Item, *, immutable: bool = False) -> str:
    """An item's id; of an occurrence one of its own, which is the same either way."""
    if item.occurrence:
        return to_rest(ids.encode_occurrence(store, item.mailbox, item.id, item.occurrence))
    if immutable:
        return to_rest(ids.encode(store, IMMUTABLE, item.mailbox, items.origin(item)))
    return to_rest(ids.encode(store, ids.ITEM, item.mailbox, item.id))


def of_gone_item(store: UUID, mailbox: int, number: int, origin: int, *, immutable: bool) -> str:
    """The id of an item that is gone, of which only the numbers are left."""
    kind, shown = (IMMUTABLE, origin) if immutable else (ids.ITEM, number)
    return to_rest(ids.encode(store, kind, mailbox, shown))


def of_task(store: UUID, mailbox: int, number: int, *, own: bool) -> str:
    """A task's id in To Do: it changes with the list, whatever kind of ids a client prefers. ``own``: it is
    no item's id."""
    return to_rest(ids.encode(store, TODO if own else ids.ITEM, mailbox, number))


def of_conversation(store: UUID, mailbox: int, conversation: str) -> str:
    """A conversation's id."""
    number = int(conversation[:16], 16)
    return to_rest(ids.encode(store, ids.CONVERSATION, mailbox, number))


def decode(store: UUID, owner: Mailbox, text: str) -> ids.ObjectId:
    """What an id means; raises GraphError: malformed, another store's, or another mailbox's."""
    try:
        found = ids.decode(store, to_ews(text))
    except Refused as failure:
        if in_ews(failure).code == "ErrorItemNotFound":
            raise not_found() from failure
        raise malformed_id() from failure
    if found.mailbox != owner.id:
        raise denied()
    return found


def item_of(db: sqlite3.Connection, store: UUID, owner: Mailbox, text: str) -> Item:
    """The item that an id of either kind means, no occurrence of a series; raises GraphError, Refused."""
    one = decode(store, owner, text)
    if one.kind == IMMUTABLE:
        found = items.of_origin(db, owner.id, one.number)
        if found is None:
            raise not_found()
        return found
    if one.kind != ids.ITEM:
        raise malformed_id()
    return items.get(db, one.number)


def etag(change: int) -> str:
    """The entity tag of a version."""
    return f'W/"{ids.change_key(change)}"'


def attachment(store: UUID, mailbox: int, way: tuple[int, ...]) -> str:
    """An attachment's id; ``way`` leads to it: the item's number, then that of the attachment."""
    return to_rest(ids.encode_attachment(store, mailbox, way))


def is_base64(text: str) -> bool:
    """Whether a text is base64 without blanks."""
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True
