"""``users``: the people who have a mailbox here, and oneself; the lists that they belong to."""

from __future__ import annotations

from typing import Any

from exchange_sandbox.graph import directory, listing
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.directory import USER
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.store import mailboxes


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        view = View(db, call, call.query)
        return ok(listing.entity(USER, view, call.user, f"{call.root}/$metadata#users"))


def _list(call: Call) -> Reply:
    with call.store.read() as db:
        return directory.answer(call, db, mailboxes.everyone(db), f"{call.root}/$metadata#users", only="user")


def _lists(only: str, *, deep: bool) -> Any:
    find = directory.all_lists_of if deep else directory.lists_of

    def handler(call: Call) -> Reply:
        context = f"{call.root}/$metadata#{'groups' if only else 'directoryObjects'}"
        with call.store.read() as db:
            return directory.answer(call, db, find(db, call.user), context, only)

    return handler


_LISTS = (("memberOf", False), ("transitiveMemberOf", True))
ROUTES = (
    Route("GET", "", "users.get", _get, "User"),
    Route("GET", "/users", "users.list", _list, "User"),
    *(Route("GET", name, f"users.{name}", _lists("", deep=deep), "User") for name, deep in _LISTS),
    *(
        Route("GET", f"{name}/microsoft.graph.group", f"users.{name}", _lists("group", deep=deep), "User")
        for name, deep in _LISTS
    ),
)
