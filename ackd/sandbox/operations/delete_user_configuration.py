"""DeleteUserConfiguration."""

from __future__ import annotations

from collections.abc import Sequence

from ackd.sandbox import configurations, workhours
from ackd.sandbox.call import Call
from ackd.sandbox.errors import EwsError
from ackd.sandbox.store import items
from ackd.sandbox.xml import Element, children

NAME = "DeleteUserConfiguration"


def answer(call: Call, request: Element) -> Element:
    """Delete a configuration, or ErrorItemNotFound."""
    found = children(request, "m:UserConfigurationName")
    name, folder = configurations.named(found["UserConfigurationName"])

    def one(_element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item = configurations.find(db, call.folder(db, folder), name)
            if item is None:
                raise EwsError("ErrorItemNotFound")
            if name.lower() == workhours.NAME.lower():
                raise EwsError("ErrorAccessDenied", "The working hours are the sandbox's own.")
            items.delete(db, item, call.now)
            return []

    return call.each([folder], one)
