"""Kills at every step are many: by default every fourth share of them is played, and the others with
the long tests, so that all are played wherever both run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def shared(name: str, count: int) -> Callable[[Any], Any]:
    """Play a test for each share from 0 on; three of four are long."""
    cases = [pytest.param(share, marks=[pytest.mark.long] if share % 4 else []) for share in range(count)]
    return pytest.mark.parametrize(name, cases)
