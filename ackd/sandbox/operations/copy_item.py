"""CopyItem."""

from __future__ import annotations

from ackd.sandbox import transfer
from ackd.sandbox.call import Call
from ackd.sandbox.store import items
from ackd.sandbox.xml import Element

NAME = "CopyItem"


def answer(call: Call, request: Element) -> Element:
    """Copy items into another folder."""
    return transfer.answer(call, request, items.copy)
