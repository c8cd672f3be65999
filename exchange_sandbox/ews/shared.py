"""Whose mailbox a request is about: the caller's own, or another's that is opened to them.

A request names it by the mailbox of a folder, or by the ids of folders and items; the first one counts for
the whole request. (Exchange takes several in one; here the others are refused as somebody else's.)
"""

from __future__ import annotations

import sqlite3

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.xml import Element, local, tag
from exchange_sandbox.store import mailboxes, sharing
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.mailboxes import Mailbox

_NAMING = tuple(
    tag(f"t:{name}")
    for name in (
        *("DistinguishedFolderId", "FolderId", "ItemId", "OccurrenceItemId", "RecurringMasterItemId"),
        *("ParentItemId", "ReferenceItemId"),
    )
)


def owner(store: Store, request: Element, person: Mailbox) -> Mailbox:
    """The mailbox that a request is about; the person's own where it names none, or one that isn't opened."""
    with store.read() as db:
        if not sharing.is_guest(db, person.id):
            return person
        named = (_named(store, db, element) for element in request.iter(*_NAMING))
        number = next((one for one in named if one), person.id)
        return mailboxes.get(db, number) if sharing.is_opened(db, number, person.id) else person


def _named(store: Store, db: sqlite3.Connection, element: Element) -> int:
    """The number of the mailbox that an element names, 0 for none."""
    if local(element) == "DistinguishedFolderId":
        address = element.findtext(f"{tag('t:Mailbox')}/{tag('t:EmailAddress')}") or ""
        mailbox = mailboxes.find(db, address.strip())
        return mailbox.id if mailbox else 0
    own_id = next((value for name, value in element.attrib.items() if str(name).endswith("Id")), "")
    try:
        return ids.decode(store.guid, str(own_id)).mailbox
    except Refused:
        return 0
