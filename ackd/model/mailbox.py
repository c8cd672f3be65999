"""What is written to a mailbox and read from it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ackd.model.mail import Address, Importance, Mail, Sensitivity
from ackd.model.promise import UNTOLD
from ackd.model.record import ForeignLease


@dataclass(frozen=True, slots=True)
class Letter:
    """A text that ackd sends, rendered; to one address. `in_reply_to` is empty for a mail to the
    owner that answers nothing."""

    token: str
    to: Address
    subject: str
    text: str
    html: str
    in_reply_to: str
    references: tuple[str, ...] = ()
    fell_back: str = ""  # why the owner's own template wasn't used; for the owner, never sent


@dataclass(frozen=True, slots=True)
class Task:
    """A task of ours as it is written to the owner's task folder.

    `due_date` is the owner's local date of `promised`; Outlook's tasks have no due hour.
    """

    token: str
    message_id: str  # of the question
    asker: str
    promised: datetime
    subject: str
    body: str
    due_date: date
    reminder: datetime
    categories: tuple[str, ...]
    importance: Importance = Importance.NORMAL
    sensitivity: Sensitivity = Sensitivity.NORMAL
    link: str = ""  # where the question opens in a browser
    moves: int = 0  # see `SeenTask`
    told: datetime | None = None  # see `SeenTask`


@dataclass(frozen=True, slots=True)
class Appointment:
    """A calendar entry of ours, shown as free: the promised moment in the owner's calendar."""

    token: str
    start: datetime
    end: datetime
    subject: str
    body: str
    categories: tuple[str, ...] = ()
    sensitivity: Sensitivity = Sensitivity.NORMAL


#: Sent mails of other classes are no answers: receipts, meeting answers, automatic replies.
ANSWER_CLASSES = ("IPM.Note", "IPM.Note.SMIME", "IPM.Note.SMIME.MultipartSigned")


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail in the owner's Sent Items. `token` is set on ackd's own letters."""

    item: str
    message_id: str
    at: datetime
    to: tuple[Address, ...] = ()  # everybody it went to
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    token: str | None = None
    text: str = ""
    html: str | None = None
    conversation: str | None = None
    is_automatic: bool = False  # an out-of-office reply, a receipt, a meeting answer

    @property
    def targets(self) -> tuple[str, ...]:
        """The Message-IDs that this mail answers, the nearest first."""
        wanted = ([self.in_reply_to] if self.in_reply_to else []) + list(reversed(self.references))
        return tuple(dict.fromkeys(wanted))


@dataclass(frozen=True, slots=True)
class SeenTask:
    """A task of ours as it stands in the mailbox. `key` changes with every change of it; `moves`
    is how often the asker was given a new date, as the task remembers it (`UNTOLD`: not even the first);
    `told` is the date that the asker knows, None where that is the promised one; `folder` names the list that
    it is in, where that isn't the usual one."""

    item: str
    token: str
    message_id: str
    asker: str
    promised: datetime | None
    due_date: date | None
    is_complete: bool = False
    is_deleted: bool = False  # it lies in Deleted Items
    categories: tuple[str, ...] = ()
    key: str = ""
    moves: int = 0
    folder: str = ""
    told: datetime | None = None

    @property
    def known_date(self) -> datetime | None:
        """The date that the asker knows, where a letter is out."""
        return self.told or self.promised

    @property
    def is_untold(self) -> bool:
        """Whether a limit held its letter when it was written."""
        return self.moves == UNTOLD


@dataclass(frozen=True, slots=True)
class PlainTask:
    """A task of the owner's in which a backend sees no mark of ours, as a person sees it. `was` is the name
    by which another backend knew it, where that is certain: then `text` may be left out."""

    item: str
    title: str
    due_date: date | None
    categories: tuple[str, ...] = ()
    text: str = ""
    is_deleted: bool = False  # it lies in Deleted Items
    folder: str = ""  # the list that it is in, where that isn't the usual one
    was: str = ""


