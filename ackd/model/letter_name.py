"""The letters that colleagues get, by their names."""

from __future__ import annotations

import enum


class LetterName(enum.StrEnum):
    """A letter to an asker, as rules, templates and the ledger name it. What each says: `letters.NAMES`."""

    RECEIVED = "received"
    REDIRECT = "redirect"
    MORE_INFORMATION = "more-information"
    CANNOT_HELP = "cannot-help"
    ABSENT = "absent"
    NEW_DATE = "new-date"
    OVERDUE = "overdue"

    @property
    def refers(self) -> bool:
        """Whether the letter itself is the owner's answer: can't help, or somebody else can."""
        return self in (LetterName.REDIRECT, LetterName.CANNOT_HELP)
