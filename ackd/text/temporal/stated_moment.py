"""A moment as it is stated: where one reads among the tokens, what was read so far, and what it is
relative to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from ackd.model import WorkingHours
from ackd.text.temporal.vocabulary import Words
from ackd.text.tokens import Token

LAST_MINUTE = time(23, 59)
_MOST_NOISE = 5  # words without meaning between two pieces
_SEPARATORS = frozenset((",", ":", "(", "=", "–", "-"))
# What follows a number that is no date in any language: money, measures.
_MEASURES = "% € $ £ ¥ ° eur euro euros usd dollar dollars gbp chf km m cm mm kg g mb gb tb kb"
_COUNTED = frozenset(_MEASURES.split())


@dataclass(frozen=True, slots=True)
class Found:
    """A moment up to token `end`. `clock` is an hour; `part` a part of the day: morning, noon,
    afternoon, evening, night, end (of work), am, pm, or exact (the hour needs no guess).

    `again` marks a weekday that is also today's; `closed` a period, of which "before its end" is
    the end; `bare` a word such as "today" that may be a deadline without a cue; `alone` an hour that
    nothing but the cue before it tells ("by 5"); `numbered` a week by its number.
    """

    end: int
    day: date | None = None
    clock: time | None = None
    part: str = ""
    zone: timezone | None = None
    is_weekday: bool = False
    again: bool = False
    closed: bool = False
    bare: bool = False
    alone: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """The mail's own time, by the clock of its zone, and the hours of the owner's work."""

    at: datetime
    zone: tzinfo
    hours: WorkingHours

    @property
    def today(self) -> date:
        """The date on which the mail was written."""
        return self.at.astimezone(self.zone).date()

    @property
    def monday(self) -> date:
        """The Monday of the week in which it was written."""
        return self.today - timedelta(days=self.today.weekday())

    def end_of_work(self, day: date) -> time:
        """When a day's work ends; 23:59 where it has none."""
        spans = self.hours.days[day.weekday()]
        return min(spans[-1][1], LAST_MINUTE) if spans else LAST_MINUTE

    def last_work(self, first: date, last: date) -> date:
        """The last day with work from `first` to `last`; the last of all if that is over."""
        day = last
        while day > first and not self.hours.days[day.weekday()]:
            day -= timedelta(days=1)
        return day if day >= self.today else max(last, self.today)

    def working_day_before(self, day: date) -> date:
        """The last day with work before a day; the day before it if that is over already."""
        return min(self.last_work(day - timedelta(days=7), day - timedelta(days=1)), day - timedelta(days=1))

    def moment(self, day: date, clock: time, zone: tzinfo | None = None) -> datetime:
        """A wall-clock reading as a moment in UTC."""
        return datetime.combine(day, clock, zone or self.zone).astimezone(UTC)


# --- among the tokens -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A place among the tokens; whether a day's or an hour's mark stands before it."""

    k: int
    after_day_mark: bool
    after_clock_mark: bool


@dataclass(frozen=True, slots=True)
class Cursor:
    """Tokens and the words of their language; `cued` is the place right after the cue of a deadline, where a
    number alone may be an hour (-1 without)."""

    tokens: Sequence[Token]
    words: Words
    cued: int = -1

    def norm(self, k: int) -> str:
        """How token k compares; "" outside of the tokens."""
        return self.tokens[k] if 0 <= k < len(self.tokens) else ""

    def kind(self, k: int) -> str:
        """The kind of token k; a gap outside of the tokens."""
        return self.tokens[k].kind if 0 <= k < len(self.tokens) else "gap"

    def may_begin(self, k: int) -> bool:
        """Whether a moment, or a part of one, may begin with token k."""
        return 0 <= k < len(self.tokens) and self.words.may_begin(self.tokens[k])

    def number(self, k: int) -> int | None:
        """The whole number that token k is."""
        text = self.norm(k)
        return int(text) if self.kind(k) == "number" and text.isdigit() else None

    def touches(self, k: int) -> bool:
        """Whether token k follows the one before it without a blank."""
        return 0 < k < len(self.tokens) and self.tokens[k].start == self.tokens[k - 1].end

    def is_phrase(self, field: str, k: int) -> int | None:
        """The place after a phrase of the field that begins at k; None if none does."""
        hit = self.words.phrases(field).at(self.tokens, k)
        return hit[1] if hit else None

    def value(self, field: str, k: int) -> tuple[str, int] | None:
        """The value of a phrase of a table at k, and the place after it."""
        hit = self.words.table(field).at(self.tokens, k)
        return (str(hit[0]), hit[1]) if hit else None

    def value_after_noise(self, field: str, k: int) -> tuple[str, int] | None:
        """The same at k or after words without meaning."""
        hits = (self.value(field, place.k) for place in self.places(k))
        return next((hit for hit in hits if hit), None)

    def places(self, k: int) -> Iterator[Place]:
        """Place k and those after words without meaning."""
        noise, days = self.words.set_of("noise"), self.words.set_of("day_marks")
        timed = False
        for _ in range(_MOST_NOISE):
            yield Place(k, k > 0 and self.norm(k - 1) in days, timed)
            if after := self.is_phrase("clock_marks", k):
                timed, k = True, after
            elif self.norm(k) in noise | days | _SEPARATORS:
                k += 1
            else:
                return

    def counts_something(self, k: int) -> bool:
        """Whether a number before token k counts money, pages, …"""
        return self.norm(k) in _COUNTED or self.norm(k) in self.words.set_of("counted")

    def goes_on(self, k: int) -> bool:
        """Whether a word follows that a day or an hour alone wouldn't have after it ("the 2nd
        draft")."""
        if self.kind(k) == "word":
            return not (self.is_phrase("after_day", k) or self.value("parts", k))
        return self.kind(k) == "number"
