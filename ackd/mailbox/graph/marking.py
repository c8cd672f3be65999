"""Tasks that another kind of backend made: To Do shows no property of theirs, so that their mark is written
anew, as a linked resource and an open extension (docs/architecture.md, From one way to another)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from ackd.mailbox import other_kind
from ackd.mailbox.graph import reading
from ackd.mailbox.graph.answers import Answer, checked, entries, error_of, outcome, strings, text
from ackd.mailbox.graph.task_lists import EXTENSION, LINKED, TaskLists, extension, remembered
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.model import Done, Outcome, PlainTask, Refused, TaskMark

TRANSLATED = 1000  # ids in one request
_LINKS = "linkedResources"
_TAKEN = Refused("the task carries the mark of another one of ours")


def unmarked_tasks(
    wire: Wire, lists: TaskLists, zone: ZoneInfo, items: Collection[str]
) -> Iterator[PlainTask]:
    """See ports.Mailbox. What was deleted can't be seen."""
    names = _names(wire, items)
    for folder, thing in lists.unmarked():
        own_id = text(thing, "id")
        yield PlainTask(
            item=own_id,
            title=text(thing, "title"),
            due_date=reading.due_date(thing, zone),
            categories=strings(thing, "categories"),
            text=reading.words(thing),
            folder=folder,
            was=names.get(own_id, ""),
        )


def _names(wire: Wire, items: Collection[str]) -> dict[str, str]:
    """By the names that things may have here those by which they were known: as Graph translates them, where
    it does, and as they are spelled. Whether To Do takes such ids is unproven: they are only compared."""
    found = {one: one for one in items} | {other_kind.to_rest(one): one for one in items}
    ordered = sorted(items)
    for start in range(0, len(ordered), TRANSLATED):
        body = {
            "inputIds": ordered[start : start + TRANSLATED],
            "sourceIdType": "ewsId",
            "targetIdType": "restId",
        }
        answer = wire.ask(Part("POST", f"{wire.owner}/translateExchangeIds", body))
        if answer.status in (401, 429):
            raise error_of(answer)
        for one in entries(answer.value):  # none where it refuses, as it does to apps that act for nobody
            if target := text(one, "targetId"):
                found[target] = text(one, "sourceId")
    return found


def mark_tasks(wire: Wire, lists: TaskLists, marks: Sequence[TaskMark]) -> list[Outcome]:
    """See ports.Mailbox. The extension first: by the linked resource a task counts as marked."""
    paths = [lists.path(mark.folder, mark.item) for mark in marks]
    tasks = wire.reads([get(path, LINKED) for path in paths])
    linked = _linked(wire, lists, paths, tasks)
    kept = wire.reads([get(f"{path}/extensions/{EXTENSION}") for path in paths])
    outcomes: list[Outcome] = [_as_it_is(*one) for one in zip(marks, tasks, linked, strict=True)]
    steps = (
        {
            number: part
            for number, mark in enumerate(marks)
            if (part := _remembering(mark, paths[number], kept[number])) is not None
        },
        {
            number: Part(
                "POST",
                f"{paths[number]}/{_LINKS}",
                lists.link(mark.token, text(tasks[number].value, "title")),
            )
            for number, mark in enumerate(marks)
            if not linked[number]
        },
    )
    for parts in steps:
        wanted = {number: part for number, part in parts.items() if isinstance(outcomes[number], Done)}
        answers = wire.writes(list(wanted.values())) if wanted else []
        for number, answer in zip(wanted, answers, strict=True):
            if not answer.ok:
                outcomes[number] = outcome(answer)
    return outcomes


def _linked(wire: Wire, lists: TaskLists, paths: Sequence[str], tasks: Sequence[Answer]) -> list[str]:
    """The tokens that tasks carry, "" where they carry none; asked for where Graph left them out."""
    untold = [n for n, one in enumerate(tasks) if one.ok and not isinstance(one.value.get(_LINKS), list)]
    asked = dict(zip(untold, wire.reads([get(f"{paths[n]}/{_LINKS}") for n in untold]), strict=True))
    found = (
        entries(checked(asked[n])) if n in asked else entries(one.value, _LINKS)
        for n, one in enumerate(tasks)
    )
    return [lists.token_in(linked) for linked in found]


def _as_it_is(mark: TaskMark, task: Answer, token: str) -> Outcome:
    """Whether a task can be marked."""
    if task.status in (400, 404):  # an id that isn't To Do's counts as malformed
        return Refused("there is no such task any more", is_gone=True)
    checked(task)
    return Done(mark.item) if token in ("", mark.token) else _TAKEN


def _remembering(mark: TaskMark, path: str, kept: Answer) -> Part | None:
    """What makes a task remember what it is to remember; None where it does."""
    wanted = {**remembered(mark.message_id, mark.asker, mark.promised, mark.told), "moves": mark.moves}
    if kept.status in (400, 404):
        return Part("POST", f"{path}/extensions", extension(wanted))
    known: Mapping[str, Any] = {"moves": 0, **checked(kept)}
    if all(known.get(name) == value for name, value in wanted.items()):
        return None
    return Part("PATCH", f"{path}/extensions/{EXTENSION}", wanted)
