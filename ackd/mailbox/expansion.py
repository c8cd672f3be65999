"""Lists with lists in them to the people who are in the end meant: every list is asked for once,
lists that contain each other do no harm, and depth and size are bounded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from ackd.errors import ConfigError

MOST_LISTS = 500
MOST_MEMBERS = 50_000
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Level:
    """What a list holds directly: people's addresses, and the addresses of lists."""

    people: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


def expand(groups: Collection[str], level_of: Callable[[str], Level | None]) -> frozenset[str]:
    """The members' addresses in lower case. `level_of` gives one list's content, None for a list
    that isn't known. A nested list that isn't known (or hides its members) is passed over: whoever
    can't be seen to belong doesn't.

    Raises ConfigError, naming internal.groups, for one of `groups` that isn't known, or where it is
    all too large.
    """
    people: set[str] = set()
    seen: set[str] = set()
    now: Iterable[str] = groups
    for depth in range(DEEPEST):
        fresh = dict.fromkeys(address.strip().lower() for address in now)
        nested: list[str] = []
        for address in (a for a in fresh if a not in seen):
            seen.add(address)
            level = level_of(address)
            if level is None and depth == 0:
                raise ConfigError(_unknown(address))
            if level is not None:
                people.update(person.strip().lower() for person in level.people)
                nested += level.lists
            if len(seen) > MOST_LISTS or len(people) > MOST_MEMBERS:
                raise ConfigError(_too_large(groups))
        if not nested:
            return frozenset(people)
        now = nested
    if all(address.strip().lower() in seen for address in now):
        return frozenset(people)
    raise ConfigError(_too_large(groups))


def _unknown(address: str) -> str:
    return (
        f"internal.groups, or a rule's `group`: the server knows no distribution list {address}: "
        "check the address, or name domains or addresses instead"
    )


def _too_large(groups: Collection[str]) -> str:
    return (
        f"internal.groups, or a rule's `group`: {', '.join(sorted(groups))[:200]} has more than "
        f"{MOST_MEMBERS} members, {MOST_LISTS} lists or {DEEPEST} levels: name domains instead"
    )
