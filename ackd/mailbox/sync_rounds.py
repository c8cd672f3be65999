"""Pages of changes, and their end: no server's word that more is to come keeps ackd reading for ever. Pure.

A round are the pages from one poll to the last of them. A folder ends its part of it with a page that brings
nothing new, and after a number of pages; it goes on at the next poll from where it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ackd.model import FolderNote

PAGES = 200  # of a folder in a round
FREE = 5  # unfinished rounds in a row before they get shorter: a large folder takes some
FEWEST = 10  # pages that a round has at least
#: Unfinished rounds in a row after which the owner is told.
TOLD_AFTER = 3


@dataclass(slots=True)
class Rounds:
    """What the folders brought so far, by their keys."""

    _pages: Counter[str] = field(default_factory=Counter)
    _seen: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _over: set[str] = field(default_factory=set)
    _unfinished: Counter[str] = field(default_factory=Counter)  # rounds in a row
    _stuck: set[str] = field(default_factory=set)  # the same state again, and nothing in the page

    def goes_on(self, key: str) -> bool:
        """Whether a folder is read further in this round."""
        return key not in self._over

    def has_more(
        self, key: str, before: str, state: str, changes: Collection[str], *, complete: bool
    ) -> bool:
        """Whether a folder has more for this round after a page: from the state `before` to `state`,
        with changes of these items."""
        if complete:
            self._unfinished.pop(key, None)
            self._stuck.discard(key)
            return False
        if not self._seen[key]:
            self._seen[key].add(hash(before))
        content = {hash(state), hash(frozenset(changes))}
        is_new = bool(changes) and content.isdisjoint(self._seen[key])
        self._seen[key] |= content
        self._pages[key] += 1
        if not changes and state == before:
            self._stuck.add(key)
        if is_new and self._pages[key] < self._most(key):
            return True
        self._unfinished[key] += 1
        self._over.add(key)
        return False

    def end(self) -> None:
        """The round is over: the next page is the first of another."""
        self._pages.clear()
        self._seen.clear()
        self._over.clear()

    def notes(self, names: Mapping[str, str]) -> tuple[FolderNote, ...]:
        """The folders that never come to an end, by the names that the owner knows."""
        return tuple(
            FolderNote(names.get(key, key), _words(names.get(key, key)), is_read=True)
            for key, count in self._unfinished.items()
            if count >= TOLD_AFTER or key in self._stuck
        )

    def _most(self, key: str) -> int:
        return max(FEWEST, PAGES >> max(0, self._unfinished[key] - FREE + 1))


def _words(name: str) -> str:
    return (
        f"the folder {name!r}: the server says each time that more of its changes is to come; a part of them "
        "is read at each poll, and the other folders are read as ever. If this stays, tell the administrators"
    )
