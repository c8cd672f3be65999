"""What can be written in a configuration and isn't built yet. This is the one place where that is
declared: a feature that gets built takes its line out of `NOT_BUILT`; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ackd.config.value_error import Location
from ackd.config.yaml_document import Data


@dataclass(frozen=True, slots=True)
class Gap:
    """Values of a key that are errors, because ackd would do something else, or nothing at all.
    `key` has dots; `reason` says what to do instead."""

    key: str
    values: tuple[str, ...]
    reason: str


NOT_BUILT: tuple[Gap, ...] = (
    Gap("mailbox.auth", ("oauth",), "with EWS; kind: graph has it without being told"),
)


def gaps_of(key: str) -> Iterator[Gap]:
    """What isn't built of a key, given with dots and without list indexes."""
    return (gap for gap in NOT_BUILT if gap.key == key)


def missing_values(key: str) -> frozenset[str]:
    """The values of a key that are errors as long as they aren't built."""
    return frozenset(value for gap in gaps_of(key) for value in gap.values)


def set_gaps(data: Data) -> Iterator[tuple[Location, Data, Gap]]:
    """Where a file sets what isn't built yet: the place, the value, and the gap."""
    for gap in NOT_BUILT:
        for where, value in _find(data, gap.key.split("."), ()):
            if value in gap.values:
                yield where, value, gap


def _find(data: Data, keys: list[str], where: Location) -> Iterator[tuple[Location, Data]]:
    """The values of a key."""
    if not keys:
        yield where, data
    elif isinstance(data, dict) and keys[0] in data:
        yield from _find(data[keys[0]], keys[1:], (*where, keys[0]))
