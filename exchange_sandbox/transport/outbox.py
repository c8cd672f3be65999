"""The sender's side of mail: what a message gets before it is saved or sent, and the copy that is kept."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from exchange_sandbox.clock import iso
from exchange_sandbox.mime.read import topic
from exchange_sandbox.store import groups, items, mailboxes
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import Key, Stream
from exchange_sandbox.transport.transport import answered, index_after, new_message_id, thread


def prepare(db: sqlite3.Connection, item: Item, author: Mailbox, now: datetime) -> None:
    """Give a new message what the server gives to each: a Message-ID, a place in its conversation, a date.

    A mail that came as MIME to be filed as received keeps what it says.
    """
    bag = item.bag
    bag.setdefault(Key.SUBJECT, "")
    if bag.get(Key.IS_DRAFT) or item.cls.startswith("IPM.Post"):
        me = {"name": author.name, "address": author.address}
        bag.setdefault(Key.FROM, me)
        bag.setdefault(Key.SENDER, me)
        if not bag.get(Key.CONVERSATION_INDEX):
            parent = answered(db, item)
            bag[Key.CONVERSATION_INDEX] = index_after(
                parent.bag.get(Key.CONVERSATION_INDEX) if parent else None, now
            )
        bag.setdefault(Key.MESSAGE_ID, new_message_id(author.domain))
    bag.setdefault(Key.SENT, iso(now))
    bag.setdefault(Key.CONVERSATION_TOPIC, topic(bag[Key.SUBJECT]))


def knows_recipients(db: sqlite3.Connection, item: Item) -> bool:
    """Whether all who a mail goes to have a mailbox here."""
    named = [one["address"] for key in (Key.TO, Key.CC, Key.BCC) for one in item.bag.get(key, ())]
    return all(mailboxes.find(db, address) is not None for address in groups.expanded(db, named))


def keep_copy(
    db: sqlite3.Connection,
    item: Item,
    folder: Folder,
    now: datetime,
    delay: float | None = None,
    *,
    origin: int | None = None,
) -> None:
    """Put the sender's copy of a mail that was just sent into a folder; with ``delay`` it is seen only so
    many seconds later. It is an item of its own, unless it takes over the draft's ``origin``."""
    item.bag.pop(Key.ORIGIN, None)
    if origin is not None:
        item.bag[Key.ORIGIN] = origin
    item.folder = folder.id
    item.streams.setdefault(Stream.MIME, None)
    thread(db, item)
    if delay is None:
        items.insert(db, item, now)
    else:
        items.hold(db, item, now, now + timedelta(seconds=delay))
