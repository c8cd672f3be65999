"""UpdateDelegate."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.ews import delegates
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.xml import Element, children, listed

NAME = "UpdateDelegate"


def answer(call: Call, request: Element) -> Element:
    """Change what delegates may do, and who gets meeting requests."""
    found = children(request, "m:Mailbox", "m:DelegateUsers?", "m:DeliverMeetingRequests?")
    given = listed(found["DelegateUsers"], "t:DelegateUser") if "DelegateUsers" in found else ()
    return delegates.changed(call, NAME, found, [delegates.described(one) for one in given], _update)


def _update(call: Call, db: sqlite3.Connection, known: dict[str, Any], user: dict[str, Any]) -> str:
    address = delegates.address_of(db, user["user"])
    if address not in known["users"]:
        raise EwsError("ErrorNotDelegate")
    known["users"][address] = delegates.merged(known["users"][address], user)
    return address
