"""GetItem."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews.calendar import lookup
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.properties import shape
from exchange_sandbox.ews.xml import Element, children, listed, local

NAME = "GetItem"
ITEM_IDS = ("t:ItemId", "t:OccurrenceItemId", "t:RecurringMasterItemId", "t:RecurringMasterItemIdRanges")


def answer(call: Call, request: Element) -> Element:
    """Give the properties of items."""
    found = children(request, "m:ItemShape", "m:ItemIds")
    wanted_shape = shape.parse(found["ItemShape"], finding=False)
    with call.store.read() as db:

        def one(element: Element) -> Sequence[Element]:
            wanted = wanted_shape()
            items = box("m:Items")
            item, reader = call.item(db, element, ranges=True)[0], call.shape_reader(db, wanted)
            is_range = local(element) == "RecurringMasterItemIdRanges"
            for each in lookup.in_ranges(db, element, item) if is_range else [item]:
                wanted.write(items, each, reader)
            return [items]

        return call.each(listed(found["ItemIds"], *ITEM_IDS), one, empty={"m:Items": None})
