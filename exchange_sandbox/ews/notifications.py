"""Notifications as clients read them: events of one subscription, with watermarks that say how far."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.subscriptions import Subscription
from exchange_sandbox.ews.xml import Element, sub
from exchange_sandbox.store import events, folders
from exchange_sandbox.store.events import Event, What

EVENTS = {
    "CopiedEvent": What.COPIED,
    "CreatedEvent": What.CREATED,
    "DeletedEvent": What.DELETED,
    "ModifiedEvent": What.MODIFIED,
    "MovedEvent": What.MOVED,
    "NewMailEvent": What.NEW_MAIL,
    "FreeBusyChangedEvent": What.BUSY_CHANGED,
}
_ELEMENTS = {what: element for element, what in EVENTS.items()}
MOST = 50
"""Events in one notification; where there are more the client asks again (MoreEvents)."""


def watermark(store: UUID, mailbox: int, number: int) -> str:
    """The bookmark after an event."""
    return ids.encode(store, ids.WATERMARK, mailbox, number)


def position(db: sqlite3.Connection, store: UUID, mailbox: int, text: str) -> int:
    """The number of the event that a watermark stands for; raises ErrorInvalidWatermark for what is none of
    this mailbox, and for one after which not all is known any more."""
    try:
        one = ids.decode(store, text.strip())
    except Refused as failure:
        error = in_ews(failure)
        raise EwsError("ErrorInvalidWatermark") from error
    if one.kind != ids.WATERMARK or one.mailbox != mailbox or not events.reaches(db, one.number):
        raise EwsError("ErrorInvalidWatermark")
    return one.number


def write(
    parent: Element,
    db: sqlite3.Connection,
    store: UUID,
    subscription: Subscription,
    found: Sequence[Event],
    now: datetime,
    *,
    style: kinds.Style,
    watermarks: bool = True,
    previous: int | None = None,
    more: bool = False,
) -> None:
    """Append a Notification. Without events it holds a StatusEvent. ``previous`` is the position before
    these events (None: not said, as in a stream), ``watermarks`` False for a stream and for the quirk.

    In a stream too the element is one of the messages' namespace: so Exchange writes it and its clients
    read it, although the schema says otherwise there.
    """
    box = sub(parent, "m:Notification")
    sub(box, "t:SubscriptionId", subscription.id)
    if previous is not None:
        sub(box, "t:PreviousWatermark", watermark(store, subscription.owner, previous))
        sub(box, "t:MoreEvents", "true" if more else "false")
    for one in found:
        _event(box, db, store, one, subscription.owner, now, style, watermarks=watermarks)
    if not found:
        status = sub(box, "t:StatusEvent")
        if watermarks:
            sub(status, "t:Watermark", watermark(store, subscription.owner, subscription.position))


def _event(
    parent: Element,
    db: sqlite3.Connection,
    store: UUID,
    one: Event,
    mailbox: int,
    now: datetime,
    style: kinds.Style,
    *,
    watermarks: bool,
) -> None:
    box = sub(parent, f"t:{_ELEMENTS[one.what]}")
    if watermarks:
        sub(box, "t:Watermark", watermark(store, mailbox, one.number))
    kinds.Moment().emit(box, "t:TimeStamp", one.at or iso(now), style)
    kind, name = (ids.FOLDER, "FolderId") if one.is_folder else (ids.ITEM, "ItemId")
    key = ids.change_key(one.change)
    sub(box, f"t:{name}", Id=ids.encode(store, kind, mailbox, one.object), ChangeKey=key)
    _folder(box, "ParentFolderId", store, mailbox, one.parent or one.object)
    if one.old_object is not None:
        sub(box, f"t:Old{name}", Id=ids.encode(store, kind, mailbox, one.old_object), ChangeKey=key)
        _folder(box, "OldParentFolderId", store, mailbox, one.old_parent or one.old_object)
    if one.what is What.MODIFIED and one.is_folder:
        sub(box, "t:UnreadCount", str(folders.counts(db, one.object).unread))


def _folder(box: Element, name: str, store: UUID, mailbox: int, number: int) -> None:
    sub(box, f"t:{name}", Id=ids.encode(store, ids.FOLDER, mailbox, number), ChangeKey=ids.change_key(0))
