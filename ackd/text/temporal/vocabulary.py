"""The words of dates and durations in a language, as its file `temporal.txt` tells them, ready to be found
among tokens. What each section means is told in docs/languages.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from ackd.text.languages import Language, every_word, language
from ackd.text.languages.sections import table
from ackd.text.phrases import Phrases
from ackd.text.tokens import Token, plain, tokens_of

_CUES = ("strong", "by", "before", "within", "until", "weak", "soft")  # the surer ones first
_MARKS = ("ask", "own", "past", "away", "event", "have", "told", "deliver")
_STOP = "."
_MOST = 59  # that a figure alone can tell: a minute
_SHORT_MONTH = 4  # letters of "Sept."
_FIRST_TABLES = ("days", "weekdays", "short_weekdays", "months", "parts", "periods", "hours", "ordinals_told")
_FIRST_LISTS = ("ends", "this", "coming", "following", "week_marks")


@dataclass(frozen=True)
class Words:
    """The words of one language, by the sections of its file. Phrases are found among tokens."""

    language: Language
    _read: dict[str, Phrases] = field(default_factory=dict, compare=False, repr=False)
    _sets: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def lines(self, section: str) -> Sequence[str]:
        """The lines of a section."""
        return self.language.lines(section, "temporal")

    def phrases(self, section: str) -> Phrases:
        """A section of phrases."""
        if section not in self._read:
            self._read[section] = Phrases({section: self.lines(section)}, tokens_of)
        return self._read[section]

    def table(self, section: str) -> Phrases:
        """A section of "phrase = value" lines, by their values; of phrases that are the same the first
        counts."""
        if section not in self._read:
            values: dict[str, list[str]] = {}
            for phrase, value in table(self.lines(section)):
                values.setdefault(value, []).append(phrase)
            self._read[section] = Phrases(values, tokens_of)
        return self._read[section]

    def set_of(self, section: str) -> frozenset[str]:
        """A section of single words."""
        if section not in self._sets:
            self._sets[section] = frozenset(map(plain, self.lines(section)))
        return self._sets[section]

    def words_in(self, section: str) -> frozenset[str]:
        """All words of the phrases of a table, but for noise."""
        every = (token for phrase, _ in table(self.lines(section)) for token in tokens_of(phrase))
        return frozenset(every) - self.set_of("noise")

    def reads(self, way: str) -> bool:
        """Whether figures are read in a way that the language has: `dots` (15.11. is a date), `dot_days` (15.
        is a day), `bare_days` (a day of the month needs a mark, but no ending), `month_first` (11/15 may be a
        date), `month_ordinals` (so may the fourth of the twelfth), `farewells` (a cue and a day alone say
        good-bye)."""
        return way in self.lines("figures")

    @cached_property
    def cues(self) -> Phrases:
        """Every cue; one that is of two kinds counts as the surer one."""
        return Phrases({kind: self.lines(kind) for kind in _CUES}, tokens_of)

    @cached_property
    def marks(self) -> Phrases:
        """What tells, somewhere around a moment, whether it is meant as a deadline."""
        return Phrases({kind: self.lines(kind) for kind in _MARKS}, tokens_of)

    @cached_property
    def parts_of_day(self) -> frozenset[str]:
        """The words for parts of a day."""
        return self.words_in("parts")

    @cached_property
    def clock_forms(self) -> tuple[ClockForm, ...]:
        """The ways to tell an hour, the longest first."""
        forms = map(ClockForm.of, table(self.lines("clocks")))
        return tuple(sorted(forms, key=lambda form: -len(form.parts)))

    @cached_property
    def _first_words(self) -> frozenset[str]:
        return frozenset().union(
            *(self.table(section).first_words for section in _FIRST_TABLES),
            *(self.phrases(section).first_words for section in _FIRST_LISTS),
            (form.parts[0] for form in self.clock_forms),
        )

    def may_begin(self, token: Token) -> bool:
        """Whether a moment, or a part of one, may begin with this token: a word that does, or a number that
        may be a day, an hour or a minute."""
        if token in self._first_words:
            return True
        return token.kind == "number" and (len(token) <= 2 or not token.isdigit() or int(token) <= _MOST)

    @cached_property
    def may_state(self) -> frozenset[str]:
        """The words with which what may state a deadline begins: a cue, a denial, "by then" or a moment."""
        cues, never, then = self.cues, self.phrases("never"), self.table("then")
        return self._first_words.union(cues.first_words, never.first_words, then.first_words)

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a text. The full stop of an abbreviation counts as nothing where the sentence goes on
        to a moment ("bis ca. 15 Uhr", "by Dec. 4")."""
        found = tokens_of(text)
        return [token for k, token in enumerate(found) if token != _STOP or not self._only_shortens(found, k)]

    def _only_shortens(self, tokens: Sequence[Token], k: int) -> bool:
        """Whether the full stop at k is such a one."""
        if not 0 < k < len(tokens) - 1:
            return False
        word, after = tokens[k - 1], tokens[k + 1]
        if word.end != tokens[k].start:
            return False
        if word in self._short_months:
            return after.kind == "number"  # "by Dec. 4"
        if word in self.set_of("noise") and not after.raw[0].isupper():
            return True  # "max. 15 Uhr"
        goes_on = after.kind == "number" or after.raw[0].islower() or self.may_begin(after)
        return word in self._abbreviations and goes_on

    @cached_property
    def _abbreviations(self) -> frozenset[str]:
        """Those of all languages but for names of months."""
        return frozenset(map(plain, every_word("abbreviations", "mail"))) - self.table("months").first_words

    @cached_property
    def _short_months(self) -> frozenset[str]:
        return frozenset(name for name in self.table("months").first_words if len(name) <= _SHORT_MONTH)

    def places(self, tokens: Sequence[Token], begins: Sequence[int]) -> Mapping[str, Sequence[int]]:
        """Where the marks of each kind begin, in order; `begins` are the tokens with which clauses begin."""
        found: dict[str, set[int]] = {kind: set() for kind in _MARKS}
        for hit in self.marks.find(tokens, begins):
            found[hit.kind].add(hit.start)
        if endings := tuple(map(str.casefold, self.lines("own_endings"))):
            found["own"].update(k for k, token in enumerate(tokens) if _ends(token, endings))
        return {kind: sorted(places) for kind, places in found.items()}


def _ends(token: Token, endings: tuple[str, ...]) -> bool:
    return token.kind == "word" and len(token.raw) > 4 and token.raw.casefold().endswith(endings)


@dataclass(frozen=True, slots=True)
class ClockForm:
    """A way to tell an hour: what stands there, in order ("H" an hour, "M" minutes, else a word), and what
    is added to the hour: minutes, and `sign` times M."""

    parts: tuple[str, ...]
    minutes: int
    sign: int

    @classmethod
    def of(cls, line: tuple[str, str]) -> ClockForm:
        """A phrase and its value: "M past H" and "M"."""
        parts = tuple(t.raw if t.raw in ("H", "M") else str(t) for t in tokens_of(line[0]))
        terms = line[1].split()
        minutes = sum(int(term) for term in terms if not term.endswith("M"))
        return cls(parts, minutes, -1 if "-M" in terms else int("M" in terms))


@cache
def words_of(code: str) -> Words:
    """The words of a language; English for one that isn't known."""
    return Words(language(code))
