"""The sender's side of mail: what a message gets before it is saved or sent, and the copy that is kept."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from ackd.sandbox.call import Call
from ackd.sandbox.clock import iso
from ackd.sandbox.mime.read import topic
from ackd.sandbox.store import groups, items, mailboxes
from ackd.sandbox.store.folders import Folder
from ackd.sandbox.store.items import Item
from ackd.sandbox.store.mailboxes import Mailbox
from ackd.sandbox.transport import Transport, answered, index_after, new_message_id, thread


def prepare(db: sqlite3.Connection, item: Item, author: Mailbox, now: datetime) -> None:
    """Give a new message what the server gives to each: a Message-ID, a place in its conversation, a date.

    A mail that came as MIME to be filed as received keeps what it says.
    """
    bag = item.bag
    bag.setdefault("Subject", "")
    if bag.get("IsDraft") or item.cls.startswith("IPM.Post"):
        me = {"name": author.name, "address": author.address}
        bag.setdefault("From", me)
        bag.setdefault("Sender", me)
        if not bag.get("ConversationIndex"):
            parent = answered(db, item)
            bag["ConversationIndex"] = index_after(
                parent.bag.get("ConversationIndex") if parent else None, now
            )
        bag.setdefault("InternetMessageId", new_message_id(author.domain))
    bag.setdefault("DateTimeSent", iso(now))
    bag.setdefault("ConversationTopic", topic(bag["Subject"]))


def knows_recipients(db: sqlite3.Connection, item: Item) -> bool:
    """Whether all who a mail goes to have a mailbox here."""
    named = [
        one["address"]
        for key in ("ToRecipients", "CcRecipients", "BccRecipients")
        for one in item.bag.get(key, ())
    ]
    return all(mailboxes.find(db, address) is not None for address in groups.expanded(db, named))


def transport(call: Call, db: sqlite3.Connection) -> Transport:
    """The transport that takes this call's mail."""
    return Transport(db, call.now, call.quirks, call.hook.reaches_nobody())


def keep_copy(call: Call, db: sqlite3.Connection, item: Item, folder: Folder) -> None:
    """Put the sender's copy of a mail that was just sent into a folder."""
    item.folder = folder.id
    item.streams.setdefault(items.MIME, None)
    thread(db, item)
    delay = call.hook.keeps_copy()
    if delay is None:
        items.insert(db, item, call.now)
    else:
        items.hold(db, item, call.now, call.now + timedelta(seconds=delay))