@dataclass(frozen=True, slots=True)
class TaskMark:
    """What makes a task known as one of ours, and what it is to remember; see `SeenTask`."""

    item: str
    token: str
    message_id: str
    asker: str
    promised: datetime
    moves: int = 0
    folder: str = ""
    told: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What is to become of a task of ours: only what is set changes. `key` is how the task was
    seen last: a task that changed since is left as it is. `notes` are added at the end of its text;
    `promised`, `told` and `moves` are what the task remembers for a lost ledger."""

    token: str
    item: str
    key: str = ""
    due_date: date | None = None
    reminder: datetime | None = None
    subject: str | None = None
    promised: datetime | None = None
    told: datetime | None = None
    moves: int | None = None
    importance: Importance | None = None
    notes: str = ""
    complete: bool = False
    add: tuple[str, ...] = ()  # categories
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A mail in a watched folder that has categories, as a sync shows it."""

    item: str
    message_id: str
    received: datetime
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """Categories to set and to take away on a mail; the owner's other ones stay. `item` may be
    empty or old: then the mail is looked for by its Message-ID."""

    message_id: str
    item: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Colour(enum.StrEnum):
    """How a category looks in Outlook."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    GRAY = "gray"


@dataclass(frozen=True, slots=True)
class FolderNote:
    """What the owner should know of a folder that is read: in words, and whether it still is."""

    folder: str
    words: str
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of what is new in the mailbox since a sync state.

    `sync_state` is the backend's own, to be stored in the transaction that records the
    page. `complete` is False while further pages wait that bring something. `relisted`: a folder
    was listed from its beginning, so that mails may come that were seen before. `notes`: the
    folders of which the owner should know something; none where all is well. `unread` counts the mails
    that are set aside because the mailbox can't give them; `unread_sent`: a mail of the owner's waits to
    be read, which may be an answer.
    """

    sync_state: str
    complete: bool
    relisted: bool = False
    mails: tuple[Mail, ...] = ()
    sent: tuple[SentMail, ...] = ()
    tasks: tuple[SeenTask, ...] = ()
    marked: tuple[Marked, ...] = ()
    gone: tuple[str, ...] = ()  # items that left their folder
    lists_gone: tuple[str, ...] = ()  # lists of tasks, as they are watched, that are no more
    notes: tuple[FolderNote, ...] = ()
    server_time: datetime | None = None
    unread: int = 0
    unread_sent: bool = False

    @property
    def says_something(self) -> bool:
        """Whether anything has changed at all."""
        return any((self.mails, self.sent, self.tasks, self.marked, self.gone, self.lists_gone))


class Place(enum.StrEnum):
    """Where a thing of ours stands in the mailbox."""

    SENT = "sent"  # Sent Items or Outbox
    UNSENT = "unsent"  # made to be sent at once, and surely not sent: the same one is to be sent
    UNCLEAR = "unclear"  # a letter of which the mailbox doesn't tell whether it was sent
    THROWN_AWAY = "thrown away"  # in Deleted Items, a draft that was never sent
    DRAFTS = "drafts"
    TASKS = "tasks"
    CALENDAR = "calendar"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Recall:
    """A request of a sender's mail program to take a mail back (item class IPM.Outlook.Recall)."""

    sender: Address | None
    subject: str
    received: datetime | None
    answers: tuple[str, ...] = ()  # the Message-IDs that it names
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """What the mailbox shows of questions, by Message-ID, right before they are acknowledged.

    `answered`: their last verb is a reply, or a reply in Drafts; `waiting`: a reply in the Outbox;
    `thrown`: they lie in Deleted Items or Junk and not in the watched folders; `gone`: they were there
    and are in no folder any more. What was filed elsewhere is none of these. `recalls` are
    requests that lie in the watched folders or in Deleted Items. `categories` are those of questions
    in the watched folders that have some.
    """

    answered: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    thrown: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    recalls: tuple[Recall, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SelfTestResult:
    """One thing that ackd relies on, tried on this server: whether it holds (None: it couldn't be
    tried), and what was seen. What isn't `needed` is only convenient."""

    what: str
    holds: bool | None
    found: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class MailboxReport:
    """What a look at the mailbox shows, for `ackd check`: the server's version in words, folders with
    their item counts, what the owner
    should know of the folders, the lease that an ackd holds, and what else the backend found."""

    address: str
    version: str
    server_time: datetime | None
    folders: tuple[tuple[str, int], ...]
    notes: tuple[FolderNote, ...] = ()
    lease: ForeignLease | None = None
    findings: tuple[SelfTestResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The write happened; `item` names what was made or changed and `key` its state, where the
    server says so."""

    item: str = ""
    key: str = ""


class Refusal(enum.Enum):
    """Why a server refuses a write, where its owner or an administrator can see to it."""

    FULL = enum.auto()  # a quota of the mailbox's, or a folder that takes no more
    NOT_ALLOWED = enum.auto()  # the account may not send, or not so much


@dataclass(frozen=True, slots=True)
class Refused:
    """The server refused the write for certain: nothing was done. `failure`: see `Unknown`; `cause`: where
    it is one that somebody can see to."""

    reason: str
    retry: bool = False  # the same write may succeed later
    is_gone: bool = False  # there is no such item any more
    failure: str = ""
    cause: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It can't be told whether the write happened. `failure` names, of letters that were to be sent,
    the request that the server said in full had failed: of its letters, in their order, the last one
    that has a copy in Sent Items may have reached nobody, since servers keep the copy first."""

    reason: str
    failure: str = ""


Outcome = Done | Refused | Unknown
