"""``groups``: distribution lists, their members, and the lists that they stand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exchange_sandbox.graph import directory, listing
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.directory import GROUP
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.store import groups

_PLACES: dict[str, Callable[..., Any]] = {
    "members": directory.members,
    "transitiveMembers": directory.all_members,
    "memberOf": directory.lists_of,
    "transitiveMemberOf": directory.all_lists_of,
}
_TYPES = {"": "directoryObjects", "user": "users", "group": "groups"}


def _list(call: Call) -> Reply:
    with call.store.read() as db:
        found = groups.everyone(db)
        return directory.answer(call, db, found, f"{call.root}/$metadata#groups", only="group")


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        view = View(db, call, call.query)
        found = directory.group_named(call, db)
        return ok(listing.entity(GROUP, view, found, f"{call.root}/$metadata#groups"))


def _related(place: str, only: str) -> Any:
    def handler(call: Call) -> Reply:
        with call.store.read() as db:
            found = _PLACES[place](db, directory.group_named(call, db))
            return directory.answer(call, db, found, f"{call.root}/$metadata#{_TYPES[only]}", only)

    return handler


def _count(place: str, only: str) -> Any:
    def handler(call: Call) -> Reply:
        with call.store.read() as db:
            return directory.count(call, db, _PLACES[place](db, directory.group_named(call, db)), only)

    return handler


def _routes() -> list[Route]:
    found = []
    for place in _PLACES:
        for only in _TYPES:
            path = f"/groups/{{group}}/{place}" + (f"/microsoft.graph.{only}" if only else "")
            found.append(Route("GET", path, f"groups.{place}", _related(place, only), "Group"))
            found.append(Route("GET", f"{path}/$count", f"groups.{place}", _count(place, only), "Group"))
    return found


ROUTES = (
    Route("GET", "/groups", "groups.list", _list, "Group"),
    Route("GET", "/groups/{group}", "groups.get", _get, "Group"),
    *_routes(),
)
