"""Letters, tasks and calendar entries as Graph makes them, and what became of them.

A letter goes out in two steps: a draft that carries the token, then the sending of that very draft. Ways to
send in one step take no properties of ours along. What is in doubt after the second step is never made anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ackd.errors import AccessBlocked, Busy, SignInRefused
from ackd.mailbox import own_properties
from ackd.mailbox.graph import letter_ids, mime_draft, properties
from ackd.mailbox.graph.answers import Answer, outcome
from ackd.mailbox.graph.task_lists import TaskLists
from ackd.mailbox.graph.wire import Part, Wire
from ackd.mailbox.own_properties import Stage
from ackd.model import Appointment, Done, Letter, Outcome, Refused, Task, Unknown
from ackd.zones import windows_name

ACCEPTED = 202  # the one answer that says that a letter is on its way
#: Statuses of a refusal to send after which the draft stays, to be sent later.
_WAITS = frozenset((401, 404, 424, 429))


def send(wire: Wire, letters: Sequence[Letter]) -> list[Outcome]:
    """See ports.Mailbox."""
    outcomes = _make(wire, letters, Stage.SENDING)
    drafts = {number: one.item for number, one in enumerate(outcomes) if isinstance(one, Done)}
    sent = send_drafts(wire, list(drafts.values()))
    for number, result in zip(drafts, sent, strict=True):
        outcomes[number] = result
    return outcomes


def send_drafts(wire: Wire, items: Sequence[str]) -> list[Outcome]:
    """Send drafts that are there. One that the server refuses to send for certain is removed, so that it
    isn't sent later while another is made; where it can't be removed, its outcome is left open."""
    if not items:
        return []
    try:
        answers = wire.writes([Part("POST", f"{wire.owner}/messages/{item}/send") for item in items])
    except (SignInRefused, AccessBlocked, Busy) as error:
        return [Unknown(f"the letter is made and not sent: {error}") for _ in items]
    return [_sent(wire, item, answer) for item, answer in zip(items, answers, strict=True)]


def _sent(wire: Wire, item: str, answer: Answer) -> Outcome:
    """Where it is said in full that sending failed, and the draft isn't there any more, a copy of it proves
    nothing: `failure`."""
    if answer.status == ACCEPTED:
        return Done()
    if not answer.is_refusal or answer.status in _WAITS:
        return Unknown(answer.words, failure=item if answer.is_failure else "")
    try:
        (removed,) = wire.wipe([f"{wire.owner}/messages/{item}"])
    except (SignInRefused, AccessBlocked, Busy) as error:
        return Unknown(f"{answer.words}; its draft is still there: {error}")
    if not removed.ok:
        failure = item if removed.status == 404 else ""
        return Unknown(f"{answer.words}; its draft may still be there", failure)
    refused = outcome(answer)
    return Refused(refused.reason, cause=refused.cause) if isinstance(refused, Refused) else refused


def draft(wire: Wire, letters: Sequence[Letter]) -> list[Outcome]:
    """Put letters into Drafts, for the owner to send."""
    return _make(wire, letters, "")


def _make(wire: Wire, letters: Sequence[Letter], stage: str) -> list[Outcome]:
    if wire.ways.as_mime:
        return mime_draft.make(wire, letters, stage)
    return [outcome(answer) for answer in wire.writes([_message(wire, one, stage) for one in letters])]


def _message(wire: Wire, letter: Letter, stage: str) -> Part:
    """A letter of ours, marked so that no robot answers it (docs/design.md, on the wire). Graph takes only
    headers that begin with x-, so Auto-Submitted can't be set."""
    references = " ".join(dict.fromkeys((*letter.references, letter.in_reply_to))).strip()
    known = {
        properties.TOKEN: letter.token,
        properties.SUPPRESS: str(own_properties.SUPPRESS_ANSWERS),
        properties.IN_REPLY_TO: letter.in_reply_to,
        properties.REFERENCES: references,
        properties.STAGE: stage,
    }
    to = {"address": letter.to.email} | ({"name": letter.to.name} if letter.to.name else {})
    body: dict[str, Any] = {
        "subject": letter.subject[:255],
        "body": {"contentType": "html", "content": letter.html},
        "toRecipients": [{"emailAddress": to}],
        "internetMessageHeaders": [{"name": "x-ackd", "value": "1"}],
        properties.NAME: properties.given({name: value for name, value in known.items() if value}),
    }
    if wire.ways.by_message_id:
        own_id = letter_ids.made(letter.token, wire.ways.domain, is_on_its_way=bool(stage))
        body["internetMessageId"] = own_id
    if wire.author:
        body["from"] = {"emailAddress": {"address": wire.author}}
    return Part("POST", f"{wire.owner}/messages", body)


