"""``linkedResources`` and ``checklistItems`` of tasks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from exchange_sandbox.graph import kept_lists, tasks
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_request, not_found
from exchange_sandbox.graph.reply import NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.resources.todo import the_task
from exchange_sandbox.graph.routing import Handler, Route
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item

_TASK = "todo/lists/{list}/tasks/{item}"


@dataclass(frozen=True, slots=True)
class _Part:
    """A sort of entries: its name, the property that holds them, and how a client's value becomes one."""

    name: str
    key: str
    parse: Callable[[Call, Any, dict[str, Any] | None], dict[str, Any]]

    def context(self, call: Call, rest: str = "") -> dict[str, str]:
        params = call.params
        task = f"todo/lists('{params['list']}')/tasks('{params['item']}')"
        return {"@odata.context": call.context(f"{task}/{self.name}{rest}")}

    def entries(self, call: Call) -> Reply:
        with call.store.read() as db:
            return ok({**self.context(call), "value": kept_lists.read(the_task(call, db).bag, self.key)})

    def get(self, call: Call) -> Reply:
        with call.store.read() as db:
            return ok({**self.context(call, "/$entity"), **self._found(call, the_task(call, db))})

    def create(self, call: Call) -> Reply:
        with call.store.write() as db:
            item = the_task(call, db)
            entries = kept_lists.read(item.bag, self.key)
            if len(entries) >= kept_lists.MOST:
                raise bad_request("The task has too many of these.", "invalidRequest")
            entry = self.parse(call, call.body(), None)
            self._save(call, db, item, [*entries, entry])
            return created({**self.context(call, "/$entity"), **entry})

    def update(self, call: Call) -> Reply:
        with call.store.write() as db:
            item = the_task(call, db)
            known = self._found(call, item)
            entry = {**known, **self.parse(call, call.body(), known)}
            entries = kept_lists.read(item.bag, self.key)
            self._save(call, db, item, [entry if one["id"] == known["id"] else one for one in entries])
            return ok({**self.context(call, "/$entity"), **entry})

    def delete(self, call: Call) -> Reply:
        with call.store.write() as db:
            item = the_task(call, db)
            known = self._found(call, item)
            entries = [one for one in kept_lists.read(item.bag, self.key) if one["id"] != known["id"]]
            self._save(call, db, item, entries)
        return NO_CONTENT

    def _found(self, call: Call, item: Item) -> dict[str, Any]:
        wanted = call.params["part"].lower()
        found = next((one for one in kept_lists.read(item.bag, self.key) if one["id"] == wanted), None)
        if found is None:
            raise not_found()
        return found

    def _save(self, call: Call, db: sqlite3.Connection, item: Item, entries: list[dict[str, Any]]) -> None:
        kept_lists.write(item.bag, self.key, entries)
        items.update(db, item, call.now, touched=[self.key])

    def routes(self) -> tuple[Route, ...]:
        whole, one = f"{_TASK}/{self.name}", f"{_TASK}/{self.name}/{{part}}"
        operations: tuple[tuple[str, str, str, Handler], ...] = (
            ("GET", whole, "list", self.entries),
            ("POST", whole, "create", self.create),
            ("GET", one, "get", self.get),
            ("PATCH", one, "update", self.update),
            ("DELETE", one, "delete", self.delete),
        )
        return tuple(
            Route(method, pattern, f"tasks.{self.name}.{verb}", handler, "Tasks")
            for method, pattern, verb, handler in operations
        )


def _linked(call: Call, value: Any, known: dict[str, Any] | None) -> dict[str, Any]:
    return tasks.linked(value, known["id"] if known else None)


def _step(call: Call, value: Any, known: dict[str, Any] | None) -> dict[str, Any]:
    return tasks.step(value, call.now, known)


ROUTES = (
    *_Part("linkedResources", kept_lists.LINKED, _linked).routes(),
    *_Part("checklistItems", kept_lists.STEPS, _step).routes(),
)
