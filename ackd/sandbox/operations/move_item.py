"""MoveItem."""

from __future__ import annotations

from ackd.sandbox import transfer
from ackd.sandbox.call import Call
from ackd.sandbox.store import items
from ackd.sandbox.xml import Element

NAME = "MoveItem"


def answer(call: Call, request: Element) -> Element:
    """Move items to another folder, where they have new ids."""
    return transfer.answer(call, request, items.move)
