"""What the asker writes after the question: withdrawn, more urgent, no rush, a new day, or more.

A question is withdrawn only where the mail says so and nothing in it asks on: to close a question
that still stands leaves a colleague in silence, to keep one that is settled costs a glance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from ackd.judge.words import Hit
from ackd.model import WorkingHours
from ackd.promise.deadline import Deadline, stated
from ackd.promise.pieces import Piece, Talk, talks

_MOST_WORDS = 90  # of a mail that withdraws: a longer one has more to say
_MOST_COURTEOUS = 12  # words of a piece that only thanks or greets
_MOST_AGREEING = 3  # words of a piece that only agrees
_ASKS = frozenset(("ask", "tell", "wish", "order"))


class Said(StrEnum):
    """What a follow-up of the asker's says."""

    WITHDRAWN = "withdrawn"
    URGENT = "urgent"
    NO_RUSH = "no_rush"
    DEADLINE = "deadline"
    MORE = "more"
    """Something else: text to add to the task."""
    NOTHING = "nothing"
    """Thanks, a greeting, an empty mail."""


_TELLING = (Said.WITHDRAWN, Said.NO_RUSH, Said.URGENT, Said.DEADLINE, Said.NOTHING, Said.MORE)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was said, and the deadline that was stated with it, if any."""

    kind: Said
    deadline: Deadline | None = None


def read(text: str, language: str | None, sent: datetime, zone: tzinfo, hours: WorkingHours) -> FollowUp:
    """What a follow-up says, from its new text; `sent` is its own date, `zone` the asker's, and
    `hours` say when a day's work ends. With no language every known one is tried."""
    found = [_read(talk, text, sent, zone, hours) for talk in talks(text, language)]
    return min(found, key=lambda said: _TELLING.index(said.kind))


def _read(talk: Talk, text: str, sent: datetime, zone: tzinfo, hours: WorkingHours) -> FollowUp:
    if _is_withdrawn(talk):
        return FollowUp(Said.WITHDRAWN)
    deadline = stated(text, talk.language.code, sent, zone, hours)
    kinds = {kind for piece in talk.pieces for kind in _haste(piece)}
    if Said.NO_RUSH in kinds:
        return FollowUp(Said.NO_RUSH, deadline)
    if Said.URGENT in kinds:
        return FollowUp(Said.URGENT, deadline)
    if deadline is not None:
        return FollowUp(Said.DEADLINE, deadline)
    return FollowUp(Said.NOTHING if _says_nothing(talk) else Said.MORE)


def _is_withdrawn(talk: Talk) -> bool:
    pieces = talk.pieces
    if not talk.is_whole or sum(len(piece.words) for piece in pieces) > _MOST_WORDS:
        return False
    said = [k for k, piece in enumerate(pieces) if not piece.is_question and _standing(piece, "withdrawn")]
    return bool(said) and not _asks_on(talk) and not _goes_on(pieces, said[0])


def _standing(piece: Piece, *kinds: str) -> list[Hit]:
    """The phrases of these kinds that nothing in their piece takes back."""
    masks = piece.of("standing")
    return [hit for hit in piece.of(*kinds) if not any(_masks(mask, hit) for mask in masks)]


def _masks(mask: Hit, hit: Hit) -> bool:
    """Whether what takes back stands before the phrase, or over it; not if it is a smaller part of
    it ("not needed any more")."""
    is_part = hit.start <= mask.start and mask.end <= hit.end and mask.end - mask.start < hit.end - hit.start
    return not is_part and mask.start <= hit.end


def _asks_on(talk: Talk) -> bool:
    """Whether anything in the text asks: a question mark, or words that ask, apart from those
    that withdraw ("please ignore my mail")."""
    for k, sentence in enumerate(talk.sentences):
        if sentence.is_question:
            return True
        pieces = [piece for piece in talk.pieces if piece.sentence == k]
        if any(piece.of("withdrawn", "thanks", "closing") for piece in pieces):
            continue
        hits = talk.language.phrases.find(sentence.words[:80])
        courtesy = any(hit.kind == "courtesy" for hit in hits)
        if not courtesy and any(hit.kind in _ASKS for hit in hits):
            return True
    return False


def _goes_on(pieces: Sequence[Piece], k: int) -> bool:
    """Whether a "but" follows what withdraws, other than with thanks."""
    end = max(hit.end for hit in pieces[k].of("withdrawn"))
    if any(hit.start >= end for hit in pieces[k].of("but")):
        return True
    return any(piece.of("but") and not piece.of("withdrawn", "thanks") for piece in pieces[k + 1 :])


def _haste(piece: Piece) -> set[Said]:
    calm = [] if piece.is_question else _standing(piece, "no_rush", "later")
    hurry = [
        hit
        for hit in piece.of("urgent", "sooner")
        if not any(_covers(mask, hit) for mask in (*calm, *piece.of("standing")))
    ]
    return ({Said.NO_RUSH} if calm else set()) | ({Said.URGENT} if hurry else set())


def _covers(mask: Hit, hit: Hit) -> bool:
    """Whether the phrase is but a part of the mask ("not that urgent", "an urgent meeting")."""
    return mask.start <= hit.start < mask.end and not (mask.start == hit.start and mask.end < hit.end)


def _says_nothing(talk: Talk) -> bool:
    pieces = talk.pieces
    return talk.is_whole and all(_is_frame(pieces, k) for k in range(len(pieces)))


def _is_frame(pieces: Sequence[Piece], k: int) -> bool:
    piece = pieces[k]
    if piece.is_question or len(piece.words) > _MOST_COURTEOUS:
        return False
    greeted = k > 0 and pieces[k - 1].is_greeting
    is_name = piece.looks_like_name and (k == 0 or greeted or piece.is_last)
    agrees = bool(piece.of("reply")) and len(piece.words) <= _MOST_AGREEING
    return piece.is_greeting or agrees or is_name
