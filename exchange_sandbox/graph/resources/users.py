"""``users``: the people who have a mailbox here, and oneself."""

from __future__ import annotations

from exchange_sandbox.graph import listing
from exchange_sandbox.graph.call import Call, user_id
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import Member, Shape, View
from exchange_sandbox.store import mailboxes

SHAPE = Shape(
    "user",
    (
        Member("businessPhones", lambda view, one: []),
        Member("displayName", lambda view, one: one.name),
        Member("givenName", lambda view, one: one.name.partition(" ")[0]),
        Member("jobTitle", lambda view, one: None),
        Member("mail", lambda view, one: one.address),
        Member("mobilePhone", lambda view, one: None),
        Member("officeLocation", lambda view, one: None),
        Member("preferredLanguage", lambda view, one: None),
        Member("surname", lambda view, one: one.name.rpartition(" ")[2] if " " in one.name else None),
        Member("userPrincipalName", lambda view, one: one.address),
        Member("id", lambda view, one: user_id(view.call.store, one)),
        Member("accountEnabled", lambda view, one: True, shown=False),
        Member("mailNickname", lambda view, one: one.address.partition("@")[0], shown=False),
        Member("otherMails", lambda view, one: [], shown=False),
        Member("proxyAddresses", lambda view, one: [f"SMTP:{one.address}"], shown=False),
        Member("userType", lambda view, one: "Member", shown=False),
    ),
)


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        view = View(db, call, call.query)
        context = f"{call.root}/$metadata#users"
        return ok(listing.entity(SHAPE, view, call.user, context))


def _list(call: Call) -> Reply:
    with call.store.read() as db:
        view = View(db, call, call.query)
        found = listing.chosen(SHAPE, view, mailboxes.everyone(db), usual=100)
        return ok(listing.page(call, SHAPE, view, found, f"{call.root}/$metadata#users", usual=100))


ROUTES = (
    Route("GET", "", "users.get", _get, "User"),
    Route("GET", "/users", "users.list", _list, "User"),
)
