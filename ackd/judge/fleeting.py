"""What is over, or nearly, before a letter would help: "coffee at ten?", "can you join the call in ten
minutes?", "got a minute?", small talk. Told by phrases and by hours of today, and not by the classifier.

What is asked for another day, or of another matter beside the coffee, is left to the other rules.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from ackd.judge.reading import Reading, unmasked
from ackd.model import Fleeting, WorkingHours
from ackd.text.languages import Language
from ackd.text.sentences import Sentence, clauses
from ackd.text.subject import is_of_another
from ackd.text.temporal.deadline import stated
from ackd.text.temporal.mentioned import Mentioned, mentioned

_MOST_SENTENCES = 12  # who wants a word now writes no letter
_MOST_WORDS = 60  # of a sentence in which phrases are looked for
_SHORT = 6  # words of a question that only goes with the one before it
_CHAT = 14  # words of a question about a coffee or the weather
_LONGEST_SUBJECT = 300  # characters
_TITLE = -1  # the subject's paragraph
_ORDERS = frozenset(("order", "clause"))
_ASKS = frozenset(("ask", "query", "wish")) | _ORDERS
_ASIDE = frozenset(("along", "other_day", "business"))
_DIGIT = re.compile(r"\d")
_HOURS = WorkingHours.office()


class _Role(enum.Enum):
    """What a sentence is for in a mail that may want something now."""

    AT_ONCE = enum.auto()  # asks for work this minute
    AT_HOUR = enum.auto()  # asks for work at an hour of today
    INVITE = enum.auto()  # wants the reader's company today
    MOMENT = enum.auto()  # wants a word, a call or the reader's presence now
    SMALL_TALK = enum.auto()
    WORK = enum.auto()  # asks for something else
    ALONG = enum.auto()  # asks for nothing, or for what goes along with another sentence


_COMPANY = (_Role.INVITE, _Role.MOMENT)
#: What the mail is for, by the most telling of its sentences, and whether that is work.
_FOR = {
    _Role.AT_ONCE: Fleeting("something at once", is_work=True),
    _Role.AT_HOUR: Fleeting("something at an hour of today", is_work=True),
    _Role.INVITE: Fleeting("your company today"),
    _Role.MOMENT: Fleeting("a moment of yours now"),
    _Role.SMALL_TALK: Fleeting("no more than small talk"),
}


def of(reading: Reading, at: datetime, zone: tzinfo) -> Fleeting | None:
    """What a mail asks for, where that is over before a letter would help; None where it isn't, or can't be
    told. `at` is when it was written, `zone` where its hours are meant."""
    if reading.language is None or not 0 < len(reading.sentences) <= _MOST_SENTENCES:
        return None
    said = list(_said(reading, reading.language, _Clock(reading.language.code, at, zone)))
    alone = [one.role() for one in said]
    roles = [_beside(index, said, alone) for index in range(len(said))]
    role = next((role for role in _FOR if role in roles), None)
    if role is None or _Role.WORK in roles:
        return None
    return replace(_FOR[role], quote=said[roles.index(role)].sentence.text)


@dataclass(frozen=True, slots=True)
class _Clock:
    """When and where a mail was written, and in which language."""

    language: str
    at: datetime
    zone: tzinfo

    def names_day(self, text: str) -> bool:
        """Whether a text names another day than today."""
        today = self.at.astimezone(self.zone).date()
        return any(one.day is not None and one.day > today for one in self._mentions(text))

    def names_hour(self, text: str) -> bool:
        """Whether a text names an hour of today that is to come, and that is no deadline."""
        today = self.at.astimezone(self.zone).date()
        hours = (one.hour for one in self._mentions(text) if one.hour and not one.is_deadline)
        is_today = any(hour.astimezone(self.zone).date() == today for hour in hours)
        return is_today and stated(text, self.language, self.at, self.zone, _HOURS) is None

    def _mentions(self, text: str) -> Iterator[Mentioned]:
        return mentioned(text, self.language, self.at, self.zone)


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence: its phrases of what is fleeting, and those by which it asks; whether it names another day
    than today, or an hour of today, and whether what stands before it names another day."""

    sentence: Sentence
    kinds: frozenset[str]
    asks: frozenset[str]
    names_day: bool
    names_hour: bool
    follows_day: bool

    def role(self) -> _Role:
        """What the sentence is for, taken alone."""
        asks = bool(self.asks) or self.sentence.is_question
        company = self._company() if asks and "business" not in self.kinds else None
        if company or not asks or self._is_title:
            return company or _Role.ALONG
        if self._is_today and self.names_hour:
            return _Role.AT_HOUR
        if self.asks and not self.names_day and ("at_once" in self.kinds or self.is_pressing):
            return _Role.AT_ONCE
        is_aside = "along" in self.kinds or (not self.asks and len(self.sentence.words) <= _SHORT)
        return _Role.ALONG if is_aside and not self.names_day else _Role.WORK

    @property
    def is_pressing(self) -> bool:
        """Whether it tells of what happens this minute, so that what is asked beside it is meant at once."""
        return "under_way" in self.kinds and not self.names_day

    def _company(self) -> _Role | None:
        if "moment" in self.kinds and not self.names_day:
            return _Role.MOMENT
        if self._is_today and ("invite" in self.kinds or self._is_chat_of("treat")):
            return _Role.INVITE
        is_small_talk = self.sentence.is_question and "small_talk" in self.kinds
        return _Role.SMALL_TALK if is_small_talk or self._is_chat_of("leisure") else None

    @property
    def _is_today(self) -> bool:
        return not self.names_day and not self.follows_day

    @property
    def _is_title(self) -> bool:
        return self.sentence.paragraph == _TITLE

    def _is_chat_of(self, kind: str) -> bool:
        """Whether it is a short question about something of this kind ("Cake?")."""
        is_short = self.sentence.is_question and len(self.sentence.words) <= _CHAT
        return is_short and kind in self.kinds


