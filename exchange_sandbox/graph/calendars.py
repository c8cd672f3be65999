"""``calendar``: how a folder of appointments looks as JSON."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.ews import ids as ews_ids
from exchange_sandbox.ews.properties import folder_properties
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.graph import extended
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_request, not_found
from exchange_sandbox.graph.shape import Member, Shape, View, text_of, word_of
from exchange_sandbox.store import folders
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.schema import own

CLASS = "IPF.Appointment"
_COLOR = own("CalendarColor")
_HEX = {  # Outlook's own choice of them isn't known: what matters is that each has one
    "auto": "",
    "lightBlue": "#A6D1F5",
    "lightGreen": "#87D28E",
    "lightOrange": "#FCAB73",
    "lightGray": "#C0C0C0",
    "lightYellow": "#FFF178",
    "lightTeal": "#55C5C5",
    "lightPink": "#F08EC0",
    "lightBrown": "#CBA287",
    "lightRed": "#F88C9B",
    "maxColor": "",
}


class Change:
    """What a body says of a calendar."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.bag: dict[str, Any] = {}


def _set_name(change: Change, value: Any) -> None:
    change.name = text_of(value, "name").strip()
    if not change.name or len(change.name) > 255:
        raise bad_request("A calendar needs a name of at most 255 characters.", "ErrorInvalidParameter")


def _set_color(change: Change, value: Any) -> None:
    change.bag[_COLOR] = word_of(value, "color", {name: name for name in _HEX})


def _set_extended(change: Change, value: Any) -> None:
    change.bag |= {field.key: one for field, one in extended.given(value)}


def _property(view: View, folder: Folder, field: ExtendedField) -> Any:
    counts = folders.counts(view.db, folder.id)
    return folder_properties.extended_value(folder, field.key, view.reader, counts)


def _owner(view: View, folder: Folder) -> dict[str, str]:
    return {"name": view.call.user.name, "address": view.call.user.address}


SHAPE = Shape(
    "calendar",
    (
        Member("id", lambda view, folder: view.call.folder_id(folder.id)),
        Member("name", lambda view, folder: folder.name, _set_name),
        Member("color", lambda view, folder: folder.bag.get(_COLOR, "auto"), _set_color),
        Member("hexColor", lambda view, folder: _HEX[folder.bag.get(_COLOR, "auto")]),
        Member("isDefaultCalendar", lambda view, folder: bool(folder.distinguished)),
        Member("changeKey", lambda view, folder: ews_ids.change_key(folder.change)),
        Member("canShare", lambda view, folder: True),
        Member("canViewPrivateItems", lambda view, folder: True),
        Member("canEdit", lambda view, folder: True),
        Member("allowedOnlineMeetingProviders", lambda view, folder: []),
        Member("defaultOnlineMeetingProvider", lambda view, folder: "unknown"),
        Member("isTallyingResponses", lambda view, folder: bool(folder.distinguished)),
        Member("isRemovable", lambda view, folder: not folder.distinguished),
        Member("owner", _owner),
        Member(extended.NAME, lambda view, folder: None, _set_extended, shown=False),
    ),
    (extended.navigation(_property),),
)


def named(call: Call, db: sqlite3.Connection) -> Folder:
    """The calendar that the path names, the owner's own where it names none; raises GraphError, Refused."""
    if "calendar" not in call.params:
        return folders.distinguished(db, call.user.id, "calendar")
    found = call.folder(db, call.params["calendar"])
    if not (found.cls or "").startswith(CLASS):
        raise not_found()
    return found


def every(call: Call, db: sqlite3.Connection) -> list[Folder]:
    """All calendars of the mailbox, the owner's own first; those that were deleted not."""
    root = folders.distinguished(db, call.user.id, "msgfolderroot")
    bin_ids = _below_bin(call, db)
    found = [
        one
        for one in folders.below(db, root.id, deep=True)
        if (one.cls or "").startswith(CLASS) and one.id not in bin_ids
    ]
    return sorted(found, key=lambda one: (not one.distinguished, one.id))


def _below_bin(call: Call, db: sqlite3.Connection) -> set[int]:
    deleted = folders.distinguished(db, call.user.id, "deleteditems")
    return {one.id for one in folders.below(db, deleted.id, deep=True)}
