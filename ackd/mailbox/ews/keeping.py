"""What servers take with NoError and don't keep: as long as it isn't known of a server, what is written is
read back once, and written in another way where it wasn't kept.

What can't be read back leaves the question open: the next write asks it again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import GetItem

from ackd.errors import AckdError
from ackd.mailbox.ews import changing, fields, reading, requests, writing
from ackd.mailbox.ews.wire import Wire, extended
from ackd.mailbox.values import moment
from ackd.model import Done, Letter, Outcome, Task, TaskChange

log = logging.getLogger(__name__)

#: Servers keep reminders in whole minutes.
NEAR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Written:
    """What a task was given that may not have been kept: its place in the caller's list, its item."""

    number: int
    item: str
    key: str
    reminder: datetime | None = None
    notes: str = ""


def create_tasks(wire: Wire, tasks: Sequence[Task], zone: ZoneInfo) -> list[Outcome]:
    """See ports.Mailbox."""
    outcomes = writing.create_tasks(wire, tasks, zone)
    return _proved(wire, outcomes, [(task.reminder, "") for task in tasks])


def change_tasks(wire: Wire, changes: Sequence[TaskChange]) -> list[Outcome]:
    """See ports.Mailbox."""
    outcomes = changing.change_tasks(wire, changes)
    given = [(None if change.complete else change.reminder, change.notes or "") for change in changes]
    return _proved(wire, outcomes, given)


def draft(wire: Wire, letters: Sequence[Letter]) -> list[Outcome]:
    """See ports.Mailbox. The first that is made shows whether the server says of drafts that they are."""
    outcomes = writing.draft(wire, letters)
    made = [outcome.item for outcome in outcomes if isinstance(outcome, Done) and outcome.item]
    if wire.ways.marks_drafts is None and made:
        for element in read(wire, made[:1], fields.UNSENT):
            wire.ways.marks_drafts = reading.is_draft(element)
    return outcomes


def _proved(
    wire: Wire, outcomes: list[Outcome], given: Iterable[tuple[datetime | None, str]]
) -> list[Outcome]:
    ways = wire.ways
    written = [
        _Written(
            number,
            outcome.item,
            outcome.key,
            reminder if ways.keeps_reminders is None else None,
            notes if ways.appends is None else "",
        )
        for number, (outcome, (reminder, notes)) in enumerate(zip(outcomes, given, strict=True))
        if isinstance(outcome, Done) and outcome.item
    ]
    asked = [one for one in written if one.reminder or one.notes][: writing.BATCH]
    if not asked:
        return outcomes
    _learn(wire, asked)
    lost = [(one.number, change) for one in asked if (change := _again(wire, one))]
    if not lost:
        return outcomes
    try:
        repaired = changing.change_tasks(wire, [change for _, change in lost])
    except AckdError as error:
        log.warning("event=not-kept: what the server didn't keep isn't written anew: %s", error)
        return outcomes
    for (number, _), outcome in zip(lost, repaired, strict=True):
        first = outcomes[number]
        if isinstance(first, Done):
            outcomes[number] = outcome if isinstance(outcome, Done) else replace(first, key="")
    return outcomes


def read(wire: Wire, ids: Sequence[str], wanted: Sequence[fields.Field]) -> list[Any]:
    """Items as they are; none where they can't be had."""
    try:
        answers = wire.read(GetItem, requests.get_item(ids, wanted, body="Text"), expected=len(ids))
    except AckdError as error:
        log.warning("event=not-read-back: %s", error)
        return []
    return [element for answer in answers if answer.ok for element in answer.find_all("m:Items/*")]


def _learn(wire: Wire, asked: Sequence[_Written]) -> None:
    """Read back the first of each kind."""
    reminding = next((one for one in asked if one.reminder), None)
    noted = next((one for one in asked if one.notes), None)
    wanted = [one.item for one in dict.fromkeys((reminding, noted)) if one]
    shown = (*fields.REMINDERS, *(fields.BODY if noted else ()))
    found = {reading.item_id(element): element for element in read(wire, wanted, shown)}
    if reminding and reminding.reminder and reminding.item in found:
        wire.ways.keeps_reminders = reminds(found[reminding.item], reminding.reminder)
    if noted and noted.item in found:
        wire.ways.appends = changing.is_in(noted.notes, reading.text_at(found[noted.item], "t:Body"))


def _again(wire: Wire, one: _Written) -> TaskChange | None:
    """What of a task is to be written once more, the other way."""
    reminder = one.reminder if wire.ways.keeps_reminders is False else None
    notes = one.notes if wire.ways.appends is False else ""
    return TaskChange("", one.item, one.key, reminder=reminder, notes=notes) if reminder or notes else None


def reminds(element: Any, at: datetime) -> bool:
    """Whether a task reminds at a moment, whichever way it was written."""
    shown = (reading.text_at(element, "t:ReminderDueBy"), extended(element, str(fields.REMINDER_TIME)))
    return any(when is not None and abs(when - at) <= NEAR for when in map(moment, shown))
