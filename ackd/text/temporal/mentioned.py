"""Days and hours that a sentence mentions, whatever it says of them. Linear in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from ackd.model import WorkingHours
from ackd.text.temporal.moments import moment_at, resolved
from ackd.text.temporal.stated_moment import Setting
from ackd.text.temporal.vocabulary import Words, words_of
from ackd.text.tokens import Token

_OFFICE = WorkingHours.office()
_LONGEST_CUE = 4  # words before a moment ("no later than", "antes de las")


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A day (None without one), and an hour or a part of it or of today, in UTC (None without one); whether a
    word stands before it that makes a deadline of it."""

    day: date | None
    hour: datetime | None
    is_deadline: bool


def mentioned(text: str, language: str, at: datetime, zone: tzinfo) -> Iterator[Mentioned]:
    """What a text written `at` mentions; hours are meant in `zone`. A weekday is the next to come, never
    today's."""
    words = words_of(language)
    tokens = words.tokens(text)
    setting = Setting(at, zone, _OFFICE)
    k = 0
    while k < len(tokens):
        found = moment_at(tokens, k, words, setting) if _may_begin(tokens[k], words) else None
        if found is None:
            k += 1
            continue
        day = found.day + timedelta(days=7) if found.day and found.again else found.day
        hour = (
            resolved(found, setting, before=False) if found.clock or found.part not in ("", "end") else None
        )
        yield Mentioned(day, hour, _is_deadline(tokens, k, words))
        k = max(found.end, k + 1)


def _may_begin(token: Token, words: Words) -> bool:
    return words.may_begin(token) and token not in words.set_of("noise")


def _is_deadline(tokens: Sequence[Token], k: int, words: Words) -> bool:
    """Whether "by" or the like ends right before token k."""
    starts = range(max(0, k - _LONGEST_CUE), k)
    return any((hit := words.cues.at(tokens, start)) is not None and hit[1] == k for start in starts)
