"""ackd's hidden folder in a mailbox: the start mark, and the lease of the one that acts.

Creating a folder is atomic by name on every server that was tried: of many sessions that
create the same one at once, exactly one succeeds (EXCHANGE.md). So the lease is a folder.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from exchangelib.services import CreateFolder, DeleteFolder, FindFolder, GetFolder
from exchangelib.util import MNS, TNS

from ackd.errors import Unreachable
from ackd.mailbox.ews import fields, requests
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.reading import moment, text_at
from ackd.mailbox.ews.wire import NAMESPACES, Answer, Wire, extended
from ackd.model import Lease

HIDDEN_FOLDER, LEASE_FOLDER = "ackd", "lease"
LEASE_TIME = timedelta(minutes=10)
MOST_FOLDERS = 20_000


class HiddenFolder:
    """Our folder below the mailbox's root. Found or made once, then known by its id."""

    def __init__(self, wire: Wire, ticks: Callable[[], float]) -> None:
        self._wire = wire
        self._ticks = ticks
        self._id: str | None = None
        self._mark: datetime | None = None

    def start_mark(self) -> datetime | None:
        """The start mark, where the mailbox has one; one request."""
        for folder in children(self._wire, self._wire.distinguished("msgfolderroot")):
            if text_at(folder, "t:DisplayName").lower() == HIDDEN_FOLDER:
                self._id = folder_id(folder)
                self._mark = moment(extended(folder, fields.START_MARK))
        return self._mark

    def set_start_mark(self, at: datetime) -> datetime:
        """Write the start mark unless there is one; at most two requests."""
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
                self.start_mark()
            else:
                raise Unreachable(f"ackd's hidden folder can't be created: {answer.code}")
        if self._mark is None:
            raise Unreachable(
                f"the folder {HIDDEN_FOLDER!r} in the mailbox's root isn't ackd's own: it has no "
                "start mark. Rename or delete it"
            )
        return self._mark

    def take_lease(self, holder: str) -> Lease | None:
        """Create the lease folder; where it exists, take it over only from an earlier process
        of this very holder or after its time. One request in the common case."""
        parent = self._require()
        for _attempt in range(2):
            before = self._ticks()
            answer = _create(self._wire, parent, LEASE_FOLDER, (fields.OUR_HOLDER, holder))
            if answer.ok:
                return Lease(_created_id(answer), before)
            if answer.code != "ErrorFolderExists":
                raise Unreachable(f"the lease can't be taken: {answer.code}")
            if not self._remove_if_over(parent, holder):
                return None
        return None

    def holds(self, lease: Lease) -> bool:
        """Whether the lease's folder still is there and its time isn't over; one request.

        Our own patience ends a minute before that of others: their clock is the server's.
        """
        if self._ticks() - lease.taken > (LEASE_TIME - timedelta(minutes=1)).total_seconds():
            return False
        (answer, *_) = self._wire.read(GetFolder, requests.get_folder([requests.folder_id(lease.key)], ()))
        return answer.ok

    def release(self, lease: Lease) -> None:
        """Delete the lease's folder, by its id: never another's."""
        _delete(self._wire, lease.key)

    def _require(self) -> Any:
        if self._id is None:
            self.start_mark()
        if self._id is None:
            raise Unreachable("ackd's hidden folder is missing: it is made when the service starts")
        return requests.folder_id(self._id)

    def _remove_if_over(self, parent: Any, holder: str) -> bool:
        """Remove a lease folder that is an earlier process's of this holder, or too old by the
        server's own clock. Deleting is by id, so that a newer one is never hit."""
        for folder in children(self._wire, parent):
            if text_at(folder, "t:DisplayName").lower() != LEASE_FOLDER:
                continue
            created = moment(extended(folder, fields.CREATION_TIME))
            now = self._wire.server_time
            is_over = bool(created and now and now - created > LEASE_TIME)
            if extended(folder, fields.HOLDER) != holder and not is_over:
                return False
            _delete(self._wire, folder_id(folder))
        return True


def folder_id(folder: Any) -> str:
    """The id of a folder element."""
    return str(folder.find("t:FolderId", NAMESPACES).get("Id"))


def parent_id(folder: Any) -> str:
    """The id of what a folder element lies in, or ""."""
    found = folder.find("t:ParentFolderId", NAMESPACES)
    return "" if found is None else str(found.get("Id", ""))


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


def _delete(wire: Wire, own_id: str) -> None:
    (answer, *_) = wire.read(DeleteFolder, requests.delete_folder(own_id))
    if not answer.ok and answer.code not in ("ErrorItemNotFound", "ErrorFolderNotFound"):
        raise Unreachable(f"the lease can't be given back: {answer.code}")


def _created_id(answer: Answer) -> str:
    found = answer.xml.find(f"{{{MNS}}}Folders/*/{{{TNS}}}FolderId")
    if found is None:
        raise Unreachable("the server didn't name the folder that it created")
    return str(found.get("Id"))
