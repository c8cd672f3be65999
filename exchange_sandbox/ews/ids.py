"""Ids, change keys and sync states: opaque to clients, checked when they come back.

An id names the store it belongs to, so that one from another server (or an older data directory) is not
mistaken for an item that happens to have the same number. Numbers are never used twice.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from dataclasses import dataclass
from uuid import UUID

from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.store.changes import Position

_ID = struct.Struct(">B16sQQ")
_OCCURRENCE = struct.Struct(">B16sQQI")
_SYNC = struct.Struct(">B16sQQQ")
_TREE = struct.Struct(">B16sQQ")
_ENTRY = struct.Struct(">4s16sBQ")
_CHANGE = struct.Struct(">4sQ")
_CHANGE_MARK = b"\x09\x00\x00\x00"
_SYNC_MARK = 0x53
_DEEPEST = 20  # levels of attached items that an id may lead down
_TREE_MARK = 0x54
_MOST_KNOWN = 1 << 22  # bytes of the folders in a sync state: more than any hierarchy has

FOLDER = 1
ITEM = 2
CONVERSATION = 3
ATTACHMENT = 4
OCCURRENCE = 5
SUBSCRIPTION = 0x50
WATERMARK = 0x57


@dataclass(frozen=True, slots=True)
class ObjectId:
    """What an id says: the kind of thing, its mailbox and its number in the store; of an occurrence the
    number of its series and the ordinal of its day."""

    kind: int
    mailbox: int
    number: int
    day: int = 0


@dataclass(frozen=True, slots=True)
class TreeState:
    """Which folders below ``folder`` a client knows, as they were at change number ``changed``."""

    folder: int
    changed: int
    known: frozenset[int]


def encode(store: UUID, kind: int, mailbox: int, number: int) -> str:
    """The id of an object as clients see it."""
    return _sealed(_ID.pack(kind, store.bytes, mailbox, number))


def encode_occurrence(store: UUID, mailbox: int, number: int, day: int) -> str:
    """The id of an occurrence of the series with this number."""
    return _sealed(_OCCURRENCE.pack(OCCURRENCE, store.bytes, mailbox, number, day))


def decode(store: UUID, text: str) -> ObjectId:
    """Read an id back; raises ErrorInvalidIdEmpty, ErrorInvalidIdMalformed or, for another store's id,
    ErrorItemNotFound."""
    if not text:
        raise EwsError("ErrorInvalidIdEmpty")
    data, day = _opened(text, _ID.size), 0
    if data is None:
        data = _opened(text, _OCCURRENCE.size)
        if data is None:
            raise EwsError("ErrorInvalidIdMalformed")
        day = int.from_bytes(data[_ID.size :], "big")
    kind, guid, mailbox, number = _ID.unpack(data[: _ID.size])
    if (kind == OCCURRENCE) != bool(day):
        raise EwsError("ErrorInvalidIdMalformed")
    if guid != store.bytes:
        raise EwsError("ErrorItemNotFound")
    return ObjectId(kind, mailbox, number, day)


def encode_attachment(store: UUID, mailbox: int, way: tuple[int, ...]) -> str:
    """The id of an attachment. ``way`` leads to it: the item's number, then that of the attachment, and,
    where it hangs on an attached item, the numbers further inwards."""
    head = _ID.pack(ATTACHMENT, store.bytes, mailbox, way[0])
    return _sealed(head + struct.pack(f">{len(way) - 1}I", *way[1:]))


def decode_attachment(store: UUID, text: str) -> tuple[int, tuple[int, ...]]:
    """Read an attachment's id back: mailbox and way; raises ErrorInvalidIdEmpty, ErrorInvalidAttachmentId,
    ErrorInvalidIdTooManyAttachmentLevels or, for another store's id, ErrorItemNotFound."""
    if not text:
        raise EwsError("ErrorInvalidIdEmpty")
    data = _opened(text)
    inwards = b"" if data is None else data[_ID.size :]
    if data is None or not inwards or len(inwards) % 4 or data[0] != ATTACHMENT:
        raise EwsError("ErrorInvalidAttachmentId")
    if len(inwards) > 4 * _DEEPEST:
        raise EwsError("ErrorInvalidIdTooManyAttachmentLevels", "The id leads too many levels down.")
    _, guid, mailbox, number = _ID.unpack(data[: _ID.size])
    if guid != store.bytes:
        raise EwsError("ErrorItemNotFound")
    return mailbox, (number, *struct.unpack(f">{len(inwards) // 4}I", inwards))


