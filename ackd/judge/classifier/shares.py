"""How what was learned in several ways is put together. The shares are set, not learned: on mails by which
the phrases were written, learning gives all to the phrases (docs/judge.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MOST_WORDS = 5.0
"""The most that the words of a mail may say, in log odds."""

_MOST_BROAD = 6.0
_STRICT, _BROAD, _WORDS = 0.8, 0.2, 0.3


def mixed(strict: Any, broad: Any, words: Any, clip: Callable[[Any, float, float], Any]) -> Any:
    """The log odds, not calibrated, of what real mails say by their phrases (`strict`), what written ones say
    beside them (`broad`), and the words of the sentence that asks most: numbers, or arrays of them."""
    return (
        _STRICT * strict
        + _BROAD * clip(broad, -_MOST_BROAD, _MOST_BROAD)
        + _WORDS * clip(words, -MOST_WORDS, MOST_WORDS)
    )


def bounded(number: float, least: float, most: float) -> float:
    """A number within bounds."""
    return min(max(number, least), most)
