"""SyncFolderItems."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.call import Call, box, check_target
from exchange_sandbox.ews.errors import in_ews
from exchange_sandbox.ews.properties import shape
from exchange_sandbox.ews.properties.kinds import Integer
from exchange_sandbox.ews.properties.shape import Shape
from exchange_sandbox.ews.xml import Element, SchemaViolation, children, sub, text_of
from exchange_sandbox.store import changes
from exchange_sandbox.store.changes import Position
from exchange_sandbox.store.schema import Key

NAME = "SyncFolderItems"
_MOST = 512
_NOTHING = {"m:SyncState": None, "m:IncludesLastItemInRange": "true"}


@dataclass(frozen=True, slots=True)
class _Sync:
    state: str
    most: int
    ignored: frozenset[int]
    associated: bool


def answer(call: Call, request: Element) -> Element:
    """Give what changed in a folder since a state: at most 512 changes, and the state after them."""
    found = children(
        request,
        "m:ItemShape",
        "m:SyncFolderId",
        "m:SyncState?",
        "m:Ignore?",
        "m:MaxChangesReturned",
        "m:SyncScope?",
    )
    wanted_shape = shape.parse(found["ItemShape"], finding=True, lenient=True)
    sync = _read(call, found)
    with call.store.read() as db:

        def one(element: Element) -> Sequence[Element]:
            wanted = wanted_shape()
            folder = call.target(db, element, missing="ErrorSyncFolderNotFound")
            state = _state(call, sync.state, folder.id)
            page = changes.since(db, state, sync.most, associated=sync.associated)
            names = {folder.distinguished, folder.name}
            if page.complete and names & call.quirks.restless_sync:
                page = changes.again(db, page, sync.most)
            elif page.complete and names & call.quirks.endless_sync:
                page = replace(page, complete=False)
            return _written(call, db, wanted, page, sync)

        def one_or_nothing(element: Element) -> Sequence[Element]:
            try:
                return one(element)
            except Refused as failure:
                error = in_ews(failure)
                if error.code == "ErrorSyncFolderNotFound" and call.quirks.gone_folders_untold:
                    return _nothing(sync)
                raise

        return call.each([found["SyncFolderId"]], one_or_nothing, empty=_NOTHING, check=check_target)


def _nothing(sync: _Sync) -> Sequence[Element]:
    """What a server may say of a folder that is gone."""
    state, last, listing = box("m:SyncState"), box("m:IncludesLastItemInRange"), box("m:Changes")
    state.text, last.text = sync.state, "true"
    return [state, last, listing]


def _read(call: Call, found: dict[str, Element]) -> _Sync:
    ignored = []
    for element in found.get("Ignore", ()):
        try:
            ignored.append(ids.decode(call.store.guid, element.get("Id", "")).number)
        except Refused:
            continue  # what is not known need not be ignored
    scope = text_of(found["SyncScope"]).strip() if "SyncScope" in found else "NormalItems"
    if scope not in ("NormalItems", "NormalAndAssociatedItems"):
        raise SchemaViolation(f"'{scope[:40]}' is not a scope of a sync.", found["SyncScope"])
    return _Sync(
        text_of(found["SyncState"]) if "SyncState" in found else "",
        Integer(1, _MOST).parse(found["MaxChangesReturned"], UTC),
        frozenset(ignored),
        scope == "NormalAndAssociatedItems",
    )


def _state(call: Call, text: str, folder: int) -> Position:
    fresh = Position(folder, 0, 0)
    if not text.strip() or call.hook.on_sync(text):
        return fresh
    try:
        return ids.decode_sync(call.store.guid, folder, text)
    except Refused:
        if call.quirks.nonsense_sync_state:
            return fresh
        raise


def _written(
    call: Call, db: sqlite3.Connection, wanted: Shape, page: changes.Page, sync: _Sync
) -> Sequence[Element]:
    reader = call.shape_reader(db, wanted)
    state, last, listing = box("m:SyncState"), box("m:IncludesLastItemInRange"), box("m:Changes")
    state.text = ids.encode_sync(call.store.guid, page.state)
    if not page.complete and not page.changes and sync.state:
        state.text = sync.state
    last.text = "true" if page.complete else "false"
    for change in page.changes:
        if change.number in sync.ignored:
            continue
        if change.item is None:
            number = ids.encode(call.store.guid, ids.ITEM, call.user.id, change.number)
            sub(sub(listing, "t:Delete"), "t:ItemId", Id=number)
        elif change.what == "read" and not call.quirks.read_flag_as_update:
            _write_read_flag(listing, reader.item_id(change.item), bool(change.item.bag.get(Key.IS_READ)))
        else:
            wanted.write(
                sub(listing, "t:Create" if change.what == "create" else "t:Update"), change.item, reader
            )
    return [state, last, listing]


def _write_read_flag(listing: Element, item_id: tuple[str, str], is_read: bool) -> None:
    box_element = sub(listing, "t:ReadFlagChange")
    sub(box_element, "t:ItemId", Id=item_id[0], ChangeKey=item_id[1])
    sub(box_element, "t:IsRead", "true" if is_read else "false")
