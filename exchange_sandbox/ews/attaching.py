"""Attachments of items: put on, found, taken off, also where they hang on an item that is itself attached."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from exchange_sandbox.clock import iso
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties.attachments import Given
from exchange_sandbox.mime import embedded, export
from exchange_sandbox.mime.embedded import stream_name
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

T = TypeVar("T")

LARGEST = 35 * 1024 * 1024  # bytes of one attachment
DEEPEST = 10  # items attached to items attached to items


def put(
    db: sqlite3.Connection, item: Item, given: Given, attached: Item | None, now: datetime
) -> dict[str, Any]:
    """Attach a file, or the item ``attached`` that was made of the given element; what is known about it.

    Raises ErrorRequiredPropertyMissing, ErrorMissingItemForCreateItemAttachment,
    ErrorAttachmentSizeLimitExceeded, ErrorAttachmentNestLevelLimitExceeded.
    """
    about = dict(given.about)
    if about["kind"] == "item":
        if attached is None:
            raise EwsError("ErrorMissingItemForCreateItemAttachment")
        _settle(db, attached, now)
        data = embedded.pack(attached)
        about |= {embedded.PACKED: True, "name": about.get("name") or attached.bag.get(Key.SUBJECT, "")}
        about["levels"] = _levels(attached)
    elif given.data is None or not about.get("name"):
        raise EwsError("ErrorRequiredPropertyMissing", "A file attachment needs its Name and its Content.")
    else:
        data = given.data
    if len(data) > LARGEST:
        raise EwsError("ErrorAttachmentSizeLimitExceeded")
    _check_levels(about)
    export.make_stale(db, item)
    known = item.bag.get(Key.ATTACHMENTS, [])
    about |= {"part": 1 + max((one["part"] for one in known), default=0), "size": len(data)}
    about |= {"name": about.get("name", ""), "modified": iso(now)}
    item.bag[Key.ATTACHMENTS] = [*known, about]
    item.streams[stream_name(about)] = data
    return about


def _levels(attached: Item) -> int:
    return 1 + max((one.get("levels", 0) for one in _described(attached)), default=0)


def _check_levels(about: dict[str, Any]) -> None:
    if about.get("levels", 0) > DEEPEST:
        raise EwsError("ErrorAttachmentNestLevelLimitExceeded")


def _described(item: Item) -> list[dict[str, Any]]:
    return list(item.bag.get(Key.ATTACHMENTS, ()))


def _settle(db: sqlite3.Connection, attached: Item, now: datetime) -> None:
    """Give an attached item what the store gives to those that are put into a folder."""
    moment = iso(now)
    for name in (Key.CREATED, Key.RECEIVED):
        attached.bag.setdefault(name, moment)
    attached.bag[Key.MODIFIED] = moment
    attached.bag[Key.SIZE] = items.size(
        attached, {name: len(data or b"") for name, data in attached.streams.items()}
    )


def find(db: sqlite3.Connection, item: Item, way: tuple[int, ...]) -> tuple[dict[str, Any], bytes]:
    """What is known about the attachment at the end of ``way`` (without the item's number), and its bytes;
    raises ErrorItemNotFound."""
    number, *inwards = way
    for about, data in export.attached(db, item):
        if about["part"] == number:
            if not inwards:
                return about, data
            if about["kind"] == "item":
                return find(db, _inner(item, about, data), tuple(inwards))
    raise EwsError("ErrorItemNotFound")


def opened(item: Item, way: tuple[int, ...], about: dict[str, Any], data: bytes) -> Item:
    """The attached item that :func:`find` found."""
    return embedded.unpack(about, data, item.mailbox, (item.id, *way))


def _inner(item: Item, about: dict[str, Any], data: bytes) -> Item:
    return embedded.unpack(about, data, item.mailbox, ())


def edit(db: sqlite3.Connection, item: Item, way: tuple[int, ...], change: Callable[[Item], T]) -> T:
    """Change the item itself, or the attached one at the end of ``way``, and all those that it is in.

    Raises ErrorItemNotFound, ErrorInvalidIdNotAnItemAttachmentId, ErrorAttachmentNestLevelLimitExceeded.
    """
    if not way:
        return change(item)
    about, data = find(db, item, way[:1])
    if about["kind"] != "item":
        raise EwsError("ErrorInvalidIdNotAnItemAttachmentId", "The id is that of a file, not of an item.")
    inner = _inner(item, about, data)
    result = edit(db, inner, way[1:], change)
    packed = embedded.pack(inner)
    now_known = about | {embedded.PACKED: True, "size": len(packed), "levels": _levels(inner)}
    _check_levels(now_known)
    export.make_stale(db, item)
    item.bag[Key.ATTACHMENTS] = [now_known if one["part"] == way[0] else one for one in _described(item)]
    item.streams[stream_name(about)] = packed
    return result


def remove(db: sqlite3.Connection, item: Item, way: tuple[int, ...]) -> None:
    """Take off the attachment at the end of ``way``; raises ErrorItemNotFound."""
    find(db, item, way)
    edit(db, item, way[:-1], lambda inner: _take_off(db, inner, way[-1]))


def clear(db: sqlite3.Connection, item: Item) -> None:
    """Take off all attachments."""
    for about in _described(item):
        _take_off(db, item, about["part"])


def _take_off(db: sqlite3.Connection, item: Item, number: int) -> None:
    export.make_stale(db, item)
    (about,) = (one for one in _described(item) if one["part"] == number)
    item.bag[Key.ATTACHMENTS] = [one for one in _described(item) if one is not about]
    item.streams[stream_name(about)] = None
