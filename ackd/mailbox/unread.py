"""Items that a sync told of and that weren't read yet. They stand in the sync state, so that the sync
goes on without them and none is forgotten.

Most wait only for their turn, since a page is bounded by bytes. One that the server can't give is
asked for again, at growing intervals: after some tries it is told as one that can't be read, and
if it can be read later, it comes again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ackd.mailbox.item_reads import Bad, Later, Wanted

PATIENCE = 3  # tries before an item is told as one that can't be read
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
KEPT = timedelta(days=6)  # for so long after it came an item is asked for: longer than any mail is judged
MOST = 300  # items that couldn't be read and are asked for again


@dataclass(frozen=True, slots=True)
class Waiting:
    """One such item. `folder` is its key in the sync state, `at` when it came or was sent ("" where
    that isn't known), `due` when to ask again ("": at once), `told` whether it was told as one
    that can't be read, `relisted` whether its folder was listed from the beginning; `only_marks`: the
    mail is known, and its categories alone are to be told."""

    item: str
    folder: str
    message_id: str = ""
    at: str = ""
    size: int = 0
    relisted: bool = False
    tries: int = 0
    due: str = ""
    told: bool = False
    spoils: bool = False
    only_marks: bool = False

    @property
    def is_fresh(self) -> bool:
        """Not asked for yet."""
        return not self.due

    @property
    def wanted(self) -> Wanted:
        """What the reader is to know of it."""
        return Wanted(self.item, self.size, alone=self.spoils, again=bool(self.due))

    def is_due(self, now: datetime) -> bool:
        """A moment that is too far away to have been meant counts as past: clocks are set."""
        if not self.due:
            return True
        due = datetime.fromisoformat(self.due)
        return due <= now or due > now + 2 * LONGEST_PAUSE

    def is_over(self, now: datetime) -> bool:
        """Whether it was told and is too old to be asked for again."""
        return self.told and bool(self.at) and datetime.fromisoformat(self.at) < now - KEPT

    def after(self, read: Bad | Later, now: datetime) -> Waiting:
        """As it waits from now on."""
        if isinstance(read, Later):
            return self._until(now + max(read.wait, FIRST_PAUSE))
        pause: timedelta = min(FIRST_PAUSE * 2 ** min(self.tries, 10), LONGEST_PAUSE)
        told = self.told or read.for_good or self.tries + 1 >= PATIENCE
        tried = replace(self, tries=self.tries + 1, told=told, spoils=self.spoils or read.spoils)
        return tried._until(now + pause)

    def _until(self, moment: datetime) -> Waiting:
        return replace(self, due=moment.isoformat(timespec="seconds"))


def loaded(stored: Any) -> list[Waiting]:
    """From the sync state."""
    return [Waiting(*entry) for entry in stored]


def dumped(waiting: Iterable[Waiting]) -> list[Any]:
    """For the sync state."""
    return [astuple(one) for one in waiting]


def bounded(waiting: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """Without those that are too old, and of those that were told the newest."""
    kept = [one for one in waiting if not one.is_over(now)]
    told = sorted((one for one in kept if one.told), key=lambda one: one.at)
    dropped = {one.item for one in told[: max(0, len(told) - MOST)]}
    return [one for one in kept if one.item not in dropped]
