"""The mailbox's folders of mail on Graph."""

from __future__ import annotations

from ackd.mailbox import folder_names
from ackd.mailbox.graph.answers import checked, text
from ackd.mailbox.graph.wire import Wire, get
from ackd.mailbox.tree import Tree

#: Where lies what was deleted for good and can be recovered: for its owner it is gone.
RECOVERABLE = "recoverableitemsdeletions"
_SHOWN = "displayName,parentFolderId"


class MailFolders:
    """The `Folders` of `mailbox.watched`. A folder is named by its id, or by its name in every mailbox."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._standard: dict[str, str] = {}

    def inbox(self) -> str:
        """By its own name, whatever it is called."""
        return folder_names.INBOX

    def named(self, own_id: str) -> str:
        """By its id."""
        return own_id

    def standard(self) -> dict[str, str]:
        """The ids of the folders that every mailbox has, by their names; one request, once."""
        if not self._standard:
            names = (*folder_names.EVERY_MAILBOX_HAS, RECOVERABLE)
            parts = [get(f"{self._wire.owner}/mailFolders/{name}", {"$select": "id"}) for name in names]
            answers = zip(names, self._wire.reads(parts), strict=True)
            self._standard = {
                name: text(checked(answer), "id") for name, answer in answers if answer.status != 404
            }
        return self._standard

    def tree(self) -> Tree:
        """As they are now: a request for the standard ones, and a listing by delta, which is flat."""
        self._standard = {}
        standard = self.standard()
        listing = get(f"{self._wire.owner}/mailFolders/delta", {"$select": _SHOWN}, "odata.maxpagesize=200")
        listed = {
            text(one, "id"): (text(one, "displayName"), text(one, "parentFolderId"))
            for one in self._wire.all(listing)
            if "@removed" not in one
        }
        return Tree(listed, standard)
