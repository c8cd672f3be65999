"""CreateUserConfiguration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exchange_sandbox.calendar import workhours
from exchange_sandbox.ews import configurations
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.xml import Element, children
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

NAME = "CreateUserConfiguration"


def answer(call: Call, request: Element) -> Element:
    """Make a configuration. One of the same name there already: ErrorItemSave, as Exchange says it."""
    wanted = configurations.described(children(request, "m:UserConfiguration")["UserConfiguration"])

    def one(_element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            place = call.folder(db, wanted.folder)
            if configurations.find(db, place, wanted.name) is not None:
                raise EwsError("ErrorItemSave", "A configuration of that name exists already.")
            if wanted.name.lower() == workhours.NAME.lower():
                raise EwsError("ErrorAccessDenied", "The working hours are the sandbox's own.")
            bag: dict[str, Any] = {
                Key.ITEM_CLASS: workhours.CONFIGURATION + wanted.name,
                Key.MODIFIED_BY: call.user.name,
            }
            made = Item(call.user.id, place.id, bag, associated=True, streams=dict(wanted.parts))
            items.insert(db, made, call.now)
            return []

    return call.each([wanted.folder], one)
