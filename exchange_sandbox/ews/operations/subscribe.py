"""Subscribe: to be told of events, by asking (pull), in a stream, or at an address of the client's (push)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, timedelta

from exchange_sandbox.ews import notifications, push, versions
from exchange_sandbox.ews.call import Call, box, check_id, flag
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties.kinds import Integer
from exchange_sandbox.ews.subscriptions import Way
from exchange_sandbox.ews.xml import Element, SchemaViolation, attributes, children, listed, local, text_of
from exchange_sandbox.store import events
from exchange_sandbox.store.events import Wanted, What

NAME = "Subscribe"
_STREAM_LASTS = timedelta(minutes=30)  # without a connection
_COMMON = ("t:FolderIds?", "t:EventTypes")
_WAYS: dict[str, tuple[Way, tuple[str, ...]]] = {
    "PullSubscriptionRequest": ("pull", (*_COMMON, "t:Watermark?", "t:Timeout")),
    "PushSubscriptionRequest": (
        "push",
        (*_COMMON, "t:Watermark?", "t:StatusFrequency", "t:URL", "t:CallerData?"),
    ),
    "StreamingSubscriptionRequest": ("streaming", _COMMON),
}


def answer(call: Call, request: Element) -> Element:
    """Begin a subscription of the caller's own folders."""
    (element,) = children(request, "|".join(f"m:{name}" for name in _WAYS)).values()
    way, parts = _WAYS[local(element)]
    if way == "streaming" and not versions.at_least(call.version, "Exchange2010_SP1"):
        raise SchemaViolation(
            "The element 'm:StreamingSubscriptionRequest' is not known to that version.", element
        )
    values = attributes(element, (), ("SubscribeToAllFolders",))
    found = children(element, *parts)
    to_all = flag(values, "SubscribeToAllFolders")
    types = frozenset(_event_type(one) for one in listed(found["EventTypes"], "t:EventType"))
    minutes = _minutes(found)
    folders = list(listed(found["FolderIds"], *_FOLDERS)) if "FolderIds" in found else []
    for one in folders:
        check_id(one)

    def subscribe(_element: Element) -> Sequence[Element]:
        if to_all == bool(folders):
            raise EwsError("ErrorInvalidSubscriptionRequest")
        url = push.checked(text_of(found["URL"])) if "URL" in found else ""
        with call.store.read() as db:
            places = None if to_all else frozenset(call.folder(db, one).id for one in folders)
            start = _start(call, db, found.get("Watermark"))
        wanted = Wanted(call.user.id, types, places)
        lasts = timedelta.max if way == "push" else minutes
        made = call.subscriptions.add(way, wanted, lasts, start, call.now)
        if way == "push":
            push.start(call, made, url, minutes)
        name = box("m:SubscriptionId")
        name.text = made.id
        if way == "streaming":
            return [name]
        mark = box("m:Watermark")
        mark.text = notifications.watermark(call.store.guid, call.user.id, start)
        return [name, mark]

    return call.each([element], subscribe, check=lambda _: None)


_FOLDERS = ("t:FolderId", "t:DistinguishedFolderId")


def _event_type(element: Element) -> What:
    name = text_of(element).strip()
    if name not in notifications.EVENTS:
        raise SchemaViolation(f"'{name[:40]}' is not a type of events.", element)
    return notifications.EVENTS[name]


def _minutes(found: dict[str, Element]) -> timedelta:
    element = next((found[name] for name in ("Timeout", "StatusFrequency") if name in found), None)
    if element is None:
        return _STREAM_LASTS
    return timedelta(minutes=Integer(1, 1440).parse(element, UTC))


def _start(call: Call, db: sqlite3.Connection, mark: Element | None) -> int:
    """The event after which the client is to be told: the last one, or that of its watermark."""
    if mark is None:
        return events.last(db)
    return notifications.position(db, call.store.guid, call.user.id, text_of(mark))
