"""GetRooms."""

from __future__ import annotations

from collections.abc import Iterable

from ackd.sandbox import single
from ackd.sandbox.call import Call
from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties import compound
from ackd.sandbox.xml import Element, children

NAME = "GetRooms"


def answer(call: Call, request: Element) -> Element:
    """Say that there is no such list of rooms: the organisation has none."""
    wanted = children(request, "m:RoomList")["RoomList"]

    def act() -> Iterable[Element]:
        compound.parse_mailbox(wanted)
        raise EwsError("ErrorNameResolutionNoResults")

    return single.answer(call, act)
