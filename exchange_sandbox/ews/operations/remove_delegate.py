"""RemoveDelegate."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.ews import delegates
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import permissions
from exchange_sandbox.ews.xml import Element, children, listed

NAME = "RemoveDelegate"


def answer(call: Call, request: Element) -> Element:
    """Take users off the delegates of the caller's mailbox."""
    found = children(request, "m:Mailbox", "m:UserIds")
    users = [{"user": permissions.user_of(one)} for one in listed(found["UserIds"], "t:UserId")]
    return delegates.changed(call, NAME, found, users, _remove)


def _remove(call: Call, db: sqlite3.Connection, known: dict[str, Any], user: dict[str, Any]) -> None:
    address = delegates.address_of(db, user["user"])
    if known["users"].pop(address, None) is None:
        raise EwsError("ErrorNotDelegate")
