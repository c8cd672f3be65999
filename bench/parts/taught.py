"""Readers whose corrections teach the judge, lived through in order of time: what each mail's verdict would
have been without lessons and with those that were given by then."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ackd.judge.lessons import learned, moved_by
from ackd.model import Act, Lesson, Traits

MOST = 20  # lessons that a reader gives
_DRAWS = 1000
_SEED = 20261201


@dataclass(frozen=True, slots=True)
class Given:
    """A labelled mail. `chance` is what a model says that hasn't learned from it, nor from its organisation's
    mails; `sender` as it compares."""

    at: datetime
    asks: bool
    chance: float
    traits: Traits
    sender: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A mail as it was judged in its turn: whether it was taken without lessons, and with them."""

    asks: bool
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Life:
    """What became of one reader's mails. `used`: whether the lessons count at the end."""

    mails: tuple[Judged, ...]
    lessons: int
    used: bool

    def right(self, *, after: bool) -> int:
        """How many verdicts were right."""
        return sum((mail.after if after else mail.before) == mail.asks for mail in self.mails)


def live(mails: Sequence[Given], threshold: float, *, drafts: bool) -> Life:
    """The owner corrects wrong verdicts, until twenty lessons are given; with `drafts` ackd writes drafts,
    of which those for requests are sent."""
    lessons: list[Lesson] = []
    found = []
    for number, mail in enumerate(sorted(mails, key=lambda one: one.at)):
        taught = learned(lessons, b"", mail.at)
        moved = moved_by(mail.chance, taught.shift(mail.traits))
        before = mail.chance >= threshold
        after = moved >= threshold if taught.is_used else before
        found.append(Judged(mail.asks, before, after))
        act = _act(mail.asks, after, drafts=drafts)
        if act and len(lessons) < MOST:
            traits = replace(mail.traits, chance=mail.chance, taught=moved)
            lessons.append(Lesson(f"<{number}>", mail.at, act, traits))
    return Life(tuple(found), len(lessons), learned(lessons, b"", mails[-1].at).is_used)


def _act(asks: bool, taken: bool, *, drafts: bool) -> Act | None:
    if asks and not taken:
        return Act.ORDERED
    if drafts and taken:
        return Act.DRAFT_SENT if asks else Act.DRAFT_DELETED
    return Act.NO_QUESTION if taken and not asks else None


def without_one(mails: Sequence[Given]) -> list[Given] | None:
    """The mails of an owner who wants no letter for the colleague who asks most; None where nobody asks three
    times."""
    asked = Counter(mail.sender for mail in mails if mail.asks)
    if not asked or (most := asked.most_common(1)[0])[1] < 3:
        return None
    return [replace(mail, asks=mail.asks and mail.sender != most[0]) for mail in mails]


def precision(mails: Sequence[Judged], *, after: bool) -> float:
    """The share of what was taken that asks; 1 where nothing was."""
    taken = [mail.asks for mail in mails if (mail.after if after else mail.before)]
    return sum(taken) / len(taken) if taken else 1.0


def recall(mails: Sequence[Judged], *, after: bool) -> float:
    """The share of what asks that was taken."""
    asked = [mail.after if after else mail.before for mail in mails if mail.asks]
    return sum(asked) / len(asked) if asked else 1.0


def gained(mails: Sequence[Judged], figure: Callable[..., float]) -> tuple[float, float, float]:
    """By how much lessons raise a figure, and its 95 % interval, from drawing mails anew."""
    chosen = random.Random(_SEED)

    def gain(some: Sequence[Judged]) -> float:
        return figure(some, after=True) - figure(some, after=False)

    drawn = sorted(gain(chosen.choices(mails, k=len(mails))) for _ in range(_DRAWS))
    return gain(mails), drawn[int(0.025 * _DRAWS)], drawn[int(0.975 * _DRAWS) - 1]
