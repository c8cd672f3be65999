"""``extensions`` of messages, events and tasks: open extensions at their own addresses."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.graph import opened
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_request, not_found
from exchange_sandbox.graph.reply import NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.resources.todo import the_task
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item

_PARENTS = (
    ("messages/{item}", "messages", "Mail"),
    ("events/{item}", "events", "Calendars"),
    ("todo/lists/{list}/tasks/{item}", "tasks", "Tasks"),
)


def _list(call: Call) -> Reply:
    with call.store.read() as db:
        found = opened.all_of(_item(call, db).bag)
        context = call.context(f"{_place(call)}/extensions")
        return ok({"@odata.context": context, "value": [opened.shown(*one) for one in found.items()]})


def _item(call: Call, db: sqlite3.Connection) -> Item:
    """What the path names: To Do may have ids of its own."""
    return the_task(call, db) if "list" in call.params else call.item(db, call.params["item"])


def _place(call: Call) -> str:
    return f"{call.route.partition('.')[0]}('{call.params['item']}')"


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        item, name = _found(call, db)
        return ok(_entity(call, item, name))


def _found(call: Call, db: sqlite3.Connection) -> tuple[Item, str]:
    item = _item(call, db)
    name = opened.find(opened.all_of(item.bag), opened.plain_name(call.params["extension"]))
    if name is None:
        raise not_found("The specified extension was not found.")
    return item, name


def _entity(call: Call, item: Item, name: str) -> dict[str, Any]:
    context = call.context(f"{_place(call)}/extensions/$entity")
    return {"@odata.context": context, **opened.shown(name, opened.all_of(item.bag)[name])}


def _create(call: Call) -> Reply:
    name, members = opened.parse(call.body())
    with call.store.write() as db:
        item = _item(call, db)
        if opened.find(opened.all_of(item.bag), name) is not None:
            raise bad_request("An extension already exists with given id.", "ErrorInvalidRequest")
        opened.put(item.bag, name, members)
        _save(call, db, item)
        return created(_entity(call, item, name))


def _update(call: Call) -> Reply:
    with call.store.write() as db:
        item, name = _found(call, db)
        value = {"@odata.type": "microsoft.graph.openTypeExtension", "extensionName": name, **call.body()}
        _, members = opened.parse({**value, "@odata.type": "microsoft.graph.openTypeExtension"})
        kept = opened.all_of(item.bag)[name] | members
        opened.put(item.bag, name, {key: one for key, one in kept.items() if one is not None})
        _save(call, db, item)
        return ok(_entity(call, item, name))


def _delete(call: Call) -> Reply:
    with call.store.write() as db:
        item, name = _found(call, db)
        opened.put(item.bag, name, None)
        _save(call, db, item)
    return NO_CONTENT


def _save(call: Call, db: sqlite3.Connection, item: Item) -> None:
    """Write the item back; of a task a delta tells nothing of it, as real ones don't."""
    if call.route.startswith("tasks"):
        items.update_quietly(db, item)
    else:
        items.update(db, item, call.now, touched=[opened.KEY])


_OPERATIONS = (
    ("GET", "", "list", _list),
    ("POST", "", "create", _create),
    ("GET", "/{extension}", "get", _get),
    ("PATCH", "/{extension}", "update", _update),
    ("DELETE", "/{extension}", "delete", _delete),
)
ROUTES = tuple(
    Route(method, f"{parent}/extensions{rest}", f"{name}.extensions.{verb}", handler, scope)
    for parent, name, scope in _PARENTS
    for method, rest, verb, handler in _OPERATIONS
)
