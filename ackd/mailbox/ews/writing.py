"""Letters and tasks as EWS items, and what a server's answer says became of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib import CalendarItem, EWSDate, EWSDateTime, EWSTimeZone, HTMLBody, Mailbox, Message, Task
from exchangelib.items import SAVE_ONLY, SEND_AND_SAVE_COPY
from exchangelib.services import CreateItem, SendItem

from ackd.errors import AccessBlocked, Busy, Failed, SignInRefused, Unreachable
from ackd.mailbox.ews import fields, requests
from ackd.mailbox.ews.wire import NO_ITEM, Answer, Wire
from ackd.model import Appointment, Done, Letter, Outcome, Refusal, Refused, Unknown
from ackd.model import Task as OurTask

BATCH = 100

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
    wire: Wire,
    items: Sequence[Any],
    folder: str,
    disposition: str,
    beside: Sequence[Sequence[tuple[fields.Field, datetime]]] = (),
) -> list[Outcome]:
    """Create items, at most 100 a request, each request posted once; `beside` are moments for properties that
    exchangelib doesn't know, of each item."""
    outcomes: list[Outcome | None] = [None] * len(items)
    elements: list[tuple[int, Any]] = []
    for number, item in enumerate(items):
        try:
            made = item.to_xml(version=wire.account.version)
            for field, at in beside[number] if beside else ():
                made.find(".//{*}ExtendedProperty").addnext(
                    requests.extended_property(field, requests.utc(at))
                )
            elements.append((number, made))
        except (ValueError, TypeError):  # exchangelib's checks: one bad item, not the batch
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


def letter_item(letter: Letter, author: str) -> Message:
    """A letter of ours, marked so that no robot answers it (docs/design.md, on the wire). Without an `author`
    it is from whoever signs in."""
    references = " ".join(dict.fromkeys((*letter.references, letter.in_reply_to))).strip()
    return Message(
        subject=letter.subject[:255],
        body=HTMLBody(letter.html),
        author=Mailbox(email_address=author) if author else None,
        to_recipients=[Mailbox(name=letter.to.name or None, email_address=letter.to.email)],
        in_reply_to=letter.in_reply_to or None,
        references=references or None,
        ackd_token=letter.token,
        ackd_mark="1",
        ackd_auto_submitted="auto-replied",
        ackd_suppress=fields.SUPPRESS_ANSWERS,
    )


def task_item(task: OurTask, zone: ZoneInfo, *, keeps_reminders: bool = True) -> Task:
    """A task of ours. The reminder is set on creation: servers refuse to switch it on later."""
    return Task(
        subject=task.subject[:255],
        body=task.body,
        due_date=EWSDate.from_date(task.due_date),
        reminder_is_set=True,
        reminder_due_by=_ews(task.reminder, zone) if keeps_reminders else None,
        categories=list(task.categories) or None,
        importance=task.importance.value.capitalize(),
        sensitivity=task.sensitivity.value.capitalize(),
        ackd_token=task.token,
        ackd_question=task.message_id or None,
        ackd_asker=task.asker or None,
        ackd_promised=task.promised.isoformat(timespec="seconds"),
        ackd_moves=str(task.moves) if task.moves else None,
    )


def send(wire: Wire, letters: Sequence[Letter]) -> list[Outcome]:
    """Send letters and keep copies in Sent Items."""
    return create(
        wire, [letter_item(letter, wire.author) for letter in letters], "sentitems", SEND_AND_SAVE_COPY
    )


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
    return create(wire, [letter_item(letter, wire.author) for letter in letters], "drafts", SAVE_ONLY)


def create_tasks(wire: Wire, tasks: Sequence[OurTask], zone: ZoneInfo) -> list[Outcome]:
    """Create tasks in the owner's task folder."""
    keeps = wire.ways.keeps_reminders is not False
    items = [task_item(task, zone, keeps_reminders=keeps) for task in tasks]
    behind = [() if keeps else [(field, task.reminder) for field in fields.REMINDING] for task in tasks]
    return create(wire, items, "tasks", SAVE_ONLY, behind)


def create_appointments(wire: Wire, appointments: Sequence[Appointment], zone: ZoneInfo) -> list[Outcome]:
    """Create entries in the owner's calendar, shown as free and without a reminder: the task has one."""
    items = [appointment_item(appointment, zone) for appointment in appointments]
    return create(wire, items, "calendar", SAVE_ONLY)


def appointment_item(appointment: Appointment, zone: ZoneInfo) -> CalendarItem:
    """A calendar entry of ours."""
    return CalendarItem(
        subject=appointment.subject[:255],
        body=appointment.body,
        start=_ews(appointment.start, zone),
        end=_ews(appointment.end, zone),
        legacy_free_busy_status="Free",
        reminder_is_set=False,
        categories=list(appointment.categories) or None,
        sensitivity=appointment.sensitivity.value.capitalize(),
        ackd_token=appointment.token,
    )


def _ews(moment: datetime, zone: ZoneInfo) -> EWSDateTime:
    local = moment.astimezone(zone).replace(microsecond=0)
    return EWSDateTime.from_datetime(local.replace(tzinfo=EWSTimeZone.from_timezone(zone)))
