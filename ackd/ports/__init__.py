"""The ports: what the daemon asks of the world. Small, documented, with frozen values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from ackd.model import (
    Address,
    Appointment,
    CategoryChange,
    CategoryUpdate,
    Changes,
    Colour,
    Course,
    Decision,
    EffectKind,
    EffectState,
    Event,
    FollowUp,
    ForeignLease,
    Judged,
    Lease,
    Letter,
    Mail,
    MailboxReport,
    Mode,
    Outcome,
    OwnerCard,
    OwnerSettings,
    Pending,
    Place,
    Promise,
    PromiseSnapshot,
    PromiseState,
    Proof,
    SeenTask,
    SentMail,
    Signs,
    Stamp,
    Task,
    TaskChange,
    Thread,
    TrackedTask,
)
from ackd.model.log import LogEntry, LogFilter


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def ticks(self) -> float:
        """Seconds that never go back and count through suspension; their start is arbitrary."""
        ...

    def boot(self) -> str:
        """What `ticks` are counted from: ticks of one boot compare, in another process too. Empty
        where that isn't known."""
        ...


class Mailbox(Protocol):
    """The owner's mailbox. Reads raise `errors.AckdError`; writes return an outcome per item.

    No write is ever repeated inside an implementation: only the daemon decides that, after
    looking again (DESIGN.md, Exactly once).
    """

    def changes(self, sync_state: str | None, since: datetime | None) -> Changes:
        """One page of what is new since `sync_state`; None starts a listing from the beginning.
        Mails received before `since` are not read, with None no mail at all: they are history.
        A watched folder that is missing or can't be read keeps no other from being read:
        `Changes.notes` tells of it, and it is read again when it is back. A server that says for
        ever that more is to come is no more believed after a page that brings nothing new.

        A mail that can't be read never keeps the others back: it comes with `Mail.unread` once it
        was tried some times, and once more, as `reread`, when it can be read after all. While a
        mail of the owner's waits to be read the page says so (`unread_sent`). Pages are bounded in
        bytes. Raises where the server is down: then no mail is blamed."""
        ...

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Send the letters and keep copies in Sent Items that carry the tokens: one outcome a
        letter, in order. Raises only where the server refused the whole request for certain
        (errors.SignInRefused, AccessBlocked, Busy): then nothing was done."""
        ...

    def create_tasks(self, tasks: Sequence[Task]) -> list[Outcome]:
        """Create the tasks in the owner's task folder; outcomes and errors as in `send`."""
        ...

    def create_appointments(self, appointments: Sequence[Appointment]) -> list[Outcome]:
        """Create calendar entries, shown as free; outcomes and errors as in `send`."""
        ...

    def draft(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Put the letters into Drafts, with their tokens; outcomes and errors as in `send`."""
        ...

    def remove(
        self, tokens: Collection[str], *, untouched_since: datetime | None = None, for_good: bool = True
    ) -> frozenset[str]:
        """Delete drafts, tasks and calendar entries of ours, for good or into Deleted Items; returns
        the tokens of those deleted. With `untouched_since` only what nobody changed after that
        moment."""
        ...

    def find(self, tokens: Collection[str]) -> Mapping[str, Place]:
        """Where the tokens are, of those that are in Sent Items, Drafts, Outbox, a task folder or
        Deleted Items, where drafts are told from what was sent. A restricted search: for doubtful
        outcomes, not for the daily look."""
        ...

    def signs(self, questions: Mapping[str, str]) -> Signs:
        """What speaks against acknowledging these questions, by Message-ID, each with the item's own
        name as it was known last: one request for 50 of them, and some more only for what isn't where
        it was. What the server doesn't tell for certain is no sign."""
        ...

    def same_person(self, address: str, others: Collection[Address]) -> bool:
        """Whether one of these recipients is, by the server's own word, the person with the address: it
        knows both as one mailbox; or it doesn't know the recipient, who goes by the name that the
        directory gives to that mailbox and to no other. Some requests, for now and then."""
        ...

    def tasks(self, tokens: Collection[str] | None = None) -> tuple[SeenTask, ...]:
        """All tasks of ours, or those with these tokens, deleted ones included: what a new ledger
        is rebuilt from, and where a task is looked for that left its list."""
        ...

    def watch_tasks(self, folders: Collection[str]) -> None:
        """From now on `changes` tells of the tasks in these lists too (`SeenTask.folder`)."""
        ...

    def change_tasks(self, changes: Sequence[TaskChange]) -> list[Outcome]:
        """Change tasks of ours. A new date is written only on a task as it was seen last: one that
        changed since is refused with `retry`. Of other changes the outcome has no key then, since
        the task isn't only as it was written. The owner's own categories stay, and a note that
        stands there isn't added again. Outcomes and errors as in `send`."""
        ...

    def categorize(self, changes: Sequence[CategoryChange]) -> list[Outcome]:
        """Change categories of mails on a fresh read, also of those that the owner filed into another
        folder; the owner's other ones stay, and nothing else of the mails changes. Outcomes and errors
        as in `send`."""
        ...

    def show_categories(self, wanted: Mapping[str, Colour]) -> None:
        """Let the mailbox's own list of categories have these names, so that mail programs offer
        them; those that are there keep their colours. Two requests at most. A server that knows no
        such list, or refuses, is no error."""
        ...

    def search(self, *, message_id: str = "", subject: str = "", limit: int = 20) -> tuple[Mail, ...]:
        """Mails in the watched folders with this Message-ID, whose subject has all these words
        (in any case, parts of words too): the newest first, at most `limit`."""
        ...

    def past(
        self, since: datetime, most: int | None = None, *, answered: bool = False
    ) -> Iterator[Mail | SentMail]:
        """What came into the watched folders and what was sent since a moment, the oldest first;
        of more than `most` mails that came, the newest; with `answered` only those that the owner
        answered. Read bit by bit while it is asked for; no cursor is kept. A mail that can't be
        read comes with everything unknown."""
        ...

    def expand(self, groups: Collection[str]) -> frozenset[str]:
        """The members of distribution lists: SMTP addresses in lower case, those of nested lists
        too. Raises ConfigError, naming internal.groups, for a list that the server doesn't know
        and for lists that are too large."""
        ...

    def watermark(self) -> datetime | None:
        """The moment before which nothing is ever acknowledged, as the mailbox remembers it."""
        ...

    def set_watermark(self, at: datetime) -> datetime:
        """Remember the start mark in the mailbox unless there is one; returns the one in force."""
        ...

    def server_time(self) -> datetime | None:
        """The server's present moment as its answers to this process showed it, in doubt rather too
        early; None while none has shown it. No request."""
        ...

    def take_lease(self, holder: str, over: str = "") -> Lease | None:
        """Take the right to act, or None while another holds it. A holder's own lease that an
        earlier process left behind is taken anew; a foreign one only after its time is over."""
        ...

    def busy_lease(self) -> ForeignLease | None:
        """The lease that stood in the way when it was asked for last. No request."""
        ...

    def holds(self, lease: Lease) -> bool:
        """Whether the lease is still ours, by the server's word."""
        ...

    def release(self, lease: Lease) -> None:
        """Give the lease back; a lease that is gone is no error."""
        ...

    def settings(self) -> OwnerSettings:
        """What the mailbox's own settings and calendar say of the owner's time: some requests,
        for now and then. What the server doesn't tell is None."""
        ...

    def card(self) -> OwnerCard:
        """Who the mailbox says that its owner is; two requests."""
        ...

    def use_zone(self, zone: ZoneInfo) -> None:
        """From now on dates without a time are those of this zone: the owner's."""
        ...

    def report(self, sync_state: str | None = None) -> MailboxReport:
        """A look at sign-in, version and folders; writes nothing. By a cursor folders are known that
        were renamed since."""
        ...

    def prove(self, letter: Letter, task: Task, wait: Callable[[float], None]) -> Iterator[Proof]:
        """Try on this server what ackd relies on, by a letter to the owner, a task and a folder, and
        remove them again; `wait` passes seconds."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...


class Ledger(Protocol):
    """The durable record. Every method is one transaction and raises errors.LedgerError when
    it couldn't be done; then nothing of it was done. See ledger.store for the meanings."""

    def prune(self, before: datetime) -> None: ...
    def adopt(self, tasks: Collection[SeenTask], now: datetime, drafted: Collection[str] = ...) -> None: ...
    def found(self, tokens: Collection[str]) -> frozenset[str]: ...
    def drafted(self, tokens: Collection[str]) -> None: ...
    def found_by_look(self, message_id: str) -> bool: ...
    def value(self, key: str) -> str | None: ...
    def remember(self, key: str, value: str | None) -> None: ...
    def swap(self, key: str, seen: str | None, value: str | None) -> bool: ...
    def known(self, message_ids: Iterable[str]) -> frozenset[str]: ...
    def thread(self, mail: Mail) -> Thread: ...
    def record(
        self,
        *,
        sync_state: str,
        decisions: Collection[Decision],
        sent: Collection[SentMail],
        tasks: Collection[SeenTask],
        tokens: Collection[str],
        now: datetime,
        mode: Mode,
        values: Mapping[str, str],
        begun: Mapping[str, str] = ...,
        drafted: Collection[str] = ...,
        followed: FollowUp = ...,
    ) -> None: ...
    def snapshots(self, message_ids: Iterable[str]) -> Mapping[str, PromiseSnapshot]: ...
    def behind(self, message_ids: Collection[str], letters: Mapping[str, str]) -> Mapping[str, str]: ...
    def in_conversations(self, conversations: Collection[str]) -> Mapping[str, PromiseSnapshot]: ...
    def tasks_gone(
        self, items: Collection[str], folders: Collection[str] = ...
    ) -> tuple[TrackedTask, ...]: ...
    def task_folders(self) -> tuple[str, ...]: ...
    def overdue(self, now: datetime) -> tuple[PromiseSnapshot, ...]: ...
    def task_updates(self) -> tuple[PromiseSnapshot, ...]: ...
    def category_updates(self) -> tuple[CategoryUpdate, ...]: ...
    def has_updates(self) -> bool: ...
    def track_tasks(self, tasks: Collection[TrackedTask], *, done: bool = False) -> None: ...
    def forget_tasks(self, tokens: Collection[str]) -> None: ...
    def history(self, since: datetime, until: datetime) -> tuple[Event, ...]: ...
    def courses(self, since: datetime, until: datetime) -> tuple[Course, ...]: ...
    def undelivered(self, since: datetime) -> tuple[Pending, ...]: ...
    def categories_updated(self, message_ids: Collection[str]) -> None: ...
    def due(self, now: datetime, kind: EffectKind, limit: int) -> tuple[Pending, ...]: ...
    def due_kinds(self, now: datetime) -> frozenset[EffectKind]: ...
    def unseen(self, kind: EffectKind) -> tuple[Pending, ...]: ...
    def in_state(self, *states: EffectState) -> tuple[Pending, ...]: ...
    def attempting(
        self,
        tokens: Collection[str],
        now: datetime,
        stamp: Stamp | None = ...,
        *,
        unless: str | None = ...,
    ) -> frozenset[str]: ...
    def count_anew(self, tokens: Collection[str], stamp: Stamp) -> None: ...
    def settle(self, outcomes: Mapping[str, Outcome]) -> None: ...
    def put(self, tokens: Collection[str], state: EffectState, note: str) -> None: ...
    def plan_anew(self, token: str, now: datetime, note: str, *, is_draft: bool = ...) -> None: ...
    def send_again(self, token: str, now: datetime, note: str) -> None: ...
    def reschedule(self, promise: Promise) -> None: ...
    def close_promise(self, message_id: str, state: PromiseState, now: datetime, why: str) -> None: ...
    def withdraw_unsent(self, now: datetime, why: str) -> int: ...
    def acknowledged_since(self, moment: datetime, asker: str | None = None, *, previewed: bool) -> int: ...
    def judged(self, since: datetime) -> tuple[Judged, ...]: ...
    def log(self, wanted: LogFilter) -> tuple[LogEntry, ...]: ...
    def open_promises(self) -> tuple[Promise, ...]: ...
    def count_open(self) -> int: ...
    def count_effects(self, state: EffectState) -> int: ...
    def close(self) -> None: ...
