"""When an owner says that he will answer: "I'll get back to you next week" is no answer.

A mail holds the asker off if its new text says no more than that: a greeting, thanks, a reason,
and one sentence that names the day. Whatever else it says may be the answer itself, and then it
counts as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from ackd.model import WorkingHours
from ackd.promise.deadline import Deadline
from ackd.promise.moments import moment_at, resolved
from ackd.promise.pieces import Piece, Talk, talks
from ackd.promise.setting import Setting
from ackd.promise.spans import Span, end_of, span_at
from ackd.promise.tokens import Token, tokens_of
from ackd.promise.vocabulary import Words, words_of

_FARTHEST = timedelta(days=400)
_MOST_WORDS = 90  # of a mail that says no more than when
_MOST_BEFORE = 3  # words before "I'll get back to you" that may be anything ("Yes, so …")
_MOST_OTHER = 2  # words of a piece that is but a part of the date
_LEADING = 2  # words: a date before the holding words belongs to them if it begins that early
_OR = frozenset(("or", "oder", "ou", "o", "of", "u", "bzw", "resp"))
_VAGUE_WORDS = """
    days hours weeks tage tagen stunden wochen jours heures semaines dias horas semanas dagen uren weken
    giorni ore settimane
"""
_VAGUE = frozenset(_VAGUE_WORDS.split())
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
    if any(piece.of("answering") for piece in pieces):
        return None
    vocabulary = words_of(talk.language.code)
    dated = [_dates(piece.text, vocabulary, setting) for piece in pieces]
    told: list[Deadline] = []
    for k, piece in enumerate(pieces):
        if _holds(piece, dated[k]):
            found = _date_of(pieces, dated, k)
            told += [found] if found else []
        elif not _is_frame(pieces, k, dated[k]):
            return None
    return max(told, key=lambda found: found.moment, default=None)


def _holds(piece: Piece, dates: Sequence[_Date]) -> bool:
    """Whether the piece holds off, without much before that which is neither a reason nor the day
    ("On Friday at the latest I'll …")."""
    hits = piece.of("holding")
    if not hits:
        return False
    before = piece.of("stalling", "thanks", "greeting")
    leading = sum(date.length for date in _leading(piece, dates))
    return hits[0].start - leading <= _MOST_BEFORE or any(hit.start < hits[0].start for hit in before)


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
    dated = sum(date.length for date in dates)
    if dates and len(piece.words) - dated <= _MOST_OTHER:
        return any(other.of("holding") for other in pieces if other.sentence == piece.sentence)
    greeted = k > 0 and pieces[k - 1].is_greeting
    return piece.looks_like_name and (k == 0 or greeted or piece.is_last)


# --- the day ---


@dataclass(frozen=True, slots=True)
class _Date:
    """A day in a piece: where it begins (characters), how many words it has, and what it says."""

    start: int
    length: int
    surely: bool
    said: Deadline


def _date_of(pieces: Sequence[Piece], dated: Sequence[Sequence[_Date]], k: int) -> Deadline | None:
    """The day of the holding words: after the last of them, else right at the piece's beginning,
    else in a piece beside it that says nothing else."""
    piece = pieces[k]
    starts = [piece.places[min(hit.start, len(piece.places) - 1)] for hit in piece.of("holding")]
    after = [[date for date in dated[k] if date.start >= start] for start in reversed(starts)]
    beside = [
        date
        for n in (k + 1, k - 1, k + 2)
        if 0 <= n < len(pieces) and pieces[n].sentence == piece.sentence
        for date in dated[n]
        if len(pieces[n].words) - date.length <= _MOST_OTHER
    ]
    for some in (*after, _leading(piece, dated[k]), beside):
        sure = [date for date in some if date.surely] or some
        if sure:
            return sure[0].said
    return None


def _dates(text: str, vocabulary: Words, setting: Setting) -> list[_Date]:
    tokens = tokens_of(text)
    found: list[_Date] = []
    k = 0
    while k < len(tokens):
        read = _date_at(text, tokens, k, vocabulary, setting)
        if read:
            found.append(read[0])
        k = read[1] if read else k + 1
    return list(_with_alternatives(found, tokens))


def _date_at(
    text: str, tokens: Sequence[Token], k: int, vocabulary: Words, setting: Setting
) -> tuple[_Date, int] | None:
    cue = None if vocabulary.table("periods").at(tokens, k) else vocabulary.cues.at(tokens, k)
    kind, at = (str(cue[0]), cue[1]) if cue else ("", k)
    read = _moment(tokens, at, kind, vocabulary, setting)
    if read is None or not setting.at < read[0] <= setting.at + _FARTHEST:
        return None
    moment, end = read
    said = " ".join(text[tokens[k].start : tokens[end - 1].end].split())
    surely = kind in ("by", "strong", "before", "within")
    return _Date(tokens[k].start, end - k, surely, Deadline(moment, said)), end


def _moment(
    tokens: Sequence[Token], k: int, kind: str, vocabulary: Words, setting: Setting
) -> tuple[datetime, int] | None:
    """A span after its cue, or a moment, with the place after it."""
    span = span_at(tokens, k, vocabulary) if kind in ("within", "soft", "by", "strong") else None
    if span is None and kind == "within" and k < len(tokens) and tokens[k].norm in _VAGUE:
        unit = vocabulary.table("units").at(tokens, k)
        span = Span(k + 1, _SEVERAL, str(unit[0])) if unit else None
    if span is not None:
        return end_of(_longest(span, tokens, k, vocabulary), setting), span.end
    if k >= len(tokens) or not vocabulary.may_begin(tokens[k]):
        return None
    found = moment_at(tokens, k, vocabulary, setting)
    moment = resolved(found, setting, before=kind == "before") if found else None
    if found is None or moment is None:
        return None
    period = vocabulary.table("periods").at(tokens, k)
    early = period is not None and str(period[0]).startswith("start")
    return moment + timedelta(days=1) if early else moment, found.end


def _longest(span: Span, tokens: Sequence[Token], k: int, vocabulary: Words) -> Span:
    """Of "two or three days" the three: who holds off is bound by the later one."""
    numbers = [number for token in tokens[k : span.end] for number in _numbers(token, vocabulary)]
    if not numbers and tokens[span.end - 1].norm in _VAGUE:
        return replace(span, count=max(span.count, _SEVERAL))
    return replace(span, count=max(span.count, *(n for n in numbers if n <= 366), 0))


def _numbers(token: Token, vocabulary: Words) -> Iterator[int]:
    hit = vocabulary.table("numbers").at([token], 0)
    if hit:
        yield int(str(hit[0]))
    elif token.kind == "number":
        yield from (int(part) for part in token.norm.split("-") if part.isdigit())


def _with_alternatives(found: Sequence[_Date], tokens: Sequence[Token]) -> Iterator[_Date]:
    """ "Thursday or Friday": the later one."""
    joined = {after.start for k, t in enumerate(tokens) if t.norm in _OR for after in tokens[k + 1 : k + 3]}
    later = {b.start: b for _, b in pairwise(found) if b.start in joined}
    for one, following in pairwise([*found, None]):
        if one is None or one.start in later:
            continue
        if following is not None and following.start in later:
            moment = max(one.said.moment, following.said.moment)
            words = f"{one.said.words} … {following.said.words}"
            yield replace(one, said=Deadline(moment, words), length=one.length + following.length + 1)
        else:
            yield one
