"""ackd's hidden folder in a mailbox: the watermark, and the lease of the one that acts. They are the other
backend's folders too, so that an ackd there and one here keep apart.

Creating a folder is atomic by name: of many that create the same one, exactly one succeeds. So the lease is a
folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ackd.errors import AckdError, MailboxFull, Unreachable
from ackd.mailbox.graph import properties
from ackd.mailbox.graph.answers import Answer, error_of, outcome, text
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.values import moment
from ackd.model import LEASE_TIME, ForeignLease, Lease, Refusal, Refused

HIDDEN_FOLDER, LEASE_FOLDER = "ackd", "lease"
_TAKEN = "errorfolderexists"
_SHOWN = {
    "includeHiddenFolders": "true",
    "$top": "200",
    "$select": "displayName,parentFolderId",
    "$expand": properties.expand((properties.START_MARK, properties.HOLDER, properties.CREATED)),
}


class HiddenFolder:
    """Our folder below the mailbox's root. Found or made once, then known by its id."""

    def __init__(self, wire: Wire, ticks: Callable[[], float]) -> None:
        self._wire = wire
        self._ticks = ticks
        self._id = ""
        self._mark: datetime | None = None
        self._busy: ForeignLease | None = None
        self._met = 0.0  # our own clock when that one was met first

    def watermark(self) -> datetime | None:
        """The watermark, where the mailbox has one."""
        for folder in self._below(""):
            if text(folder, "displayName").lower() == HIDDEN_FOLDER:
                self._id = text(folder, "id")
                self._mark = moment(properties.of(folder, properties.START_MARK))
        return self._mark

    def set_watermark(self, at: datetime) -> datetime:
        """Write the watermark unless there is one."""
        if self._mark is None and not self._id:
            value = at.isoformat(timespec="seconds")
            answer = self._create("", HIDDEN_FOLDER, (properties.START_MARK, value))
            if answer.ok:
                self._id, self._mark = text(answer.value, "id"), moment(value)
            elif _is_taken(answer):
                self.watermark()
            else:
                raise _refused("ackd's hidden folder can't be created", answer)
        if self._mark is None:
            raise Unreachable(
                f"the folder {HIDDEN_FOLDER!r} in the mailbox's root isn't ackd's own: it has no "
                "watermark. Rename or delete it"
            )
        return self._mark

    def take_lease(self, holder: str, over: str = "") -> Lease | None:
        """See ports.Mailbox. One request in the common case."""
        parent = self._require()
        for _attempt in range(2):
            before = self._ticks()
            answer = self._create(parent, LEASE_FOLDER, (properties.HOLDER, holder))
            if answer.ok:
                self._busy = None
                return Lease(text(answer.value, "id"), before)
            if not _is_taken(answer):
                raise _refused("the lease can't be taken", answer)
            if not self._remove_if_over(parent, holder, over):
                return None
        return None

    def busy(self) -> ForeignLease | None:
        """The lease that stood in the way when it was asked for last."""
        return self._busy

    def standing(self) -> ForeignLease | None:
        """The lease that somebody holds, us included."""
        self.watermark()
        return next(map(_as_lease, self._leases(self._id)), None) if self._id else None

    def holds(self, lease: Lease) -> bool:
        """Whether the lease's folder still is in ours and its time isn't over; one request. Our own patience
        ends a minute before that of others: their clock is the server's."""
        if self._ticks() - lease.taken > (LEASE_TIME - timedelta(minutes=1)).total_seconds():
            return False
        answer = self._wire.ask(get(f"{self._wire.owner}/mailFolders/{lease.key}"))
        if answer.ok:
            return text(answer.value, "parentFolderId") == self._require()
        if answer.status == 404:
            return False
        raise error_of(answer)

    def release(self, lease: Lease) -> None:
        """Delete the lease's folder, by its id: never another's."""
        self._delete(lease.key)

    def _require(self) -> str:
        if not self._id:
            self.watermark()
        if not self._id:
            raise Unreachable("ackd's hidden folder is missing: it is made when the service starts")
        return self._id

    def _path(self, parent: str) -> str:
        path = f"{self._wire.owner}/mailFolders"
        return f"{path}/{parent}/childFolders" if parent else path

    def _below(self, parent: str) -> list[dict[str, Any]]:
        return list(self._wire.all(get(self._path(parent), _SHOWN)))

    def _create(self, parent: str, name: str, mark: tuple[str, str]) -> Answer:
        """Create a hidden folder that carries one property of ours. Raises where it may be made or not."""
        body = {"displayName": name, "isHidden": True, properties.NAME: properties.given(dict([mark]))}
        answer = self._wire.write(Part("POST", self._path(parent), body))
        if not answer.ok and not answer.is_refusal:
            raise error_of(answer) if answer.status else Unreachable(answer.trouble)
        if answer.ok and not text(answer.value, "id"):
            raise Unreachable("the server didn't name the folder that it created")
        return answer

    def _delete(self, own_id: str) -> None:
        answer = self._wire.write(Part("POST", f"{self._wire.owner}/mailFolders/{own_id}/permanentDelete"))
        if not answer.ok and answer.status != 404:
            raise Unreachable(f"the lease can't be given back: {answer.words}")

    def _leases(self, parent: str) -> list[dict[str, Any]]:
        return [one for one in self._below(parent) if text(one, "displayName").lower() == LEASE_FOLDER]

    def _outlasted(self, lease: ForeignLease) -> bool:
        """Whether another's lease was met unchanged for its time, by our own clock."""
        if self._busy != lease:
            self._busy, self._met = lease, self._ticks()
        return self._ticks() - self._met > LEASE_TIME.total_seconds()

    def _remove_if_over(self, parent: str, holder: str, over: str) -> bool:
        """Remove a lease folder that is an earlier process's of this holder, too old by the server's own
        clock, or known to be over. Deleting is by id, so that a newer one is never hit."""
        for folder in self._leases(parent):
            lease, now = _as_lease(folder), self._wire.server.now()
            is_over = bool(lease.since and now and now - lease.since > LEASE_TIME)
            if lease.holder != holder and not is_over and lease.key != over and not self._outlasted(lease):
                return False
            self._delete(lease.key)
        return True


def _as_lease(folder: Mapping[str, Any]) -> ForeignLease:
    holder = properties.of(folder, properties.HOLDER) or ""
    since = properties.of(folder, properties.CREATED)
    return ForeignLease(text(folder, "id"), holder, moment(since))


def _is_taken(answer: Answer) -> bool:
    return answer.status == 409 or answer.code.lower() == _TAKEN


def _refused(what: str, answer: Answer) -> AckdError:
    found = outcome(answer)
    if isinstance(found, Refused) and found.cause is Refusal.FULL:
        return MailboxFull(f"{what}, the mailbox is full: {answer.words}")
    return error_of(answer) if answer.status in (401, 403, 429) else Unreachable(f"{what}: {answer.words}")
