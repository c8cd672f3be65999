"""CreateManagedFolder: no managed folders are defined here."""

from __future__ import annotations

from collections.abc import Sequence

from ackd.sandbox.call import Call
from ackd.sandbox.errors import EwsError
from ackd.sandbox.xml import Element, children, listed, text_of

NAME = "CreateManagedFolder"


def answer(call: Call, request: Element) -> Element:
    """Refuse each name with ErrorManagedFolderNotFound."""
    found = children(request, "m:FolderNames", "m:Mailbox?")

    def one(element: Element) -> Sequence[Element]:
        raise EwsError("ErrorManagedFolderNotFound", f"There is no managed folder {text_of(element)[:80]!r}.")

    names = listed(found["FolderNames"], "t:FolderName")
    return call.each(names, one, empty={"m:Folders": None}, check=text_of)
