"""What the words of a sentence say of asking, whatever phrases it has: words, pairs of neighbours and groups
of letters, each by a hash; how much that counts beside the signals; and whether a text is unlike all that was
learned from. The same functions make the places for training and for judging."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zlib import crc32

BUCKETS = 1 << 17
SCALE = 5.0
"""How much the words weigh beside the signals when both are learned together."""

MOST_SAID = 5.0
"""The most that the words of a mail may say, in log odds."""

_MOST_BROAD = 6.0
_STRICT, _BROAD, _WORDS = (
    0.8,
    0.2,
    0.3,
)  # set, not learned: on mails by which the phrases were written, learning
# gives all to the phrases (docs/judge.md)
_MOST_WORDS = 60  # of a sentence
_LONGEST = 40  # letters of a word
_START = "^"
_FIGURE = "0"
_FEWEST_WORDS = 8  # different ones, from which a text can be told to be unlike others
_MOST_UNKNOWN = 0.4  # of the different words


class Wording:
    """The weights of the places, in units; what a word alone adds is remembered, of the words used last."""

    __slots__ = ("_of_word", "_unit", "_weights")

    def __init__(self, weights: bytes, unit: float) -> None:
        self._weights = memoryview(weights).cast("b")
        self._unit = unit
        self._of_word = lru_cache(maxsize=8192)(self._word)

    def score(self, words: Sequence[str]) -> float:
        """What a sentence's words add to the log odds that it asks."""
        if not words:
            return 0.0
        said = _said(words)
        total, count = 0, len(said)
        for word in said:
            added, places = self._of_word(word)
            total += added
            count += places
        weights = self._weights
        total += sum(weights[_place(f"{one} {other}")] for one, other in pairwise([_START, *said]))
        return SCALE * self._unit * total / math.sqrt(count)

    def _word(self, word: str) -> tuple[int, int]:
        places = list(_of_word(word))
        return sum(self._weights[place] for place in places), len(places)


def places(words: Sequence[str]) -> list[int]:
    """The places that a sentence has, as often as it has them."""
    said = _said(words)
    found = [place for word in said for place in _of_word(word)]
    return found + [_place(f"{one} {other}") for one, other in pairwise([_START, *said])]


def _said(words: Sequence[str]) -> list[str]:
    return [_FIGURE if word.isdigit() else word[:_LONGEST] for word in words[:_MOST_WORDS]]


def _of_word(word: str) -> Iterator[int]:
    """The word itself, and its groups of three to five letters with its ends."""
    yield _place(word)
    whole = f"<{word}>"
    for size in (3, 4, 5):
        if len(whole) > size:
            for at in range(len(whole) - size + 1):
                yield _place(f"{whole[at : at + size]}~")


def _place(text: str) -> int:
    return crc32(text.encode(errors="replace")) & (BUCKETS - 1)


class Vocabulary:
    """The words of all that was learned from, by language, each a bit at the place of its hash."""

    __slots__ = ("_bits",)

    SIZE = 1 << 18
    """How many bits there are: with as many words, one unknown word in ten is taken for a known one."""

    def __init__(self, bits: bytes) -> None:
        self._bits = bits

    def is_unlike(self, code: str, sentences: Iterable[Sequence[str]]) -> bool:
        """Whether so many words of a text are unknown that what was learned says little of it."""
        spoken = {word for words in sentences for word in words if word[0].isalpha()}
        if len(spoken) < _FEWEST_WORDS:
            return False
        unknown = sum(not self._knows(bit_of(code, word)) for word in spoken)
        return unknown > _MOST_UNKNOWN * len(spoken)

    def _knows(self, bit: int) -> bool:
        return bool(self._bits[bit >> 3] >> (bit & 7) & 1)


def bit_of(code: str, word: str) -> int:
    """The bit of a word of a language."""
    return crc32(f"{code} {word[:_LONGEST]}".encode(errors="replace")) & (Vocabulary.SIZE - 1)


def mixed(strict: Any, broad: Any, words: Any, clip: Callable[[Any, float, float], Any]) -> Any:
    """The log odds, not calibrated, of what real mails say by their phrases (`strict`), what written ones say
    beside them (`broad`), and the words of the sentence that asks most: numbers, or arrays of them."""
    return (
        _STRICT * strict
        + _BROAD * clip(broad, -_MOST_BROAD, _MOST_BROAD)
        + _WORDS * clip(words, -MOST_SAID, MOST_SAID)
    )


def bounded(number: float, least: float, most: float) -> float:
    """A number within bounds."""
    return min(max(number, least), most)
