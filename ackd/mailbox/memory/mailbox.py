"""A mailbox in memory: the port's second implementation, for tests and for reading the code.

It outlives the daemon that works on it, as a server does. What happens in the world (mail
arrives, the owner answers, a task is ticked off) has methods of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ackd.mailbox import expansion
from ackd.mailbox.expansion import Level
from ackd.mailbox.memory.world import INBOX, Held, World, recalls
from ackd.model import (
    LEASE_TIME,
    Address,
    Appointment,
    CategoryChange,
    Changes,
    Colour,
    Done,
    ForeignLease,
    Lease,
    Letter,
    Mail,
    MailboxReport,
    MailHead,
    Marked,
    Outcome,
    OwnerCard,
    OwnerSettings,
    Place,
    Refused,
    SeenTask,
    SelfTestResult,
    SentMail,
    Signs,
    Task,
    TaskChange,
    TaskMark,
    Unknown,
)

_T = TypeVar("_T")

PAGE = 100


@dataclass
class MemoryMailbox(World):
    """The port `Mailbox` in memory."""

    # --- the port ---------------------------------------------------------------------------

    def changes(self, sync_state: str | None, since: datetime | None) -> Changes:
        stored = self._own(sync_state)
        start, known = stored.get("seen", 0), stored.get("folders", {})
        aside = set(stored.get("aside", ()))
        page = self._log[start : start + PAGE]
        end = start + len(page)
        found, notes = self._watched(known)
        back = set(found.values()) - {INBOX, *known.values()} if stored else set()
        here = {mail.item for mail in self._mails_in(found.values())}
        listed = [m for m in page if isinstance(m, Mail) and m.item in here]
        listed += [m for m in self._mails_in(back) if m not in listed]
        arrived = [m for m in listed if since and m.received >= since]
        again = [m for m in self._log if isinstance(m, Mail) and m.message_id in aside - set(self.spoiled)]
        left = (aside | {m.message_id for m in arrived}) & set(self.spoiled)
        return Changes(
            sync_state=json.dumps(
                {
                    "kind": self.kind,
                    "seen": end,
                    "folders": found,
                    **({"aside": sorted(left)} if left else {}),
                }
            ),
            complete=end >= len(self._log) and not (self.says_more and page),
            relisted=not stored or bool(back),
            mails=(*map(self._as_it_is_given, arrived), *(replace(m, reread=True) for m in again)),
            sent=tuple(m for m in page if isinstance(m, SentMail)),
            tasks=self._as_they_are(t for t in page if isinstance(t, SeenTask)),
            marked=self._marks_as_they_are(m for m in page if isinstance(m, Marked)),
            gone=tuple(g for g in page if isinstance(g, str)),
            notes=notes,
            server_time=self.server_time(),
            unread=len(left),
        )

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        if self.is_busy:
            return self._write(letters, self._send_one)
        if self.fail_next == "told":
            return self._fail_at_the_last(letters)
        if self.fail_next == "unsent":
            return self._make_alone(letters)
        return self._write(letters, self._send_one)

    def send_unsent(self, tokens: Sequence[str]) -> list[Outcome]:
        return self._write(tokens, self._send_made)

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
        unsent = {token for token in tokens if self.unsent.pop(token, None)}
        tasks = {seen.token for seen in self.tasks()} & set(tokens)
        for token in tasks:
            (self.owner_erases_task if for_good else self.owner_trashes_task)(token)
        entries = {token for token in tokens if self.calendar.pop(token, None)}
        return frozenset(drafts | unsent | tasks | entries)

    def find(self, tokens: Collection[str]) -> dict[str, Place]:
        places = {
            token: Place.THROWN_AWAY if token in self.trashed else Place.DRAFTS for token in self.drafts
        }
        places |= dict.fromkeys(self.unsent, Place.UNSENT)
        for seen in self.tasks():
            places[seen.token] = Place.TRASH if seen.is_deleted else Place.TASKS
        places |= dict.fromkeys(self.calendar, Place.CALENDAR)
        places |= {letter.token: Place.SENT for letter in self.undelivered}
        for letter in self.letters:
            places[letter.token] = Place.TRASH if letter.token in self.trashed_copies else Place.SENT
        return {token: places[token] for token in tokens if token in places}

    def draft_links(self, tokens: Collection[str]) -> dict[str, str]:
        drafts = (token for token in tokens if token in self.drafts and token not in self.trashed)
        return {token: f"https://mail.corp.example/owa/?ItemID={token}" for token in drafts}

    def signs(self, questions: Mapping[str, str]) -> Signs:
        mails = [entry for entry in self._log if isinstance(entry, Mail)]
        replied = {mail.message_id for mail in mails if mail.is_marked_answered}
        asked = frozenset(questions)
        return Signs(
            answered=asked & (replied | self.replying),
            waiting=asked & self.outbox,
            thrown=asked & self.thrown,
            gone=asked & self.erased,
            recalls=recalls(mails),
            categories={
                mail.message_id: mail.categories
                for mail in mails
                if mail.message_id in asked and mail.categories
            },
        )

    def same_person(self, address: str, others: Collection[Address]) -> bool:
        aliases = {other.lower(): person for other, person in self.aliases.items()}
        return any(aliases.get(other.key) == address.lower() for other in others)

    def tasks(self, tokens: Collection[str] | None = None) -> tuple[SeenTask, ...]:
        ours = (seen for item, (_, seen) in self.task_items.items() if item not in self._strange)
        every = (seen for seen in ours if self.sees_deleted_tasks or not seen.is_deleted)
        return tuple(seen for seen in every if tokens is None or seen.token in tokens)

    def mark_tasks(self, marks: Sequence[TaskMark]) -> list[Outcome]:
        return self._write(marks, self._mark_one)

    def watch_tasks(self, folders: Collection[str]) -> None:
        new = frozenset(folders) - self.watched_lists
        self.watched_lists = frozenset(folders)
        listed = (seen for _, seen in self.task_items.values() if seen.folder in new)
        self._log += [seen for seen in listed if not seen.is_deleted]

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

    def mails(self, message_ids: Collection[str]) -> dict[str, Mail]:
        wanted = set(message_ids) - set(self.spoiled) - self.thrown - self.erased
        found = self._mails_in(self._watched({})[0].values())
        return {mail.message_id: mail for mail in found if mail.message_id in wanted}

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

    def in_directory(self, addresses: Collection[str]) -> frozenset[str] | None:
        return None if self.people is None else self.people & {one.strip().lower() for one in addresses}

    def given_names(self, addresses: Collection[str]) -> dict[str, str]:
        return {one: self.given[one] for one in addresses if one in self.given}

    def watermark(self) -> datetime | None:
        return self._mark

    def set_watermark(self, at: datetime) -> datetime:
        self._mark = self._mark or at
        return self._mark

    def server_time(self) -> datetime | None:
        return self.now() if self.tells_time or self.shows_time else None

    def take_lease(self, holder: str, over: str = "") -> Lease | None:
        held = self._lease
        is_over = self.tells_time and held is not None and self.now() - held.since >= LEASE_TIME
        if held and held.holder != holder and not is_over and held.key != over:
            self._busy = ForeignLease(held.key, held.holder, held.since)
            return None
        self._busy, self.shows_time = None, True
        self._lease = Held(self._name("lease"), holder, self.now())
        return Lease(self._lease.key, self._lease.since.timestamp())

    def busy_lease(self) -> ForeignLease | None:
        return self._busy

    def holds(self, lease: Lease) -> bool:
        return self._lease is not None and self._lease.key == lease.key

    def release(self, lease: Lease) -> None:
        if self.holds(lease):
            self._lease = None

    def leave(self) -> bool:
        self._mark = self._lease = None
        return True

    def settings(self) -> OwnerSettings:
        return self.owner_settings

    def card(self) -> OwnerCard:
        return self.owner_card

    def language(self) -> str | None:
        return self.owner_card.language

    def use_zone(self, zone: ZoneInfo) -> None:
        """Dates are kept as they are given."""

    def report(self, sync_state: str | None = None) -> MailboxReport:
        counts = (("Inbox", sum(isinstance(m, Mail) for m in self._log)), ("Tasks", len(self.task_items)))
        known = self._own(sync_state).get("folders", {})
        notes = self._watched(known)[1]
        return MailboxReport(self.owner, "in memory", self.now(), counts, notes)

    def heads(self, most: int) -> tuple[MailHead, ...]:
        arrived = [mail for mail in self._log if isinstance(mail, Mail)]
        newest = sorted(arrived, key=lambda mail: mail.received, reverse=True)[:most]
        return tuple(MailHead(mail.sender, mail.headers) for mail in newest)

    def self_test(
        self, letter: Letter, task: Task, wait: Callable[[float], None]
    ) -> Iterator[SelfTestResult]:
        """Here everything is as it should be."""
        yield SelfTestResult("memory", True, "everything is as it should be")

    def close(self) -> None:
        """Nothing to release."""

    # --- inside -----------------------------------------------------------------------------

    def _own(self, sync_state: str | None) -> dict[str, Any]:
        """What a sync state holds, nothing where another kind made it."""
        stored: dict[str, Any] = json.loads(sync_state) if sync_state else {}
        return stored if stored.get("kind", self.kind) == self.kind else {}

    def _level(self, group: str) -> Level | None:
        members = self.groups.get(group)
        if members is None:
            return None
        lists = tuple(member for member in members if member.lower() in self.groups)
        return Level(tuple(member for member in members if member not in lists), lists)

    def _write(self, things: Sequence[_T], one: Callable[[_T], Outcome]) -> list[Outcome]:
        if self.is_busy:
            return [Refused("the server is busy", retry=True) for _ in things]
        if self.refuses:
            return [self._refusal() for _ in things]
        failing, self.fail_next = self.fail_next, ""
        if failing == "before":
            return [Unknown("the connection was cut") for _ in things]
        outcomes = [one(thing) for thing in things]
        return [Unknown("the answer was lost") for _ in things] if failing else outcomes

    def _fail_at_the_last(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Letter number `fail_at` (or the last) is kept as a copy and reaches nobody; those after it
        aren't done, and the whole request is told as failed."""
        self.fail_next = ""
        *before, last = letters[: self.fail_at] if self.fail_at else letters
        for letter in before:
            self._send_one(letter)
        self.undelivered.append(last)
        self._keep_copy(last)
        return [Unknown("the server said that it failed", failure="request 0") for _ in letters]

    def _enter_one(self, appointment: Appointment) -> Outcome:
        self.calendar[appointment.token] = appointment
        return Done(self._name("appointment"))

    def _draft_one(self, letter: Letter) -> Outcome:
        self.drafts[letter.token] = (letter, self.now())
        self.trashed.discard(letter.token)
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
            moves=task.moves,
            told=task.told,
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
            told=change.told or seen.told,
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
