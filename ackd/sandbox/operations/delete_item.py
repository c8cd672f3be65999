"""DeleteItem."""

from __future__ import annotations

from collections.abc import Sequence

from ackd.sandbox.call import Call, flag
from ackd.sandbox.errors import EwsError
from ackd.sandbox.operations.delete_folder import HOW
from ackd.sandbox.operations.get_item import ITEM_IDS
from ackd.sandbox.properties.types import type_of
from ackd.sandbox.store import folders, items
from ackd.sandbox.xml import Element, attributes, children, listed

NAME = "DeleteItem"
_CANCELLATIONS = ("SendToNone", "SendOnlyToAll", "SendToAllAndSaveCopy")
_BINS = {"MoveToDeletedItems": "deleteditems", "SoftDelete": "recoverableitemsdeletions"}


def answer(call: Call, request: Element) -> Element:
    """Delete items: into Deleted Items, into the recoverable items, or for good."""
    values = attributes(
        request,
        ("DeleteType",),
        ("SendMeetingCancellations", "AffectedTaskOccurrences", "SuppressReadReceipts"),
        {
            "DeleteType": HOW,
            "SendMeetingCancellations": _CANCELLATIONS,
            "AffectedTaskOccurrences": ("AllOccurrences", "SpecifiedOccurrenceOnly"),
        },
    )
    flag(values, "SuppressReadReceipts")
    found = children(request, "m:ItemIds")

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            item, _ = call.item(db, element)
            kind = type_of(item.cls).element
            if kind == "Task" and "AffectedTaskOccurrences" not in values:
                raise EwsError("ErrorAffectedTaskOccurrencesRequired")
            if kind == "CalendarItem" and "SendMeetingCancellations" not in values:
                raise EwsError("ErrorSendMeetingCancellationsRequired")
            if values["DeleteType"] == "HardDelete":
                items.delete(db, item, call.now)
                return ()
            target = folders.distinguished(db, call.user.id, _BINS[values["DeleteType"]])
            if item.folder != target.id:
                items.move(db, item, target.id, call.now)
        return ()

    return call.each(listed(found["ItemIds"], *ITEM_IDS), one)
