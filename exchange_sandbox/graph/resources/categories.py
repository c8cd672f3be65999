"""``outlook/masterCategories``: the names that the mailbox gives colours to."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.graph import category_list, listing
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.category_list import Category
from exchange_sandbox.graph.errors import GraphError, bad_body, bad_request, not_found
from exchange_sandbox.graph.reply import NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import Member, Shape, View, text_of, word_of

_PLACE = "outlook/masterCategories"
_LONGEST = 255
_COLORS: dict[str, Any] = {"none": None, **{f"preset{number}": number for number in range(25)}}


class _Change:
    """What a body says of a category."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.color: int | None = None
        self.is_painted = False


def _set_name(change: _Change, value: Any) -> None:
    change.name = text_of(value, "displayName").strip()
    if not change.name or len(change.name) > _LONGEST:
        raise bad_request(
            f"A category needs a name of at most {_LONGEST} characters.", "ErrorInvalidParameter"
        )


def _set_color(change: _Change, value: Any) -> None:
    change.color = None if value is None else word_of(value, "color", _COLORS)
    change.is_painted = True


SHAPE = Shape(
    "outlookCategory",
    (
        Member("id", lambda view, one: one.id),
        Member("displayName", lambda view, one: one.name, _set_name),
        Member("color", lambda view, one: "none" if one.color is None else f"preset{one.color}", _set_color),
    ),
)


def _list(call: Call) -> Reply:
    with call.store.read() as db:
        view = View(db, call, call.query)
        found = listing.chosen(SHAPE, view, category_list.read(call, db), usual=1000)
        return ok(listing.page(call, SHAPE, view, found, call.context(_PLACE), usual=1000))


def _find(call: Call, db: sqlite3.Connection) -> Category:
    wanted = call.params["category"].lower()
    found = next((one for one in category_list.read(call, db) if one.id == wanted), None)
    if found is None:
        raise not_found()
    return found


def _entity(call: Call, db: sqlite3.Connection, one: Category) -> dict[str, Any]:
    return listing.entity(SHAPE, View(db, call, call.query), one, call.context(_PLACE))


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        return ok(_entity(call, db, _find(call, db)))


def _create(call: Call) -> Reply:
    change = _Change()
    SHAPE.put(change, call.body())
    name = change.name
    if name is None:
        raise bad_body("A category needs a displayName.")
    with call.store.write() as db:
        if any(one.name.casefold() == name.casefold() for one in category_list.read(call, db)):
            raise GraphError(409, "CategoryAlreadyExists", f"The category '{name[:60]}' already exists.")
        category_list.change(call, db, lambda root: category_list.add(root, name, change.color))
        return created(_entity(call, db, category_list.read(call, db)[-1]))


def _update(call: Call) -> Reply:
    change = _Change()
    SHAPE.put(change, call.body())
    with call.store.write() as db:
        found = _find(call, db)
        if change.name not in (None, found.name):
            raise bad_request("The name of a category can't be changed.", "ErrorInvalidPropertySet")
        if change.is_painted:
            category_list.change(call, db, lambda root: category_list.paint(call, root, found, change.color))
        return ok(_entity(call, db, _find(call, db)))


def _delete(call: Call) -> Reply:
    with call.store.write() as db:
        found = _find(call, db)
        category_list.change(call, db, lambda root: category_list.remove(call, root, found))
    return NO_CONTENT


_ONE = f"{_PLACE}/{{category}}"
ROUTES = (
    Route("GET", _PLACE, "masterCategories.list", _list, "MailboxSettings"),
    Route("POST", _PLACE, "masterCategories.create", _create, "MailboxSettings"),
    Route("GET", _ONE, "masterCategories.get", _get, "MailboxSettings"),
    Route("PATCH", _ONE, "masterCategories.update", _update, "MailboxSettings"),
    Route("DELETE", _ONE, "masterCategories.delete", _delete, "MailboxSettings"),
)