def _said(reading: Reading, language: Language, clock: _Clock) -> Iterator[_Said]:
    """The subject, if it is the sender's own, and the sentences; nothing where no phrase and no hour tells of
    anything fleeting."""
    finder = language.fleeting
    told = [*_title(reading), *reading.sentences]
    kinds = [
        frozenset(hit.kind for hit in finder.find(one.words[:_MOST_WORDS], _within(one.begins)))
        for one in told
    ]
    asks = [*[frozenset[str]()] * (len(told) - len(reading.hits)), *_asks(reading)]
    hours = [_names_hour(one, ask, clock) for one, ask in zip(told, asks, strict=True)]
    if not any(hours) and all(kind <= _ASIDE for kind in kinds):
        return
    follows = False
    for sentence, kind, asked, hour in zip(told, kinds, asks, hours, strict=True):
        names_day = "other_day" in kind or clock.names_day(sentence.text)
        yield _Said(sentence, kind, asked, names_day, hour, follows)
        follows |= names_day


def _within(begins: Sequence[int]) -> list[int]:
    return [begin for begin in begins if begin < _MOST_WORDS]


def _title(reading: Reading) -> Iterator[Sentence]:
    """The subject as a sentence; "Lunch today" is meant as a question."""
    subject = reading.mail.subject[:_LONGEST_SUBJECT].strip()
    if subject and not is_of_another(subject):
        said, begins = clauses(f"{subject.rstrip('?')}?")
        yield Sentence(subject, tuple(said), tuple(begins), _TITLE)


def _asks(reading: Reading) -> Iterator[frozenset[str]]:
    """The phrases by which each sentence asks."""
    for sentence, hits in zip(reading.sentences, reading.hits, strict=True):
        found = frozenset(hit.kind for hit in unmasked(hits)) & _ASKS
        yield found if sentence.is_question else found - {"query"}


def _names_hour(sentence: Sentence, asks: frozenset[str], clock: _Clock) -> bool:
    may = (asks or sentence.is_question) and _DIGIT.search(sentence.text)
    return bool(may) and clock.names_hour(sentence.text)


def _beside(index: int, said: Sequence[_Said], roles: Sequence[_Role]) -> _Role:
    """What a sentence is for, by what stands in its paragraph: work beside what happens this minute is meant
    at once, and a need beside "got a minute?" is what the minute is for."""
    one, role = said[index], roles[index]
    if role is not _Role.WORK or one.names_day:
        return role
    near = [n for n, other in enumerate(said) if other.sentence.paragraph == one.sentence.paragraph]
    if any(said[n].is_pressing or roles[n] is _Role.AT_HOUR for n in near):
        return _Role.AT_ONCE
    is_need = not one.sentence.is_question and one.asks.isdisjoint(_ORDERS)
    return _Role.ALONG if is_need and any(roles[n] in _COMPANY for n in near) else role
