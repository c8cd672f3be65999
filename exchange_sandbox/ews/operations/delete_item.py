"""DeleteItem."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from exchange_sandbox.calendar import series, task_series
from exchange_sandbox.ews.calendar import meetings
from exchange_sandbox.ews.call import Call, flag
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.operations.delete_folder import HOW
from exchange_sandbox.ews.operations.get_item import ITEM_IDS
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.ews.xml import Element, attributes, children, listed
from exchange_sandbox.store import folders, trees
from exchange_sandbox.store.folders import Deletion
from exchange_sandbox.store.items import Item

NAME = "DeleteItem"
_CANCELLATIONS = ("SendToNone", "SendOnlyToAll", "SendToAllAndSaveCopy")


def answer(call: Call, request: Element) -> Element:
    """Delete items: into Deleted Items, into the recoverable items, or for good."""
    values = attributes(
        request,
        ("DeleteType",),
        ("SendMeetingCancellations", "AffectedTaskOccurrences", "SuppressReadReceipts"),
        {
            "DeleteType": tuple(HOW),
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
            if kind == "CalendarItem" and folders.get(db, item.folder).distinguished != "deleteditems":
                meetings.on_delete(call, db, item, values["SendMeetingCancellations"])
            is_one_task = (
                values.get("AffectedTaskOccurrences") == "SpecifiedOccurrenceOnly" and kind == "Task"
            )
            if not (is_one_task and task_series.skip(db, item, call.now)):
                _delete(call, db, item, HOW[values["DeleteType"]])
        return ()

    return call.each(listed(found["ItemIds"], *ITEM_IDS), one)


def _delete(call: Call, db: sqlite3.Connection, item: Item, how: Deletion) -> None:
    """Delete an item; occurrences are never moved to a bin, since without their series they are nothing."""
    if item.occurrence:
        series.delete(db, item, call.now)
    else:
        trees.discard(db, item, how, call.now)
