"""The mailbox's folders of mail on EWS: what watched folders are found by."""

from __future__ import annotations

from typing import Any

from exchangelib.services import GetFolder

from ackd.mailbox import folder_names
from ackd.mailbox.ews import folders, requests
from ackd.mailbox.ews.wire import Wire
from ackd.mailbox.tree import Tree


class MailFolders:
    """The `Folders` of `mailbox.watched`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def inbox(self) -> Any:
        """By its own name, whatever it is called."""
        return self._wire.distinguished(folder_names.INBOX)

    def named(self, own_id: str) -> Any:
        """By its id."""
        return requests.folder_id(own_id)

    def tree(self) -> Tree:
        """As they are now; two requests."""
        names = folder_names.EVERY_MAILBOX_HAS
        wanted = [self._wire.distinguished(name) for name in names]
        answers = self._wire.ask(GetFolder, requests.get_folder(wanted, ()))
        standard = {
            name: folders.folder_id(folder)
            for name, answer in zip(names, answers, strict=False)
            for folder in answer.find_all("m:Folders/*")[:1]
            if answer.ok
        }
        listed = folders.children(self._wire, self._wire.distinguished("msgfolderroot"), deep=True)
        of_mail = [one for one in listed if one.tag.endswith("}Folder")]
        return Tree({folders.folder_id(one): seen(one) for one in of_mail}, standard)


def seen(folder: Any) -> tuple[str, str]:
    """A folder's name, and the id of what it lies in."""
    return folders.name_of(folder), folders.parent_id(folder)
