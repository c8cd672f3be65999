"""ExpandDL: the members of a distribution list, one level deep as Exchange does."""

from __future__ import annotations

import sqlite3

from ackd.sandbox.call import Call, Messages, box
from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties import compound
from ackd.sandbox.store import groups, mailboxes
from ackd.sandbox.xml import Element, children, sub

NAME = "ExpandDL"


def answer(call: Call, request: Element) -> Element:
    """Give the members; nested lists are members of the type PublicDL."""
    mailbox = children(request, "m:Mailbox")["Mailbox"]
    response = Messages(NAME)
    try:
        wanted = compound.parse_mailbox(mailbox)["address"]
        with call.store.read() as db:
            response.success([_expansion(db, wanted.strip().removeprefix("SMTP:"))])
    except EwsError as error:
        response.error(error)
    return response.element


def _expansion(db: sqlite3.Connection, address: str) -> Element:
    """Raises ErrorNameResolutionNoResults for what is no list, a person's address too."""
    group = groups.find(db, address)
    if group is None:
        raise EwsError("ErrorNameResolutionNoResults")
    expansion = box("m:DLExpansion")
    expansion.set("TotalItemsInView", str(len(group.members)))
    expansion.set("IncludesLastItemInRange", "true")
    for member in group.members:
        known, kind = mailboxes.find(db, member), "Mailbox"
        name = known.name if known else member
        if known is None:
            nested = groups.find(db, member)
            name, kind = (nested.name, "PublicDL") if nested else (member, "Contact")
        about = sub(expansion, "t:Mailbox")
        sub(about, "t:Name", name)
        sub(about, "t:EmailAddress", member)
        sub(about, "t:RoutingType", "SMTP")
        sub(about, "t:MailboxType", kind)
    return expansion
