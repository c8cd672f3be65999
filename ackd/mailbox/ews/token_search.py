"""Things of ours in a mailbox, found by their tokens: letters, drafts, tasks, calendar entries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import DeleteItem, FindFolder, FindItem

from ackd.errors import Unreachable
from ackd.mailbox import values
from ackd.mailbox.ews import fields, folders, reading, requests
from ackd.mailbox.ews.wire import NAMESPACES, Answer, Wire, extended
from ackd.model import Place, SeenTask

#: Where our things are looked for, the surest place first.
PLACES = {
    "sentitems": Place.SENT,
    "outbox": Place.SENT,
    "drafts": Place.DRAFTS,
    "tasks": Place.TASKS,
    "calendar": Place.CALENDAR,
    "deleteditems": Place.TRASH,
}
OPEN_PLACES = {"drafts": Place.DRAFTS, "tasks": Place.TASKS, "calendar": Place.CALENDAR}
TOKENS = 50  # in one restriction
TRASH = "/trash"


def find(wire: Wire, tokens: Collection[str]) -> dict[str, Place]:
    """See ports.Mailbox: one request for 50 tokens."""
    found: dict[str, Place] = {}
    for place, element in _ours(wire, PLACES, tokens):
        is_thrown_away = place is Place.TRASH and _is_unsent(element)
        token = extended(element, fields.TOKEN) or ""
        if found.get(token, Place.THROWN_AWAY) is Place.THROWN_AWAY:  # a copy of what was sent is surer
            found[token] = Place.THROWN_AWAY if is_thrown_away else place
    return {token: found[token] for token in tokens if token in found}


def draft_links(wire: Wire, tokens: Collection[str]) -> dict[str, str]:
    """See ports.Mailbox: one request for 50 tokens."""
    found: dict[str, str] = {}
    for _, element in _ours(wire, {"drafts": Place.DRAFTS}, tokens):
        found[extended(element, fields.TOKEN) or ""] = wire.web_link(reading.item_id(element))
    return {token: link for token, link in found.items() if token in tokens and link}


def _is_unsent(element: Any) -> bool:
    """Whether a thing in Deleted Items is a mail that was a draft when it was deleted."""
    return element.tag.endswith("}Message") and reading.text_at(element, "t:IsDraft") != "false"


def items(wire: Wire, folder: str, token: str) -> list[str]:
    """The ids of items with a token in one of the folders that every mailbox has."""
    restriction = requests.any_of(fields.OUR_TOKEN, [token])
    return [reading.item_id(item) for item in _search(wire, wire.distinguished(folder), restriction, ())]


def remove(
    wire: Wire, tokens: Collection[str], untouched_since: datetime | None, *, for_good: bool
) -> frozenset[str]:
    """See ports.Mailbox: one request to find them and one to delete them."""
    gone: dict[str, str] = {}
    for _, element in _ours(wire, OPEN_PLACES, tokens):
        changed = values.moment(reading.text_at(element, "t:LastModifiedTime"))
        if untouched_since is None or (changed is not None and changed <= untouched_since):
            gone[reading.item_id(element)] = extended(element, fields.TOKEN) or ""
    if not gone:
        return frozenset()
    answers = wire.read(DeleteItem, requests.delete_item(gone, for_good=for_good), expected=len(gone))
    return frozenset(token for token, answer in zip(gone.values(), answers, strict=False) if answer.ok)


def tasks(wire: Wire, zone: ZoneInfo, tokens: Collection[str] | None) -> tuple[SeenTask, ...]:
    """See ports.Mailbox: searched in the trash, in the usual list and in every other one."""
    found: dict[str, SeenTask] = {}
    usual = {TRASH: wire.distinguished("deleteditems"), "": wire.distinguished("tasks")}
    for restriction in _restrictions(tokens):
        for key, place in (usual | _task_folders(wire)).items():
            folder = "" if key == TRASH else key
            for element in _search(wire, place, restriction, fields.TASK):
                task = reading.seen_task(element, zone, is_deleted=key == TRASH, folder=folder)
                if task and element.tag.endswith("}Task"):
                    found.setdefault(task.item, task)
    return tuple(found.values())


def _restrictions(tokens: Collection[str] | None) -> Iterator[Any]:
    if tokens is None:
        yield requests.exists(fields.OUR_TOKEN)
        return
    ordered = sorted(tokens)
    for start in range(0, len(ordered), TOKENS):
        yield requests.any_of(fields.OUR_TOKEN, ordered[start : start + TOKENS])


def _ours(wire: Wire, places: Mapping[str, Place], tokens: Collection[str]) -> Iterator[tuple[Place, Any]]:
    """Items with one of the tokens, in the order of the places."""
    where = [wire.distinguished(name) for name in places]
    wanted = (fields.OUR_TOKEN, *fields.CHANGED, *fields.UNSENT)
    for restriction in _restrictions(tokens):
        answers = _find(wire, where, restriction, wanted, 0)
        for place, answer in zip(places.values(), answers, strict=False):
            for element in answer.find_all("m:RootFolder/t:Items/*"):
                yield place, element


def _task_folders(wire: Wire) -> dict[str, Any]:
    """Every folder of tasks, by its id."""
    root = wire.distinguished("msgfolderroot")
    (answer, *_) = wire.read(FindFolder, requests.find_folder(root, (), deep=True))
    found = answer.find_all("m:RootFolder/t:Folders/t:TasksFolder")
    return {own_id: requests.folder_id(own_id) for own_id in map(folders.folder_id, found)}


def _search(wire: Wire, folder: Any, restriction: Any, wanted: Sequence[Any]) -> Iterator[Any]:
    """Items of a folder that a restriction finds, to the last page. A page that brings nothing new is
    the last, whatever the server says."""
    given: set[str] = set()
    offset = 0
    while True:
        (answer, *_) = _find(wire, [folder], restriction, wanted, offset)
        items = answer.find_all("m:RootFolder/t:Items/*")
        fresh = [item for item in items if reading.item_id(item) not in given]
        yield from fresh
        root = answer.xml.find("m:RootFolder", NAMESPACES)
        if not fresh or root is None or root.get("IncludesLastItemInRange") != "false":
            return
        given |= {reading.item_id(item) for item in fresh}
        offset += len(items)


def _find(
    wire: Wire, where: Sequence[Any], restriction: Any, wanted: Sequence[Any], offset: int
) -> list[Answer]:
    """One FindItem over some folders: an answer for each."""
    payload = requests.find_item(where, wanted, restriction, offset)
    answers = wire.read(FindItem, payload, expected=len(where))
    for answer in answers:
        if not answer.ok:
            raise Unreachable(f"a search for our tokens failed: {answer.code or 'no code'}")
    return answers
