"""Letters and tasks as EWS items, and what a server's answer says became of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from exchangelib.items import SAVE_ONLY, SEND_AND_SAVE_COPY
from exchangelib.services import CreateItem, SendItem

from ackd.errors import AccessBlocked, Busy, Failed, SignInRefused, Unreachable
from ackd.mailbox.ews import new_items, requests
from ackd.mailbox.ews.requests import Element
from ackd.mailbox.ews.wire import NO_ITEM, Answer, Wire
from ackd.model import Appointment, Done, Letter, Outcome, Refusal, Refused, Task, Unknown

BATCH = 100
_T = TypeVar("_T")

#: Item errors after which the same write may succeed later.
LATER = frozenset(
    {
        "ErrorServerBusy",
        "ErrorMailboxStoreUnavailable",
        "ErrorMailboxMoveInProgress",
        "ErrorBatchProcessingStopped",
        "ErrorInsufficientResources",
        "ErrorConnectionFailed",
        "ErrorIrresolvableConflict",
        "ErrorStaleObject",
    }
)
#: Item errors that somebody can see to. What is full, or sent too much, may write again later.
CAUSES = {
    "ErrorQuotaExceeded": Refusal.FULL,
    "ErrorMessagePerFolderCountReceiveQuotaExceeded": Refusal.FULL,
    "ErrorSubmissionQuotaExceeded": Refusal.NOT_ALLOWED,
    "ErrorSendAsDenied": Refusal.NOT_ALLOWED,
}
_FOR_GOOD = ("ErrorSendAsDenied",)


def create(
    wire: Wire, items: Sequence[_T], make: Callable[[_T], Element], folder: str, disposition: str
) -> list[Outcome]:
    """Create items, each made an element by `make`, at most 100 a request, each request posted once."""
    outcomes: list[Outcome | None] = [None] * len(items)
    elements: list[tuple[int, Element]] = []
    for number, item in enumerate(items):
        try:
            elements.append((number, make(item)))
        except ValueError:  # one bad item, not the batch
            outcomes[number] = Refused("Exchange doesn't take such an item")
    where, is_first, is_sending = wire.distinguished(folder), True, disposition == SEND_AND_SAVE_COPY
    for start in range(0, len(elements), BATCH):
        batch = elements[start : start + BATCH]
        payload = requests.create_item([element for _, element in batch], where, disposition)
        try:
            written = read_outcomes(wire.post(CreateItem, payload), len(batch))
        except (SignInRefused, AccessBlocked, Busy) as error:
            if is_first:
                raise  # refused for certain, and nothing was done before
            rest = Refused(str(error), retry=True)
            return [rest if outcome is None else outcome for outcome in outcomes]
        except Unreachable as error:
            failure = f"request {start}" if isinstance(error, Failed) and is_sending else ""
            written = [Unknown(str(error), failure)] * len(batch)
        is_first = False
        for (number, _), outcome in zip(batch, written, strict=True):
            told = is_sending and isinstance(outcome, Refused)
            outcomes[number] = _failed(outcome, f"letter {number}") if told else outcome
    return [outcome for outcome in outcomes if outcome is not None]


def _failed(outcome: Outcome, what: str) -> Outcome:
    return outcome if isinstance(outcome, Done) else replace(outcome, failure=what)


def read_outcomes(answers: Sequence[Answer], expected: int) -> list[Outcome]:
    """One outcome an item. A refusal is believed only from a complete answer about that very
    item; an empty code or a missing answer leaves it open (docs/design.md, Exactly once 4)."""
    outcomes: list[Outcome] = [_outcome(answer) for answer in answers[:expected]]
    missing = expected - len(outcomes)
    return outcomes + [Unknown("the server's answer left this item out")] * missing


def _outcome(answer: Answer) -> Outcome:
    if answer.ok:
        found = answer.xml.find(".//{*}ItemId")
        return Done() if found is None else Done(found.get("Id", ""), found.get("ChangeKey", ""))
    if not re.fullmatch(r"Error\w+", answer.code):
        return Unknown(f"the server's answer has no usable code ({answer.code[:40] or 'empty'})")
    # only the code: the text beside it may repeat parts of the mail
    reason, is_gone = f"the server refused it: {answer.code}", answer.code in NO_ITEM
    cause = CAUSES.get(answer.code)
    later = answer.code in LATER or (cause is not None and answer.code not in _FOR_GOOD)
    return Refused(reason, retry=later, is_gone=is_gone, cause=cause)


def send(wire: Wire, letters: Sequence[Letter]) -> list[Outcome]:
    """Send letters and keep copies in Sent Items."""
    make = partial(new_items.letter_item, author=wire.author)
    return create(wire, letters, make, "sentitems", SEND_AND_SAVE_COPY)


def send_drafts(wire: Wire, items: Sequence[tuple[str, str]]) -> list[Outcome]:
    """Send drafts that are there, by id and change key: one request each, since of a failed one it can't be
    told how far it came."""
    outcomes: list[Outcome] = []
    for number, item in enumerate(items):
        payload = requests.send_item([item], wire.distinguished("sentitems"))
        try:
            (outcome,) = read_outcomes(wire.post(SendItem, payload), 1)
            is_refused = isinstance(outcome, Refused)
            outcomes.append(_failed(outcome, f"letter {number}") if is_refused else outcome)
        except (SignInRefused, AccessBlocked, Busy) as error:
            outcomes.append(Unknown(f"the letter is made and not sent: {error}"))
        except Unreachable as error:
            failure = f"letter {number}" if isinstance(error, Failed) else ""
            outcomes.append(Unknown(str(error), failure))
    return outcomes


def draft(wire: Wire, letters: Sequence[Letter]) -> list[Outcome]:
    """Put letters into Drafts, for the owner to send."""
    make = partial(new_items.letter_item, author=wire.author)
    return create(wire, letters, make, "drafts", SAVE_ONLY)


def create_tasks(wire: Wire, tasks: Sequence[Task], zone: ZoneInfo) -> list[Outcome]:
    """Create tasks in the owner's task folder."""
    keeps = wire.ways.keeps_reminders is not False
    make = partial(new_items.task_item, zone=zone, keeps_reminders=keeps)
    return create(wire, tasks, make, "tasks", SAVE_ONLY)


def create_appointments(wire: Wire, appointments: Sequence[Appointment], zone: ZoneInfo) -> list[Outcome]:
    """Create entries in the owner's calendar, shown as free and without a reminder: the task has one."""
    make = partial(new_items.appointment_item, zone=zone)
    return create(wire, appointments, make, "calendar", SAVE_ONLY)
