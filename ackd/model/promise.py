"""Promises and the effects that make them known."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from ackd.model.lesson import Traits
from ackd.model.letter_name import LetterName
from ackd.model.mail import Address, Importance, Sensitivity, Urgency
from ackd.model.stamp import Stamp

#: What a task remembers in place of how often its date was told anew: it was never told.
UNTOLD = -1


class PromiseState(enum.StrEnum):
    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"

    @property
    def can_be_kept(self) -> bool:
        """Whether an answer of the owner's may still keep it: also one whose task was ticked off."""
        return self in (PromiseState.OPEN, PromiseState.DROPPED)


@dataclass(frozen=True, slots=True)
class Question:
    """What a promise needs to know of the mail that asked. Its text leaves the ledger with the
    last effect that needs it."""

    message_id: str
    asker: Address
    subject: str
    received: datetime
    language: str
    urgency: Urgency = Urgency.NORMAL
    deadline: datetime | None = None
    sentence: str = ""
    text: str = ""
    references: tuple[str, ...] = ()
    sensitivity: Sensitivity = Sensitivity.NORMAL
    importance: Importance = Importance.NORMAL
    conversation: str | None = None
    letter: LetterName = LetterName.RECEIVED
    contact: Address | None = None  # whom the letter names instead
    category: str = ""  # of the task; empty: the usual one
    asker_offset: int | None = None  # minutes east of UTC by the asker's clock; None: not known
    item: str = ""  # the mail's own name in the mailbox when it was judged
    web_link: str = ""  # where the mail opens in a browser
    commanded: bool = False  # the owner told ackd to answer it, however old it is
    reply_to: tuple[str, ...] = ()  # where the asker wants answers, as addresses compare
    said: str = ""  # a salted hash of what the mail says; empty: not known
    is_held: bool = False  # a limit left it without a letter, and with its task alone
    traits: Traits | None = None  # what the owner's word on it would be a lesson of

    @property
    def is_referred(self) -> bool:
        """The letter itself is the owner's answer: can't help, or somebody else can."""
        return self.letter.refers

    @property
    def referral(self) -> LetterName:
        """The letter that says that the owner can't help: with whom to ask instead, where that is known."""
        return LetterName.REDIRECT if self.contact else LetterName.CANNOT_HELP

    @property
    def answered_after_all(self) -> Question:
        """The question where the owner promises an answer, whatever its letter was to say or said."""
        return replace(self, letter=LetterName.RECEIVED, contact=None) if self.is_referred else self

    @property
    def asks_for_more(self) -> bool:
        """The letter asks the asker for what the owner needs to answer."""
        return self.letter is LetterName.MORE_INFORMATION


@dataclass(frozen=True, slots=True)
class Promise:
    """When the owner will answer a question, and what became of it.

    `told` is the date that the asker knows, None before a letter is out. `moves` counts the new
    dates that the asker was given. `waits`: a letter is out that asks for more, and the promise
    rests until the asker writes. `why` says in words what closed it."""

    question: Question
    due: datetime
    reminder: datetime
    state: PromiseState = PromiseState.OPEN
    told: datetime | None = None
    moves: int = 0
    waits: bool = False
    why: str = ""

    @property
    def is_held(self) -> bool:
        """Whether a limit holds its letter, which the owner hasn't ordered."""
        return self.question.is_held and self.told is None and not self.question.commanded

    @property
    def shown_moves(self) -> int:
        """What its task remembers of `moves`: `UNTOLD` while its asker knows no date, since a limit holds the
        letter."""
        return UNTOLD if self.question.is_held and self.told is None else self.moves

    @property
    def is_of_answer(self) -> bool:
        """Whether it promises an answer. A letter that refers the asker elsewhere promises nothing: what
        stands here until it is out is in no count that a person reads."""
        return not self.question.is_referred


