"""GetRoomLists."""

from __future__ import annotations

from ackd.sandbox import single
from ackd.sandbox.call import Call, box
from ackd.sandbox.xml import Element, children

NAME = "GetRoomLists"


def answer(call: Call, request: Element) -> Element:
    """Give no lists of rooms: the organisation has no rooms."""
    children(request)
    return single.answer(call, lambda: [box("m:RoomLists")])
