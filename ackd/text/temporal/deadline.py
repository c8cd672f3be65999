"""Deadlines that the asker stated, in seven languages.

A deadline is a moment that the asker's own words tie to the answer: after "by", "before", "no
later than", "within", before "at the latest", or "today" and the like within a request. A
moment in what the asker did, will do or can't do ("I'm away until Friday") is none, nor is an
appointment. Everything is linear in the text, whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from ackd.model import WorkingHours
from ackd.text.subject import is_of_another
from ackd.text.temporal.durations import end_of, span_at
from ackd.text.temporal.moments import moment_at, resolved
from ackd.text.temporal.stated_moment import Setting
from ackd.text.temporal.tokens import Markers, Token, bounds_of, tokens_of
from ackd.text.temporal.vocabulary import Words, words_of

_FARTHEST = timedelta(days=400)
_SHORT = 8  # tokens of a clause that is a note rather than a sentence ("Budget by Friday, please")
_LONGEST_SUBJECT = 500  # characters
_INCLUSIVE = frozenset(
    ("inclusive", "inclusief", "inclus", "inkl", "inklusive", "einschliesslich", "compreso", "incluso")
)
_WEAK = frozenset(("weak", "soft", "bare"))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A stated deadline: the moment in UTC, and the words that say it."""

    moment: datetime
    words: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Tokens [start, end) that may state a deadline, and the kind of their cue; `moment` is None
    where it is over already."""

    start: int
    end: int
    kind: str
    moment: datetime | None


def stated(text: str, language: str, at: datetime, zone: tzinfo, hours: WorkingHours) -> Deadline | None:
    """The earliest deadline that a mail of `at` states; None if it states none.

    `zone` is where its hours are meant, `hours` say when a day's work ends. A deadline that is
    over at `at` is none.
    """
    words = words_of(language)
    tokens = tokens_of(text)
    context = _Context(text, tokens, words)
    setting = Setting(at, zone, hours)
    meant = (
        (found.moment, found.start, found.end)
        for found in _candidates(tokens, words, setting)
        if found.moment is not None and at < found.moment <= at + _FARTHEST and context.means_it(found)
    )
    moment, start, end = min(meant, default=(None, 0, 0))
    if moment is None:
        return None
    said = text[tokens[start].start : tokens[end - 1].end]
    return Deadline(moment, " ".join(said.split()))


def of_mail(
    subject: str, text: str, language: str, at: datetime, zone: tzinfo, hours: WorkingHours
) -> Deadline | None:
    """The earliest deadline that a mail states in its new text or in its subject ("Offer needed by
    Friday"), if that is new: that of an answer or a forward was written at another time."""
    new = "" if is_of_another(subject) else subject[:_LONGEST_SUBJECT]
    found = [d for said in (text, new) if (d := stated(said, language, at, zone, hours))]
    return min(found, key=lambda deadline: deadline.moment, default=None)


def _candidates(tokens: list[Token], words: Words, setting: Setting) -> Iterator[_Candidate]:
    k = 0
    while k < len(tokens):
        found = _after_cue(tokens, k, words, setting) or _without_cue(tokens, k, words, setting)
        if found:
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
    before = kind == "before" and found is not None and not _is_included(tokens, found.end)
    moment = resolved(found, setting, before=before) if found else None
    if found is None or (kind == "within" and not found.closed):
        return None
    latest = words.phrases("latest").at(tokens, found.end)
    return _Candidate(k, latest[1] if latest else found.end, "strong" if latest else kind, moment)


def _without_cue(tokens: list[Token], k: int, words: Words, setting: Setting) -> _Candidate | None:
    names_itself = words.table("days").at(tokens, k) or words.table("periods").at(tokens, k)
    if not words.may_begin(tokens[k]) or (tokens[k].norm in words.set_of("noise") and not names_itself):
        return None
    found = moment_at(tokens, k, words, setting)
    if found is None:
        return None
    moment = resolved(found, setting, before=False)
    latest = words.phrases("latest").at(tokens, found.end)
    if latest:
        return _Candidate(k, latest[1], "strong", moment)
    return _Candidate(k, found.end, "bare", moment) if found.bare else None


def _is_included(tokens: list[Token], k: int) -> bool:
    """ "before the 15th inclusive" """
    return k < len(tokens) and tokens[k].norm in _INCLUSIVE


class _Context:
    """What stands around a candidate: does it tie the moment to the answer?"""

    def __init__(self, text: str, tokens: list[Token], words: Words) -> None:
        months = frozenset(token.norm for token in tokens if words.table("months").at([token], 0))
        bounds = bounds_of(text, tokens, words.set_of("conjunctions"), months)
        self._tokens, self._words, self._bounds = tokens, words, bounds
        self._marks = {
            kind: Markers(getattr(words, kind), tokens, bounds.starts)
            for kind in ("ask", "own", "past", "away", "event", "have", "told")
        }

    def means_it(self, found: _Candidate) -> bool:
        """Whether the moment is a deadline for the answer."""
        clause, sentence = self._clause(found), self._bounds.sentence[found.start]
        if self._is_none_at_all(found, clause, sentence):
            return False
        if found.kind == "until":
            return self._has("have", clause)
        asked = self._has("ask", clause) or self._asked_for(found)
        if not asked and (self._has("own", clause) or self._has("past", clause)):
            return False
        in_request = asked or self._has("ask", sentence) or self._is_question(sentence)
        if found.kind in _WEAK:
            return in_request and not self._has("event", sentence) and not self._is_told(found)
        return found.kind == "strong" or in_request or clause[1] - clause[0] <= _SHORT

    def _is_none_at_all(self, found: _Candidate, clause: tuple[int, int], sentence: tuple[int, int]) -> bool:
        """Absences, good-byes ("Bis Freitag!"), and what isn't a moment after all."""
        goodbye = self._words.farewells and found.kind == "by" and self._is_all(found, sentence)
        something_else = self._words.phrases("not_after").at(self._tokens, found.end)
        return goodbye or something_else is not None or self._has("away", clause)

    def _is_all(self, found: _Candidate, sentence: tuple[int, int]) -> bool:
        """Whether the sentence says nothing else ("Bis Freitag!")."""
        return sentence[0] == found.start and all(
            t.kind != "word" for t in self._tokens[found.end : sentence[1]]
        )

    def _clause(self, found: _Candidate) -> tuple[int, int]:
        """The clause of the candidate; with the next one if it says nothing else ("By Friday, I …")."""
        start, end = self._bounds.clause[found.start][0], self._bounds.clause[found.end - 1][1]
        if start == found.start and found.end + 1 == end < self._bounds.sentence[found.start][1]:
            end = self._bounds.clause[end][1]
        return start, end

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
        linked = self._tokens[found.start - 1].norm in self._words.set_of("linked") if found.start else False
        return linked or self._has("told", (max(found.start - 3, 0), found.start))
