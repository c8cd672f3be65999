"""What the owner's task says besides the mail's own words, as one language says it (its `letters.txt`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ackd.letters.filled import filled, texts
from ackd.model import Sensitivity


@dataclass(frozen=True, slots=True)
class TaskWords:
    """The fixed words of a task. `subject` has {who} and {when}, which come first because lists cut
    subjects at the end; `asks`, `answer` and `hidden` have {sender}; `promised`, `planned` (nobody was told
    the date so far), `held` (a limit held the letter as the task was made) and `asked` have {when}, `came`
    has {owner} and {when}, `again` has {who} and {when}, `more` has {who}."""

    code: str  # ISO 639-1
    subject: str
    asks: str
    answer: str
    hidden: str
    private: str
    confidential: str
    promised: str
    planned: str
    held: str
    asked: str
    late: str
    message: str
    came: str
    link: str
    search: str
    again: str
    more: str

    def kind(self, sensitivity: Sensitivity) -> str:
        """A secret mail's sensitivity in words."""
        return self.private if sensitivity is Sensitivity.PRIVATE else self.confidential


@cache
def words_in(language: str) -> TaskWords:
    """The words in a language; English for one without letters of its own. Raises ValueError for a language's
    file that lacks one of them."""
    code, said = texts(language, "task")
    return filled(TaskWords, said, code=code)
