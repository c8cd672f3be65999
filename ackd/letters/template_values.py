"""What a letter may say: the values that templates see, each with its meaning and an example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType

from ackd.letters.dates import day_in_words, in_words
from ackd.letters.sanitize import SUBJECT_LIMIT, bare_subject, one_line
from ackd.model import LetterName

#: What each letter says.
NAMES: Mapping[LetterName, str] = MappingProxyType(
    {
        LetterName.RECEIVED: "the question has arrived, and when the answer comes",
        LetterName.REDIRECT: "the owner can't help; who can",
        LetterName.MORE_INFORMATION: "the owner needs to know more first",
        LetterName.CANNOT_HELP: "the owner can't help",
        LetterName.ABSENT: "the owner is away; when the answer comes, and whom to ask meanwhile",
        LetterName.NEW_DATE: "the promised date has moved",
        LetterName.OVERDUE: "the promised date is over: an apology, and a new date",
    }
)

VARIABLES = MappingProxyType(
    {
        "name": ("how to greet the asker; empty where that isn't sure", "Bob"),
        "owner": ("how the owner signs", "Alice Smith"),
        "owner_address": ("the owner's mail address", "alice@corp.example"),
        "subject": ("the question's subject without Re:; empty if it had none", "Budget 2027"),
        "due": ("when the answer comes; empty if none is promised", "Thursday, 26 November, 17:00"),
        "previous": ("what was promised before; empty without", "Wednesday, 25 November, 17:00"),
        "deadline": ("the deadline that the asker stated; empty without", "Tuesday, 24 November, 12:00"),
        "deadline_missed": ("true if `due` is later than that deadline", "false"),
        "sooner": ("true if `due` is earlier than `previous`", "false"),
        "back": ("the day on which an absent owner is back; empty if unknown", "Monday, 30 November"),
        "contact": (
            "whom to ask instead, by name and address; empty if nobody is named",
            "Carol Reed (carol@corp.example)",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class LetterValues:
    """What is to be said. Moments are aware; they are shown by the owner's clock, so their zone
    is the owner's. `asker_zone` is the reader's, None where it isn't known; `contact` is whom to
    ask instead. Texts may come from a hostile mail: they are cleaned here."""

    asker: str
    owner: str
    owner_address: str
    subject: str
    now: datetime
    due: datetime | None = None
    previous: datetime | None = None
    deadline: datetime | None = None
    back: datetime | None = None
    contact: str = ""
    asker_zone: tzinfo | None = None

    @property
    def deadline_missed(self) -> bool:
        """Whether the answer is promised for later than the asker needs it."""
        return self.deadline is not None and self.due is not None and self.due > self.deadline

    @property
    def sooner(self) -> bool:
        """Whether the answer comes earlier than was promised before."""
        return self.previous is not None and self.due is not None and self.due < self.previous

    def shown(self, language: str) -> dict[str, str | bool]:
        """The values as templates see them: texts on one line, moments in words."""

        def words(moment: datetime | None) -> str:
            return "" if moment is None else in_words(moment, language, self.now, self.asker_zone)

        return {
            "name": one_line(self.asker, 40),
            "owner": one_line(self.owner, 80),
            "owner_address": one_line(self.owner_address, 254),
            "subject": bare_subject(self.subject, SUBJECT_LIMIT - 4),
            "due": words(self.due),
            "previous": words(self.previous),
            "deadline": words(self.deadline),
            "deadline_missed": self.deadline_missed,
            "sooner": self.sooner,
            "back": "" if self.back is None else day_in_words(self.back, language, self.now),
            "contact": one_line(self.contact, 254),
        }
