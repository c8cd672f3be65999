"""The owner's mailbox, as small protocols: whoever needs a part of it names that part.

Reads raise `errors.AckdError`; writes return an outcome for each item, in order. A write raises only
where the server refused the whole request for certain (errors.SignInRefused, AccessBlocked, Busy): then
nothing was done. No write is ever repeated inside an implementation: that the outbox alone decides, after
looking again (docs/design.md, Exactly once).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from ackd.model import (
    Address,
    Appointment,
    CategoryChange,
    Changes,
    Colour,
    Ending,
    ForeignLease,
    Lease,
    Letter,
    Mail,
    MailboxReport,
    MailHead,
    Outcome,
    OwnerCard,
    OwnerSettings,
    Place,
    PlainTask,
    SeenTask,
    SelfTestResult,
    SentMail,
    Signs,
    Task,
    TaskChange,
    TaskMark,
)


class Reading(Protocol):
    """What is in the mailbox, and what is new there."""

    def changes(self, sync_state: str | None, since: datetime | None) -> Changes:
        """One page of what is new since `sync_state`; None starts a listing from the beginning, and so does
        the state of another kind of backend, by which renamed folders are still known.
        Mails received before `since` are not read, with None no mail at all: they are history.
        A watched folder that is missing or can't be read keeps no other from being read:
        `Changes.notes` tells of it, and it is read again when it is back. A server that says for
        ever that more is to come is no more believed after a page that brings nothing new.

        A mail that can't be read never keeps the others back: it comes with `Mail.unread` once it
        was tried some times, and once more, as `reread`, when it can be read after all. While a
        mail of the owner's waits to be read the page says so (`unread_sent`). Pages are bounded in
        bytes. Raises where the server is down: then no mail is blamed."""
        ...

    def search(self, *, message_id: str = "", subject: str = "", limit: int = 20) -> tuple[Mail, ...]:
        """Mails in the watched folders with this Message-ID, whose subject has all these words
        (in any case, parts of words too): the newest first, at most `limit`."""
        ...

    def mails(self, message_ids: Collection[str]) -> Mapping[str, Mail]:
        """Mails in the watched folders by their Message-IDs. What isn't there, or can't be read, is
        missing. One search for 50 of them, and reads bounded in bytes for what is found."""
        ...

    def past(
        self, since: datetime, most: int | None = None, *, answered: bool = False
    ) -> Iterator[Mail | SentMail]:
        """What came into the watched folders and what was sent since a moment, the oldest first;
        of more than `most` mails that came, the newest; with `answered` only those that the owner
        answered. Read bit by bit while it is asked for; no sync state is kept. A mail that can't be
        read comes with everything unknown."""
        ...

    def signs(self, questions: Mapping[str, str]) -> Signs:
        """What speaks against acknowledging these questions, by Message-ID, each with the item's own
        name as it was known last: one request for 50 of them, and some more only for what isn't where
        it was. What the server doesn't tell for certain is no sign."""
        ...


