"""A mailbox in memory: the port's second implementation, for tests and for reading the code.

It outlives the daemon that works on it, as a server does. What happens in the world (mail
arrives, the owner answers, a task is ticked off) has methods of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from ackd.mailbox import expansion
from ackd.mailbox.expansion import Level
from ackd.mailbox.world import Held, World
from ackd.model import (
    Appointment,
    CategoryChange,
    Changes,
    Colour,
    Done,
    Lease,
    Letter,
    Mail,
    MailboxReport,
    Marked,
    Outcome,
    OwnerCard,
    OwnerSettings,
    Place,
    Proof,
    Refused,
    SeenTask,
    SentMail,
    Task,
    TaskChange,
    Unknown,
)

_T = TypeVar("_T")

LEASE_TIME = timedelta(minutes=10)
PAGE = 100


@dataclass
class MemoryMailbox(World):
    """The port `Mailbox` in memory."""

    # --- the port ---------------------------------------------------------------------------

    def changes(self, cursor: str | None, since: datetime | None) -> Changes:
        stored = json.loads(cursor) if cursor else {}
        start, aside = stored.get("seen", 0), set(stored.get("aside", ()))
        page = self._log[start : start + PAGE]
        end = start + len(page)
        arrived = [m for m in page if isinstance(m, Mail) and since and m.received >= since]
        again = [m for m in self._log if isinstance(m, Mail) and m.message_id in aside - set(self.spoiled)]
        left = aside | {m.message_id for m in arrived}
        left &= set(self.spoiled)
        return Changes(
            cursor=json.dumps({"seen": end, **({"aside": sorted(left)} if left else {})}),
            complete=end >= len(self._log),
            relisted=cursor is None,
            mails=(*map(self._as_it_is_given, arrived), *(replace(m, reread=True) for m in again)),
            sent=tuple(m for m in page if isinstance(m, SentMail)),
            tasks=self._as_they_are(t for t in page if isinstance(t, SeenTask)),
            marked=self._marks_as_they_are(m for m in page if isinstance(m, Marked)),
            gone=tuple(g for g in page if isinstance(g, str)),
            server_time=self.now(),
            unread=len(left),
        )

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        return self._write(letters, self._send_one)

    def create_tasks(self, tasks: Sequence[Task]) -> list[Outcome]:
        return self._write(tasks, self._create_one)

    def create_appointments(self, appointments: Sequence[Appointment]) -> list[Outcome]:
        return self._write(appointments, self._enter_one)

    def draft(self, letters: Sequence[Letter]) -> list[Outcome]:
        return self._write(letters, self._draft_one)

    def remove(
        self, tokens: Collection[str], *, untouched_since: datetime | None = None, for_good: bool = True
    ) -> frozenset[str]:
        drafts = {t for t in tokens if t in self.drafts and t not in self.trashed}
        if untouched_since:
            drafts = {t for t in drafts if self.drafts[t][1] <= untouched_since}
        for token in drafts:
            del self.drafts[token]
        tasks = {seen.token for _, seen in self.task_items.values()} & set(tokens)
        for token in tasks:
            (self.owner_erases_task if for_good else self.owner_trashes_task)(token)
        entries = {token for token in tokens if self.calendar.pop(token, None)}
        return frozenset(drafts | tasks | entries)

    def find(self, tokens: Collection[str]) -> dict[str, Place]:
        places = {token: Place.TRASH if token in self.trashed else Place.DRAFTS for token in self.drafts}
        for _, seen in self.task_items.values():
            places[seen.token] = Place.TRASH if seen.is_deleted else Place.TASKS
        places |= dict.fromkeys(self.calendar, Place.CALENDAR)
        places |= {letter.token: Place.SENT for letter in self.letters}
        return {token: places[token] for token in tokens if token in places}

    def being_answered(self, questions: Collection[str]) -> frozenset[str]:
        replied = {m.message_id for m in self._log if isinstance(m, Mail) and m.last_verb in (102, 103)}
        return frozenset(questions) & (replied | self.replying)

    def tasks(self, tokens: Collection[str] | None = None) -> tuple[SeenTask, ...]:
        every = (seen for _, seen in self.task_items.values())
        return tuple(seen for seen in every if tokens is None or seen.token in tokens)

    def watch_tasks(self, folders: Collection[str]) -> None:
        new = frozenset(folders) - self.watched_lists
        self.watched_lists = frozenset(folders)
        self._log += [seen for _, seen in self.task_items.values() if seen.folder in new]

    def change_tasks(self, changes: Sequence[TaskChange]) -> list[Outcome]:
        return self._write(changes, self._change_one)

    def categorize(self, changes: Sequence[CategoryChange]) -> list[Outcome]:
        return self._write(changes, self._categorize_one)

    def show_categories(self, wanted: Mapping[str, Colour]) -> None:
        self.shown_categories |= {name: c for name, c in wanted.items() if name not in self.shown_categories}

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
            own = (mail for mail in sent if not mail.token and not mail.is_automatic)
            targets = {target for mail in own for target in mail.targets}
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
        self._lease = Held(self._name("lease"), holder, self.now())
        return Lease(self._lease.key, self._lease.since.timestamp())

    def holds(self, lease: Lease) -> bool:
        return self._lease is not None and self._lease.key == lease.key

    def release(self, lease: Lease) -> None:
        if self.holds(lease):
            self._lease = None

    def settings(self) -> OwnerSettings:
        return self.owner_settings

    def card(self) -> OwnerCard:
        return self.owner_card

    def use_zone(self, zone: ZoneInfo) -> None:
        """Dates are kept as they are given."""

    def report(self) -> MailboxReport:
        counts = (("Inbox", sum(isinstance(m, Mail) for m in self._log)), ("Tasks", len(self.task_items)))
        return MailboxReport(self.owner, "in memory", self.now(), counts, commit_times=True)

    def prove(self, letter: Letter, task: Task, wait: Callable[[float], None]) -> Iterator[Proof]:
        """Here everything is as it should be."""
        yield Proof("commit time", True, "in memory")

    def close(self) -> None:
        """Nothing to release."""

    # --- inside -----------------------------------------------------------------------------

    def _as_it_is_given(self, mail: Mail) -> Mail:
        """A mail, with everything unknown where it can't be read."""
        why = self.spoiled.get(mail.message_id)
        if why is None:
            return mail
        known = Mail(mail.message_id, mail.received, "", None, headers=None, item_class=None)
        return replace(known, folder=mail.folder, item=mail.item, unread=why)

    def _as_they_are(self, tasks: Iterable[SeenTask]) -> tuple[SeenTask, ...]:
        """Each of the tasks once, as it is now; without those that are gone."""
        items = dict.fromkeys(task.item for task in tasks)
        return tuple(self.task_items[item][1] for item in items if item in self.task_items)

    def _marks_as_they_are(self, marks: Iterable[Marked]) -> tuple[Marked, ...]:
        """Each of the mails once, with the categories that it has now."""
        named = {mark.message_id: mark for mark in marks}
        now = (replace(mark, categories=self.categories_of(name)) for name, mark in named.items())
        return tuple(mark for mark in now if mark.categories)

    def _level(self, group: str) -> Level | None:
        members = self.groups.get(group)
        if members is None:
            return None
        lists = tuple(member for member in members if member.lower() in self.groups)
        return Level(tuple(member for member in members if member not in lists), lists)

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

    def _create_one(self, task: Task) -> Outcome:
        seen = SeenTask(
            item=self._name("task"),
            token=task.token,
            message_id=task.message_id,
            asker=task.asker,
            promised=task.promised,
            due_date=task.due_date,
            categories=task.categories,
            key=self._name("key"),
        )
        self._put_task(seen.item, task, seen)
        return Done(seen.item, seen.key)

    def _change_one(self, change: TaskChange) -> Outcome:
        found = self.task_items.get(change.item)
        if found is None or found[1].is_deleted:
            return Refused("there is no such task", is_gone=True)
        task, seen = found
        is_known = change.key == seen.key
        if change.due_date and change.key and not is_known:
            return Refused("the task changed meanwhile", retry=True)
        task = replace(
            task,
            subject=change.subject or task.subject,
            reminder=change.reminder or task.reminder,
            importance=change.importance or task.importance,
        )
        categories = tuple(c for c in seen.categories if c not in change.remove)
        seen = replace(
            seen,
            due_date=change.due_date or seen.due_date,
            promised=change.promised or seen.promised,
            moves=seen.moves if change.moves is None else change.moves,
            is_complete=seen.is_complete or change.complete,
            categories=tuple(dict.fromkeys((*categories, *change.add))),
            key=self._name("key"),
        )
        notes = self.notes.setdefault(change.token, [])
        if change.notes and change.notes not in notes:
            notes.append(change.notes)
        self._put_task(change.item, task, seen)
        return Done(seen.item, seen.key if is_known else "")

    def _categorize_one(self, change: CategoryChange) -> Outcome:
        if not any(isinstance(m, Mail) and m.message_id == change.message_id for m in self._log):
            return Refused("there is no such mail", is_gone=True)
        kept = [c for c in self.categories_of(change.message_id) if c not in change.remove]
        self._set_categories(change.message_id, tuple(dict.fromkeys((*kept, *change.add))))
        return Done()
