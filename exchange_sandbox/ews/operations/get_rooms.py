"""GetRooms."""

from __future__ import annotations

from collections.abc import Iterable

from exchange_sandbox.ews import single
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import compound
from exchange_sandbox.ews.xml import Element, children

NAME = "GetRooms"


def answer(call: Call, request: Element) -> Element:
    """Say that there is no such list of rooms: the organisation has none."""
    wanted = children(request, "m:RoomList")["RoomList"]

    def act() -> Iterable[Element]:
        compound.parse_mailbox(wanted)
        raise EwsError("ErrorNameResolutionNoResults")

    return single.answer(call, act)
