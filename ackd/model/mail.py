"""A mail, and what is true of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from ackd.model.lesson import Taught, Traits


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with its display name, as the mail gives them (neither is trusted)."""

    email: str
    name: str = ""

    @property
    def key(self) -> str:
        """The form in which addresses compare: lower case, no surrounding white space."""
        return self.email.strip().lower()

    @property
    def words(self) -> str:
        """As a text names somebody: "Carol Reed (carol@corp.example)", the address alone without a name."""
        return f"{self.name} ({self.email})" if self.name else self.email


class Importance(enum.StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Sensitivity(enum.StrEnum):
    NORMAL = "normal"
    PERSONAL = "personal"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"

    @property
    def is_secret(self) -> bool:
        """Private or confidential: no text of it goes into the task or the ledger."""
        return self in (Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL)


class Suppressed(enum.IntFlag):
    """What a sender wants no mail programs and servers to send back ([MS-OXOMSG] 2.2.1.77)."""

    DELIVERY_REPORT = 0x1
    NON_DELIVERY_REPORT = 0x2
    READ_RECEIPT = 0x4
    NON_READ_RECEIPT = 0x8
    OUT_OF_OFFICE = 0x10
    AUTOMATIC_REPLY = 0x20

    @classmethod
    def of(cls, bits: int) -> Suppressed:
        """From a number; bits without a meaning are left out."""
        return cls(bits & sum(cls))

    @property
    def words(self) -> str:
        """By their names, for the record."""
        return ", ".join((one.name or "").lower().replace("_", " ") for one in self)


_NONE = Suppressed(0)


@dataclass(frozen=True, slots=True)
class Mail:
    """An incoming message as ackd reads it.

    `headers` keeps every occurrence in order; None means that they couldn't be read. `sender`
    is the From address (`from_count` says how many From addresses there were: more than one is
    suspicious). A value that the mailbox couldn't give is None: unknown, never "no".
    `unreadable` names, in words, what the mailbox gave in a form that can't be read, or should
    have given and didn't. `unread` says why the mail itself couldn't be read: most is unknown then.
    `reread`: it was given so before, and can be read now.
    """

    message_id: str
    received: datetime
    subject: str
    sender: Address | None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    from_count: int = 1
    text: str = ""
    html: str | None = None
    headers: tuple[tuple[str, str], ...] | None = ()
    sent: datetime | None = None
    item_class: str | None = "IPM.Note"
    importance: Importance = Importance.NORMAL
    sensitivity: Sensitivity = Sensitivity.NORMAL
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    conversation: str | None = None
    categories: tuple[str, ...] = ()
    has_attachments: bool = False
    is_draft: bool = False
    folder: str = "Inbox"
    is_marked_answered: bool = False  # a mail program noted that it was replied to
    suppressed: Suppressed = _NONE  # replies that the sender doesn't want
    auto_forwarded: bool | None = None
    unreadable: tuple[str, ...] = ()
    unread: str = ""
    reread: bool = False
    item: str = ""  # the backend's own name of the item; it changes when the mail is moved
    web_link: str = ""  # where it opens in a browser
    token: str | None = None  # on ackd's own letters
    was_carried: bool = True  # by transport; False: a copy that a mail program saved where it lies


@dataclass(frozen=True, slots=True)
class MailHead:
    """Who wrote a mail, and its header fields: every occurrence in order, None where they couldn't be
    read."""

    sender: Address | None
    headers: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class Owner:
    """The person whose mailbox it is: the address, the aliases, the name to sign with, and the names by
    which colleagues greet."""

    address: str
    name: str
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """All of the owner's addresses in the form in which addresses compare."""
        return frozenset(a.strip().lower() for a in (self.address, *self.aliases))


class Urgency(enum.StrEnum):
    URGENT = "urgent"
    NORMAL = "normal"
    NO_RUSH = "no_rush"


class Audience(enum.StrEnum):
    """To whom the sentence that asks is put, by name or plainly."""

    OPEN = "open"  # to nobody by name
    OWNER = "owner"
    EVERYONE = "everyone"
    OTHER = "other"  # to another recipient
    NICKNAME = "nickname"  # to a name that nobody in the mail bears, where nobody else is in To
    STRANGER = "stranger"  # to somebody who is not among the recipients


@dataclass(frozen=True, slots=True)
class Request:
    """How probable it is that the reader owes an answer or an action, by which sentence, and to
    whom that sentence is put (`called` is the name as it is written). `is_unlike`: the mail is unlike all
    that the judge learned from, and counts for less. `taught` is what the owner's lessons have moved the
    probability by."""

    probability: float
    sentence: str = ""
    audience: Audience = Audience.OPEN
    called: str = ""
    is_unlike: bool = False
    taught: Taught | None = None


@dataclass(frozen=True, slots=True)
class Fleeting:
    """What a mail asks for is over, or nearly, before a letter would help: `what` it asks for, in words that
    follow "it asks for"; `is_work` tells a real task from a coffee, a call or small talk; `quote` is text of
    the mail that shows it."""

    what: str
    is_work: bool = False
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Clue:
    """What speaks for a machine (weight > 0) or for a person (weight < 0). `words` say it to the owner,
    `quote` is text of the mail that shows it; the ledger never keeps that."""

    weight: int
    words: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Clues:
    """All clues in a mail. `automatic`: the text itself tells that no person wrote it, whatever else
    speaks."""

    every: tuple[Clue, ...] = ()
    automatic: Clue | None = None

    @property
    def weight(self) -> int:
        """How strongly they speak for a machine."""
        return sum(clue.weight for clue in self.every)

    @property
    def words(self) -> str:
        """What speaks for a machine, the strongest first."""
        return "; ".join(clue.words for clue in self._for_a_machine())

    @property
    def quote(self) -> str:
        """Text of the mail that shows the strongest of it."""
        return next((clue.quote for clue in self._for_a_machine() if clue.quote), "")

    def _for_a_machine(self) -> list[Clue]:
        return sorted((clue for clue in self.every if clue.weight > 0), key=lambda clue: -clue.weight)


@dataclass(frozen=True, slots=True)
class Thread:
    """What ackd knows of the conversation that a mail belongs to, from the ledger."""

    answered: bool = False  # the owner has answered this very mail
    open_promise: bool = False  # a promise to its sender is open in this conversation
    owner_asked: bool = False  # the mail answers a mail of the owner's
    question: str = ""  # the Message-ID of the question whose promise is open
    copy_of: str = ""  # the Message-ID of a question of the same sender that said the same
    repeats: int = 0  # earlier mails of a sender who was never answered that say the same


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a mail without opinion. `header` names are in lower case. `traits` are what a lesson
    would keep of it, None where there is no ledger, or nothing to learn from."""

    mail: Mail
    owner: Owner
    headers: tuple[tuple[str, str], ...] | None
    new_text: str
    language: str | None  # ISO 639-1, None where it can't be told
    request: Request
    urgency: Urgency
    owner_in_to: bool
    owner_in_cc: bool
    recipients: int  # distinct addresses in To and Cc
    thread: Thread = Thread()
    zone: tzinfo = UTC  # in which the sender means hours
    fleeting: Fleeting | None = None
    clues: Clues = Clues()
    traits: Traits | None = None

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in order, by its name in any case."""
        wanted = name.lower()
        return tuple([value for key, value in self.headers or () if key == wanted])
