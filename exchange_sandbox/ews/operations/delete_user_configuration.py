"""DeleteUserConfiguration."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.calendar import workhours
from exchange_sandbox.ews import configurations
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.xml import Element, children
from exchange_sandbox.store import items

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
