"""Deadlines that the asker stated, in seven languages.

A deadline is a moment that the asker's own words tie to the answer: after "by", "before", "no
later than", "within", before "at the latest", or "today" and the like within a request. A
moment in what the asker did, will do or can't do ("I'm away until Friday") is none, nor is an
appointment. Everything is linear in the text, whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ackd.model import WorkingHours
from ackd.promise.moments import Setting, moment_at, resolved
from ackd.promise.spans import end_of, span_at
from ackd.promise.tokens import Markers, Token, bounds_of, tokens_of
from ackd.promise.vocabulary import Words, words_of

_FARTHEST = timedelta(days=400)
_SHORT = 8  # tokens of a clause that is a note rather than a sentence ("Budget by Friday, please")
_SURE = frozenset(("strong",))
_WEAK = frozenset(("weak", "soft", "bare"))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A stated deadline: the moment in UTC, and the words that say it."""

    moment: datetime
    words: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Tokens [start, end) that may state a deadline, and the kind of their cue."""

    start: int
    end: int
    kind: str
    moment: datetime


def stated(text: str, language: str, at: datetime, zone: ZoneInfo, hours: WorkingHours) -> Deadline | None:
    """The earliest deadline that a mail of `at` states; None if it states none.

    `zone` is where its hours are meant, `hours` say when a day's work ends. A deadline that is
    over at `at` is none.
    """
    words = words_of(language)
    tokens = tokens_of(text)
    context = _Context(text, tokens, words)
    setting = Setting(at, zone, hours)
    meant = [found for found in _candidates(tokens, words, setting) if context.means_it(found)]
    first = min(meant, key=lambda found: found.moment, default=None)
    if first is None:
        return None
    said = text[tokens[first.start].start : tokens[first.end - 1].end]
    return Deadline(first.moment, " ".join(said.split()))


def _candidates(tokens: list[Token], words: Words, setting: Setting) -> Iterator[_Candidate]:
    k = 0
    while k < len(tokens):
        found = _after_cue(tokens, k, words, setting) or _without_cue(tokens, k, words, setting)
        if found and setting.at < found.moment <= setting.at + _FARTHEST:
            yield found
        k = found.end if found else k + 1


def _after_cue(tokens: list[Token], k: int, words: Words, setting: Setting) -> _Candidate | None:
    cue = words.cues.at(tokens, k)
    if cue is None:
        return None
    kind, at = str(cue[0]), cue[1]
    span = span_at(tokens, at, words) if kind in ("within", "soft", "by", "strong") else None
    if span is not None:
        kind = "by" if kind == "within" else kind
        return _Candidate(k, span.end, kind, end_of(span, setting))
    found = moment_at(tokens, at, words, setting) if kind != "soft" else None
    moment = resolved(found, setting, before=kind == "before") if found else None
    if found is None or moment is None or (kind == "within" and not found.closed):
        return None
    latest = words.phrases("latest").at(tokens, found.end)
    return _Candidate(k, latest[1] if latest else found.end, "strong" if latest else kind, moment)


def _without_cue(tokens: list[Token], k: int, words: Words, setting: Setting) -> _Candidate | None:
    found = moment_at(tokens, k, words, setting) if tokens[k].kind != "mark" else None
    moment = resolved(found, setting, before=False) if found else None
    if found is None or moment is None:
        return None
    latest = words.phrases("latest").at(tokens, found.end)
    if latest:
        return _Candidate(k, latest[1], "strong", moment)
    return _Candidate(k, found.end, "bare", moment) if found.bare else None


class _Context:
    """What stands around a candidate: does it tie the moment to the answer?"""

    def __init__(self, text: str, tokens: list[Token], words: Words) -> None:
        months = frozenset(token.norm for token in tokens if words.table("months").at([token], 0))
        bounds = bounds_of(text, tokens, words.set_of("conjunctions"), months)
        self._tokens, self._words, self._bounds = tokens, words, bounds
        self._marks = {
            kind: Markers(getattr(words, kind), tokens, bounds.starts)
            for kind in ("ask", "own", "past", "away", "event", "have", "not_before_bare")
        }

    def means_it(self, found: _Candidate) -> bool:
        """Whether the moment is a deadline for the answer."""
        clause, sentence = self._clause(found), self._bounds.sentence[found.start]
        if self._words.phrases("not_after").at(self._tokens, found.end) or self._has("away", clause):
            return False
        asked = self._has("ask", clause) or self._asked_for(found)
        if found.kind == "until":
            return self._has("have", clause)
        if not asked and (self._has("own", clause) or self._has("past", clause)):
            return False
        if found.kind in _SURE:
            return True
        in_request = asked or self._has("ask", sentence) or self._is_question(sentence)
        if found.kind in _WEAK:
            return in_request and not self._has("event", sentence) and not self._is_told(found)
        return in_request or clause[1] - clause[0] <= _SHORT

    def _clause(self, found: _Candidate) -> tuple[int, int]:
        return self._bounds.clause[found.start][0], self._bounds.clause[found.end - 1][1]

    def _has(self, kind: str, span: tuple[int, int]) -> bool:
        return self._marks[kind].within(*span)

    def _asked_for(self, found: _Candidate) -> bool:
        """Whether a clause right before this one asks ("Please reply, by Friday")."""
        start = self._clause(found)[0]
        return start == found.start and start > 0 and self._has("ask", self._bounds.clause[start - 1])

    def _is_question(self, sentence: tuple[int, int]) -> bool:
        return self._tokens[sentence[1] - 1].norm == "?"

    def _is_told(self, found: _Candidate) -> bool:
        """Whether "today" belongs to something else that is told ("since today", "we met today")."""
        return self._has("not_before_bare", (max(found.start - 3, 0), found.start))
