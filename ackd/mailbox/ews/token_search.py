"""Things of ours in a mailbox, found by their tokens: letters, drafts, tasks, calendar entries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import DeleteItem, FindFolder, FindItem, UpdateItem

from ackd.errors import AckdError, Unreachable
from ackd.mailbox import own_properties, values
from ackd.mailbox.ews import changing, fields, folders, reading, requests, writing
from ackd.mailbox.ews.wire import NAMESPACES, Answer, Wire, extended
from ackd.mailbox.own_properties import Stage
from ackd.model import Done, Outcome, Place, Refused, SeenTask, Unknown

#: Where our things are looked for, the surest place first.
PLACES = {
    "sentitems": Place.SENT,
    "outbox": Place.SENT,
    "drafts": Place.DRAFTS,
    "tasks": Place.TASKS,
    "calendar": Place.CALENDAR,
    "deleteditems": Place.TRASH,
}
#: Places after which a surer one is looked for.
UNSURE = (Place.THROWN_AWAY, Place.UNCLEAR)
OPEN_PLACES = {"drafts": Place.DRAFTS, "tasks": Place.TASKS, "calendar": Place.CALENDAR}
TOKENS = 50  # in one restriction
TRASH = "/trash"


def find(wire: Wire, tokens: Collection[str]) -> dict[str, Place]:
    """See ports.Mailbox: one request for 50 tokens."""
    found: dict[str, Place] = {}
    for place, element in _ours(wire, PLACES, tokens):
        token = extended(element, own_properties.TOKEN) or ""
        if found.get(token, Place.THROWN_AWAY) in UNSURE:  # a copy of what was sent is surer
            found[token] = _place(wire, place, element)
    return {token: found[token] for token in tokens if token in found}


def _place(wire: Wire, place: Place, element: Any) -> Place:
    """Where a thing stands. A server whose drafts don't say that they are tells nothing of what lies in
    Deleted Items; a draft that the server was asked to send may be out although it is still there."""
    is_letter = element.tag.endswith("}Message")
    if place is Place.DRAFTS and is_letter:
        if reading.is_draft(element) is False:
            wire.ways.marks_drafts = False
        stage: dict[str, Place] = {Stage.SENDING: Place.UNSENT, Stage.TRIED: Place.UNCLEAR}
        return stage.get(extended(element, own_properties.STAGE) or "", place)
    if place is Place.TRASH and is_letter:
        if reading.is_draft(element) is not False:
            return Place.THROWN_AWAY
        return Place.UNCLEAR if wire.ways.marks_drafts is False else place
    return place


def send_unsent(wire: Wire, tokens: Sequence[str]) -> list[Outcome]:
    """See ports.Mailbox. Here a letter is made and sent by one request: what is unsent was made by the other
    backend. Only where the draft is there and no copy of anything that was sent.

    Some servers leave a draft that they sent where it is, and keep no copy. So it is marked before it is
    sent, and what the server says that it sent is looked for: a marked draft is never sent again."""
    there: dict[str, list[tuple[Place, Any]]] = {}
    for place, element in _ours(wire, PLACES, tokens):
        there.setdefault(extended(element, own_properties.TOKEN) or "", []).append(
            (_place(wire, place, element), element)
        )
    ready = {
        token: there[token][0][1]
        for token in tokens
        if [place for place, _ in there.get(token, ())] == [Place.UNSENT]
    }
    marked = dict(zip(ready, _stage(wire, list(ready.values()), Stage.TRIED), strict=True))
    drafts = {token: (one.item, one.key) for token, one in marked.items() if isinstance(one, Done)}
    sent = {token: one for token, one in marked.items() if token not in drafts}
    sent |= dict(zip(drafts, writing.send_drafts(wire, list(drafts.values())), strict=True))
    refused = [token for token in drafts if isinstance(sent[token], Refused)]
    _stage(wire, [ready[token] for token in refused], Stage.SENDING)
    sent |= _unseen(wire, [token for token in drafts if isinstance(sent[token], Done)])
    missing = Unknown("the letter isn't in Drafts any more: it may be out")
    return [sent.get(token, missing) for token in tokens]


def draft_links(wire: Wire, tokens: Collection[str]) -> dict[str, str]:
    """See ports.Mailbox: one request for 50 tokens."""
    found: dict[str, str] = {}
    for place, element in _ours(wire, {"drafts": Place.DRAFTS}, tokens):
        if _place(wire, place, element) is not Place.DRAFTS:
            continue
        found[extended(element, own_properties.TOKEN) or ""] = wire.web_link(reading.item_id(element))
    return {token: link for token, link in found.items() if token in tokens and link}


def _stage(wire: Wire, drafts: Sequence[Any], stage: str) -> list[Outcome]:
    """Write on drafts how far they are; one that can't be marked isn't sent."""
    if not drafts:
        return []
    update = [changing.set_own(own_properties.STAGE, stage, "t:Message")]
    # without a change key: the mark of a refusal is on a draft that was marked since it was read
    payload = requests.update_item([(reading.item_id(one), "", update) for one in drafts], "AlwaysOverwrite")
    try:
        return writing.read_outcomes(wire.post(UpdateItem, payload), len(drafts))
    except AckdError as error:
        return [Unknown(f"the letter is made and not sent: {error}") for _ in drafts]


def _unseen(wire: Wire, tokens: Sequence[str]) -> dict[str, Outcome]:
    """Of letters that the server says that it sent, those whose drafts are still there."""
    if not tokens:
        return {}
    try:
        places = find(wire, tokens)
    except AckdError as error:
        return dict.fromkeys(tokens, Unknown(f"it isn't seen that the letter was sent: {error}"))
    why = "the server says that it sent the letter, but the draft is still there, and there is no copy"
    return {token: Unknown(why) for token, place in places.items() if place is Place.UNCLEAR}


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
            gone[reading.item_id(element)] = extended(element, own_properties.TOKEN) or ""
    if not gone:
        return frozenset()
    answers = wire.read(DeleteItem, requests.delete_item(gone, for_good=for_good), expected=len(gone))
    return frozenset(token for token, answer in zip(gone.values(), answers, strict=False) if answer.ok)


def tasks(wire: Wire, zone: ZoneInfo, tokens: Collection[str] | None) -> tuple[SeenTask, ...]:
    """See ports.Mailbox: searched in the trash, in the usual list and in every other one."""
    found: dict[str, SeenTask] = {}
    for restriction in _restrictions(tokens):
        for element, folder, is_deleted in every_task(wire, fields.TASK, restriction):
            task = reading.seen_task(element, zone, is_deleted=is_deleted, folder=folder)
            if task:
                found.setdefault(task.item, task)
    return tuple(found.values())


def every_task(wire: Wire, wanted: Sequence[Any], restriction: Any = None) -> Iterator[tuple[Any, str, bool]]:
    """The tasks in the trash, in the usual list and in every other one, each with its list ("" for the usual
    one) and whether it lies in the trash; perhaps those alone that a restriction finds."""
    usual = {TRASH: wire.distinguished("deleteditems"), "": wire.distinguished("tasks")}
    for key, place in (usual | _task_folders(wire)).items():
        is_deleted = key == TRASH
        for element in _search(wire, place, restriction, wanted):
            if element.tag.endswith("}Task"):
                yield element, "" if is_deleted else key, is_deleted


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