def entry_id(store: UUID, kind: int, number: int) -> bytes:
    """The entry id (MS-OXCDATA 2.2.4) of an object as the sandbox makes them: PidTagEntryId."""
    return _ENTRY.pack(b"\0" * 4, store.bytes, kind, number)


def of_entry_id(store: UUID, data: bytes) -> tuple[int, int]:
    """Kind and number of the object with an entry id; raises ErrorInvalidIdMalformed, and for another
    store's ErrorItemNotFound."""
    if len(data) != _ENTRY.size:
        raise EwsError("ErrorInvalidIdMalformed")
    flags, guid, kind, number = _ENTRY.unpack(data)
    if flags != b"\0" * 4 or kind not in (FOLDER, ITEM):
        raise EwsError("ErrorInvalidIdMalformed")
    if guid != store.bytes:
        raise EwsError("ErrorItemNotFound")
    return kind, number


def change_key(change: int) -> str:
    """The change key for a change number; later ones have greater numbers."""
    return base64.b64encode(_CHANGE.pack(_CHANGE_MARK, change)).decode()


def change_number(key: str) -> int:
    """Read a change key back; raises ErrorInvalidChangeKey."""
    try:
        mark, change = _CHANGE.unpack(base64.b64decode(key, validate=True))
    except (binascii.Error, struct.error, ValueError) as error:
        raise EwsError("ErrorInvalidChangeKey") from error
    if mark != _CHANGE_MARK:
        raise EwsError("ErrorInvalidChangeKey")
    return int(change)


def encode_sync(store: UUID, state: Position) -> str:
    """A sync state as clients keep it."""
    return _sealed(_SYNC.pack(_SYNC_MARK, store.bytes, state.folder, state.arrived, state.changed))


def decode_sync(store: UUID, folder: int, text: str) -> Position:
    """Read a sync state back; raises ErrorInvalidSyncStateData for nonsense and for another folder's or
    another store's state."""
    data = _opened(text.strip(), _SYNC.size)
    if data is None:
        raise EwsError("ErrorInvalidSyncStateData")
    mark, guid, number, arrived, changed = _SYNC.unpack(data)
    if mark != _SYNC_MARK or guid != store.bytes or number != folder:
        raise EwsError("ErrorInvalidSyncStateData")
    return Position(folder, arrived, changed)


def encode_tree(store: UUID, state: TreeState) -> str:
    """The sync state of a hierarchy as clients keep it: it names the folders that the client knows."""
    known = zlib.compress(" ".join(map(str, sorted(state.known))).encode())
    return _sealed(_TREE.pack(_TREE_MARK, store.bytes, state.folder, state.changed) + known)


def decode_tree(store: UUID, folder: int, text: str) -> TreeState:
    """Read the sync state of a hierarchy back; raises ErrorInvalidSyncStateData."""
    data = _opened(text.strip())
    if data is None or len(data) < _TREE.size:
        raise EwsError("ErrorInvalidSyncStateData")
    mark, guid, number, changed = _TREE.unpack(data[: _TREE.size])
    if mark != _TREE_MARK or guid != store.bytes or number != folder:
        raise EwsError("ErrorInvalidSyncStateData")
    try:
        known = zlib.decompressobj().decompress(data[_TREE.size :], _MOST_KNOWN)
        return TreeState(folder, changed, frozenset(int(one) for one in known.split()))
    except (zlib.error, ValueError) as error:
        raise EwsError("ErrorInvalidSyncStateData") from error


def _sealed(data: bytes) -> str:
    return base64.b64encode(data + struct.pack(">I", zlib.crc32(data))).decode()


def _opened(text: str, size: int | None = None) -> bytes | None:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    body, seal = data[:-4], data[-4:]
    if (size is not None and len(body) != size) or seal != struct.pack(">I", zlib.crc32(body)):
        return None
    return body
