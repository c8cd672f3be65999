"""What the asker writes after the question: withdrawn, more urgent, no rush, a new day, or more.

A question is withdrawn only where the mail says so and nothing in it asks on: to close a question
that still stands leaves a colleague in silence, to keep one that is settled costs a glance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from ackd.model import WorkingHours
from ackd.text.phrases import Hit
from ackd.text.temporal.another_day import is_of_another_day
from ackd.text.temporal.clauses import Piece, Talk, talks
from ackd.text.temporal.deadline import Deadline, stated

_MOST_WORDS = 90  # of a mail that withdraws: a longer one has more to say
_MOST_BESIDE = 30  # words beside "never mind" that may be anything that isn't doubted
_MOST_WAIVING = 6  # words of a piece that says "no answer needed", and therefore doesn't ask for one
_MOST_INSERTED = 2  # words of a piece that is but an insertion
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
    """Thanks, a greeting, an emoji, an empty mail."""


_TELLING = (Said.WITHDRAWN, Said.NO_RUSH, Said.URGENT, Said.DEADLINE, Said.NOTHING, Said.MORE)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was said, and the deadline that was stated with it, if any."""

    kind: Said
    deadline: Deadline | None = None

    @property
    def wanted(self) -> datetime | None:
        """The moment of that deadline."""
        return self.deadline.moment if self.deadline else None


def read(text: str, language: str | None, sent: datetime, zone: tzinfo, hours: WorkingHours) -> FollowUp:
    """What a follow-up says, from its new text; `sent` is its own date, `zone` the asker's, and
    `hours` say when a day's work ends. With no language every known one is tried; then the question
    is withdrawn only if no language in which it might be so has a doubt."""
    read_as = [(talk, _read(talk, text, sent, zone, hours)) for talk in talks(text, language)]
    is_doubted = any(
        said.kind is not Said.WITHDRAWN and any(map(_settles, talk.pieces)) for talk, said in read_as
    )
    found = [said for _, said in read_as if not (is_doubted and said.kind is Said.WITHDRAWN)]
    return min(found, key=lambda said: _TELLING.index(said.kind), default=FollowUp(Said.MORE))


def _read(talk: Talk, text: str, sent: datetime, zone: tzinfo, hours: WorkingHours) -> FollowUp:
    deadline = stated(text, talk.language.code, sent, zone, hours)
    if deadline is None and _is_withdrawn(talk):
        return FollowUp(Said.WITHDRAWN)
    kinds = {kind for piece in talk.pieces for kind in _haste(piece, talk.language.code)}
    if Said.NO_RUSH in kinds:
        return FollowUp(Said.NO_RUSH, deadline)
    if Said.URGENT in kinds:
        return FollowUp(Said.URGENT, deadline)
    if deadline is not None:
        return FollowUp(Said.DEADLINE, deadline)
    return FollowUp(Said.NOTHING if _says_nothing(talk) else Said.MORE)


def _is_withdrawn(talk: Talk) -> bool:
    """Whether the mail says that no answer is needed, nothing in it says otherwise, and all of it is
    understood: a mail that only tells of something found may tell of a new fault beside it."""
    pieces = talk.pieces
    if not talk.is_whole or sum(len(piece.words) for piece in pieces) > _MOST_WORDS:
        return False
    said = [k for k, piece in enumerate(pieces) if _settles(piece)]
    if not said or any(_is_doubted(piece) or _asks_on(piece, talk) for piece in pieces):
        return False
    other = sum(len(piece.words) for k, piece in enumerate(pieces) if not _is_understood(pieces, k))
    is_waived = any(pieces[k].of("waived") for k in said)
    return other <= (_MOST_BESIDE if is_waived else 0) and not _goes_on(pieces, said[0])


def _settles(piece: Piece) -> bool:
    return not piece.is_question and bool(piece.of("waived") or _snapshot(piece, "withdrawn"))


def _is_doubted(piece: Piece) -> bool:
    """Whether the piece denies, doubts, sets a condition or tells of something new, wherever in it."""
    safe = piece.of("waived", "harmless")
    return piece.is_question or any(
        not any(known.start <= doubt.start and doubt.end <= known.end for known in safe)
        for doubt in piece.of("negation", "doubt")
    )


def _is_understood(pieces: Sequence[Piece], k: int) -> bool:
    piece = pieces[k]
    if piece.of("waived", "withdrawn", "harmless") or len(piece.words) <= _MOST_INSERTED:
        return True
    return _is_frame(pieces, k)


def _asks_on(piece: Piece, talk: Talk) -> bool:
    """Whether the piece asks for something, other than to drop the matter ("please ignore my mail"), and
    other than by thanking ("merci de ton aide", and not "merci de m'envoyer …")."""
    if len(piece.words) <= _MOST_WAIVING and piece.of("waived"):
        return False
    hits = talk.language.phrases.find(piece.words[:80], (0,))
    if any(hit.kind == "courtesy" for hit in hits):
        return False
    settles, harmless = piece.of("waived", "withdrawn"), piece.of("harmless")

    def is_safe(hit: Hit) -> bool:
        return (
            (piece.is_greeting and hit.start == 0)
            or any(known.start <= hit.end and hit.start <= known.end for known in settles)
            or any(known.start < hit.end and hit.start < known.end for known in harmless)
        )

    return any(hit.kind in _ASKS and not is_safe(hit) for hit in hits)


def _snapshot(piece: Piece, *kinds: str) -> list[Hit]:
    """The phrases of these kinds that nothing in their piece takes back."""
    masks = piece.of("standing")
    return [hit for hit in piece.of(*kinds) if not any(_masks(mask, hit) for mask in masks)]


def _masks(mask: Hit, hit: Hit) -> bool:
    """Whether what takes back stands before the phrase, or over it; not if it is a smaller part of
    it ("not needed any more")."""
    is_part = hit.start <= mask.start and mask.end <= hit.end and mask.end - mask.start < hit.end - hit.start
    return not is_part and mask.start <= hit.end


def _goes_on(pieces: Sequence[Piece], k: int) -> bool:
    """Whether a "but" follows what withdraws, other than with thanks."""
    end = max(hit.end for hit in pieces[k].of("waived", "withdrawn"))
    if any(hit.start >= end for hit in pieces[k].of("but")):
        return True
    settled = ("waived", "withdrawn", "thanks", "harmless")
    return any(piece.of("but") and not piece.of(*settled) for piece in pieces[k + 1 :])


def _haste(piece: Piece, code: str) -> set[Said]:
    calm = [] if piece.is_question else _snapshot(piece, "no_rush", "later")
    hurry = [
        hit
        for hit in piece.of("urgent", "sooner")
        if not any(_covers(mask, hit) for mask in (*calm, *piece.of("standing")))
        and not any(mask.start < hit.end and hit.start < mask.end for mask in piece.of("contingent"))
        and not is_of_another_day(piece.words, hit, piece.text, code)
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
    return piece.is_greeting or agrees or is_name or _only_tells_of_an_emoji(piece)


def _only_tells_of_an_emoji(piece: Piece) -> bool:
    """Whether a mail program wrote the piece: who reacted, and nothing after it."""
    ends = [hit.end for hit in piece.of("reacted")]
    return bool(ends) and not any(word[:1].isalnum() for word in piece.words[max(ends) :])
