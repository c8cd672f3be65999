"""ackd's hidden folder in a mailbox: the watermark, and the lease of the one that acts. Every backend has the
same one, so that an ackd by one and an ackd by another keep apart.

Creating a folder is atomic by name on every server that was tried: of many sessions that create the same one
at once, exactly one succeeds (docs/design.md). So the lease is a folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from ackd.errors import Unreachable
from ackd.mailbox.values import moment
from ackd.model import LEASE_TIME, ForeignLease, Lease

HIDDEN_FOLDER, LEASE_FOLDER = "ackd", "lease"


@dataclass(frozen=True, slots=True)
class SeenFolder:
    """A folder as a backend sees it, with our properties on it."""

    key: str
    name: str
    watermark: datetime | None = None
    holder: str = ""
    made: datetime | None = None


class Folders(Protocol):
    """What a backend does with folders; each raises AckdError where it can't be known whether it was done."""

    def below(self, parent: str) -> list[SeenFolder]:
        """The folders right below one, "" being the mailbox's root, hidden ones too."""
        ...

    def create(self, parent: str, name: str, *, watermark: str = "", holder: str = "") -> str | None:
        """Create a hidden folder that carries our property; its id, None where the name is taken."""
        ...

    def delete(self, key: str) -> None:
        """Delete a folder for good; one that is gone is no error."""
        ...

    def stands_below(self, parent: str, lease: Lease) -> bool:
        """Whether the lease's folder still lies there; one request, which also tells the server's time."""
        ...

    def now(self) -> datetime | None:
        """The server's time, as far as it was told."""
        ...


class HiddenFolder:
    """Our folder below the mailbox's root. Found or made once, then known by its id."""

    def __init__(self, folders: Folders, ticks: Callable[[], float]) -> None:
        self._folders = folders
        self._ticks = ticks
        self._key = ""
        self._mark: datetime | None = None
        self._busy: ForeignLease | None = None
        self._met = 0.0  # our own clock when that one was met first

    def watermark(self) -> datetime | None:
        """The watermark, where the mailbox has one; one request."""
        for folder in self._folders.below(""):
            if folder.name.lower() == HIDDEN_FOLDER:
                self._key, self._mark = folder.key, folder.watermark
        return self._mark

    def set_watermark(self, at: datetime) -> datetime:
        """Write the watermark unless there is one; at most two requests."""
        if self._mark is None and not self._key:
            value = at.isoformat(timespec="seconds")
            made = self._folders.create("", HIDDEN_FOLDER, watermark=value)
            if made is None:
                self.watermark()
            else:
                self._key, self._mark = made, moment(value)
        if self._mark is None:
            raise Unreachable(
                f"the folder {HIDDEN_FOLDER!r} in the mailbox's root isn't ackd's own: it has no "
                "watermark. Rename or delete it"
            )
        return self._mark

    def take_lease(self, holder: str, over: str = "") -> Lease | None:
        """Create the lease folder; where it exists, take it over only from an earlier process of this
        very holder, after its time, or where it is the one that is known to be `over`. One request in
        the common case; one more shows the time of a server that doesn't tell it."""
        parent = self._require()
        for _attempt in range(2):
            before = self._ticks()
            try:
                made = self._folders.create(parent, LEASE_FOLDER, holder=holder)
            except Unreachable:
                self._key = ""  # our folder may be another one by now: the next time it is looked for
                raise
            if made is not None:
                lease, self._busy = Lease(made, before), None
                if self._folders.now() is None:
                    self._folders.stands_below(parent, lease)
                return lease
            if not self._remove_if_over(parent, holder, over):
                return None
        return None

    def busy(self) -> ForeignLease | None:
        """The lease that stood in the way when it was asked for last."""
        return self._busy

    def standing(self) -> ForeignLease | None:
        """The lease that somebody holds, us included; two requests."""
        self.watermark()
        return next(iter(self._leases(self._key)), None) if self._key else None

    def holds(self, lease: Lease) -> bool:
        """Whether the lease's folder still is in ours and its time isn't over; one request.

        Our own patience ends a minute before that of others: their clock is the server's.
        """
        if self._ticks() - lease.taken > (LEASE_TIME - timedelta(minutes=1)).total_seconds():
            return False
        return self._folders.stands_below(self._require(), lease)

    def release(self, lease: Lease) -> None:
        """Delete the lease's folder, by its id: never another's."""
        self._folders.delete(lease.key)

    def leave(self) -> bool:
        """Delete our folder with all in it; whether a look afterwards shows none. One by our name that isn't
        ours stays."""
        for folder in self._own():
            self._folders.delete(folder.key)
        self._key, self._mark = "", None
        return not self._own()

    def _own(self) -> list[SeenFolder]:
        below = self._folders.below("")
        return [one for one in below if one.name.lower() == HIDDEN_FOLDER and one.watermark]

    def _require(self) -> str:
        if not self._key:
            self.watermark()
        if not self._key:
            raise Unreachable("ackd's hidden folder is missing: it is made when the service starts")
        return self._key

    def _leases(self, parent: str) -> list[ForeignLease]:
        return [
            ForeignLease(one.key, one.holder, one.made)
            for one in self._folders.below(parent)
            if one.name.lower() == LEASE_FOLDER
        ]

    def _outlasted(self, lease: ForeignLease) -> bool:
        """Whether another's lease was met unchanged for its time, by our own clock."""
        if self._busy != lease:
            self._busy, self._met = lease, self._ticks()
        return self._ticks() - self._met > LEASE_TIME.total_seconds()

    def _remove_if_over(self, parent: str, holder: str, over: str) -> bool:
        """Remove a lease folder that is an earlier process's of this holder, too old by the server's
        own clock, or known to be over. Deleting is by id, so that a newer one is never hit."""
        for lease in self._leases(parent):
            now = self._folders.now()
            is_over = bool(lease.since and now and now - lease.since > LEASE_TIME)
            if lease.holder != holder and not is_over and lease.key != over and not self._outlasted(lease):
                return False
            self._folders.delete(lease.key)
        return True


class Coordination:
    """The part of the port `Mailbox` that the hidden folder serves."""

    _hidden: HiddenFolder

    def watermark(self) -> datetime | None:
        return self._hidden.watermark()

    def set_watermark(self, at: datetime) -> datetime:
        return self._hidden.set_watermark(at)

    def take_lease(self, holder: str, over: str = "") -> Lease | None:
        return self._hidden.take_lease(holder, over)

    def busy_lease(self) -> ForeignLease | None:
        return self._hidden.busy()

    def holds(self, lease: Lease) -> bool:
        return self._hidden.holds(lease)

    def release(self, lease: Lease) -> None:
        self._hidden.release(lease)

    def leave(self) -> bool:
        return self._hidden.leave()
