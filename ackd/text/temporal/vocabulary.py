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
from ackd.text.temporal.tokens import Phrases, Token, plain, tokens_of


@dataclass(frozen=True)
class Words:
    """The words of one language.

    Cues: `by` (that moment included), `before` (not included), `latest` (after the moment:
    "… at the latest"), `strong` (nothing but a deadline: "no later than"), `weak` (a date in a
    request may be meant: "for Friday"), `until` (counts with `have`: "you have until Friday", or
    with `deliver`), `within` (a span of time), `soft` (a span that may be meant: "in two days").
    `never` denies the moment after it ("not before"), `earliest` the one before it, `deny` what is
    to be before it (not beside `forget`: "don't forget", nor before `modals`: "¿no puedes …?").
    `then` is the moment that was named last ("before that = before", "by then = by"). `events` are
    what may be waited for ("before tomorrow's meeting"), with `day_adjectives` ("morgigen").
    Moments: `days` ("tomorrow = 1", "tonight = 0 night"), `weekdays`, `months`, `parts` of the
    day ("noon = noon"; also morning, afternoon, evening, night, end), `periods` ("end of the
    week = week 0", "end of next month = month 1"), `ends` ("end of" before a month's name),
    `this`, `coming` (the next to come), `following` (the one of next week), `week_on` ("next
    week" after a weekday), `noise` that may stand between the parts of a moment. `short_weekdays`
    are days only before a date ("mar. = 1").
    Ranks: `ordinals_told` ("first = 1", "last = -1") of a weekday in a month, of a quarter, of a day
    before its month; `month_refs` ("of the month = 0", "next month = 1"). `week_marks` go before a
    week's number ("KW"), `quarter_marks` before a quarter's ("Q"); `quarters` is the word for one.
    Numbers: `day_marks` go before a day of the month alone ("le" in "le 15"), `ordinals` after
    it ("th"), `after_day` may follow it; `clock_marks` go before an hour ("at"; `hour_articles`
    are enough to tell an hour: "las 5"), `clock_units` after it ("Uhr"), of which `hour_ends` tell
    an hour of the day also where a span might stand ("bis 17h"). `hours` are the hours in words,
    `clocks` what is said with them ("half past H = 30", "M past H = M": H an hour, M minutes, in
    words or figures). `numbers`, and `units` ("hours = hour"; also minute, day, business, week,
    month), `spans` that need no number ("fortnight = 14 day"), `and_half` beside a number or its
    unit. `dots`: 15.11. is a date; `dot_days`: 15. is a day; `bare_days`: a day of the month needs a
    mark, but no ending; `month_first`: 11/15 may be a date; `month_ordinals`: so may the fourth of
    the twelfth; `farewells`: a cue and a day alone say good-bye ("Bis morgen!").
    Context: `ask` a request; `deliver` what can be done by an hour, or until a day; `own` what
    others than the reader do, or what will be; `past`;
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
    never: str
    earliest: str
    deny: str
    forget: str
    modals: str
    then: str
    events: str
    deliver: str
    hours: str
    clocks: str
    spans: str
    and_half: str
    ordinals_told: str
    month_refs: str
    week_marks: str
    quarters: str
    quarter_marks: str
    day_adjectives: str = ""
    short_weekdays: str = ""
    hour_ends: str = "h"
    hour_articles: str = ""
    dots: bool = True
    dot_days: bool = False
    bare_days: bool = False
    farewells: bool = False
    month_first: bool = False
    month_ordinals: bool = False

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
        tables = (
            *("days", "weekdays", "short_weekdays", "months", "parts", "periods"),
            *("hours", "ordinals_told"),
        )
        lists = ("ends", "this", "coming", "following", "week_marks")
        return frozenset().union(
            *(self.table(field).first_words for field in tables),
            *(self.phrases(field).first_words for field in lists),
            (form.parts[0] for form in clock_forms(self.clocks)),
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

    def words_in(self, field: str) -> frozenset[str]:
        """All words of the phrases of a table, but for noise."""
        return _words_in(getattr(self, field)) - self.set_of("noise")

    def set_of(self, field: str) -> frozenset[str]:
        """A field of single words."""
        return _set(getattr(self, field))


@dataclass(frozen=True, slots=True)
class ClockForm:
    """A way to tell an hour: what stands there, in order ("H" an hour, "M" minutes, else a word), and what
    is added to the hour: minutes, and `sign` times M."""

    parts: tuple[str, ...]
    minutes: int
    sign: int


@cache
def clock_forms(language_forms: str) -> tuple[ClockForm, ...]:
    """The forms of a field `clocks`, the longest first."""
    forms = []
    for phrase, value in _pairs(language_forms):
        terms = value.split()
        parts = tuple(t.raw if t.raw in ("H", "M") else t.norm for t in tokens_of(phrase))
        minutes = sum(int(term) for term in terms if not term.endswith("M"))
        forms.append(ClockForm(parts, minutes, -1 if "-M" in terms else int("M" in terms)))
    return tuple(sorted(forms, key=lambda form: -len(form.parts)))


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


@cache
def _words_in(text: str) -> frozenset[str]:
    return frozenset(token.norm for phrase, _ in _pairs(text) for token in tokens_of(phrase))
