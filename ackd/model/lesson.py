"""A lesson: what the owner said of a mail, with what of it is kept to learn from. Never its text."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class MailKind(enum.StrEnum):
    """What kind of mail it is, as far as a lesson goes. The ledger keeps kinds by these texts: none is ever
    renamed."""

    FORWARD = "forward"
    REPORT = "report"  # its subject calls itself a status, a report, minutes, …
    ANSWER = "answer"
    QUESTION = "question"  # the sentence that rather asks ends as a question
    REQUEST = "request"  # that sentence has words that ask
    TELLING = "telling"  # none of these

    @property
    def words(self) -> str:
        """As a text names several of them."""
        return _KINDS[self]


_KINDS = {
    MailKind.FORWARD: "forwarded mails",
    MailKind.REPORT: "status mails",
    MailKind.ANSWER: "answers",
    MailKind.QUESTION: "questions",
    MailKind.REQUEST: "requests",
    MailKind.TELLING: "mails that tell something",
}


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a mail is kept to learn from: its `sender` and the words of its asking sentence and subject as
    hashes with the ledger's own key, its kind, and which kinds of phrases that sentence has. `chance` is the
    probability that it asks, as the classifier says; `taught` the same with the lessons as they were when it
    was judged, whether they counted then or not."""

    sender: str
    kind: MailKind
    phrases: tuple[str, ...]
    chance: float = 0.0
    taught: float = 0.0


class Basis(enum.StrEnum):
    """By what of a mail lessons move it."""

    BOTH = "both"  # its sender together with its kind
    SENDER = "sender"
    KIND = "kind"
    PHRASES = "phrases"  # of the sentence that asks, with words of it and of the subject


@dataclass(frozen=True, slots=True)
class Taught:
    """How far lessons move the log odds that a mail asks (`shift`), and why: so many lessons said so of mails
    that have in common with it what moves it most."""

    shift: float
    count: int
    basis: Basis
    kind: MailKind


class Act(enum.StrEnum):
    """By what the owner said it. The ledger keeps acts by these texts: none is ever renamed."""

    ORDERED = "ordered"
    NO_QUESTION = "no_question"
    DRAFT_DELETED = "draft_deleted"
    DRAFT_SENT = "draft_sent"
    SAID_YES = "said_yes"
    SAID_NO = "said_no"

    @property
    def asks(self) -> bool:
        """Whether the owner says by it that the mail asks for an answer or an action."""
        return self in (Act.ORDERED, Act.DRAFT_SENT, Act.SAID_YES)

    @property
    def strength(self) -> float:
        """How much it counts, from 0 to 1: a draft may be deleted for another reason, and is sent easily."""
        return {Act.DRAFT_DELETED: 0.5, Act.DRAFT_SENT: 0.25}.get(self, 1.0)

    @property
    def words(self) -> str:
        """What the owner did, as a sentence goes on after "you"."""
        return _ACTS[self]


_ACTS = {
    Act.ORDERED: "had a letter written",
    Act.NO_QUESTION: "said that it is no question",
    Act.DRAFT_DELETED: "deleted the draft",
    Act.DRAFT_SENT: "sent the draft",
    Act.SAID_YES: "said that it was a question",
    Act.SAID_NO: "said that it was none",
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the owner said of a mail, when. `number` is the ledger's, by which people name it."""

    message_id: str
    at: datetime
    act: Act
    traits: Traits
    number: int = 0
