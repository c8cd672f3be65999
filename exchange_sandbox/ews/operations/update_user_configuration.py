"""UpdateUserConfiguration."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.calendar import workhours
from exchange_sandbox.ews import configurations
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.xml import Element, children
from exchange_sandbox.store import items
from exchange_sandbox.store.schema import Key

NAME = "UpdateUserConfiguration"


def answer(call: Call, request: Element) -> Element:
    """Replace the parts of a configuration that are given, the others stay; or ErrorItemNotFound."""
    wanted = configurations.described(children(request, "m:UserConfiguration")["UserConfiguration"])

    def one(_element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item = configurations.find(db, call.folder(db, wanted.folder), wanted.name)
            if item is None:
                raise EwsError("ErrorItemNotFound")
            if wanted.name.lower() == workhours.NAME.lower():
                raise EwsError("ErrorAccessDenied", "The working hours are the sandbox's own.")
            item.bag[Key.MODIFIED_BY] = call.user.name
            item.streams.update(wanted.parts)
            items.update(db, item, call.now)
            return []

    return call.each([wanted.folder], one)
