"""Changes of things that are there: tasks of ours, and the categories of mails. Each is made on a fresh read,
compared, and only if nothing changed since (If-Match); whether To Do heeds that is unproven."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from ackd.errors import AccessBlocked, AckdError, Busy, SignInRefused
from ackd.mailbox.graph import reading
from ackd.mailbox.graph.answers import Answer, checked, outcome, strings, text
from ackd.mailbox.graph.task_lists import EXTENSION, TaskLists, extension
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.graph.writing import due_on, in_utc
from ackd.model import CategoryChange, Done, Outcome, Refused, TaskChange

#: Addresses of tasks and the tasks as they are now, by their ids.
_Known = dict[str, tuple[str, Mapping[str, Any]]]
_GONE = Refused("there is no such item any more", is_gone=True)
_CONFLICT = Refused("it was changed meanwhile", retry=True)


def change_tasks(
    wire: Wire, lists: TaskLists, changes: Sequence[TaskChange], zone: ZoneInfo
) -> list[Outcome]:
    """See ports.Mailbox. A change doesn't tell the list: all are tried, the usual one first. The tasks are
    changed first, since that is what the owner sees, then what they remember."""
    known = _paths(wire, lists, changes)
    outcomes: list[Outcome] = [_GONE] * len(changes)
    parts: dict[int, Part] = {}
    for number, change in enumerate(changes):
        if change.item not in known:
            continue
        path, thing = known[change.item]
        key = text(thing, "@odata.etag")
        outcomes[number] = Done(text(thing, "id"), key)
        if change.due_date is not None and change.key and change.key != key:
            outcomes[number] = _CONFLICT
        elif updates := _updates(change, thing, zone):
            parts[number] = Part("PATCH", path, updates, match=key)
    answers = wire.writes(list(parts.values())) if parts else []
    for number, answer in zip(parts, answers, strict=True):
        outcomes[number] = _changed(answer)
    _remember(wire, known, changes, outcomes, is_first=not parts)
    for number, change in enumerate(changes):
        result = outcomes[number]
        if isinstance(result, Done) and change.key != text(known[change.item][1], "@odata.etag"):
            outcomes[number] = replace(result, key="")  # the owner was faster: there is more than that
    return outcomes


def _remember(
    wire: Wire, known: _Known, changes: Sequence[TaskChange], outcomes: list[Outcome], *, is_first: bool
) -> None:
    """Change what tasks remember. Their keys are read afterwards: they may have changed with that."""
    paths = {
        number: known[change.item][0]
        for number, change in enumerate(changes)
        if isinstance(outcomes[number], Done) and _remembered(change)
    }
    parts = [
        Part("PATCH", f"{path}/extensions/{EXTENSION}", _remembered(changes[number]))
        for number, path in paths.items()
    ]
    try:
        answers = wire.writes(parts) if parts else []
    except (SignInRefused, AccessBlocked, Busy) as error:
        if is_first:
            raise  # nothing was done before
        answers = [Answer(0, trouble=str(error))] * len(parts)
    anew = {n: answer for n, answer in zip(paths, answers, strict=True) if answer.status == 404}
    for number, answer in zip(paths, answers, strict=True):
        if not answer.ok and number not in anew:
            outcomes[number] = _changed(answer)
    _begin_memories(wire, {number: paths[number] for number in anew}, changes, outcomes)
    done = [number for number in paths if isinstance(outcomes[number], Done)]
    for number, key in zip(done, _keys(wire, [paths[number] for number in done]), strict=True):
        outcomes[number] = Done(changes[number].item, key)


def _begin_memories(
    wire: Wire, paths: Mapping[int, str], changes: Sequence[TaskChange], outcomes: list[Outcome]
) -> None:
    """Tasks that remember nothing, since theirs was lost when they were made."""
    parts = [
        Part("POST", f"{path}/extensions", extension(_remembered(changes[number])))
        for number, path in paths.items()
    ]
    try:
        answers = wire.writes(parts) if parts else []
    except (SignInRefused, AccessBlocked, Busy) as error:
        answers = [Answer(0, trouble=str(error))] * len(parts)
    for number, answer in zip(paths, answers, strict=True):
        if not answer.ok:
            outcomes[number] = _changed(answer)


def _keys(wire: Wire, paths: Sequence[str]) -> list[str]:
    """The keys of tasks as they are now, "" where they can't be read."""
    try:
        return [text(answer.value, "@odata.etag") for answer in wire.reads([get(path) for path in paths])]
    except AckdError:
        return [""] * len(paths)


def _paths(wire: Wire, lists: TaskLists, changes: Sequence[TaskChange]) -> _Known:
    """Addresses of tasks and the tasks as they are now, by their ids."""
    found: _Known = {}
    usual = lists.usual()
    wanted = [change.item for change in changes]
    found |= _looked(wire, lists, "", wanted)
    if any(item not in found for item in wanted):
        for folder in (one for one in lists.all() if one != usual):
            found |= _looked(wire, lists, folder, [item for item in wanted if item not in found])
    return found


def _looked(wire: Wire, lists: TaskLists, folder: str, items: Sequence[str]) -> _Known:
    paths = [lists.path(folder, item) for item in items]
    found = {}
    for item, path, answer in zip(items, paths, wire.reads([get(path) for path in paths]), strict=True):
        # an id of another list may count as malformed, one of another sign-in's as somebody else's
        if answer.status in (400, 403, 404):
            continue
        found[item] = (path, checked(answer))
    return found


def _remembered(change: TaskChange) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if change.promised is not None:
        found["promised"] = change.promised.isoformat(timespec="seconds")
    if change.told is not None:
        found["told"] = change.told.isoformat(timespec="seconds")
    if change.moves is not None:
        found["moves"] = change.moves
    return found


def _updates(change: TaskChange, thing: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if change.due_date is not None:
        found["dueDateTime"] = due_on(change.due_date, zone)
    if change.subject is not None:
        found["title"] = change.subject[:255]
    if change.importance is not None:
        found["importance"] = change.importance.value
    if change.reminder is not None and not change.complete:
        found |= {"isReminderOn": True, "reminderDateTime": in_utc(change.reminder)}
    if change.complete:
        found["status"] = "completed"
    if change.notes and change.notes.strip() not in reading.words(thing):
        found["body"] = _with_notes(thing, change.notes.strip())
    wanted = _categories(strings(thing, "categories"), change.add, change.remove)
    if wanted is not None:
        found["categories"] = wanted
    return found


def _with_notes(thing: Mapping[str, Any], notes: str) -> dict[str, str]:
    return {"contentType": "text", "content": f"{reading.words(thing)}\n{notes}\n"}


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
        outcomes[number] = _changed(answer)
    return outcomes


def _changed(answer: Answer) -> Outcome:
    """Where ackd isn't let in for now, the change is still wanted."""
    found = outcome(answer)
    return replace(found, retry=True) if isinstance(found, Refused) and answer.status == 403 else found


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
