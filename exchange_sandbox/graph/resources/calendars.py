"""``calendars``: a mailbox's folders of appointments."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.graph import calendars, listing
from exchange_sandbox.graph.calendars import SHAPE, Change
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_body, bad_request
from exchange_sandbox.graph.reply import NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.store import folders
from exchange_sandbox.store.folders import Deletion, Folder


def _list(call: Call) -> Reply:
    with call.store.read() as db:
        view = View(db, call, call.query)
        found = listing.chosen(SHAPE, view, calendars.every(call, db))
        return ok(listing.page(call, SHAPE, view, found, call.context("calendars")))


def _entity(call: Call, db: sqlite3.Connection, folder: Folder) -> dict[str, Any]:
    return listing.entity(SHAPE, View(db, call, call.query), folder, call.context("calendars"))


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        return ok(_entity(call, db, calendars.named(call, db)))


def _create(call: Call) -> Reply:
    change = Change()
    SHAPE.put(change, call.body())
    if change.name is None:
        raise bad_body("A calendar needs a name.")
    with call.store.write() as db:
        parent = folders.distinguished(db, call.user.id, "calendar")
        folder = folders.create(db, parent, change.name, calendars.CLASS, change.bag, call.now)
        return created(_entity(call, db, folder))


def _update(call: Call) -> Reply:
    change = Change()
    SHAPE.put(change, call.body())
    with call.store.write() as db:
        folder = calendars.named(call, db)
        if change.name is not None and change.name != folder.name and folder.distinguished:
            raise bad_request("The default calendar can't be renamed.", "ErrorInvalidOperation")
        folder.name = change.name or folder.name
        folder.bag = {key: value for key, value in {**folder.bag, **change.bag}.items() if value is not None}
        folders.save(db, folder, call.now)
        return ok(_entity(call, db, folders.get(db, folder.id)))


def _delete(how: Deletion) -> Any:
    def handler(call: Call) -> Reply:
        with call.store.write() as db:
            folders.delete(db, calendars.named(call, db), how, call.now)
        return NO_CONTENT

    return handler


_ONE = "calendars/{calendar}"
ROUTES = (
    Route("GET", "calendars", "calendars.list", _list, "Calendars"),
    Route("POST", "calendars", "calendars.create", _create, "Calendars"),
    *(Route("GET", place, "calendars.get", _get, "Calendars") for place in ("calendar", _ONE)),
    *(Route("PATCH", place, "calendars.update", _update, "Calendars") for place in ("calendar", _ONE)),
    Route("DELETE", _ONE, "calendars.delete", _delete(Deletion.TO_BIN), "Calendars"),
    Route(
        "POST",
        f"{_ONE}/permanentDelete",
        "calendars.permanentDelete",
        _delete(Deletion.FOR_GOOD),
        "Calendars",
    ),
)
