"""MoveFolder."""

from __future__ import annotations

from ackd.sandbox import transfer
from ackd.sandbox.call import Call
from ackd.sandbox.store import folders
from ackd.sandbox.xml import Element

NAME = "MoveFolder"


def answer(call: Call, request: Element) -> Element:
    """Move folders with all in them; they keep their ids."""
    return transfer.of_folders(call, request, folders.move)
