"""CreateUserConfiguration."""

from __future__ import annotations

from collections.abc import Sequence

from ackd.sandbox import configurations, workhours
from ackd.sandbox.call import Call
from ackd.sandbox.errors import EwsError
from ackd.sandbox.store import items
from ackd.sandbox.store.items import Item
from ackd.sandbox.xml import Element, children

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
            bag = {"ItemClass": workhours.CONFIGURATION + wanted.name, "LastModifiedName": call.user.name}
            made = Item(call.user.id, place.id, bag, associated=True, streams=dict(wanted.parts))
            items.insert(db, made, call.now)
            return []

    return call.each([wanted.folder], one)
