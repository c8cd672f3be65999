"""Which addresses are one person's, by the server's directory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from ackd.errors import Failed, Unreachable
from ackd.model import Address
from ackd.ports import Clock

log = logging.getLogger(__name__)

FRESH = timedelta(hours=12)
PATIENCE = 5  # questions without an answer before the directory counts as unknown
MOST = 1000  # entries that are remembered


@dataclass(frozen=True, slots=True)
class Entry:
    """A mailbox of the directory: its primary address, its name, and the addresses that it tells."""

    primary: str
    name: str
    addresses: frozenset[str]


class People:
    """Asks the directory, and remembers what it said for half a day."""

    def __init__(self, directory: Callable[[str], tuple[Entry, ...]], clock: Clock) -> None:
        """`directory` gives the entries for an address (with "smtp:" before it) or a name; it raises
        Unreachable."""
        self._directory = directory
        self._clock = clock
        self._failures = 0
        self._known: dict[str, tuple[datetime, tuple[Entry, ...]]] = {}

    def same(self, address: str, others: Collection[Address]) -> bool:
        """See ports.Mailbox."""
        person = self._one(address)
        return person is not None and any(self._is(other, person) for other in others)

    def _is(self, other: Address, person: Entry) -> bool:
        if other.key in person.addresses:
            return True
        if self._entries(other.email):
            found = self._one(other.email)
            return found is not None and found.primary == person.primary
        # not in the directory: then the name tells, where it is one mailbox's and no other's
        name = _plain(other.name)
        if not name or "@" in name or name != _plain(person.name):
            return False
        named = [entry for entry in self._entries(other.name) if _plain(entry.name) == name]
        return [entry.primary for entry in named] == [person.primary]

    def _one(self, address: str) -> Entry | None:
        """The one mailbox that an address means."""
        entries, key = self._entries(address), address.strip().lower()
        exact = [entry for entry in entries if key in entry.addresses]
        found = exact or list(entries)
        return found[0] if len(found) == 1 else None

    def _entries(self, wanted: str) -> tuple[Entry, ...]:
        now, key = self._clock.now(), wanted.strip().lower()
        at, entries = self._known.get(key, (None, ()))
        if at is None or abs(now - at) >= FRESH:
            entries = self._ask(f"smtp:{key}" if "@" in key and not key.startswith("/") else wanted.strip())
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = (now, entries)
        return entries

    def _ask(self, wanted: str) -> tuple[Entry, ...]:
        """What the directory says; nothing where the server doesn't know it, or how to tell."""
        try:
            return self._directory(wanted)
        except Unreachable as error:
            self._failures += 1
            if not isinstance(error, Failed) and self._failures < PATIENCE:
                raise  # the page is read again
            log.warning(
                "event=directory-unread: whether two addresses are one person's is unknown: %s", error
            )
            return ()


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
