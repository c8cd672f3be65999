"""UpdateItem."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from exchange_sandbox.calendar import series, task_series
from exchange_sandbox.ews.calendar import meetings
from exchange_sandbox.ews.call import Call, box, check_id, check_target, flag
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.operations.create_item import DISPOSITIONS
from exchange_sandbox.ews.properties.setting import Setting, check_change
from exchange_sandbox.ews.properties.shape import Shape
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.ews.xml import Element, attributes, children, listed, sub
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key
from exchange_sandbox.transport import outbox, receipts

NAME = "UpdateItem"
_MEETINGS = "SendMeetingInvitationsOrCancellations"
_RESOLUTIONS = ("NeverOverwrite", "AutoResolve", "AlwaysOverwrite")
_INVITATIONS = (
    "SendToNone", "SendOnlyToAll", "SendOnlyToChanged", "SendToAllAndSaveCopy", "SendToChangedAndSaveCopy",
)  # fmt: skip
_IDS = "t:ItemId|t:OccurrenceItemId|t:RecurringMasterItemId"
_CHANGES = ("t:AppendToItemField", "t:SetItemField", "t:DeleteItemField")


def answer(call: Call, request: Element) -> Element:
    """Change items."""
    values = attributes(
        request, ("ConflictResolution",),
        ("MessageDisposition", _MEETINGS, "SuppressReadReceipts"),
        {"ConflictResolution": _RESOLUTIONS, "MessageDisposition": DISPOSITIONS,
         _MEETINGS: _INVITATIONS},
    )  # fmt: skip
    flag(values, "SuppressReadReceipts")
    found = children(request, "m:SavedItemFolderId?", "m:ItemChanges")
    check_target(found.get("SavedItemFolderId"))

    def one(element: Element) -> Sequence[Element]:
        what = children(element, _IDS, "t:Updates")
        with call.store.write() as db:
            item, change = call.item(db, next(iter(what.values())))
            before = dict(item.bag)
            setting = _changed(call, db, item, what["Updates"])
            _check_conflict(call, item, change, setting.given, values["ConflictResolution"])
            if setting.kind.element == "CalendarItem" and _MEETINGS in values:
                return _file_appointment(call, db, item, setting, before, values[_MEETINGS])
            if setting.kind.element == "Task":
                task_series.advance(db, item, before, call.now)
            return _file(call, db, item, setting, values, found.get("SavedItemFolderId"))

    def check(element: Element) -> None:
        what = children(element, _IDS, "t:Updates")
        check_id(next(iter(what.values())))
        for description in listed(what["Updates"], *_CHANGES):
            check_change(description, call.zone)

    return call.each(listed(found["ItemChanges"], "t:ItemChange"), one, empty={"m:Items": None}, check=check)


def _changed(call: Call, db: sqlite3.Connection, item: Item, updates: Element) -> Setting:
    setting = Setting(db, item, type_of(item.cls), call.zone, call.now, quirks=call.quirks)
    for description in listed(updates, *_CHANGES):
        setting.change(description)
    setting.settle()
    return setting


def _check_conflict(call: Call, item: Item, change: int | None, given: set[str], resolution: str) -> None:
    """Whether somebody else changed the item since the client read it.

    NeverOverwrite minds any change, AutoResolve one of the same properties, AlwaysOverwrite none.
    """
    if resolution == "AlwaysOverwrite" or call.quirks.no_conflicts:
        return
    if change is None:
        raise EwsError("ErrorChangeKeyRequiredForWriteOperations")
    touched = item.bag.get(Key.TOUCHED, {})
    stale = (
        change != item.change
        if resolution == "NeverOverwrite"
        else any(touched.get(key, 0) > change for key in given)
    )
    if stale:
        raise EwsError("ErrorIrresolvableConflict")


def _file(
    call: Call,
    db: sqlite3.Connection,
    item: Item,
    setting: Setting,
    values: dict[str, str],
    target: Element | None,
) -> Sequence[Element]:
    disposition = values.get("MessageDisposition")
    updated, conflicts = box("m:Items"), box("m:ConflictResults")
    sub(conflicts, "t:Count", "0")
    kind = setting.kind.element
    if kind == "Message" and disposition is None:
        raise EwsError("ErrorMessageDispositionRequired")
    if kind == "CalendarItem":
        raise EwsError("ErrorSendMeetingInvitationsOrCancellationsRequired")
    item.bag[Key.MODIFIED_BY] = call.user.name
    if kind == "Message" and disposition != "SaveOnly":
        _send(call, db, item, target, keep=disposition == "SendAndSaveCopy")
    else:
        receipts.on_update(
            call.transport(db), call.user, item, suppressed=flag(values, "SuppressReadReceipts")
        )
        items.update(db, item, call.now, touched=setting.given, read_flag_only=setting.given == {Key.IS_READ})
        Shape("IdOnly").write(updated, item, call.reader(db))
    return [updated, conflicts]


def _file_appointment(
    call: Call, db: sqlite3.Connection, item: Item, setting: Setting, before: dict[str, Any], how: str
) -> Sequence[Element]:
    """Save an appointment, and tell those whom it is with."""
    updated, conflicts = box("m:Items"), box("m:ConflictResults")
    sub(conflicts, "t:Count", "0")
    item.bag[Key.MODIFIED_BY] = call.user.name
    meetings.prepare_update(item, before, how)
    series.update(db, item, call.now, touched=setting.given)
    meetings.send_update(call, db, item, before, how)
    Shape("IdOnly").write(updated, item, call.reader(db))
    return [updated, conflicts]


def _send(call: Call, db: sqlite3.Connection, draft: Item, target: Element | None, *, keep: bool) -> None:
    folder = (
        folders.distinguished(db, call.user.id, "sentitems") if target is None else call.target(db, target)
    )
    sent = Item(draft.mailbox, 0, dict(draft.bag), streams=items.streams(db, draft) | draft.streams)
    call.transport(db).submit(call.person, sent)
    items.delete(db, draft, call.now)
    if keep:
        outbox.keep_copy(db, sent, folder, call.now, call.hook.keeps_copy())
