"""MoveItem."""

from __future__ import annotations

from exchange_sandbox.ews import transfer
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.xml import Element
from exchange_sandbox.store import items

NAME = "MoveItem"


def answer(call: Call, request: Element) -> Element:
    """Move items to another folder, where they have new ids."""
    return transfer.answer(call, request, items.move)
