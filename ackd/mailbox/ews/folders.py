"""ackd's hidden folder in a mailbox: the watermark, and the lease of the one that acts.

Creating a folder is atomic by name on every server that was tried: of many sessions that
create the same one at once, exactly one succeeds (docs/design.md). So the lease is a folder.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from exchangelib.services import CreateFolder, DeleteFolder, FindFolder, GetFolder
from exchangelib.util import MNS, TNS

from ackd.errors import AccessBlocked, MailboxFull, Unreachable
from ackd.mailbox.ews import fields, requests
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.reading import text_at
from ackd.mailbox.ews.wire import NAMESPACES, Answer, Wire, extended
from ackd.mailbox.ews.writing import CAUSES
from ackd.mailbox.values import moment
from ackd.model import LEASE_TIME, ForeignLease, Lease, Refusal

HIDDEN_FOLDER, LEASE_FOLDER = "ackd", "lease"
MOST_FOLDERS = 20_000
#: Errors by which a server says that a mailbox isn't open to who asks.
NOT_OPENED = ("ErrorAccessDenied", "ErrorNonExistentMailbox")


class HiddenFolder:
    """Our folder below the mailbox's root. Found or made once, then known by its id."""

    def __init__(self, wire: Wire, ticks: Callable[[], float]) -> None:
        self._wire = wire
        self._ticks = ticks
        self._id: str | None = None
        self._mark: datetime | None = None
        self._busy: ForeignLease | None = None
        self._met = 0.0  # our own clock when that one was met first

    def watermark(self) -> datetime | None:
        """The watermark, where the mailbox has one; one request."""
        for folder in children(self._wire, self._wire.distinguished("msgfolderroot")):
            if text_at(folder, "t:DisplayName").lower() == HIDDEN_FOLDER:
                self._id = folder_id(folder)
                self._mark = moment(extended(folder, fields.START_MARK))
        return self._mark

    def set_watermark(self, at: datetime) -> datetime:
        """Write the watermark unless there is one; at most two requests."""
        if self._mark is None and self._id is None:
            value = at.isoformat(timespec="seconds")
            answer = _create(
                self._wire,
                self._wire.distinguished("msgfolderroot"),
                HIDDEN_FOLDER,
                (fields.OUR_START, value),
            )
            if answer.ok:
                self._id, self._mark = _created_id(answer), moment(value)
            elif answer.code == "ErrorFolderExists":
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
        """Create the lease folder; where it exists, take it over only from an earlier process of this
        very holder, after its time, or where it is the one that is known to be `over`. One request in
        the common case; one more shows the time of a server that doesn't tell it."""
        parent = self._require()
        for _attempt in range(2):
            before = self._ticks()
            answer = _create(self._wire, parent, LEASE_FOLDER, (fields.OUR_HOLDER, holder))
            if answer.ok:
                lease, self._busy = Lease(_created_id(answer), before), None
                if self._wire.server.now() is None:
                    self._folder_of(lease)
                return lease
            if answer.code != "ErrorFolderExists":
                raise _refused("the lease can't be taken", answer)
            if not self._remove_if_over(parent, holder, over):
                return None
        return None

    def busy(self) -> ForeignLease | None:
        """The lease that stood in the way when it was asked for last."""
        return self._busy

    def standing(self) -> ForeignLease | None:
        """The lease that somebody holds, us included; two requests."""
        self.watermark()
        if self._id is None:
            return None
        return next(map(_as_lease, self._leases(requests.folder_id(self._id))), None)

    def holds(self, lease: Lease) -> bool:
        """Whether the lease's folder still is there and its time isn't over; one request.

        Our own patience ends a minute before that of others: their clock is the server's.
        """
        if self._ticks() - lease.taken > (LEASE_TIME - timedelta(minutes=1)).total_seconds():
            return False
        return self._folder_of(lease).ok

    def release(self, lease: Lease) -> None:
        """Delete the lease's folder, by its id: never another's."""
        _delete(self._wire, lease.key)

    def _require(self) -> Any:
        if self._id is None:
            self.watermark()
        if self._id is None:
            raise Unreachable("ackd's hidden folder is missing: it is made when the service starts")
        return requests.folder_id(self._id)

    def _folder_of(self, lease: Lease) -> Answer:
        """Ask for the lease's folder. The moment of its making shows the server's time."""
        payload = requests.get_folder([requests.folder_id(lease.key)], fields.CREATED)
        (answer, *_) = self._wire.read(GetFolder, payload)
        for folder in answer.find_all("m:Folders/*"):
            self._wire.server.saw_made(moment(extended(folder, fields.CREATION_TIME)), lease.taken)
        return answer

    def _leases(self, parent: Any) -> list[Any]:
        return [f for f in children(self._wire, parent) if name_of(f).lower() == LEASE_FOLDER]

    def _outlasted(self, lease: ForeignLease) -> bool:
        """Whether another's lease was met unchanged for its time, by our own clock."""
        if self._busy != lease:
            self._busy, self._met = lease, self._ticks()
        return self._ticks() - self._met > LEASE_TIME.total_seconds()

    def _remove_if_over(self, parent: Any, holder: str, over: str) -> bool:
        """Remove a lease folder that is an earlier process's of this holder, too old by the server's
        own clock, or known to be over. Deleting is by id, so that a newer one is never hit."""
        for folder in self._leases(parent):
            lease, now = _as_lease(folder), self._wire.server.now()
            is_over = bool(lease.since and now and now - lease.since > LEASE_TIME)
            if lease.holder != holder and not is_over and lease.key != over and not self._outlasted(lease):
                return False
            _delete(self._wire, lease.key)
        return True


