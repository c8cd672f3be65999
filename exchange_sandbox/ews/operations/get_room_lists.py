"""GetRoomLists."""

from __future__ import annotations

from exchange_sandbox.ews import single
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.xml import Element, children

NAME = "GetRoomLists"


def answer(call: Call, request: Element) -> Element:
    """Give no lists of rooms: the organisation has no rooms."""
    children(request)
    return single.answer(call, lambda: [box("m:RoomLists")])
