"""Kills at every step are many: by default a third of a share of them is played; of the others an eighth with
the long tests, and the rest when it is asked for (`pytest -m more`). The steps are dealt out in turn, so that
each share holds some from everywhere in the pass. The others come in a few parts, since each plays the whole
story once first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

PARTS = 8


@dataclass(frozen=True, slots=True)
class Share:
    """Of each `count` steps those at the places `places`."""

    places: frozenset[int]
    count: int

    def of(self, steps: Sequence[int]) -> list[int]:
        """The steps that are played of these."""
        return [step for number, step in enumerate(steps) if number % self.count in self.places]


def shared(name: str, count: int) -> Callable[[Any], Any]:
    """Play a test for a third of one share of `count`; the others are long, or asked for."""
    count *= 3
    parts = min(PARTS, count - 1)
    cases = [pytest.param(Share(frozenset({0}), count), id="one")]
    for part in range(parts):
        others = Share(frozenset(range(1 + part, count, parts)), count)
        mark = pytest.mark.more if part else pytest.mark.long
        cases.append(pytest.param(others, id=f"others {part + 1}", marks=mark))
    return pytest.mark.parametrize(name, cases)


def rarely(name: str, count: int) -> Callable[[Any], Any]:
    """The same of what another way to the mailbox repeats: one share is long, and the others are played when
    they are asked for (`pytest -m more`)."""
    cases = [
        pytest.param(Share(frozenset({0}), count), id="one", marks=pytest.mark.long),
        pytest.param(Share(frozenset(range(1, count)), count), id="others", marks=pytest.mark.more),
    ]
    return pytest.mark.parametrize(name, cases)


def moments(whole: int, *, start: int = 0) -> range:
    """The steps at which a process is killed that makes `whole` of them, after `start`. After one call of a
    port and before the next one is the same moment for those who come after: of these two steps the first is
    played."""
    return range(start - start % 2 + 2, whole + 1, 2)
