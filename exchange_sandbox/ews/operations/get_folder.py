"""GetFolder."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.xml import Element, children, listed, local

NAME = "GetFolder"


def answer(call: Call, request: Element) -> Element:
    """Give the properties of folders."""
    found = children(request, "m:FolderShape", "m:FolderIds")
    shape = call.folder_shape(found["FolderShape"])
    with call.store.read() as db:
        reader = call.reader(db)

        def one(element: Element) -> Sequence[Element]:
            wanted = shape()
            folders = box("m:Folders")
            try:
                folder = call.folder(db, element)
            except Refused as failure:
                error = in_ews(failure)
                is_gone = error.code == "ErrorFolderNotFound" and local(element) == "FolderId"
                if is_gone and call.quirks.gone_folders_untold:
                    raise EwsError("ErrorFolderPropertyRequestFailed") from error
                raise
            wanted.write(folders, folder, reader)
            return [folders]

        ids = list(listed(found["FolderIds"], "t:FolderId", "t:DistinguishedFolderId"))
        return call.each(ids, one, empty={"m:Folders": None})
