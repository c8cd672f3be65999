"""Read receipts: sent when a mail that asked for one is first read, unless that is suppressed (RFC 8098)."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.mime import export, report
from exchange_sandbox.mime import headers as h
from exchange_sandbox.mime.read import SUPPRESS_NAMES
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import SUPPRESS, Key
from exchange_sandbox.transport.transport import Transport


def _is_owed(item: Item) -> bool:
    bag = item.bag
    received = Key.RECEIVED_BY in bag and not bag.get(Key.IS_DRAFT)
    return bool(received and bag.get(Key.WANTS_READ_RECEIPT) and not bag.get(Key.RECEIPT_SETTLED))


def on_update(transport: Transport, reader: Mailbox, item: Item, *, suppressed: bool) -> None:
    """The item is about to be saved by its ``reader``: if it is read now, settle the receipt owed for it."""
    if not (item.bag.get(Key.IS_READ) and _is_owed(item)):
        return
    item.bag[Key.RECEIPT_SETTLED] = True
    wanted = not item.bag.get(SUPPRESS, 0) & SUPPRESS_NAMES["RN"]
    found = export.headers_of(transport.db, item)
    asked = h.addresses(h.every(found, "Disposition-Notification-To"))
    to = asked[0] if asked else item.bag.get(Key.FROM) or {"name": "", "address": ""}
    if to["address"] and wanted and not suppressed:
        mail = report.read(found, to, {"name": reader.name, "address": reader.address}, transport.now)
        transport.notify(reader, to["address"], mail)


def suppress(db: sqlite3.Connection, item: Item, now: datetime) -> None:
    """No receipt is to be sent for a mail; raises Problem.NO_RECEIPT_PENDING if none is owed."""
    if not _is_owed(item):
        raise Refused(Problem.NO_RECEIPT_PENDING, "No read receipt is pending for the message.")
    item.bag[Key.RECEIPT_SETTLED] = True
    items.update(db, item, now)
