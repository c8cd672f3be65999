"""Tasks that another kind of backend made: their mark is written anew as extended properties
(docs/architecture.md, From one way to another)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import GetItem, UpdateItem

from ackd.errors import AccessBlocked, Busy, SignInRefused, Unreachable
from ackd.mailbox import other_kind, own_properties
from ackd.mailbox.ews import fields, reading, requests, token_search
from ackd.mailbox.ews.changing import set_own
from ackd.mailbox.ews.requests import Element
from ackd.mailbox.ews.wire import NO_ITEM, Answer, Wire, extended
from ackd.mailbox.ews.writing import read_outcomes
from ackd.model import Done, Outcome, PlainTask, Refused, TaskMark, Unknown

READ = 50  # texts in one request
TASK_CLASS = "IPM.Task"
_TAKEN = Refused("the task carries the mark of another one of ours")


def unmarked_tasks(wire: Wire, zone: ZoneInfo, items: Collection[str]) -> tuple[PlainTask, ...]:
    """See ports.Mailbox. The text is read of those alone that aren't known by their names."""
    names = {one: one for one in items} | {other_kind.to_ews(one): one for one in items}
    found: dict[str, PlainTask] = {}
    are_tasks = requests.any_of(fields.ITEM_CLASS, [TASK_CLASS])
    for element, folder, is_deleted in token_search.every_task(wire, fields.PLAIN_TASK, are_tasks):
        own_id = reading.item_id(element)
        if extended(element, own_properties.TOKEN) is None:
            task = reading.plain_task(element, zone, folder=folder, is_deleted=is_deleted)
            found.setdefault(own_id, replace(task, was=names.get(own_id, "")))
    unknown = [own_id for own_id, task in found.items() if not task.was]
    for own_id, words in _texts(wire, unknown):
        found[own_id] = replace(found[own_id], text=words)
    return tuple(found.values())


def _texts(wire: Wire, items: Sequence[str]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(items), READ):
        some = items[start : start + READ]
        wanted = requests.get_item(some, fields.BODY, body="Text")
        for own_id, answer in zip(some, wire.read(GetItem, wanted, len(some)), strict=False):
            for element in answer.find_all("m:Items/*"):
                yield own_id, reading.text_at(element, "t:Body").replace("\r\n", "\n")


def mark_tasks(wire: Wire, marks: Sequence[TaskMark]) -> list[Outcome]:
    """See ports.Mailbox: one request to read them and one to mark them."""
    if not marks:
        return []
    payload = requests.get_item([mark.item for mark in marks], fields.TASK)
    answers = wire.read(GetItem, payload, expected=len(marks))
    outcomes: list[Outcome] = [Done(mark.item) for mark in marks]
    edits: dict[int, tuple[str, str, list[Element]]] = {}
    for number, (mark, answer) in enumerate(zip(marks, answers, strict=False)):
        element = _task(answer)
        if element is None:
            outcomes[number] = Refused("there is no such task any more", is_gone=True)
        elif extended(element, own_properties.TOKEN) not in (None, mark.token):
            outcomes[number] = _TAKEN
        elif updates := list(_updates(mark, element)):
            edits[number] = (mark.item, reading.change_key(element), updates)
    for number, outcome in zip(edits, _write(wire, list(edits.values())), strict=True):
        outcomes[number] = Done(marks[number].item) if isinstance(outcome, Done) else outcome
    return outcomes


def _task(answer: Answer) -> Any:
    """The task that an answer gives, None where there is none."""
    if answer.ok:
        return next(iter(answer.find_all("m:Items/t:Task")), None)
    if answer.code in NO_ITEM:
        return None
    raise Unreachable(f"a task can't be read before it is marked: {answer.code or 'no code'}")


def _updates(mark: TaskMark, element: Any) -> Iterator[Element]:
    """What isn't yet as it is to be."""
    wanted = {
        own_properties.TOKEN: mark.token,
        own_properties.QUESTION: mark.message_id,
        own_properties.ASKER: mark.asker,
        own_properties.PROMISED: mark.promised.isoformat(timespec="seconds"),
        own_properties.MOVES: str(mark.moves),
    }
    if mark.told is not None:
        wanted[own_properties.TOLD] = mark.told.isoformat(timespec="seconds")
    for name, value in wanted.items():
        known = extended(element, name) or ("0" if name == own_properties.MOVES else "")
        if known != value:
            yield set_own(name, value)


def _write(wire: Wire, edits: Sequence[tuple[str, str, Sequence[Element]]]) -> list[Outcome]:
    if not edits:
        return []
    try:
        return read_outcomes(wire.post(UpdateItem, requests.update_item(edits)), len(edits))
    except (SignInRefused, AccessBlocked, Busy):
        raise
    except Unreachable as error:
        return [Unknown(str(error))] * len(edits)
