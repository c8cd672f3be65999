"""MoveFolder."""

from __future__ import annotations

from exchange_sandbox.ews import transfer
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.xml import Element
from exchange_sandbox.store import folders

NAME = "MoveFolder"


def answer(call: Call, request: Element) -> Element:
    """Move folders with all in them; they keep their ids."""
    return transfer.of_folders(call, request, folders.move)
