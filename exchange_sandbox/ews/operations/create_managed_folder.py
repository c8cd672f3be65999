"""CreateManagedFolder: no managed folders are defined here."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.xml import Element, children, listed, text_of

NAME = "CreateManagedFolder"


def answer(call: Call, request: Element) -> Element:
    """Refuse each name with ErrorManagedFolderNotFound."""
    found = children(request, "m:FolderNames", "m:Mailbox?")

    def one(element: Element) -> Sequence[Element]:
        raise EwsError("ErrorManagedFolderNotFound", f"There is no managed folder {text_of(element)[:80]!r}.")

    names = listed(found["FolderNames"], "t:FolderName")
    return call.each(names, one, empty={"m:Folders": None}, check=text_of)
