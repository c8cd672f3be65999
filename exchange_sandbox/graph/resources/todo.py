"""``todo/lists`` and their ``tasks``: the folders of tasks and what is in them, as To Do has it."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.calendar import task_series
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.graph import delta, ids, listing, tasks
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.changing import Change
from exchange_sandbox.graph.delta import Kind
from exchange_sandbox.graph.errors import GraphError, bad_request, malformed_id, not_found
from exchange_sandbox.graph.reply import NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import Member, Shape, View, text_of
from exchange_sandbox.graph.tree_delta import tree_delta
from exchange_sandbox.store import folders, items, trees
from exchange_sandbox.store.folders import Deletion, Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

_PAGE = 100


class _Named:
    """What a body says of a list."""

    name: str | None = None


def _set_name(change: _Named, value: Any) -> None:
    change.name = text_of(value, "displayName").strip()
    if not change.name or len(change.name) > 255:
        raise bad_request("A list needs a name of at most 255 characters.", "invalidRequest")


LIST = Shape(
    "todoTaskList",
    (
        Member("displayName", lambda view, one: one.name, _set_name),
        Member("isOwner", lambda view, one: True),
        Member("isShared", lambda view, one: False),
        Member(
            "wellknownListName",
            lambda view, one: "defaultList" if one.distinguished == "tasks" else "none",
        ),
        Member("id", lambda view, one: view.call.folder_id(one.id)),
    ),
    etag=lambda one: ids.etag(one.change),
)


def is_list(folder: Folder) -> bool:
    """Whether a folder is a list of tasks."""
    return (folder.cls or "").startswith("IPF.Task")


def _all(call: Call, db: sqlite3.Connection) -> list[Folder]:
    top = folders.distinguished(db, call.user.id, "msgfolderroot")
    bin_id = folders.distinguished(db, call.user.id, "deleteditems").id
    return [one for one in folders.below(db, top.id, deep=True) if is_list(one) and one.parent != bin_id]


def the_list(call: Call, db: sqlite3.Connection) -> Folder:
    """The list that the path names; raises GraphError. ``tasks`` and ``defaultList`` name the first one."""
    text = call.params["list"]
    if text.lower() in ("tasks", "defaultlist"):
        return folders.distinguished(db, call.user.id, "tasks")
    one = ids.decode(call.store.guid, call.user, text)
    if one.kind != ids.FOLDER:
        raise malformed_id()
    found = next((folder for folder in _all(call, db) if folder.id == one.number), None)
    if found is None:
        raise not_found()
    return found


def _lists(call: Call) -> Reply:
    with call.store.read() as db:
        view = View(db, call, call.query)
        found = listing.chosen(LIST, view, _all(call, db), usual=_PAGE)
        return ok(listing.page(call, LIST, view, found, call.context("todo/lists"), usual=_PAGE))


def _list_entity(call: Call, db: sqlite3.Connection, folder: Folder) -> dict[str, Any]:
    return listing.entity(LIST, View(db, call, call.query), folder, call.context("todo/lists"))


def _get_list(call: Call) -> Reply:
    with call.store.read() as db:
        return ok(_list_entity(call, db, the_list(call, db)))


def _create_list(call: Call) -> Reply:
    change = _Named()
    LIST.put(change, call.body())
    if change.name is None:
        raise bad_request("A list needs a displayName.", "invalidRequest")
    with call.store.write() as db:
        parent = folders.distinguished(db, call.user.id, "tasks")
        folder = folders.create(db, parent, change.name, "IPF.Task", {}, call.now)
        return created(_list_entity(call, db, folder))


def _update_list(call: Call) -> Reply:
    change = _Named()
    LIST.put(change, call.body())
    with call.store.write() as db:
        folder = the_list(call, db)
        if change.name is not None and folder.distinguished:
            raise bad_request("The list can't be renamed.", "invalidRequest")
        folder.name = change.name or folder.name
        folders.save(db, folder, call.now)
        return ok(_list_entity(call, db, folders.get(db, folder.id)))


def _delete_list(call: Call) -> Reply:
    with call.store.write() as db:
        folder = the_list(call, db)
        if folder.distinguished:
            raise bad_request("The list can't be deleted.", "invalidRequest")
        folders.delete(db, folder, Deletion.TO_BIN, call.now)
    return NO_CONTENT


def _lists_delta(call: Call) -> Reply:
    LIST.check(call.query)
    with call.store.read() as db:
        top = folders.distinguished(db, call.user.id, "msgfolderroot")
        view = View(db, call, call.query)
        context = f"{call.root}/$metadata#Collection(todoTaskList)"
        return ok(tree_delta(view, LIST, top.id, _all(call, db), context))


# tasks


def the_task(call: Call, db: sqlite3.Connection) -> Item:
    """The task that the path names; raises GraphError."""
    folder = the_list(call, db)
    one = ids.decode(call.store.guid, call.user, call.params["item"])
    if one.kind != (ids.TODO if call.quirks.graph_todo_own_ids else ids.ITEM):
        raise malformed_id()
    item = items.get(db, one.number)
    if item.folder != folder.id or not _is_task(item):
        raise not_found()
    return item


def _is_task(item: Item) -> bool:
    return item.cls.startswith("IPM.Task") and not item.associated


def _context(call: Call) -> str:
    return call.context(f"todo/lists('{call.params['list']}')/tasks")


def _tasks(call: Call) -> Reply:
    with call.store.read() as db:
        folder = the_list(call, db)
        view = View(db, call, call.query)
        there = [item for item in reversed(trees.within(db, folder.id)) if _is_task(item)]
        found = listing.chosen(tasks.SHAPE, view, there, usual=_PAGE)
        return ok(listing.page(call, tasks.SHAPE, view, found, _context(call), usual=_PAGE))


def entity(call: Call, db: sqlite3.Connection, item: Item) -> dict[str, Any]:
    """A task as JSON."""
    return listing.entity(tasks.SHAPE, View(db, call, call.query), item, _context(call))


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        return ok(entity(call, db, the_task(call, db)))


def _create(call: Call) -> Reply:
    value = call.body()
    with call.store.write() as db:
        folder = the_list(call, db)
        item = Item(call.user.id, folder.id, {Key.ITEM_CLASS: "IPM.Task", Key.SUBJECT: ""})
        change = Change(db, call, item, creating=True)
        tasks.SHAPE.put(change, value)
        change.settle()
        items.insert(db, item, call.now)
        if call.hook.loses_draft():
            items.delete(db, item, call.now)
        made = entity(call, db, item)
        view = View(db, call, call.query)
        for name in ("linkedResources", "checklistItems", "extensions"):
            if any(key.lower() == name.lower() for key in value):
                made[name] = tasks.SHAPE.lookup(view, item)(name) or []
        return created(made)


def _update(call: Call) -> Reply:
    with call.store.write() as db:
        item = the_task(call, db)
        if not call.quirks.graph_tasks_ignore_match:
            call.check_match(item.change)
        before = dict(item.bag)
        change = Change(db, call, item)
        tasks.SHAPE.put(change, call.body())
        change.settle()
        task_series.advance(db, item, before, call.now)
        items.update(db, item, call.now, touched=change.given)
        return ok(entity(call, db, item))


def _delete(call: Call) -> Reply:
    with call.store.write() as db:
        trees.discard(db, the_task(call, db), Deletion.TO_BIN, call.now)
    return NO_CONTENT


def _gone_id(call: Call, number: int, origin: int) -> str:
    return ids.of_task(call.store.guid, call.user.id, number, own=call.quirks.graph_todo_own_ids)


_KIND = Kind(tasks.SHAPE, _is_task, {}, _gone_id, sparse=False, expands=True)


def _delta(call: Call) -> Reply:
    with call.store.read() as db:
        try:
            folder = the_list(call, db)
        except (GraphError, Refused) as error:
            if isinstance(error, Refused) and error.problem is not Problem.FOLDER_NOT_FOUND:
                raise
            raise not_found() from error
    return ok(delta.answer(call, _KIND, folder, f"{call.root}/$metadata#Collection(todoTask)"))


_LISTS, _TASKS = "todo/lists", "todo/lists/{list}/tasks"
ROUTES = (
    Route("GET", _LISTS, "lists.list", _lists, "Tasks"),
    Route("POST", _LISTS, "lists.create", _create_list, "Tasks"),
    Route("GET", f"{_LISTS}/delta", "lists.delta", _lists_delta, "Tasks"),
    Route("GET", f"{_LISTS}/{{list}}", "lists.get", _get_list, "Tasks"),
    Route("PATCH", f"{_LISTS}/{{list}}", "lists.update", _update_list, "Tasks"),
    Route("DELETE", f"{_LISTS}/{{list}}", "lists.delete", _delete_list, "Tasks"),
    Route("GET", _TASKS, "tasks.list", _tasks, "Tasks"),
    Route("POST", _TASKS, "tasks.create", _create, "Tasks"),
    Route("GET", f"{_TASKS}/delta", "tasks.delta", _delta, "Tasks"),
    Route("GET", f"{_TASKS}/{{item}}", "tasks.get", _get, "Tasks"),
    Route("PATCH", f"{_TASKS}/{{item}}", "tasks.update", _update, "Tasks"),
    Route("DELETE", f"{_TASKS}/{{item}}", "tasks.delete", _delete, "Tasks"),
)