class Writing(Protocol):
    """Letters and calendar entries of ours by their tokens, and categories."""

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Send the letters and keep copies in Sent Items that carry the tokens."""
        ...

    def send_unsent(self, tokens: Sequence[str]) -> list[Outcome]:
        """Send the very letters that `find` showed as `Place.UNSENT`; nothing is made anew. Where one
        isn't there any more, its outcome is `Unknown`: it may be out."""
        ...

    def draft(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Put the letters into Drafts, with their tokens."""
        ...

    def create_appointments(self, appointments: Sequence[Appointment]) -> list[Outcome]:
        """Create calendar entries, shown as free."""
        ...

    def find(self, tokens: Collection[str]) -> Mapping[str, Place]:
        """Where the tokens are, of those that are in Sent Items, Drafts, Outbox, a task folder or
        Deleted Items, where drafts are told from what was sent, and letters that were made to be sent at
        once and surely weren't (`Place.UNSENT`) from both. `Place.UNCLEAR` is what this can't be told
        of. A restricted search: for doubtful outcomes, not for the daily look."""
        ...

    def draft_links(self, tokens: Collection[str]) -> Mapping[str, str]:
        """Where drafts of ours open in a browser, by token; what isn't in Drafts is missing. One request
        for 50 of them."""
        ...

    def remove(
        self, tokens: Collection[str], *, untouched_since: datetime | None = None, for_good: bool = True
    ) -> frozenset[str]:
        """Delete drafts, unsent letters, tasks and calendar entries of ours, for good or into Deleted
        Items; returns the tokens of those deleted. With `untouched_since` only what nobody changed
        after that moment."""
        ...

    def categorize(self, changes: Sequence[CategoryChange]) -> list[Outcome]:
        """Change categories of mails on a fresh read, also of those that the owner filed into another
        folder; the owner's other ones stay, and nothing else of the mails changes."""
        ...

    def show_categories(self, wanted: Mapping[str, Colour]) -> None:
        """Let the mailbox's own list of categories have these names, so that mail programs offer
        them; those that are there keep their colours. Two requests at most. A server that knows no
        such list, or refuses, is no error."""
        ...


class Tasks(Protocol):
    """The tasks on the owner's desk."""

    @property
    def sees_deleted_tasks(self) -> bool:
        """Whether tasks in Deleted Items can be read. Where they can't, a letter in Sent Items whose task
        is nowhere counts as withdrawn once the ledger was lost: the owner deleted the task."""
        ...

    def create_tasks(self, tasks: Sequence[Task]) -> list[Outcome]:
        """Create the tasks in the owner's task folder."""
        ...

    def tasks(self, tokens: Collection[str] | None = None) -> tuple[SeenTask, ...]:
        """All tasks of ours, or those with these tokens, deleted ones included where they can
        be seen: what a new ledger is rebuilt from, and where a task is looked for that left its list."""
        ...

    def watch_tasks(self, folders: Collection[str]) -> None:
        """From now on `changes` tells of the tasks in these lists too (`SeenTask.folder`)."""
        ...

    def unmarked_tasks(self, items: Collection[str]) -> tuple[PlainTask, ...]:
        """All tasks of the owner's in which this backend sees no mark of ours, those in Deleted Items too
        where they can be seen: a task that another kind of backend made carries its mark where this one may
        not see it. `items` are names by which tasks were known, by whichever kind; `PlainTask.was` says
        which of them are these. For once, when a mailbox is reached in another way: it goes through all
        lists."""
        ...

    def mark_tasks(self, marks: Sequence[TaskMark]) -> list[Outcome]:
        """Let tasks carry our mark as this backend reads it, and remember what they are to remember. What is
        so already stays untouched, so that it may be repeated. Nothing that a person sees changes."""
        ...

    def change_tasks(self, changes: Sequence[TaskChange]) -> list[Outcome]:
        """Change tasks of ours. A new date is written only on a task as it was seen last: one that
        changed since is refused with `retry`. Of other changes the outcome has no key then, since
        the task isn't only as it was written. The owner's own categories stay, and a note that
        stands there isn't added again."""
        ...


class Coordination(Protocol):
    """What keeps several ackds on one mailbox apart, and what a lost ledger is rebuilt by."""

    def watermark(self) -> datetime | None:
        """The moment before which nothing is ever acknowledged, as the mailbox remembers it."""
        ...

    def set_watermark(self, at: datetime) -> datetime:
        """Remember the watermark in the mailbox unless there is one; returns the one in force."""
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

    def leave(self) -> bool:
        """Delete for good what ackd keeps hidden in the mailbox, the watermark and any lease; whether a look
        afterwards shows none of it. Where there is none, nothing is done."""
        ...


class OwnerProfile(Protocol):
    """What the mailbox knows of its owner."""

    def settings(self) -> OwnerSettings:
        """What the mailbox's own settings and calendar say of the owner's time: some requests,
        for now and then. What the server doesn't tell is None."""
        ...

    def card(self) -> OwnerCard:
        """Who the mailbox says that its owner is; two requests."""
        ...

    def language(self) -> str | None:
        """The language of the mailbox, None where it isn't known; one request at most."""
        ...

    def endings(self) -> tuple[Ending, ...]:
        """When something ends that the way to the mailbox rests on, where that is known: certificates,
        secrets, the password, the server's protocol. One request at most, for once a day."""
        ...

    def use_zone(self, zone: ZoneInfo) -> None:
        """From now on dates without a time are those of this zone: the owner's."""
        ...


class Directory(Protocol):
    """Who people are."""

    def same_person(self, address: str, others: Collection[Address]) -> bool:
        """Whether one of these recipients is, by the server's own word, the person with the address: it
        knows both as one mailbox; or it doesn't know the recipient, who goes by the name that the
        directory gives to that mailbox and to no other. Some requests, for now and then."""
        ...

    def expand(self, groups: Collection[str]) -> frozenset[str]:
        """The members of distribution lists: SMTP addresses in lower case, those of nested lists
        too. Raises ConfigError, naming internal.groups, for a list that the server doesn't know
        and for lists that are too large."""
        ...

    def in_directory(self, addresses: Collection[str]) -> frozenset[str] | None:
        """Which of these addresses are those of mailboxes in the organisation's own directory (no guests,
        contacts or lists), in lower case; None where the directory doesn't let itself be asked. A request for
        one of them, or for twenty."""
        ...

    def given_names(self, addresses: Collection[str]) -> Mapping[str, str]:
        """The given names that the organisation's directory has for these addresses, which are in lower case:
        "" for a mailbox that is nobody's, such as a shared one; missing is whom it doesn't know, or doesn't
        tell. A request for one of them, or for twenty."""
        ...


class Inspection(Protocol):
    """A look at the mailbox for `ackd check`."""

    def report(self, sync_state: str | None = None) -> MailboxReport:
        """A look at sign-in, version and folders; writes nothing. By a sync state folders are known that
        were renamed since."""
        ...

    def heads(self, most: int) -> tuple[MailHead, ...]:
        """The newest mails of the watched folders, at most so many, the newest first: who wrote them, and
        their header fields. A request for a hundred, and one to list them where they are listed apart."""
        ...

    def self_test(
        self, letter: Letter, task: Task, wait: Callable[[float], None]
    ) -> Iterator[SelfTestResult]:
        """Try on this server what ackd relies on, by a letter to the owner, a task and a folder, and
        remove them again; `wait` passes seconds."""
        ...


class Mailbox(Reading, Writing, Tasks, Coordination, OwnerProfile, Directory, Inspection, Protocol):
    """All of it, on one connection."""

    @property
    def kind(self) -> str:
        """The kind of backend. Names of things (items, lists, keys) and sync states are a kind's own."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...
