"""AddDelegate."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.ews import delegates
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.xml import Element, children, listed

NAME = "AddDelegate"


def answer(call: Call, request: Element) -> Element:
    """Make users of the sandbox delegates of the caller's mailbox."""
    found = children(request, "m:Mailbox", "m:DelegateUsers", "m:DeliverMeetingRequests?")
    users = [delegates.described(one) for one in listed(found["DelegateUsers"], "t:DelegateUser")]
    return delegates.changed(call, NAME, found, users, _add)


def _add(call: Call, db: sqlite3.Connection, known: dict[str, Any], user: dict[str, Any]) -> str:
    address = delegates.address_of(db, user["user"])
    if address == call.user.address:
        raise EwsError("ErrorDelegateCannotAddOwner")
    if address in known["users"]:
        raise EwsError("ErrorDelegateAlreadyExists")
    known["users"][address] = delegates.merged({}, user)
    return address