def folder_id(folder: Any) -> str:
    """The id of a folder element."""
    return str(folder.find("t:FolderId", NAMESPACES).get("Id"))


def parent_id(folder: Any) -> str:
    """The id of what a folder element lies in, or ""."""
    found = folder.find("t:ParentFolderId", NAMESPACES)
    return "" if found is None else str(found.get("Id", ""))


def _as_lease(folder: Any) -> ForeignLease:
    holder, since = extended(folder, fields.HOLDER) or "", extended(folder, fields.CREATION_TIME)
    return ForeignLease(folder_id(folder), holder, moment(since))


def name_of(folder: Any) -> str:
    """The display name of a folder element."""
    return text_at(folder, "t:DisplayName")


def children(wire: Wire, parent: Any, *, deep: bool = False) -> list[Any]:
    """The folders below one, with what ackd wants to know of them: a request for 1000. A page that brings
    nothing new is the last, whatever the server says."""
    found: dict[str, Any] = {}
    while True:
        payload = requests.find_folder(parent, fields.FOLDER, deep=deep, offset=len(found))
        (answer, *_) = wire.read(FindFolder, payload)
        if answer.code in NOT_OPENED:
            raise AccessBlocked(
                f"the server doesn't open this mailbox to whoever signs in ({answer.code}): look at "
                "mailbox.address; in another's mailbox mailbox.username needs full access"
            )
        if not answer.ok:
            raise Unreachable(f"the mailbox's folders can't be listed: {answer.code}")
        page = {folder_id(one): one for one in answer.find_all("m:RootFolder/t:Folders/*")}
        root = answer.xml.find("m:RootFolder", NAMESPACES)
        if page.keys() <= found.keys():
            return list(found.values())
        found |= page
        is_last = root is None or root.get("IncludesLastItemInRange") != "false"
        if is_last or len(found) > MOST_FOLDERS:
            return list(found.values())


def _create(wire: Wire, parent: Any, name: str, mark: tuple[Field, str]) -> Answer:
    """Create a hidden folder that carries one property of ours."""
    payload = requests.create_folder(parent, name, ((fields.IS_HIDDEN, "true"), mark))
    (answer, *_) = wire.read(CreateFolder, payload)
    return answer


def _refused(what: str, answer: Answer) -> Unreachable:
    is_full = CAUSES.get(answer.code) is Refusal.FULL
    return (
        MailboxFull(f"{what}, the mailbox is full: {answer.code}")
        if is_full
        else Unreachable(f"{what}: {answer.code}")
    )


def _delete(wire: Wire, own_id: str) -> None:
    (answer, *_) = wire.read(DeleteFolder, requests.delete_folder(own_id))
    if not answer.ok and answer.code not in ("ErrorItemNotFound", "ErrorFolderNotFound"):
        raise Unreachable(f"the lease can't be given back: {answer.code}")


def _created_id(answer: Answer) -> str:
    found = answer.xml.find(f"{{{MNS}}}Folders/*/{{{TNS}}}FolderId")
    if found is None:
        raise Unreachable("the server didn't name the folder that it created")
    return str(found.get("Id"))
