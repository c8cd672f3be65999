"""Items that are attached to others: kept whole, as a mail or, where a mail cannot say all, as their bag.

Inside the organisation Exchange hands attached items over as they are; so does transport here
(:func:`restore`), although the mail that travels shows each as ``message/rfc822``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from exchange_sandbox.mime import read as mime_read
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

PACKED = "packed"  # in what is known about an attachment: its bytes are a packed item, not a mail


def stream_name(about: dict[str, Any]) -> str:
    """The stream that holds an attachment's bytes."""
    return f"attachment/{about['part']}"


def pack(item: Item) -> bytes:
    """An item with all that belongs to it."""
    streams = {
        name: base64.b64encode(data).decode() for name, data in item.streams.items() if data is not None
    }
    return json.dumps({"bag": item.bag, "streams": streams}).encode()


def unpack(about: dict[str, Any], data: bytes, mailbox: int, way: tuple[int, ...]) -> Item:
    """The item that an attachment of the kind ``item`` is."""
    if about.get(PACKED):
        kept = json.loads(data)
        streams: dict[str, bytes | None] = {
            name: base64.b64decode(text) for name, text in kept["streams"].items()
        }
        return Item(mailbox, 0, kept["bag"], streams=streams, way=way)
    bag, found = mime_read.read(data, keep_categories=True)
    bag |= {Key.IS_READ: True, Key.IS_DRAFT: False}
    sent = bag.get(Key.SENT) or about.get("modified")
    if sent:
        bag = {Key.RECEIVED: sent, Key.CREATED: sent, Key.MODIFIED: sent, **bag}
    return Item(mailbox, 0, bag | {Key.SIZE: len(data)}, streams=found, way=way)


def packed(attached: Sequence[tuple[dict[str, Any], bytes]]) -> dict[int, tuple[dict[str, Any], bytes]]:
    """Of all attachments of a mail in their order those that are packed items, by their place."""
    return {place: one for place, one in enumerate(attached) if one[0].get(PACKED)}


def restore(
    bag: dict[str, Any],
    streams: dict[str, bytes | None],
    carried: dict[int, tuple[dict[str, Any], bytes]],
    count: int,
) -> None:
    """Put packed items in the place of the mails that stand for them in a mail that was just read.

    ``count`` is how many attachments it was sent with; if another number was read, it stays as it is.
    """
    read = bag.get(Key.ATTACHMENTS, [])
    if not carried or len(read) != count:
        return
    for place, (about, data) in carried.items():
        read[place] = {**about, "part": read[place]["part"]}
        streams[stream_name(read[place])] = data
