"""Changes of things that are there: tasks of ours, and the categories of mails. Each is made on a fresh read,
compared, and only if nothing changed since (If-Match); whether To Do heeds that is unproven."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from ackd.mailbox.graph.answers import Answer, checked, outcome, strings, text
from ackd.mailbox.graph.task_lists import EXTENSION, TaskLists
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.graph.writing import in_utc
from ackd.model import CategoryChange, Done, Outcome, Refused, TaskChange
from ackd.text.html import to_text

_GONE = Refused("there is no such item any more", is_gone=True)
_CONFLICT = Refused("it was changed meanwhile", retry=True)


def change_tasks(
    wire: Wire, lists: TaskLists, changes: Sequence[TaskChange], zone: ZoneInfo
) -> list[Outcome]:
    """See ports.Mailbox. A change doesn't tell the list: all are tried, the usual one first."""
    paths = _paths(wire, lists, changes)
    return [
        _GONE if change.item not in paths else _change(wire, *paths[change.item], change, zone)
        for change in changes
    ]


def _paths(
    wire: Wire, lists: TaskLists, changes: Sequence[TaskChange]
) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Addresses of tasks and the tasks as they are now, by their ids."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    usual = lists.usual()
    wanted = [change.item for change in changes]
    found |= _looked(wire, lists, "", wanted)
    if any(item not in found for item in wanted):
        for folder in (one for one in lists.all() if one != usual):
            found |= _looked(wire, lists, folder, [item for item in wanted if item not in found])
    return found


def _looked(
    wire: Wire, lists: TaskLists, folder: str, items: Sequence[str]
) -> dict[str, tuple[str, Mapping[str, Any]]]:
    paths = [lists.path(folder, item) for item in items]
    found = {}
    for item, path, answer in zip(items, paths, wire.reads([get(path) for path in paths]), strict=True):
        if answer.status in (400, 404):  # an id of another list may count as malformed
            continue
        found[item] = (path, checked(answer))
    return found


def _change(wire: Wire, path: str, thing: Mapping[str, Any], change: TaskChange, zone: ZoneInfo) -> Outcome:
    """The task first, since its own changes are what the owner sees, then what it remembers."""
    key = text(thing, "@odata.etag")
    if change.due_date is not None and change.key and change.key != key:
        return _CONFLICT
    updates, remembered = _updates(change, thing, zone), _remembered(change)
    result: Outcome = Done(text(thing, "id"), key)
    if updates:
        result = outcome(wire.write(Part("PATCH", path, updates, match=key)))
    if remembered and isinstance(result, Done):
        result = _remember(wire, path, remembered)
    if isinstance(result, Done) and change.key != key:
        return replace(result, key="")  # the owner was faster: there is more than what was written here
    return result


def _remember(wire: Wire, path: str, remembered: Mapping[str, Any]) -> Outcome:
    """Change what a task remembers. Its key is read afterwards: it may have changed with that."""
    where = f"{path}/extensions/{EXTENSION}"
    written = wire.write(Part("PATCH", where, remembered))
    if not written.ok:
        return outcome(written)
    thing = wire.ask(get(path))
    return Done(text(thing.value, "id"), text(thing.value, "@odata.etag")) if thing.ok else Done()


def _remembered(change: TaskChange) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if change.promised is not None:
        found["promised"] = change.promised.isoformat(timespec="seconds")
    if change.moves is not None:
        found["moves"] = change.moves
    return found


def _updates(change: TaskChange, thing: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if change.due_date is not None:
        found["dueDateTime"] = {"dateTime": f"{change.due_date}T00:00:00", "timeZone": zone.key}
    if change.subject is not None:
        found["title"] = change.subject[:255]
    if change.importance is not None:
        found["importance"] = change.importance.value
    if change.reminder is not None and not change.complete:
        found |= {"isReminderOn": True, "reminderDateTime": in_utc(change.reminder)}
    if change.complete:
        found["status"] = "completed"
    if change.notes and change.notes.strip() not in _plain(thing):
        found["body"] = _with_notes(thing, change.notes.strip())
    wanted = _categories(strings(thing, "categories"), change.add, change.remove)
    if wanted is not None:
        found["categories"] = wanted
    return found


def _plain(thing: Mapping[str, Any]) -> str:
    """A task's words: Outlook rewrites its text."""
    content = text(thing, "body", "content")
    is_html = text(thing, "body", "contentType").lower() == "html"
    return (to_text(content) if is_html else content).replace("\r\n", "\n")


def _with_notes(thing: Mapping[str, Any], notes: str) -> dict[str, str]:
    return {"contentType": "text", "content": f"{_plain(thing)}\n{notes}\n"}


def _categories(known: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> list[str] | None:
    """None where they are as they are to be. They compare without case, as Outlook compares them."""
    gone = {name.casefold() for name in remove}
    kept = [name for name in known if name.casefold() not in gone]
    there = {name.casefold() for name in kept}
    wanted = [*kept, *(name for name in add if name.casefold() not in there)]
    return None if wanted == list(known) else wanted


def categorize(
    wire: Wire, changes: Sequence[CategoryChange], look: Callable[[Sequence[str]], Mapping[str, str]]
) -> list[Outcome]:
    """See ports.Mailbox; `look` finds the items of mails by their Message-IDs."""
    found = _read(wire, [change.item for change in changes if change.item])
    strays = [change.message_id for change in changes if change.item not in found]
    moved = look(strays) if strays else {}
    found |= _read(wire, [item for item in moved.values() if item])
    outcomes: list[Outcome] = [_GONE] * len(changes)
    parts: dict[int, Part] = {}
    for number, change in enumerate(changes):
        thing = found.get(change.item) or found.get(moved.get(change.message_id, ""))
        if thing is None:
            continue
        wanted = _categories(strings(thing, "categories"), change.add, change.remove)
        if wanted is None:
            outcomes[number] = Done(text(thing, "id"), text(thing, "@odata.etag"))
            continue
        path = f"{wire.owner}/messages/{text(thing, 'id')}"
        parts[number] = Part("PATCH", path, {"categories": wanted}, match=text(thing, "@odata.etag"))
    answers: list[Answer] = wire.writes(list(parts.values())) if parts else []
    for number, answer in zip(parts, answers, strict=True):
        outcomes[number] = outcome(answer)
    return outcomes


def _read(wire: Wire, items: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Mails as they are now, by the ids under which they were known; those that are gone are left out."""
    parts = [get(f"{wire.owner}/messages/{item}", {"$select": "categories"}) for item in items]
    answers = zip(items, wire.reads(parts), strict=True)
    return {item: checked(answer) for item, answer in answers if answer.status not in (400, 404)}


def in_folders(things: Sequence[Mapping[str, Any]], folders: Mapping[str, int]) -> str:
    """Of the mails with one Message-ID the item of that which lies in the best folder, by rank; "" where
    none lies in any of them."""
    ranked = [
        (folders[text(one, "parentFolderId")], text(one, "id"))
        for one in things
        if text(one, "parentFolderId") in folders
    ]
    return min(ranked)[1] if ranked else ""
