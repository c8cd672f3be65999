"""Kills at every step are many: by default the first share of them is played, and the others with the long
tests, so that all are played wherever both run. The steps are dealt out in turn, so that each share holds
some from everywhere in the pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def shared(name: str, count: int) -> Callable[[Any], Any]:
    """Play a test for each of `count` shares; all but the first are long."""
    cases = [pytest.param(share, marks=[pytest.mark.long] if share else []) for share in range(count)]
    return pytest.mark.parametrize(name, cases)


def rarely(name: str, count: int) -> Callable[[Any], Any]:
    """The same of what another way to the mailbox repeats: the first share is long, and the others are played
    when they are asked for (`pytest -m more`)."""
    marks = (pytest.mark.long, *[pytest.mark.more] * (count - 1))
    cases = [pytest.param(share, marks=mark) for share, mark in enumerate(marks)]
    return pytest.mark.parametrize(name, cases)


def moments(whole: int, share: int, count: int, *, start: int = 0) -> range:
    """The steps of a share at which a process is killed that makes `whole` of them, after `start`. After one
    call of a port and before the next one is the same moment for those who come after: of these two steps the
    first is played."""
    first = start - start % 2 + 2
    return range(first + 2 * share, whole + 1, 2 * count)
