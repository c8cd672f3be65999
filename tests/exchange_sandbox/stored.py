"""What a sandbox's store holds, held against the schema of the store."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from exchange_sandbox.calendar.recurrence import Pattern, Range
from exchange_sandbox.ews import ids
from exchange_sandbox.store.database import FILE_NAME
from exchange_sandbox.store.schema import (
    BodyType,
    BusyStatus,
    FlagStatus,
    FolderKey,
    Importance,
    Key,
    OccurrenceType,
    RequestType,
    Response,
    Sensitivity,
    Stream,
    TaskStatus,
    is_mapi,
)

_WORDS: dict[str, type[StrEnum]] = {
    Key.BODY_TYPE: BodyType, Key.BUSY_STATUS: BusyStatus, Key.INTENDED_BUSY_STATUS: BusyStatus,
    Key.IMPORTANCE: Importance, Key.SENSITIVITY: Sensitivity, Key.STATUS: TaskStatus,
    Key.OCCURRENCE_TYPE: OccurrenceType, Key.REQUEST_TYPE: RequestType, Key.RESPONSE: Response,
    Key.MY_RESPONSE: Response,
}  # fmt: skip
#: The keys of what has a structure of its own.
_INNER = {
    Key.ATTACHMENTS: "part kind name content_type content_id content_location size is_inline is_contact_photo"
    " modified packed levels",
    Key.FLAG: "status start_date due_date completed",
    Key.RECURRENCE: "pattern interval start days order day_of_month month first_day range end count",
    Key.MEMBERS: "name address type item key status",
    Key.ORGANIZER: "name address type item",
    Key.START_TIME_ZONE: "id name rule",
    Key.WORK_HOURS: "zone periods rule",
    **dict.fromkeys((Key.FROM, Key.SENDER, Key.RECEIVED_BY), "name address type item"),
    **dict.fromkeys((Key.TO, Key.CC, Key.BCC, Key.REPLY_TO), "name address type item"),
    **dict.fromkeys(
        (Key.REQUIRED_ATTENDEES, Key.OPTIONAL_ATTENDEES, Key.RESOURCES),
        "name address type item response time start end",
    ),
}
_UNKNOWN_TO_THE_STORE = ("attachment/", "exception/")  # streams that have numbers in their names


def check(data: Path) -> set[str]:
    """Hold everything in a data directory against the schema; the keys that are there."""
    db = sqlite3.connect(data / FILE_NAME)
    try:
        bags = [json.loads(row[0]) for row in db.execute("SELECT bag FROM item")]
        streams = db.execute("SELECT name, data FROM stream").fetchall()
        folders = [json.loads(row[0]) for row in db.execute("SELECT bag FROM folder")]
        found = {row[0] for row in db.execute("SELECT DISTINCT property FROM findable")}
    finally:
        db.close()
    bags += [json.loads(blob)["bag"] for name, blob in streams if _is_packed(name, blob)]
    for bag in bags:
        _check_bag(bag)
    _check_keys((key for folder in folders for key in folder), FolderKey)
    _check_keys(found, Key)
    names = {name for name, _ in streams if not name.startswith(_UNKNOWN_TO_THE_STORE)}
    assert names <= set(Stream), names - set(Stream)
    return {key for bag in bags for key in bag if not is_mapi(key)}


def _is_packed(name: str, data: bytes) -> bool:
    return name.startswith("attachment/") and data.startswith(b'{"bag": ')


def _check_keys(keys: Iterable[str], known: type[StrEnum]) -> None:
    strange = {key for key in keys if not is_mapi(key)} - set(known)
    assert not strange, strange


def _check_bag(bag: dict[str, Any]) -> None:
    _check_keys(bag, Key)
    for key, value in bag.items():
        if key in _WORDS:
            assert value in set(_WORDS[key]), (key, value)
        for one in _dicts(value) if key in _INNER else ():
            assert one.keys() <= set(_INNER[Key(key)].split()), (key, one)
            assert one.get("response", Response.NONE) in set(Response), one
    if Key.FLAG in bag:
        assert bag[Key.FLAG]["status"] in set(FlagStatus)
    if Key.RECURRENCE in bag:
        assert bag[Key.RECURRENCE]["pattern"] in set(Pattern)
        assert bag[Key.RECURRENCE]["range"] in set(Range)
    touched = {key for key in bag.get(Key.TOUCHED, {}) if not is_mapi(key)}
    assert touched <= {*Key, *Stream}, touched
    for change in bag.get(Key.CHANGED, {}).values():
        _check_bag(change["set"])
        _check_keys(change["gone"], Key)


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for one in value if isinstance(value, list) else ():
        yield from _dicts(one)


def outlook_id(own_id: str) -> str:
    """The EWS id of the item that an id of Graph's names, of whatever kind it is; no immutable one."""
    text = own_id.replace("-", "/").replace("_", "+")
    store = UUID(bytes=base64.b64decode(text)[1:17])
    one = ids.decode(store, text)
    return ids.encode(store, ids.ITEM, one.mailbox, one.number)
