"""CopyFolder."""

from __future__ import annotations

from exchange_sandbox.ews import transfer
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.xml import Element
from exchange_sandbox.store import trees

NAME = "CopyFolder"


def answer(call: Call, request: Element) -> Element:
    """Copy folders with all in them."""
    return transfer.of_folders(call, request, trees.copy)
