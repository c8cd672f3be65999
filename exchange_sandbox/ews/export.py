"""Items as opaque streams: what ExportItems gives and UploadItems takes. A stream is one of the sandbox's
own; those of Exchange (MS-OXCFXICS) it does not read."""

from __future__ import annotations

import base64
import binascii
import json
import sqlite3
import zlib

from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

_MARK = b"ackd-item-1\n"
_LONGEST = 256 << 20  # of a stream unpacked


def dumped(db: sqlite3.Connection, item: Item) -> str:
    """All of an item but its place, as base64."""
    bag = {key: value for key, value in item.bag.items() if key != Key.TOUCHED}
    streams = {
        name: base64.b64encode(data).decode()
        for name, data in items.streams(db, item).items()
        if data is not None
    }
    content = json.dumps({"bag": bag, "streams": streams, "associated": item.associated}).encode()
    return base64.b64encode(_MARK + zlib.crc32(content).to_bytes(4, "big") + zlib.compress(content)).decode()


def loaded(text: str, mailbox: int, folder: int) -> Item:
    """The item that a stream describes, not yet in its folder; raises ErrorCorruptData."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
        if not data.startswith(_MARK):
            raise ValueError("the stream is not the sandbox's own")
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(data[len(_MARK) + 4 :], _LONGEST)
        if not unpacker.eof or zlib.crc32(content).to_bytes(4, "big") != data[len(_MARK) : len(_MARK) + 4]:
            raise ValueError("the stream is damaged")
        read = json.loads(content)
        if not (
            isinstance(read["bag"].get(Key.ITEM_CLASS), str) and isinstance(read["bag"].get(Key.SIZE), int)
        ):
            raise ValueError("it is no item")
        streams: dict[str, bytes | None] = {
            name: base64.b64decode(one) for name, one in read["streams"].items()
        }
        return Item(mailbox, folder, read["bag"], bool(read["associated"]), streams=streams)
    except (binascii.Error, ValueError, zlib.error, KeyError, TypeError, AttributeError) as error:
        raise EwsError("ErrorCorruptData", f"The data is no exported item: {error}") from error
