"""CopyFolder."""

from __future__ import annotations

from ackd.sandbox import transfer
from ackd.sandbox.call import Call
from ackd.sandbox.store import trees
from ackd.sandbox.xml import Element

NAME = "CopyFolder"


def answer(call: Call, request: Element) -> Element:
    """Copy folders with all in them."""
    return transfer.of_folders(call, request, trees.copy)
