"""Folders by EWS: reading a tree of them, and what ackd's hidden folder needs of them."""

from __future__ import annotations

from typing import Any

from exchangelib.services import CreateFolder, DeleteFolder, FindFolder, GetFolder
from exchangelib.util import MNS, TNS

from ackd.errors import AccessBlocked, Failed, MailboxFull, Unreachable
from ackd.mailbox import own_properties
from ackd.mailbox.ews import fields, requests
from ackd.mailbox.ews.reading import text_at
from ackd.mailbox.ews.wire import NAMESPACES, Answer, Wire, extended
from ackd.mailbox.ews.writing import CAUSES
from ackd.mailbox.hidden_folder import SeenFolder
from ackd.mailbox.values import moment
from ackd.model import Lease, Refusal

MOST_FOLDERS = 20_000
#: Codes that say that there is no such folder any more.
NO_FOLDER = (
    "ErrorFolderNotFound",
    "ErrorSyncFolderNotFound",
    "ErrorItemNotFound",
    "ErrorFolderPropertyRequestFailed",  # a server's that isn't Microsoft's
)
#: Errors by which a server says that a mailbox isn't open to who asks.
NOT_OPENED = ("ErrorAccessDenied", "ErrorNonExistentMailbox")


class Folders:
    """See mailbox.hidden_folder.Folders."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.now = wire.server.now

    def below(self, parent: str) -> list[SeenFolder]:
        return [_seen(one) for one in children(self._wire, self._element(parent))]

    def create(self, parent: str, name: str, *, watermark: str = "", holder: str = "") -> str | None:
        marks = ((fields.OUR_START, watermark), (fields.OUR_HOLDER, holder))
        properties = ((fields.IS_HIDDEN, "true"), *(mark for mark in marks if mark[1]))
        payload = requests.create_folder(self._element(parent), name, properties)
        (answer, *_) = self._wire.read(CreateFolder, payload)
        if answer.ok:
            return _created_id(answer)
        if answer.code == "ErrorFolderExists":
            return None
        what = f"the folder {name!r} can't be created"
        if CAUSES.get(answer.code) is Refusal.FULL:
            raise MailboxFull(f"{what}, the mailbox is full: {answer.code}")
        raise Unreachable(f"{what}: {answer.code}")

    def delete(self, key: str) -> None:
        try:
            (answer, *_) = self._wire.read(DeleteFolder, requests.delete_folder(key))
        except Failed:  # so do servers that aren't Microsoft's where the folder is gone
            if self._is_gone(key):
                return
            raise
        if not answer.ok and answer.code not in NO_FOLDER:
            raise Unreachable(f"ackd's folder can't be deleted: {answer.code}")

    def _is_gone(self, key: str) -> bool:
        (answer, *_) = self._wire.read(GetFolder, requests.get_folder([requests.folder_id(key)], ()))
        return not answer.ok and answer.code in NO_FOLDER

    def stands_below(self, parent: str, lease: Lease) -> bool:
        payload = requests.get_folder([requests.folder_id(lease.key)], fields.CREATED)
        (answer, *_) = self._wire.read(GetFolder, payload)
        for folder in answer.find_all("m:Folders/*"):
            self._wire.server.saw_made(moment(extended(folder, fields.CREATION_TIME)), lease.taken)
        return answer.ok

    def _element(self, parent: str) -> Any:
        return requests.folder_id(parent) if parent else self._wire.distinguished("msgfolderroot")


def _seen(folder: Any) -> SeenFolder:
    return SeenFolder(
        folder_id(folder),
        name_of(folder),
        moment(extended(folder, own_properties.START_MARK)),
        extended(folder, own_properties.HOLDER) or "",
        moment(extended(folder, fields.CREATION_TIME)),
    )


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
        if answer.code in NOT_OPENED:
            raise AccessBlocked(
                f"the server doesn't open this mailbox to whoever signs in ({answer.code}): look at "
                "mailbox.address; in another's mailbox mailbox.username needs full access"
            )
        if not answer.ok:
            raise Unreachable(f"the mailbox's folders can't be listed: {answer.code or 'no code'}")
        page = {folder_id(one): one for one in answer.find_all("m:RootFolder/t:Folders/*")}
        root = answer.xml.find("m:RootFolder", NAMESPACES)
        if page.keys() <= found.keys():
            return list(found.values())
        found |= page
        is_last = root is None or root.get("IncludesLastItemInRange") != "false"
        if is_last or len(found) > MOST_FOLDERS:
            return list(found.values())


def _created_id(answer: Answer) -> str:
    found = answer.xml.find(f"{{{MNS}}}Folders/*/{{{TNS}}}FolderId")
    if found is None:
        raise Unreachable("the server didn't name the folder that it created")
    return str(found.get("Id"))