class EffectKind(enum.StrEnum):
    """In the order in which effects are done: what comes after the letter waits for it."""

    HOLD_NOTICE = "hold"  # a mail to the owner: sending has stopped
    ALARM = "alarm"  # a mail to the owner: what keeps ackd from its work, and what doesn't any more
    ALARM_TASK = "alarm-task"  # a task for the owner: the same
    ACKNOWLEDGEMENT = "acknowledgement"
    NEW_DATE = "new-date"  # the asker learns the date to which the owner moved the promise
    CANNOT_HELP = "cannot-help"  # the owner can't help after all
    NEED_MORE = "more-information"  # the owner needs more to answer
    APOLOGY = "overdue"  # a draft for the owner to send: the promise is overdue
    OVERDUE_NOTICE = "overdue-notice"  # a mail to the owner: the promise is overdue
    OVERDUE_LIST = "overdue-list"  # the same of several promises at once
    DRAFT_NOTICE = "draft-notice"  # a mail to the owner: an urgent acknowledgement waits in Drafts
    DRAFT_LIST = "draft-list"  # the same of several at once
    TASK = "task"
    APPOINTMENT = "appointment"
    DIGEST = "digest"  # a mail to the owner: what there is to know this morning

    @property
    def is_notice(self) -> bool:
        """Whether it tells the owner what belongs to no single promise (`NOTICES`). One that fails is
        given up: the next one tells what it told."""
        return self in _NOTICES

    @property
    def is_to_owner(self) -> bool:
        """Whether it is a mail to the owner."""
        return self.is_notice or self in _LISTS

    @property
    def list_of_several(self) -> EffectKind | None:
        """The one mail that tells of several promises what this kind tells of one."""
        return _LISTS.get(self)

    @property
    def goes_while_held(self) -> bool:
        """Whether it tells the owner what is the matter, also while sending is held."""
        return self in _WHILE_HELD

    @property
    def is_task(self) -> bool:
        """Whether it is a task, of a promise or of none."""
        return self in (EffectKind.TASK, EffectKind.ALARM_TASK)

    @property
    def is_owner_item(self) -> bool:
        """Whether it is made for the owner alone, and shows the question's text."""
        return self in (EffectKind.TASK, EffectKind.APPOINTMENT)

    @property
    def is_letter(self) -> bool:
        """Whether it is a mail: to the asker or to the owner."""
        return not self.is_owner_item and self is not EffectKind.ALARM_TASK


_LISTS = {
    EffectKind.OVERDUE_NOTICE: EffectKind.OVERDUE_LIST,
    EffectKind.DRAFT_NOTICE: EffectKind.DRAFT_LIST,
}
_WHILE_HELD = frozenset((EffectKind.HOLD_NOTICE, EffectKind.ALARM, EffectKind.ALARM_TASK))
_NOTICES = frozenset((*_WHILE_HELD, EffectKind.DIGEST, *_LISTS.values()))


class EffectState(enum.StrEnum):
    """`planned → attempting → done`, in draft mode with `drafted` before `done`; a refused or
    doubtful one is `parked`, a needless one `cancelled`. `unknown` was attempted with a doubtful
    outcome and is looked for."""

    PLANNED = "planned"
    ATTEMPTING = "attempting"
    UNKNOWN = "unknown"
    DRAFTED = "drafted"
    DONE = "done"
    PARKED = "parked"
    CANCELLED = "cancelled"

    @property
    def is_out(self) -> bool:
        """Whether it is done, or may be."""
        return self in (EffectState.DONE, EffectState.ATTEMPTING, EffectState.UNKNOWN)

    @property
    def is_settled(self) -> bool:
        """Whether nothing becomes of it any more."""
        return self in (EffectState.DONE, EffectState.CANCELLED)

    @property
    def is_unfinished(self) -> bool:
        """Whether something becomes of it without a person's word on a case."""
        return not self.is_settled and self is not EffectState.PARKED

    @property
    def frees_task(self) -> bool:
        """Of an acknowledgement: whether no task waits for it any more. A cancelled one of an open
        promise isn't needed, since the owner has told the asker."""
        return self.is_settled or self is EffectState.DRAFTED


