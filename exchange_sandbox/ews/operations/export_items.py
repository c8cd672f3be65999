"""ExportItems."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews import export
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.xml import Element, children, listed

NAME = "ExportItems"


def answer(call: Call, request: Element) -> Element:
    """Give items as streams that UploadItems takes."""
    found = children(request, "m:ItemIds")
    with call.store.read() as db:

        def one(element: Element) -> Sequence[Element]:
            item, _ = call.item(db, element)
            number, data = box("m:ItemId"), box("m:Data")
            item_id, change_key = call.reader(db).item_id(item)
            number.set("Id", item_id)
            number.set("ChangeKey", change_key)
            data.text = export.dumped(db, item)
            return [number, data]

        return call.each(listed(found["ItemIds"], "t:ItemId"), one)
