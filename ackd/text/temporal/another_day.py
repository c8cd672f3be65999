"""Whether what sounds urgent ("by noon") is only an hour of another day ("by noon on Thursday")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ackd.text.phrases import Hit
from ackd.text.temporal.vocabulary import words_of
from ackd.text.tokens import tokens_of

_NEAR = 6  # words between an hour and its day
_IN_FIGURES = re.compile(r"\b\d{1,2}[./-]\d{1,2}(?:[./-]|\b)|\b\d{4}-\d{2}-\d{2}\b")
_HALVES = frozenset(("am", "pm"))


def is_of_another_day(said: Sequence[str], hit: Hit, text: str, code: str) -> bool:
    """Whether a phrase among the words of a text is an hour of a day that is named beside it."""
    vocabulary = words_of(code)
    is_cue = said[hit.start] in vocabulary.cues.first_words  # "before", of which the hour comes after
    hour = said[hit.start : hit.end + 2 * is_cue]
    tokens = tokens_of(" ".join(hour))
    is_of_today = any(vocabulary.table("days").at(tokens, k) for k in range(len(tokens)))
    if is_of_today or not any(_is_hour(word, vocabulary.parts_of_day) for word in hour):
        return False
    near = said[max(hit.start - _NEAR, 0) : hit.end + _NEAR]
    days = vocabulary.table("weekdays").first_words | vocabulary.table("months").first_words
    return any(len(word) > 2 and word in days for word in near) or bool(_IN_FIGURES.search(text))


def _is_hour(word: str, parts: frozenset[str]) -> bool:
    return word in parts or word in _HALVES or word.isdigit()
