"""How probable the judge held it that mails ask, against what the owner said of them. Pure.

Said is what the owner corrected or confirmed, and so mostly what was near or wrong: not a sample of all
mails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_LEVELS = 5


@dataclass(frozen=True, slots=True)
class Said:
    """What the owner said of a mail: whether it `asks`. `chance` is the probability that the judge had for
    it."""

    chance: float
    asks: bool


@dataclass(frozen=True, slots=True)
class Level:
    """The mails with a probability from `low` on and below `high` (the last one with 1): how many of them ask
    by the owner's word, how many don't, and the mean of their probabilities, 0 where there are none."""

    low: float
    high: float
    asks: int
    others: int
    mean: float

    @property
    def count(self) -> int:
        """How many mails there are."""
        return self.asks + self.others


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that was said, by levels of probability; `missed` are mails that ask below the threshold,
    `mistaken` those from it on that don't."""

    levels: tuple[Level, ...]
    missed: int
    mistaken: int

    @property
    def count(self) -> int:
        """Of how many mails something was said."""
        return sum(level.count for level in self.levels)


def corrections(said: Sequence[Said], threshold: float) -> Corrections:
    """Sort what was said; `threshold` is how probable a request must be to count."""
    bounds = [number / _LEVELS for number in range(_LEVELS + 1)]
    levels = []
    for low, high in pairwise(bounds):
        here = [one for one in said if low <= one.chance < high or (high == 1 and one.chance >= 1)]
        asks = sum(one.asks for one in here)
        mean = sum(one.chance for one in here) / len(here) if here else 0.0
        levels.append(Level(low, high, asks, len(here) - asks, mean))
    missed = sum(one.asks and one.chance < threshold for one in said)
    mistaken = sum(not one.asks and one.chance >= threshold for one in said)
    return Corrections(tuple(levels), missed, mistaken)
