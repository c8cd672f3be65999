"""A mailbox in memory: the port's second implementation, for tests and for reading the code.

It outlives the daemon that works on it, as a server does. What happens in the world (mail
arrives, the owner answers, a task is ticked off) has methods of its own.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from ackd.mailbox import expansion
from ackd.mailbox.expansion import Level
from ackd.model import (
    Address,
    Appointment,
    Changes,
    Done,
    Lease,
    Letter,
    Mail,
    MailboxReport,
    Outcome,
    OwnerSettings,
    Place,
    Refused,
    SeenTask,
    SentMail,
    Task,
    Unknown,
)

_T = TypeVar("_T")

LEASE_TIME = timedelta(minutes=10)
PAGE = 100


@dataclass
class _Held:
    key: str
    holder: str
    since: datetime


@dataclass
class MemoryMailbox:
    """The port `Mailbox` in memory; `now` is the server's time.

    `groups` are distribution lists, by address in lower case. `fail_next` makes the next write's
    outcomes doubtful: "before" loses the write, "after" does it and loses the answer.
    """

    now: Callable[[], datetime]
    owner: str = "alice@corp.example"
    letters: list[Letter] = field(default_factory=list)
    task_items: dict[str, tuple[Task, SeenTask]] = field(default_factory=dict)
    owner_settings: OwnerSettings = field(default_factory=OwnerSettings)
    fail_next: str = ""
    drafts: dict[str, tuple[Letter, datetime]] = field(default_factory=dict)
    calendar: dict[str, Appointment] = field(default_factory=dict)
    trashed: set[str] = field(default_factory=set)
    refuse_to: frozenset[str] = frozenset()
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _log: list[Mail | SentMail | SeenTask | str] = field(default_factory=list)
    _mark: datetime | None = None
    _lease: _Held | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # --- the world --------------------------------------------------------------------------

    def arrive(self, mail: Mail) -> Mail:
        """A mail comes in now."""
        arrived = replace(mail, received=self.now().replace(microsecond=0), item=self._name("mail"))
        self._log.append(arrived)
        return arrived

    def owner_sends(self, *, to: Sequence[str], in_reply_to: str | None, automatic: bool = False) -> None:
        """The owner sends a mail from some device."""
        name = self._name("sent")
        self._log.append(
            SentMail(
                item=name,
                message_id=f"<{name}@corp.example>",
                at=self.now(),
                to=tuple(Address(a) for a in to),
                in_reply_to=in_reply_to,
                is_automatic=automatic,
            )
        )

    def owner_trashes_task(self, token: str) -> None:
        """The owner deletes a task: it moves to Deleted Items under a new name."""
        for item, (task, seen) in list(self.task_items.items()):
            if seen.token == token:
                del self.task_items[item]
                trashed = replace(seen, item=self._name("task"), is_deleted=True)
                self.task_items[trashed.item] = (task, trashed)
                self._log.append(item)

    def owner_sends_draft(self, token: str) -> None:
        """The owner sends one of our drafts."""
        letter, _ = self.drafts.pop(token)
        self._send_one(letter)

    def owner_trashes_draft(self, token: str) -> None:
        """The owner deletes one of our drafts: it lies in Deleted Items."""
        self.trashed.add(token)

    def owner_erases_task(self, token: str) -> None:
        """The owner deletes a task for good: it is nowhere any more."""
        for item in [i for i, (_, seen) in self.task_items.items() if seen.token == token]:
            del self.task_items[item]
            self._log.append(item)

    # --- the port ---------------------------------------------------------------------------

    def changes(self, cursor: str | None, since: datetime | None) -> Changes:
        start = json.loads(cursor)["seen"] if cursor else 0
        page = self._log[start : start + PAGE]
        end = start + len(page)
        return Changes(
            cursor=json.dumps({"seen": end}),
            complete=end >= len(self._log),
            relisted=cursor is None,
            mails=tuple(m for m in page if isinstance(m, Mail) and since and m.received >= since),
            sent=tuple(m for m in page if isinstance(m, SentMail)),
            tasks=tuple(t for t in page if isinstance(t, SeenTask) and t.item in self.task_items),
            gone=tuple(g for g in page if isinstance(g, str)),
            server_time=self.now(),
        )

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        return self._write(letters, self._send_one)

    def create_tasks(self, tasks: Sequence[Task]) -> list[Outcome]:
        return self._write(tasks, self._create_one)

    def create_appointments(self, appointments: Sequence[Appointment]) -> list[Outcome]:
        return self._write(appointments, self._enter_one)

    def draft(self, letters: Sequence[Letter]) -> list[Outcome]:
        return self._write(letters, self._draft_one)

    def remove(self, tokens: Collection[str], *, untouched_since: datetime | None = None) -> frozenset[str]:
        drafts = {t for t in tokens if t in self.drafts and t not in self.trashed}
        if untouched_since:
            drafts = {t for t in drafts if self.drafts[t][1] <= untouched_since}
        for token in drafts:
            del self.drafts[token]
        tasks = {seen.token for _, seen in self.task_items.values()} & set(tokens)
        for token in tasks:
            self.owner_erases_task(token)
        entries = {token for token in tokens if self.calendar.pop(token, None)}
        return frozenset(drafts | tasks | entries)

    def find(self, tokens: Collection[str]) -> dict[str, Place]:
        places = {token: Place.TRASH if token in self.trashed else Place.DRAFTS for token in self.drafts}
        for _, seen in self.task_items.values():
            places[seen.token] = Place.TRASH if seen.is_deleted else Place.TASKS
        places |= dict.fromkeys(self.calendar, Place.CALENDAR)
        places |= {letter.token: Place.SENT for letter in self.letters}
        return {token: places[token] for token in tokens if token in places}

    def tasks(self) -> tuple[SeenTask, ...]:
        return tuple(seen for _, seen in self.task_items.values())

    def search(self, *, message_id: str = "", subject: str = "", limit: int = 20) -> tuple[Mail, ...]:
        words = subject.casefold().split()
        found = [
            mail
            for mail in self._log
            if isinstance(mail, Mail)
            and message_id in ("", mail.message_id)
            and all(word in mail.subject.casefold() for word in words)
        ]
        return tuple(sorted(found, key=lambda mail: mail.received, reverse=True)[:limit])

    def past(
        self, since: datetime, most: int | None = None, *, answered: bool = False
    ) -> Iterator[Mail | SentMail]:
        arrived = sorted(
            (m for m in self._log if isinstance(m, Mail) and m.received >= since), key=lambda m: m.received
        )
        if most is not None and len(arrived) > most:
            arrived = arrived[-most:]
            since = arrived[0].received
        sent = [m for m in self._log if isinstance(m, SentMail) and m.at >= since]
        if answered:
            targets = {target for mail in sent for target in mail.targets}
            arrived = [mail for mail in arrived if mail.message_id in targets]
        both: list[Mail | SentMail] = [*arrived, *sent]
        yield from sorted(both, key=lambda one: one.received if isinstance(one, Mail) else one.at)

    def expand(self, groups: Collection[str]) -> frozenset[str]:
        return expansion.expand(groups, self._level)

    def start_mark(self) -> datetime | None:
        return self._mark

    def set_start_mark(self, at: datetime) -> datetime:
        self._mark = self._mark or at
        return self._mark

    def take_lease(self, holder: str) -> Lease | None:
        held = self._lease
        if held and held.holder != holder and self.now() - held.since < LEASE_TIME:
            return None
        self._lease = _Held(self._name("lease"), holder, self.now())
        return Lease(self._lease.key, self._lease.since.timestamp())

    def holds(self, lease: Lease) -> bool:
        return self._lease is not None and self._lease.key == lease.key

    def release(self, lease: Lease) -> None:
        if self.holds(lease):
            self._lease = None

    def settings(self) -> OwnerSettings:
        return self.owner_settings

    def use_zone(self, zone: ZoneInfo) -> None:
        """Dates are kept as they are given."""

    def report(self) -> MailboxReport:
        counts = (("Inbox", sum(isinstance(m, Mail) for m in self._log)), ("Tasks", len(self.task_items)))
        return MailboxReport(self.owner, "in memory", self.now(), counts, commit_times=True)

    def close(self) -> None:
        """Nothing to release."""

    # --- inside -----------------------------------------------------------------------------

    def _level(self, group: str) -> Level | None:
        members = self.groups.get(group)
        if members is None:
            return None
        lists = tuple(member for member in members if member.lower() in self.groups)
        return Level(tuple(member for member in members if member not in lists), lists)

    def _name(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    def _write(self, things: Sequence[_T], one: Callable[[_T], Outcome]) -> list[Outcome]:
        failing, self.fail_next = self.fail_next, ""
        if failing == "before":
            return [Unknown("the connection was cut") for _ in things]
        outcomes = [one(thing) for thing in things]
        return [Unknown("the answer was lost") for _ in things] if failing else outcomes

    def _enter_one(self, appointment: Appointment) -> Outcome:
        self.calendar[appointment.token] = appointment
        return Done(self._name("appointment"))

    def _draft_one(self, letter: Letter) -> Outcome:
        self.drafts[letter.token] = (letter, self.now())
        return Done(self._name("draft"))

    def _send_one(self, letter: Letter) -> Outcome:
        if letter.to.key in self.refuse_to:
            return Refused(f"the server refused the recipient {letter.to.email}")
        self.letters.append(letter)
        name = self._name("sent")
        self._log.append(
            SentMail(
                item=name,
                message_id=f"<{name}@corp.example>",
                at=self.now(),
                to=(letter.to,),
                in_reply_to=letter.in_reply_to,
                references=letter.references,
                token=letter.token,
            )
        )
        return Done(name)

    def _create_one(self, task: Task) -> Outcome:
        seen = SeenTask(
            item=self._name("task"),
            token=task.token,
            message_id=task.message_id,
            asker=task.asker,
            promised=task.promised,
            due_date=task.due_date,
            categories=task.categories,
        )
        self.task_items[seen.item] = (task, seen)
        self._log.append(seen)
        return Done(seen.item)
