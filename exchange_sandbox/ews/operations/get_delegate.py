"""GetDelegate."""

from __future__ import annotations

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import delegates
from exchange_sandbox.ews.call import Call, flag
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import permissions
from exchange_sandbox.ews.xml import Element, attributes, children, listed

NAME = "GetDelegate"


def answer(call: Call, request: Element) -> Element:
    """Tell the caller's delegates: all, or those that are named."""
    with_levels = flag(attributes(request, ("IncludePermissions",)), "IncludePermissions")
    found = children(request, "m:Mailbox", "m:UserIds?")
    users = (
        [permissions.user_of(one) for one in listed(found["UserIds"], "t:UserId")]
        if "UserIds" in found
        else None
    )
    response = delegates.Answer(NAME)
    with call.store.read() as db:
        try:
            delegates.check_owner(call, db, found["Mailbox"])
        except Refused as failure:
            error = in_ews(failure)
            return response.done(refusal=error)
        known = delegates.read(db, call.user.id)
        wanted = [user.get("PrimarySmtpAddress", "").lower() for user in users or ()]
        for address in sorted(known["users"]) if users is None else wanted:
            if address not in known["users"]:
                response.error(EwsError("ErrorNotDelegate"))
                continue
            about = known["users"][address]
            response.success(delegates.shown(db, address, about, with_levels=with_levels))
    return response.done(known["delivery"])
