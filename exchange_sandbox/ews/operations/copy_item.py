"""CopyItem."""

from __future__ import annotations

from exchange_sandbox.ews import transfer
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.xml import Element
from exchange_sandbox.store import items

NAME = "CopyItem"


def answer(call: Call, request: Element) -> Element:
    """Copy items into another folder."""
    return transfer.answer(call, request, items.copy)
