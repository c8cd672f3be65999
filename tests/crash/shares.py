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
