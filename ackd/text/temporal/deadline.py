"""Deadlines that the asker stated, in the words of the mail's language.

A deadline is a moment that the asker's own words tie to the answer: after "by", "before", "no
later than", "within", before "at the latest", or "today" and the like within a request. A
moment in what the asker did, will do or can't do ("I'm away until Friday") is none, nor is an
appointment. Everything is linear in the text, whatever it says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from ackd.model import WorkingHours
from ackd.text.subject import is_of_another
from ackd.text.temporal.candidates import DAY, HOUR, NONE, WEAK, Candidate, Candidates
from ackd.text.temporal.stated_moment import Setting
from ackd.text.temporal.vocabulary import Words, words_of
from ackd.text.tokens import LONGEST, Token, bounds_of

_FARTHEST = timedelta(days=400)
_SHORT = 8  # tokens of a clause that is a note rather than a sentence ("Budget by Friday, please")
_LONGEST_SUBJECT = 500  # characters
# What somebody else said: Bob wrote: "please answer by Friday".
_REPORTED = re.compile(r":\s{0,3}[\"“„«][^\"”“»]{1,400}[\"”“»]")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A stated deadline: the moment in UTC, and the words that say it."""

    moment: datetime
    words: str


def stated(text: str, language: str, at: datetime, zone: tzinfo, hours: WorkingHours) -> Deadline | None:
    """The earliest deadline that a mail of `at` states; None if it states none.

    `zone` is where its hours are meant, `hours` say when a day's work ends. A deadline that is
    over at `at` is none.
    """
    words = words_of(language)
    tokens = words.tokens(_REPORTED.sub(lambda said: " " * len(said[0]), text[:LONGEST]))
    every = Candidates(tokens, words, Setting(at, zone, hours))
    told = [(one.moment, one) for one in every if one.moment and at < one.moment <= at + _FARTHEST]
    if not told:
        return None
    context = _Context(text, tokens, words)
    meant = ((moment, one.start, one.end) for moment, one in told if context.means_it(one))
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


class _Context:
    """What stands around a candidate: does it tie the moment to the answer?"""

    def __init__(self, text: str, tokens: list[Token], words: Words) -> None:
        months = words.table("months").first_words
        bounds = bounds_of(text, tokens, words.set_of("conjunctions"), months)
        self._tokens, self._words, self._bounds = tokens, words, bounds
        self._marks = words.places(tokens, bounds.starts)

    def means_it(self, found: Candidate) -> bool:
        """Whether the moment is a deadline for the answer."""
        clause, sentence = self._clause(found), self._bounds.sentence[found.start]
        delivers = self._has("deliver", clause)
        if self._is_none_at_all(found, clause, sentence) or (found.kind == HOUR and not delivers):
            return False
        asked = self._has("ask", clause) or self._asked_for(found)
        if found.kind != "until" and not asked and (self._has("own", clause) or self._has("past", clause)):
            return False
        in_request = asked or self._has("ask", sentence) or self._is_question(sentence)
        if found.kind == "until":
            return self._has("have", clause) or (in_request and delivers)
        if found.kind in WEAK and not (found.kind == DAY and delivers):
            return in_request and not self._has("event", sentence) and not self._is_told(found)
        return found.kind == "strong" or in_request or clause[1] - clause[0] <= _SHORT

    def _is_none_at_all(self, found: Candidate, clause: tuple[int, int], sentence: tuple[int, int]) -> bool:
        """Denials, absences, good-byes ("Bis Freitag!"), and what isn't a moment after all."""
        if found.kind == NONE or (found.kind in ("before", "until") and self._is_denied(found, clause)):
            return True
        goodbye = self._words.reads("farewells") and found.kind == "by" and self._is_all(found, sentence)
        something_else = self._words.phrases("not_after").at(self._tokens, found.end)
        return goodbye or something_else is not None or self._has("away", clause)

    def _is_denied(self, found: Candidate, clause: tuple[int, int]) -> bool:
        """ "please don't send it before Friday"; "can't you send it" and "don't forget to" ask."""
        before = range(clause[0], found.start)
        if any(self._tokens[k] in self._words.set_of("forget") for k in before):
            return False
        hits = (self._words.phrases("deny").at(self._tokens, k) for k in before)
        return any(hit and not self._words.phrases("modals").at(self._tokens, hit[1]) for hit in hits)

    def _is_all(self, found: Candidate, sentence: tuple[int, int]) -> bool:
        """Whether the sentence says nothing else ("Bis Freitag!")."""
        return sentence[0] == found.start and all(
            t.kind != "word" for t in self._tokens[found.end : sentence[1]]
        )

    def _clause(self, found: Candidate) -> tuple[int, int]:
        """The clause of the candidate; with the next one if it says nothing else ("By Friday, I …")."""
        start, end = self._bounds.clause[found.start][0], self._bounds.clause[found.end - 1][1]
        if start == found.start and found.end + 1 == end < self._bounds.sentence[found.start][1]:
            end = self._bounds.clause[end][1]
        return start, end

    def _has(self, kind: str, span: tuple[int, int]) -> bool:
        places = self._marks[kind]
        return bisect_left(places, span[0]) < bisect_left(places, span[1])

    def _asked_for(self, found: Candidate) -> bool:
        """Whether a clause right before this one asks ("Please reply, by Friday")."""
        start = self._clause(found)[0]
        return start == found.start and start > 0 and self._has("ask", self._bounds.clause[start - 1])

    def _is_question(self, sentence: tuple[int, int]) -> bool:
        return self._tokens[sentence[1] - 1] == "?"

    def _is_told(self, found: Candidate) -> bool:
        """Whether "today" belongs to something else that is told ("since today", "we met today")."""
        linked = self._tokens[found.start - 1] in self._words.set_of("linked") if found.start else False
        return linked or self._has("told", (max(found.start - 3, 0), found.start))