def create_tasks(wire: Wire, lists: TaskLists, tasks: Sequence[Task], zone: ZoneInfo) -> list[Outcome]:
    """Create tasks in the owner's usual list."""
    if not tasks:
        return []
    where = lists.path("")
    answers = wire.writes([Part("POST", where, task_body(lists, task, zone)) for task in tasks])
    outcomes = [outcome(answer) for answer in answers]
    made = {number: lists.path("", one.item) for number, one in enumerate(outcomes) if isinstance(one, Done)}
    if wire.ways.remembers_apart:
        parts = [Part("POST", f"{path}/extensions", lists.memory_of(tasks[n])) for n, path in made.items()]
        _apart(wire, parts)  # a task that remembers nothing is followed all the same
    if wire.ways.links_apart:
        parts = [Part("POST", f"{path}/linkedResources", lists.link_of(tasks[n])) for n, path in made.items()]
        linked = dict(zip(made, _apart(wire, parts), strict=True))
        if wire.ways.remembers_apart:  # then nothing else shows whose it is
            for number, answer in linked.items():
                outcomes[number] = (
                    outcomes[number] if answer.ok else Unknown(f"it isn't marked: {answer.words}")
                )
    return outcomes


def _apart(wire: Wire, parts: Sequence[Part]) -> list[Answer]:
    """Writes that come after others: whatever happens to them is told by their answers."""
    try:
        return wire.writes(parts) if parts else []
    except (SignInRefused, AccessBlocked, Busy) as error:
        return [Answer(0, trouble=str(error))] * len(parts)


def task_body(lists: TaskLists, task: Task, zone: ZoneInfo) -> dict[str, Any]:
    """A task of ours. To Do knows no sensitivity: what is private has no text of the mail in it."""
    return {
        "title": task.subject[:255],
        "body": {"contentType": "text", "content": task.body},
        "categories": list(task.categories),
        "importance": task.importance.value,
        "dueDateTime": due_on(task.due_date, zone),
        "isReminderOn": True,
        "reminderDateTime": in_utc(task.reminder),
        "linkedResources": [lists.link_of(task)],
        "extensions": [lists.memory_of(task)],
    }


def create_appointments(wire: Wire, appointments: Sequence[Appointment], zone: ZoneInfo) -> list[Outcome]:
    """Create entries in the owner's calendar, shown as free and without a reminder: the task has one. By its
    transaction's id, which is the token, the same one is made once."""
    parts = [Part("POST", f"{wire.owner}/events", _event(one, zone)) for one in appointments]
    return [_entered(answer) for answer in wire.writes(parts)]


def _entered(answer: Answer) -> Outcome:
    """A transaction that was used before is an entry that is there: whether it is this very one, a search by
    its token shows."""
    if answer.status in (400, 409) and "duplicate" in answer.code.lower():
        return Unknown("an entry with this token may be there already")
    return outcome(answer)


def _event(appointment: Appointment, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "subject": appointment.subject[:255],
        "body": {"contentType": "text", "content": appointment.body},
        "start": _local(appointment.start, zone),
        "end": _local(appointment.end, zone),
        "showAs": "free",
        "isReminderOn": False,
        "categories": list(appointment.categories),
        "sensitivity": appointment.sensitivity.value,
        "transactionId": appointment.token,
        properties.NAME: properties.given({properties.TOKEN: appointment.token}),
    }


def due_on(day: date, zone: ZoneInfo) -> dict[str, str]:
    """A day as Graph has it: its first moment, which is an hour after midnight where clocks go forward
    then."""
    return _local(datetime.combine(day, time(), zone).astimezone(UTC), zone)


def _local(at: datetime, zone: ZoneInfo) -> dict[str, str]:
    """A moment by the owner's clock; in UTC where that shows it twice."""
    local = at.astimezone(zone)
    if local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset():
        return in_utc(at)
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}", "timeZone": name_of(zone)}


def name_of(zone: ZoneInfo) -> str:
    """A zone as Graph knows it: it takes all names of Windows, and some of IANA's
    (https://learn.microsoft.com/graph/api/resources/datetimetimezone)."""
    return windows_name(zone.key) or zone.key


def in_utc(at: datetime) -> dict[str, str]:
    """A moment as Graph has it."""
    return {"dateTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
