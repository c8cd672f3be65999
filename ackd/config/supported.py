"""Which keys have no effect yet. This is the one place where that is declared.

A feature that gets built takes its line out of `NOT_BUILT`; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ackd.config.tree import Data
from ackd.config.wrong import Location


@dataclass(frozen=True, slots=True)
class Gap:
    """A key whose feature isn't built yet, or only some of its values.

    `key` has dots; a section's name stands for all keys in it. With `error` the key can't be
    set (an empty list or null can), because ackd would otherwise do what it mustn't, or nothing
    at all; without, it is accepted and has no effect. `reason` says what to do instead, or what
    is assumed meanwhile.
    """

    key: str
    values: tuple[str, ...] = ()
    error: bool = False
    reason: str = ""


NOT_BUILT: tuple[Gap, ...] = (
    Gap("mailbox.kind", ("graph",), error=True, reason="Exchange is reached by EWS alone"),
    Gap("mailbox.auth", ("kerberos", "oauth"), error=True, reason="ackd signs in with a name and a password"),
    Gap("mailbox.endpoint", ("autodiscover",), error=True, reason="write the server's address"),
)


def gaps_of(key: str) -> Iterator[Gap]:
    """What isn't built of a key, given with dots and without list indexes."""
    return (gap for gap in NOT_BUILT if gap.key == key or key.startswith(f"{gap.key}."))


def missing_values(key: str) -> frozenset[str]:
    """The values of a key that are errors as long as they aren't built."""
    return frozenset(value for gap in gaps_of(key) if gap.error for value in gap.values)


def set_gaps(data: Data) -> Iterator[tuple[Location, Data, Gap]]:
    """Where a file sets what isn't built yet: the place, the value, and the gap."""
    for gap in NOT_BUILT:
        for where, value in _find(data, gap.key.split("."), ()):
            if gap.values and value not in gap.values:
                continue
            if gap.error and not gap.values and value in (None, []):
                continue
            if isinstance(value, dict) and not gap.error:
                yield from (((*where, key), below, gap) for key, below in value.items())
            else:
                yield where, value, gap


def _find(data: Data, keys: list[str], where: Location) -> Iterator[tuple[Location, Data]]:
    """The values of a key; lists on the way are gone through."""
    if not keys:
        yield where, data
    elif isinstance(data, dict) and keys[0] in data:
        yield from _find(data[keys[0]], keys[1:], (*where, keys[0]))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from _find(item, keys, (*where, index))
