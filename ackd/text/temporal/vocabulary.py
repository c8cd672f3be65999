"""What the deadline rules know of one language; a file of `words/` fills it in.

Phrases are separated by commas; case and accents don't matter. A mapping is written as
"phrase = value" lines.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from ackd.text.languages import LANGUAGES
from ackd.text.temporal.tokens import Phrases, Token, plain


@dataclass(frozen=True)
class Words:
    """The words of one language.

    Cues: `by` (that moment included), `before` (not included), `latest` (after the moment:
    "… at the latest"), `strong` (nothing but a deadline: "no later than"), `weak` (a date in a
    request may be meant: "for Friday"), `until` (counts with `have`: "you have until Friday"),
    `within` (a span of time), `soft` (a span that may be meant: "in two days").
    Moments: `days` ("tomorrow = 1", "tonight = 0 night"), `weekdays`, `months`, `parts` of the
    day ("noon = noon"; also morning, afternoon, evening, night, end), `periods` ("end of the
    week = week 0", "end of next month = month 1"), `ends` ("end of" before a month's name),
    `this`, `coming` (the next to come), `following` (the one of next week), `week_on` ("next
    week" after a weekday), `noise` that may stand between the parts of a moment.
    Numbers: `day_marks` go before a day of the month alone ("le" in "le 15"), `ordinals` after
    it ("th"), `after_day` may follow it; `clock_marks` go before an hour ("at"; `hour_articles`
    are enough to tell an hour: "las 5"), `clock_units` after it ("Uhr"); `numbers`, and `units`
    ("hours = hour"; also minute, day, business, week, month). `dots`: 15.11. is a date;
    `dot_days`: 15. is a day; `bare_days`: a day of the month needs a mark, but no ending;
    `month_first`: 11/15 may be a date; `farewells`: a cue and a day alone say good-bye ("Bis
    morgen!").
    Context: `ask` a request; `own` what others than the reader do, or what will be; `past`;
    `away` absences; `event` an appointment; `not_after` turns the moment into something else;
    "today" is no deadline right after a word of `linked` ("since") or soon after one of `told`
    ("received"); `conjunctions` begin a clause. "^send" counts only at a clause's beginning,
    "…aré" is an ending.
    """

    by: str
    before: str
    latest: str
    strong: str
    weak: str
    until: str
    have: str
    within: str
    soft: str
    days: str
    weekdays: str
    months: str
    parts: str
    periods: str
    ends: str
    this: str
    coming: str
    following: str
    week_on: str
    noise: str
    day_marks: str
    ordinals: str
    after_day: str
    clock_marks: str
    clock_units: str
    numbers: str
    units: str
    ask: str
    own: str
    past: str
    away: str
    event: str
    not_after: str
    linked: str
    told: str
    conjunctions: str
    hour_articles: str = ""
    dots: bool = True
    dot_days: bool = False
    bare_days: bool = False
    farewells: bool = False
    month_first: bool = False

    @cached_property
    def cues(self) -> Phrases:
        """Every cue; one that is of two kinds counts as the surer one."""
        kinds = ("strong", "by", "before", "within", "until", "weak", "soft")
        known: dict[str, str] = {}
        for kind in reversed(kinds):
            known.update((phrase, kind) for phrase in _list(getattr(self, kind)))
        return Phrases(known.items())

    @cached_property
    def _first_words(self) -> frozenset[str]:
        tables = ("days", "weekdays", "months", "parts", "periods")
        lists = ("ends", "this", "coming", "following")
        return frozenset().union(
            *(self.table(field).first_words for field in tables),
            *(self.phrases(field).first_words for field in lists),
        )

    def may_begin(self, token: Token) -> bool:
        """Whether a moment may begin with this token."""
        return token.kind == "number" or token.norm in self._first_words

    def phrases(self, field: str) -> Phrases:
        """A field of phrases, to be found."""
        return _phrases(getattr(self, field))

    def table(self, field: str) -> Phrases:
        """A field of "phrase = value" lines, to be found."""
        return _table(getattr(self, field))

    def set_of(self, field: str) -> frozenset[str]:
        """A field of single words."""
        return _set(getattr(self, field))


@cache
def words_of(language: str) -> Words:
    """The words of a language; English for one that isn't known."""
    code = language if language in LANGUAGES else "en"
    words = importlib.import_module(f"ackd.text.languages.{code}.temporal").WORDS
    assert isinstance(words, Words)
    return words


def _list(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.replace("\n", ",").split(",") if phrase.strip()]


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """ "a, b = value" → (a, value), (b, value); a line that ends with a comma goes on."""
    for line in text.replace(",\n", ", ").strip().splitlines():
        phrases, value = line.split("=")
        for phrase in _list(phrases):
            yield phrase, value.strip()


@cache
def _phrases(text: str) -> Phrases:
    return Phrases((phrase, phrase) for phrase in _list(text))


@cache
def _table(text: str) -> Phrases:
    return Phrases(_pairs(text))


@cache
def _set(text: str) -> frozenset[str]:
    return frozenset(plain(word) for word in _list(text))
