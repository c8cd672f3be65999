"""Looking at tokens by place, without running over their end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ackd.text.temporal.tokens import Token
from ackd.text.temporal.vocabulary import Words

_MOST_NOISE = 5  # words without meaning between two pieces
_SEPARATORS = frozenset((",", ":", "(", "=", "–", "-"))
# What follows a number that is no date: money, measures, things that are counted.
_COUNTED = frozenset(
    ("%", "€", "$", "£", "¥", "°", "eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "chf", "km",
     "m", "cm", "mm", "kg", "g", "mb", "gb", "tb", "kb", "prozent", "percent", "pct", "stuck", "personen",
     "persons", "people", "pages", "seiten")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A place among the tokens; whether a day's or an hour's mark stands before it."""

    k: int
    after_day_mark: bool
    after_clock_mark: bool


@dataclass(frozen=True, slots=True)
class Cursor:
    """Tokens and the words of their language."""

    tokens: Sequence[Token]
    words: Words

    def norm(self, k: int) -> str:
        """How token k compares; "" outside of the tokens."""
        return self.tokens[k].norm if 0 <= k < len(self.tokens) else ""

    def kind(self, k: int) -> str:
        """The kind of token k; a gap outside of the tokens."""
        return self.tokens[k].kind if 0 <= k < len(self.tokens) else "gap"

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
        return self.norm(k) in _COUNTED

    def goes_on(self, k: int) -> bool:
        """Whether a word follows that a day or an hour alone wouldn't have after it ("the 2nd
        draft")."""
        if self.kind(k) == "word":
            return not (self.is_phrase("after_day", k) or self.value("parts", k))
        return self.kind(k) == "number"
