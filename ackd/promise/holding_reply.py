"""When an owner says that he will answer: "I'll get back to you next week" is no answer.

A mail holds the asker off if its new text says no more than that: a greeting, thanks, a reason,
and one sentence that names the day, in whatever words ("Will do by Friday.", "Friday?", "Not before
Monday, sorry."). Whatever else it says may be the answer itself, and then it counts as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from ackd.model import WorkingHours
from ackd.text.temporal.clauses import Piece, Talk, talks
from ackd.text.temporal.deadline import Deadline
from ackd.text.temporal.durations import Span, end_of, is_clock, span_at
from ackd.text.temporal.moments import moment_at, resolved
from ackd.text.temporal.stated_moment import Setting
from ackd.text.temporal.vocabulary import Words, words_of
from ackd.text.tokens import Token

_FARTHEST = timedelta(days=400)
_MOST_WORDS = 90  # of a mail that says no more than when
_MOST_BEFORE = 3  # words before "I'll get back to you" that may be anything ("Yes, so …")
_MOST_OTHER = 2  # words of a piece that is but a part of the date
_MOST_EXCUSING = 3  # words of what the writer does meanwhile
_LEADING = 2  # words: a date before the holding words belongs to them if it begins that early
_SURE = frozenset(("by", "strong", "before", "within"))
_DENIED = frozenset(("before", "until"))  # "not before Friday"
_NOW = frozenset(("day 0", "week 0"))
_MOST_BETWEEN = 4  # tokens between "at" and its hour ("at about")
_SEVERAL = 3  # what "the next days" are taken for


def holding(
    text: str, language: str | None, sent: datetime, zone: tzinfo, hours: WorkingHours
) -> Deadline | None:
    """When the writer of `text` says that he will answer; None if he says no day, or if the text
    may be an answer.

    `text` is the mail's new text, `sent` its own date; `zone` is the writer's, and `hours` say
    when a day's work ends. With no language every known one is tried.
    """
    for talk in talks(text, language):
        found = _held(talk, Setting(sent, zone, hours))
        if found is not None:
            return found
    return None


def _held(talk: Talk, setting: Setting) -> Deadline | None:
    pieces = talk.pieces
    if not talk.is_whole or sum(len(piece.words) for piece in pieces) > _MOST_WORDS:
        return None
    if any(_answers(piece) for piece in pieces):
        return None
    vocabulary = words_of(talk.language.code)
    dated = [_dates(piece, vocabulary, setting) for piece in pieces]
    agrees = any(piece.of("agreeing") for piece in pieces)
    told: list[Deadline] = []
    excused: list[Deadline] = []
    for k, piece in enumerate(pieces):
        if _holds(piece, dated[k], vocabulary):
            found = _date_of(pieces, dated, k)
            told += [found] if found else []
        elif _is_only_a_day(piece, dated[k], agrees=agrees) and _is_the_day(pieces, dated, k):
            told += [dated[k][0].said]
        elif _is_frame(pieces, k, dated[k]) or _is_beside_a_day(talk, dated, k):
            continue
        elif _is_excuse(piece, dated[k]):
            excused += [date.said for date in dated[k]]
        else:
            return None
    found = max(told, key=lambda found: found.moment, default=None)
    if found is None or any(said.moment >= found.moment for said in excused):
        return None
    return found


def _answers(piece: Piece) -> bool:
    """Whether the piece has words of an answer, other than inside a question for time ("is it ok if
    I sent it on …")."""
    asked = piece.of("holding") if piece.is_question else []
    return any(
        not any(hold.start <= hit.start and hit.end <= hold.end for hold in asked)
        for hit in piece.of("answering")
    )


def _holds(piece: Piece, dates: Sequence[_Date], vocabulary: Words) -> bool:
    """Whether the piece holds off, without much before that which is neither a reason nor the day
    ("On Friday at the latest I'll …")."""
    hits = piece.of("holding")
    if _is_plea(piece, dates):
        hits = piece.of("holding", "permission")
    start = hits[0].start if hits else -1
    if start < 0 or _is_denied(piece, dates, start) or _is_anothers(piece, dates, start, vocabulary):
        return False
    before = piece.of("stalling", "thanks", "greeting")
    leading = sum(date.length for date in _leading(piece, dates))
    return start - leading <= _MOST_BEFORE or any(hit.start < start for hit in before)


def _is_plea(piece: Piece, dates: Sequence[_Date]) -> bool:
    """Whether the piece may ask for time, in a few words of whatever kind ("Can I call on Friday?")."""
    is_short = _others(piece, dates, "offering", "permission") <= _MOST_OTHER
    return piece.is_question and is_short and not any(date.has_clock for date in dates)


def _is_anothers(piece: Piece, dates: Sequence[_Date], start: int, vocabulary: Words) -> bool:
    """Whether somebody else is named right before the words, first of all ("Carol will …")."""
    is_named = start == 1 and piece.text.lstrip()[:1].isupper()
    if not is_named or any(0 in date.words_of(piece) for date in dates):
        return False
    known = piece.of("light", "stalling", "thanks", "greeting", "agreeing", "negation", "reply")
    return not any(hit.start == 0 for hit in known) and vocabulary.set_of("persons").isdisjoint(piece.words)


def _is_denied(piece: Piece, dates: Sequence[_Date], start: int = 0) -> bool:
    """Whether a negation from right before that word on leaves no day ("I won't answer by Friday"):
    only "not before Friday", "not until Friday" do."""
    is_denied = any(hit.start >= start - 1 for hit in piece.of("negation"))
    return is_denied and any(date.kind not in _DENIED for date in dates)


def _is_only_a_day(piece: Piece, dates: Sequence[_Date], *, agrees: bool) -> bool:
    """Whether the piece says nothing but a day, in a sentence or without one. After a yes or a no a
    day may be the answer, and so may an hour or a mere span."""
    if not dates or _is_denied(piece, dates):
        return False
    more = ("offering",) if piece.is_question else ()
    if _others(piece, dates, *more):
        return False
    if dates[0].is_sure or (dates[0].kind in _DENIED and piece.of("negation")):
        return True
    is_bare = sum(len(date.words_of(piece)) for date in dates) == len(piece.words)
    return not (agrees or dates[0].has_clock or (is_bare and dates[0].is_span))


def _leading(piece: Piece, dates: Sequence[_Date]) -> list[_Date]:
    early = piece.places[min(_LEADING, len(piece.places) - 1)]
    return [date for date in dates if date.start <= early]


def _is_frame(pieces: Sequence[Piece], k: int, dates: Sequence[_Date]) -> bool:
    """Whether a piece says nothing of the matter."""
    piece = pieces[k]
    if piece.is_question and not piece.of("stalling"):
        return False
    if piece.is_greeting or piece.of("stalling"):
        return True
    if dates and _is_denied(piece, dates) and not _others(piece, dates):
        return True  # "Not today"
    if dates and _others(piece, dates) <= _MOST_OTHER:
        return any(other.of("holding") for other in pieces if other.sentence == piece.sentence)
    greeted = k > 0 and pieces[k - 1].is_greeting
    return piece.looks_like_name and (k == 0 or greeted or piece.is_last)


def _is_excuse(piece: Piece, dates: Sequence[_Date]) -> bool:
    """Whether the piece may say of today or of this week why nothing comes then ("Swamped today")."""
    is_now = bool(dates) and all(date.is_now and not date.has_clock for date in dates)
    return is_now and not piece.is_question and _others(piece, dates, "stalling") <= _MOST_EXCUSING


def _is_the_day(pieces: Sequence[Piece], dated: Sequence[Sequence[_Date]], k: int) -> bool:
    """Whether the day of that piece isn't a day of the pieces beside it in other words ("Monday,
    30 November")."""
    beside = [n for n, piece in enumerate(pieces) if piece.sentence == pieces[k].sentence and n != k]
    open_ones = [n for n in beside if dated[n] and not _is_denied(pieces[n], dated[n])]
    return pieces[k].is_question or not open_ones


def _is_beside_a_day(talk: Talk, dated: Sequence[Sequence[_Date]], k: int) -> bool:
    """Whether the piece says nothing of the matter either, in the sentence of a day ("Friday, is
    that ok?")."""
    piece = talk.pieces[k]
    asks = ("offering",) if talk.sentences[piece.sentence].is_question else ()
    here = [n for n, other in enumerate(talk.pieces) if other.sentence == piece.sentence]
    return not dated[k] and any(dated[n] for n in here) and not _others(piece, (), *asks)


def _others(piece: Piece, dates: Sequence[_Date], *more: str) -> int:
    """How many words the piece has beside its days that may tell of anything."""
    said = {k for hit in piece.of("light", "negation", *more) for k in range(hit.start, hit.end)}
    said |= {k for date in dates for k in date.words_of(piece)}
    return sum(k not in said and word != "?" for k, word in enumerate(piece.words))


# --- the day ---


@dataclass(frozen=True, slots=True)
class _Date:
    """A day in a piece: where it begins and ends (characters), how many words it has, the kind of its
    cue, whether it has an hour, is but a span without a cue, or is today or this week, and what it
    says."""

    start: int
    end: int
    length: int
    kind: str
    has_clock: bool
    is_span: bool
    is_now: bool
    said: Deadline

    @property
    def is_sure(self) -> bool:
        """Whether its cue says that something is done until then."""
        return self.kind in _SURE

    def words_of(self, piece: Piece) -> list[int]:
        """Which words of the piece are its own."""
        return [k for k, place in enumerate(piece.places) if self.start <= place < self.end]


def _date_of(pieces: Sequence[Piece], dated: Sequence[Sequence[_Date]], k: int) -> Deadline | None:
    """The day of the holding words: after the last of them, else right at the piece's beginning,
    else in a piece beside it that says nothing else, else anywhere in the piece."""
    piece = pieces[k]
    holding = piece.of("holding") or piece.of("permission")
    starts = [piece.places[min(hit.start, len(piece.places) - 1)] for hit in holding]
    after = [[date for date in dated[k] if date.start >= start] for start in reversed(starts)]
    beside = [
        date
        for n in (k + 1, k - 1, k + 2)
        if 0 <= n < len(pieces) and pieces[n].sentence == piece.sentence
        for date in dated[n]
        if len(pieces[n].words) - date.length <= _MOST_OTHER
    ]
    for some in (*after, _leading(piece, dated[k]), beside, dated[k]):
        sure = [date for date in some if date.is_sure] or some
        if sure:
            return sure[0].said
    return None


def _dates(piece: Piece, vocabulary: Words, setting: Setting) -> list[_Date]:
    text, tokens = piece.text, vocabulary.tokens(piece.text)
    found: list[_Date] = []
    denied = bool(piece.of("negation"))
    k = 0
    while k < len(tokens):
        read = _date_at(text, tokens, k, vocabulary, setting, denied=denied)
        if read:
            found.append(read[0])
        k = read[1] if read else k + 1
    return list(_with_alternatives(found, tokens, vocabulary))


def _date_at(
    text: str, tokens: Sequence[Token], k: int, vocabulary: Words, setting: Setting, *, denied: bool
) -> tuple[_Date, int] | None:
    cue = None if vocabulary.table("periods").at(tokens, k) else vocabulary.cues.at(tokens, k)
    kind, at = (str(cue[0]), cue[1]) if cue else ("", k)
    read = _moment(tokens, at, kind, vocabulary, setting, denied=denied)
    if read is None or not setting.at < read.moment <= setting.at + _FARTHEST:
        return None
    start, end = tokens[k].start, tokens[read.end - 1].end
    said = Deadline(read.moment, " ".join(text[start:end].split()))
    is_span = read.is_span and kind in ("", "until", "weak")
    named = vocabulary.table("days").at(tokens, at) or vocabulary.table("periods").at(tokens, at)
    is_now = named is not None and (str(named[0]) in _NOW or str(named[0]).startswith("0"))
    return _Date(start, end, read.end - k, kind, read.has_clock, is_span, is_now, said), read.end


@dataclass(frozen=True, slots=True)
class _Read:
    """A moment, and the place after it."""

    moment: datetime
    end: int
    has_clock: bool = False
    is_span: bool = False


def _moment(
    tokens: Sequence[Token], k: int, kind: str, vocabulary: Words, setting: Setting, *, denied: bool
) -> _Read | None:
    """A span, or a moment after its cue; "not before Friday" is Friday."""
    is_cued = kind in ("within", "soft", "by", "strong")
    is_period = vocabulary.table("periods").at(tokens, k) is not None  # "by next week"
    is_counted = kind != "before" and _is_number(tokens, k, vocabulary)
    span = span_at(tokens, k, vocabulary) if (is_cued and not is_period) or is_counted else None
    if span is None and kind == "within" and k < len(tokens) and tokens[k] in vocabulary.set_of("vague"):
        unit = vocabulary.table("units").at(tokens, k)
        span = Span(k + 1, _SEVERAL, str(unit[0])) if unit else None
    if span and kind not in ("within", "soft") and _is_clock(span, tokens, k, kind, vocabulary):
        k, span = span.end - 2, None
    if span is not None:
        span = _longest(span, tokens, k, vocabulary)
        return _Read(end_of(span, setting), span.end, is_span=True)
    while kind and k < len(tokens) and tokens[k] in vocabulary.set_of("noise"):
        k += 1  # "até aprox. às 15h"
    if k >= len(tokens) or not vocabulary.may_begin(tokens[k]):
        return None
    found = moment_at(tokens, k, vocabulary, setting)
    moment = resolved(found, setting, before=kind == "before" and not denied) if found else None
    if found is None or moment is None:
        return None
    period = vocabulary.table("periods").at(tokens, k)
    early = period is not None and str(period[0]).startswith("start")
    moment = moment + timedelta(days=1) if early else moment
    return _Read(moment, found.end, found.clock is not None or found.part == "noon")


def _is_clock(span: Span, tokens: Sequence[Token], k: int, kind: str, vocabulary: Words) -> bool:
    """Whether it is an hour of the day, which a cue or a word such as "at" goes before: "om 15 uur"."""
    if not is_clock(span, tokens, k, vocabulary):
        return False
    noise, marks = vocabulary.set_of("noise"), vocabulary.phrases("clock_marks")
    starts = range(max(k - _MOST_BETWEEN, 0), k)
    ends = (hit[1] for at in starts if (hit := marks.at(tokens, at)))
    return bool(kind) or any(end <= k and all(token in noise for token in tokens[end:k]) for end in ends)


def _is_number(tokens: Sequence[Token], k: int, vocabulary: Words) -> bool:
    return k < len(tokens) and any(True for _ in _numbers(tokens[k], vocabulary))


def _longest(span: Span, tokens: Sequence[Token], k: int, vocabulary: Words) -> Span:
    """Of "two or three days" and "a day or two" the later: who holds off is bound by that."""
    if span.count % 1:
        return span  # "an hour and a half"
    if span.end + 1 < len(tokens) and tokens[span.end] in vocabulary.set_of("or"):
        more = max(_numbers(tokens[span.end + 1], vocabulary), default=0)
        if more > span.count and not vocabulary.table("units").at(tokens, span.end + 2):
            return replace(span, count=more, end=span.end + 2)
    numbers = [number for token in tokens[k : span.end] for number in _numbers(token, vocabulary)]
    if not numbers and tokens[span.end - 1] in vocabulary.set_of("vague"):
        return replace(span, count=max(span.count, _SEVERAL))
    return replace(span, count=max(span.count, *(n for n in numbers if n <= 366), 0))


def _numbers(token: Token, vocabulary: Words) -> Iterator[int]:
    hit = vocabulary.table("numbers").at([token], 0)
    if hit:
        yield int(str(hit[0]))
    elif token.kind == "number":
        yield from (int(part) for part in token.split("-") if part.isdigit())


def _with_alternatives(found: Sequence[_Date], tokens: Sequence[Token], vocabulary: Words) -> Iterator[_Date]:
    """ "Thursday or Friday": the later one."""
    either = vocabulary.set_of("or")
    joined = {after.start for k, t in enumerate(tokens) if t in either for after in tokens[k + 1 : k + 3]}
    later = {b.start: b for _, b in pairwise(found) if b.start in joined}
    for one, following in pairwise([*found, None]):
        if one is None or one.start in later:
            continue
        if following is not None and following.start in later:
            moment = max(one.said.moment, following.said.moment)
            words = f"{one.said.words} … {following.said.words}"
            length = one.length + following.length + 1
            yield replace(one, said=Deadline(moment, words), length=length, end=following.end)
        else:
            yield one
