"""Items to read, and what became of reading them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

LONGEST_TEXT = 300_000  # bytes of one text, as they stand in an answer
MOST = 100  # items in one request
BATCH_BYTES = 2_000_000  # that the items of one request may weigh
UNKNOWN_SIZE = 30_000  # bytes that an item counts whose size the server doesn't tell

#: Codes that say that an item itself can't be given, now or ever.
_CORRUPT = """ErrorContentConversionFailed ErrorCorruptData ErrorInvalidId ErrorInvalidIdMalformed
    ErrorItemCorrupt ErrorMessageSizeExceeded ErrorMimeContentConversionFailed ErrorMimeContentInvalid
    ErrorPropertyUpdate"""
CORRUPT = frozenset(_CORRUPT.split())


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item to read. `size` is what the server says it has, 0 where that isn't known; `alone`: it
    is known to spoil a batch; `again`: it was asked for before, and what the server asked to be
    waited for has passed."""

    item: str
    size: int = 0
    alone: bool = False
    again: bool = False

    @property
    def weight(self) -> int:
        """How many bytes of an answer it may take: with its text as it is and as HTML."""
        return min(2 * (self.size or UNKNOWN_SIZE), 2 * LONGEST_TEXT) + 2_000


@dataclass(frozen=True, slots=True)
class Got:
    """The item's element."""

    element: Any


@dataclass(frozen=True, slots=True)
class Gone:
    """The item isn't there any more."""


@dataclass(frozen=True, slots=True)
class Bad:
    """The server works and can't give this item. `for_good`: its code says that it never will;
    `spoils`: with it in a batch the others can't be had either."""

    why: str
    for_good: bool = False
    spoils: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is known of the item yet: ask again, after `wait` where the server said so."""

    why: str
    wait: timedelta = timedelta(0)


Read = Got | Gone | Bad | Later
Reads = Iterator[tuple[Wanted, Read]]


def batches(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """In order, at most MOST items and BATCH_BYTES each; what spoils a batch is alone."""
    batch: list[Wanted] = []
    weight = 0
    for one in wanted:
        is_full = len(batch) >= MOST or weight + one.weight > BATCH_BYTES
        if batch and (is_full or one.alone or batch[-1].alone):
            yield batch
            batch, weight = [], 0
        batch.append(one)
        weight += one.weight
    if batch:
        yield batch