#: The note of an effect that was found in the mailbox, not done by this ledger's daemon.
SEEN = "seen in the mailbox"
#: The same of a letter that another ackd sent by the owner's order, since its promise had ended by then.
ORDERED_SINCE = "seen in the mailbox: sent by your order after the promise had ended"
#: Why an effect is parked, where no server said it.
UNKNOWABLE = "it can't be known whether it went out"
TASK_VANISHED = "the server said it was made, but it isn't there"
TASK_GONE = "acknowledged, but its task is gone: deleted by you, or never made"
DOUBTFUL = (
    "the server said that sending it failed, yet there is a copy in Sent Items: whether it reached "
    "anybody can't be known. Ask the colleague, or send it again"
)
TASK_UNKNOWN = "the mailbox is reached in another way now, and which task is this one can't be told for sure"
DRAFT_UNKNOWN = "the mailbox is reached in another way now, and this draft isn't found: sent, or deleted"
PARKED_NOTES = (UNKNOWABLE, TASK_VANISHED, TASK_GONE, DOUBTFUL, TASK_UNKNOWN, DRAFT_UNKNOWN)


_MOST_TASKS = 50  # of one question


@lru_cache(maxsize=1024)  # each is asked for many times on the way of a mail
def token_of(message_id: str, kind: EffectKind, occasion: str = "") -> str:
    """The effect's identity: the same on every machine, 32 hexadecimal digits. `occasion` tells
    effects apart that a promise may need more than once."""
    what = f"ackd 1 {kind.value} {message_id.strip()}{occasion and ' ' + occasion}"
    return hashlib.sha256(what.encode()).hexdigest()[:32]


def task_number(message_id: str, token: str) -> int:
    """Which task of a question it is: 0 the first, more each time that the owner took the question
    up again; -1 if it is none of them."""
    return next((n for n, name in enumerate(_tasks(message_id)) if name == token), -1)


def earlier_tasks(message_id: str, token: str) -> tuple[str, ...]:
    """The tokens of the tasks of a question that were made before the one with this token."""
    number = task_number(message_id, token)
    return tuple(name for n, name in enumerate(_tasks(message_id)) if n < number)


def _tasks(message_id: str) -> Iterator[str]:
    return (token_of(message_id, EffectKind.TASK, str(n) if n else "") for n in range(_MOST_TASKS))


def notice_token(occasion: str) -> str:
    """The identity of a mail to the owner that belongs to no single promise."""
    return hashlib.sha256(f"ackd 1 notice {occasion}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Failure:
    """A letter of which the server said that sending it failed: of which request it was, at which place
    there, and whether a copy of it stood in Sent Items all the same."""

    request: int
    place: int
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing to do in the mailbox, at the earliest at `not_before`.

    `verify_first`: another ackd, or this one before it lost its ledger, may have done it already, so
    its token is searched for in the mailbox first. `moment` is the date that a letter names, where
    it isn't the promise's own; of an acknowledgement only once it has lain in Drafts.
    """

    kind: EffectKind
    message_id: str  # of the question
    not_before: datetime
    state: EffectState = EffectState.PLANNED
    tries: int = 0
    attempted: datetime | None = None
    note: str = ""
    verify_first: bool = False
    number: int = 0  # in the ledger, for people to name it
    occasion: str = ""
    moment: datetime | None = None
    stamp: Stamp | None = None  # when it was attempted, by clocks that nobody sets
    seen: bool = False  # its token stood in the mailbox
    failure: Failure | None = None

    @property
    def token(self) -> str:
        """Its identity, the same on every machine."""
        if self.kind.is_notice:
            return notice_token(f"{self.kind.value} {self.occasion}")
        return token_of(self.message_id, self.kind, self.occasion)

    @property
    def is_later_letter(self) -> bool:
        """Whether it is a letter to the asker that comes after the acknowledgement."""
        kind = self.kind
        return kind.is_letter and not kind.is_to_owner and kind is not EffectKind.ACKNOWLEDGEMENT

    @property
    def was_drafted(self) -> bool:
        """Whether it is an acknowledgement that lies in Drafts, or did: the owner's to send."""
        return self.kind is EffectKind.ACKNOWLEDGEMENT and self.moment is not None


#: The name under which the ledger keeps the effects that belong to no single promise.
NOTICES = "ackd:notices"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
#: What stands in place of their promise: it is in no record, and nothing becomes of it.
NO_PROMISE = Promise(
    Question(NOTICES, Address(""), subject="", received=_LONG_AGO, language="en"),
    due=_LONG_AGO,
    reminder=_LONG_AGO,
)
