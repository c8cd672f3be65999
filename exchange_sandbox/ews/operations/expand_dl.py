"""ExpandDL: the members of a distribution list, one level deep as Exchange does."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call, Messages, box
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import compound, contacts, kinds
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.ews.xml import Element, children, tag
from exchange_sandbox.store import groups, mailboxes

NAME = "ExpandDL"


def answer(call: Call, request: Element) -> Element:
    """Give the members of a public list (by its address) or of a private one (by its item); lists among them
    are members too."""
    mailbox = children(request, "m:Mailbox")["Mailbox"]
    response = Messages(NAME)
    try:
        wanted = compound.parse_mailbox(mailbox, needs_address=False)
        with call.store.read() as db:
            if "item" in wanted:
                members = _private(call, db, mailbox)
            else:
                members = _public(db, wanted["address"].strip().removeprefix("SMTP:"))
            response.success([_expansion(members)])
    except Refused as failure:
        error = in_ews(failure)
        response.error(error)
    return response.element


def _public(db: sqlite3.Connection, address: str) -> list[dict[str, Any]]:
    """Raises ErrorNameResolutionNoResults for what is no list, a person's address too."""
    group = groups.find(db, address)
    if group is None:
        raise EwsError("ErrorNameResolutionNoResults")
    return [_known(db, member) for member in group.members]


def _known(db: sqlite3.Connection, address: str) -> dict[str, Any]:
    known, nested = mailboxes.find(db, address), groups.find(db, address)
    if known is not None:
        return {"name": known.name, "address": address, "type": "mailbox"}
    if nested is not None:
        return {"name": nested.name, "address": address, "type": "public_dl"}
    return {"name": address, "address": address, "type": "contact"}


def _private(call: Call, db: sqlite3.Connection, mailbox: Element) -> list[dict[str, Any]]:
    """Raises ErrorItemNotFound, and ErrorInvalidItemForOperationExpandDL for an item that is no list."""
    item, _ = call.item(db, next(iter(mailbox.iterchildren(tag("t:ItemId")))))
    if type_of(item.cls).element != "DistributionList":
        raise EwsError("ErrorInvalidItemForOperationExpandDL", "Only a distribution list has members.")
    return [{"type": "mailbox", **member} for member in contacts.members(item, call.reader(db))]


def _expansion(members: list[dict[str, Any]]) -> Element:
    expansion = box("m:DLExpansion")
    expansion.set("TotalItemsInView", str(len(members)))
    expansion.set("IncludesLastItemInRange", "true")
    for member in members:
        compound.emit_mailbox(expansion, member, kinds.Style())
    return expansion
