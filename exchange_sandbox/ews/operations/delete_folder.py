"""DeleteFolder."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import RequestFault, in_ews
from exchange_sandbox.ews.xml import Element, attributes, children, listed
from exchange_sandbox.store import folders
from exchange_sandbox.store.folders import Deletion

NAME = "DeleteFolder"
HOW = {
    "HardDelete": Deletion.FOR_GOOD,
    "SoftDelete": Deletion.RECOVERABLE,
    "MoveToDeletedItems": Deletion.TO_BIN,
}


def answer(call: Call, request: Element) -> Element:
    """Delete folders with all that is in them."""
    how = HOW[attributes(request, ("DeleteType",), (), {"DeleteType": tuple(HOW)})["DeleteType"]]
    found = children(request, "m:FolderIds")

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            try:
                folder = call.folder(db, element)
            except Refused as failure:
                error = in_ews(failure)
                if error.code == "ErrorFolderNotFound" and call.quirks.gone_folder_deletion_fails:
                    raise RequestFault(
                        "ErrorInternalServerError", "An internal server error occurred."
                    ) from error
                raise
            folders.delete(db, folder, how, call.now)
        return ()

    return call.each(listed(found["FolderIds"], "t:FolderId", "t:DistinguishedFolderId"), one)
