"""``mailFolders``: a mailbox's folders of mail, hidden ones when asked for, and what is done with them."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.ews.properties import folder_properties
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.graph import extended, listing
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_body, bad_request
from exchange_sandbox.graph.reply import NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import Member, Navigation, Shape, View, flag_of, text_of
from exchange_sandbox.store import folders, trees
from exchange_sandbox.store.folders import Deletion, Folder
from exchange_sandbox.store.schema import HIDDEN

_ROOT = "msgfolderroot"


class _Change:
    """What a body says of a folder."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.bag: dict[str, Any] = {}


def _set_name(change: _Change, value: Any) -> None:
    change.name = text_of(value, "displayName").strip()
    if not change.name or len(change.name) > 255:
        raise bad_request("A folder needs a name of at most 255 characters.", "ErrorInvalidParameter")


def _set_hidden(change: _Change, value: Any) -> None:
    if value is not None:
        change.bag[HIDDEN] = flag_of(value, "isHidden")


def _set_extended(change: _Change, value: Any) -> None:
    change.bag |= {field.key: one for field, one in extended.given(value)}


def _counts(view: View, folder: Folder) -> folders.Counts:
    found = view.known.get(folder.id)
    if found is None:
        found = view.known[folder.id] = folders.counts(view.db, folder.id)
    return found


def _property(view: View, folder: Folder, field: ExtendedField) -> Any:
    found = folder_properties.extended_value(folder, field.key, view.reader, _counts(view, folder))
    is_hidden_time = field.key == folder_properties.COMMIT_TIME and view.call.quirks.no_commit_time
    return None if is_hidden_time else found


def _children(view: View, folder: Folder) -> list[dict[str, Any]]:
    SHAPE.check(view.query)
    found = [one for one in folders.below(view.db, folder.id, deep=False) if is_mail(one)]
    shown = [one for one in found if not one.bag.get(HIDDEN)][: view.query.top]
    return [SHAPE.write(view, one) for one in shown]


SHAPE = Shape(
    "mailFolder",
    (
        Member("id", lambda view, folder: view.call.folder_id(folder.id)),
        Member("displayName", lambda view, folder: folder.name, _set_name),
        Member(
            "parentFolderId",
            lambda view, folder: view.call.folder_id(folder.parent) if folder.parent else None,
        ),
        Member("childFolderCount", lambda view, folder: _counts(view, folder).children),
        Member("unreadItemCount", lambda view, folder: _counts(view, folder).unread),
        Member("totalItemCount", lambda view, folder: _counts(view, folder).total),
        Member("isHidden", lambda view, folder: bool(folder.bag.get(HIDDEN)), _set_hidden),
        Member(extended.NAME, lambda view, folder: None, _set_extended, shown=False),
    ),
    (
        extended.navigation(_property),
        Navigation("childFolders", _children),
    ),
)


def is_mail(folder: Folder) -> bool:
    """Whether a folder is one for mail."""
    return (folder.cls or "IPF.Note").startswith("IPF.Note")


def _list(call: Call) -> Reply:
    with call.store.read() as db:
        parent = call.folder(db, call.params.get("folder", _ROOT))
        hidden_too = call.query.others.get("includehiddenfolders", "").lower() == "true"
        found = [
            one
            for one in folders.below(db, parent.id, deep=False)
            if is_mail(one) and (hidden_too or not one.bag.get(HIDDEN))
        ]
        view = View(db, call, call.query)
        page = listing.chosen(SHAPE, view, found)
        place = (
            f"mailFolders('{call.params['folder']}')/childFolders"
            if "folder" in call.params
            else "mailFolders"
        )
        return ok(listing.page(call, SHAPE, view, page, call.context(place)))


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        folder = call.folder(db, call.params["folder"])
        return ok(_entity(call, db, folder))


def _entity(call: Call, db: sqlite3.Connection, folder: Folder) -> dict[str, Any]:
    return listing.entity(SHAPE, View(db, call, call.query), folder, call.context("mailFolders"))


def _create(call: Call) -> Reply:
    change = _Change()
    SHAPE.put(change, call.body())
    if change.name is None:
        raise bad_body("A folder needs a displayName.")
    with call.store.write() as db:
        parent = call.folder(db, call.params.get("folder", _ROOT))
        bag = change.bag
        if call.quirks.graph_child_marks_ignored and "folder" in call.params:
            bag = {key: value for key, value in bag.items() if key == HIDDEN}
        create = folders.create_another if call.quirks.graph_folder_names_repeat else folders.create
        folder = create(db, parent, change.name, "IPF.Note", bag, call.now)
        return created(_entity(call, db, folder))


def _update(call: Call) -> Reply:
    change = _Change()
    SHAPE.put(change, call.body())
    with call.store.write() as db:
        folder = call.folder(db, call.params["folder"])
        if change.name is not None and change.name != folder.name and folder.distinguished:
            raise bad_request("Distinguished folders cannot be renamed.", "ErrorInvalidOperation")
        folder.name = change.name or folder.name
        folder.bag = {key: value for key, value in {**folder.bag, **change.bag}.items() if value is not None}
        folders.save(db, folder, call.now)
        return ok(_entity(call, db, folders.get(db, folder.id)))


def _delete(call: Call) -> Reply:
    with call.store.write() as db:
        folder = call.folder(db, call.params["folder"])
        is_in_bin = folder.parent == folders.distinguished(db, call.user.id, "deleteditems").id
        folders.delete(db, folder, Deletion.FOR_GOOD if is_in_bin else Deletion.TO_BIN, call.now)
    return NO_CONTENT


def _delete_for_good(call: Call) -> Reply:
    with call.store.write() as db:
        folders.delete(db, call.folder(db, call.params["folder"]), Deletion.FOR_GOOD, call.now)
    return NO_CONTENT


def _move(call: Call) -> Reply:
    with call.store.write() as db:
        folder, target = _both(call, db)
        folders.move(db, folder, target, call.now)
        return created(_entity(call, db, folders.get(db, folder.id)))


def _copy(call: Call) -> Reply:
    with call.store.write() as db:
        folder, target = _both(call, db)
        return created(_entity(call, db, trees.copy(db, folder, target, call.now)))


def _both(call: Call, db: sqlite3.Connection) -> tuple[Folder, Folder]:
    return call.folder(db, call.params["folder"]), call.folder(db, call.required("destinationId", str))


_ONE = "mailFolders/{folder}"
ROUTES = (
    Route("GET", "mailFolders", "mailFolders.list", _list, "Mail"),
    Route("POST", "mailFolders", "mailFolders.create", _create, "Mail"),
    Route("GET", _ONE, "mailFolders.get", _get, "Mail"),
    Route("PATCH", _ONE, "mailFolders.update", _update, "Mail"),
    Route("DELETE", _ONE, "mailFolders.delete", _delete, "Mail"),
    Route("GET", f"{_ONE}/childFolders", "mailFolders.list", _list, "Mail"),
    Route("POST", f"{_ONE}/childFolders", "mailFolders.create", _create, "Mail"),
    Route("POST", f"{_ONE}/move", "mailFolders.move", _move, "Mail"),
    Route("POST", f"{_ONE}/copy", "mailFolders.copy", _copy, "Mail"),
    Route("POST", f"{_ONE}/permanentDelete", "mailFolders.permanentDelete", _delete_for_good, "Mail"),
)
