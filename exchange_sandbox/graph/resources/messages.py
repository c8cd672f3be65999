"""``messages``: found, read, drafted, changed, moved, copied and deleted; MIME in and out."""

from __future__ import annotations

import base64
import binascii
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from exchange_sandbox.clock import iso
from exchange_sandbox.ews import aqs
from exchange_sandbox.graph import extended, filters, listing
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.changing import Change
from exchange_sandbox.graph.errors import GraphError, bad_request, not_found
from exchange_sandbox.graph.filter_nodes import Called, Compare, Literal, Node, Path, conjuncts, paths
from exchange_sandbox.graph.mail import SHAPE
from exchange_sandbox.graph.query import Query
from exchange_sandbox.graph.reply import NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.mime import edit, export
from exchange_sandbox.store import folders, items, trees
from exchange_sandbox.store.comparing import Ignoring, Mode
from exchange_sandbox.store.folders import Deletion, Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mails import IS_MAIL
from exchange_sandbox.store.schema import Key
from exchange_sandbox.transport import outbox, receipts
from exchange_sandbox.transport.transport import thread

_BELOW = (
    "folder IN (WITH RECURSIVE under (id) AS (SELECT ? UNION ALL SELECT folder.id FROM folder"
    " JOIN under ON folder.parent = under.id) SELECT id FROM under)"
)
_MODES = {"contains": Mode.SUBSTRING, "startswith": Mode.PREFIX}
_FOUND_BY = {"internetmessageid": Key.MESSAGE_ID, "subject": Key.SUBJECT}


def _list(call: Call) -> Reply:
    query = call.query
    SHAPE.check(query)
    check_order(query)
    with call.store.read() as db:
        view = View(db, call, query)
        where, place = _place(call, db)
        found = _found(view, where)
        return ok(listing.page(call, SHAPE, view, found, call.context(place)))


def _place(call: Call, db: sqlite3.Connection) -> tuple[_Where, str]:
    """Where the path looks for messages, and how a context calls it."""
    if "folder" in call.params:
        folder = call.folder(db, call.params["folder"])
        return _Where("folder = ?", [folder.id]), f"mailFolders('{call.params['folder']}')/messages"
    top = folders.distinguished(db, call.user.id, "msgfolderroot")
    return _Where(f"mailbox = ? AND {_BELOW}", [call.user.id, top.id]), "messages"


@dataclass(slots=True)
class _Where:
    """Conditions for the database; ``exact`` unless a filter wants more than they say."""

    text: str
    values: list[Any]
    exact: bool = True

    def add(self, text: str, *values: Any) -> None:
        self.text += f" AND {text}"
        self.values += values


def _found(view: View, where: _Where) -> listing.Found:
    query = view.query
    where.add(f"associated = 0 AND {IS_MAIL}")
    _narrow(where, query.filter)
    if where.exact and not query.search and not _other_order(query):
        return _by_database(view, where)
    rows = view.db.execute(
        f"{items.SELECT} WHERE {where.text} ORDER BY received DESC, id DESC",
        where.values,
    )
    things: Iterable[Item] = map(items.from_row, rows)
    if query.search:
        test = aqs.parse(query.search.strip('"'), UTC, view.call.now)
        things = [item for item in things if test is None or test(item, view.reader)]
    return listing.chosen(SHAPE, view, things)


def _other_order(query: Query) -> bool:
    return any(names[0].lower() != "receiveddatetime" for names, _ in query.orderby)


def _by_database(view: View, where: _Where) -> listing.Found:
    """A page of what there is, by when it was received: the database knows that order."""
    query, db = view.query, view.db
    way = "DESC" if not query.orderby or query.orderby[0][1] else "ASC"
    most = listing.size(view.call)
    numbers = db.execute(
        f"SELECT id FROM item WHERE {where.text} ORDER BY received {way}, id {way} LIMIT ? OFFSET ?",  # noqa: S608
        (*where.values, most + 1, query.skip),
    ).fetchall()
    total = None
    if query.count:
        total = db.execute(f"SELECT count(*) FROM item WHERE {where.text}", where.values).fetchone()[0]  # noqa: S608
    return listing.Found([items.get(db, row[0]) for row in numbers[:most]], total, len(numbers) > most)


def _narrow(where: _Where, node: Node | None) -> None:
    """Add what holds wherever a filter does, so that not all items need be looked at."""
    parts = list(conjuncts(node))
    for key, value in extended.wanted(parts):
        if extended.is_plain(key):
            where.add(_BY_VALUE, key, items.findable(value))
    for part in parts:
        where.exact &= _narrow_by(where, part)


_BY_VALUE = "id IN (SELECT item FROM findable WHERE property = ? AND value = ?)"


def _narrow_by(where: _Where, part: Node) -> bool:
    """Add a condition; whether it says all that this part of a filter does."""
    if isinstance(part, Called):
        return _narrow_by_text(where, part)
    if not (isinstance(part, Compare) and isinstance(part.left, Path) and isinstance(part.right, Literal)):
        return False
    name, value = part.left.names[0].lower(), part.right.value
    if name in _FOUND_BY and part.how == "eq" and isinstance(value, str):
        where.add(_BY_VALUE, _FOUND_BY[name], items.findable(value))
        return False
    if name == "isread" and part.how == "eq" and isinstance(value, bool):
        where.add("is_read = ?", value)
        return True
    moment = filters.moment(value) if name == "receiveddatetime" and isinstance(value, str) else None
    return moment is not None and _narrow_by_moment(where, part.how, moment)


def _narrow_by_text(where: _Where, part: Called) -> bool:
    """What the subject contains, or begins with."""
    mode = _MODES.get(part.name)
    match part.operands:
        case (Path((name,)), Literal(str(value))) if mode and name.lower() == "subject":
            subject = f"ifnull(json_extract(bag, '$.{Key.SUBJECT}'), '')"
            where.add(f"contains({subject}, ?, ?, ?)", value.casefold(), mode, Ignoring.CASE)
            return True
    return False


def _narrow_by_moment(where: _Where, how: str, moment: datetime) -> bool:
    """What is told of a moment are its whole seconds: so it is compared."""
    begun = moment.replace(microsecond=0)
    following = begun + timedelta(seconds=1)
    first = following if moment.microsecond else begun
    bounds = {"ge": (">=", first), "gt": (">=", following), "lt": ("<", first), "le": ("<", following)}
    if how not in bounds:
        return False
    sign, bound = bounds[how]
    where.add(f"received {sign} ?", iso(bound))
    return True


def check_order(query: Query) -> None:
    """Whether what is ordered by comes first in the filter, as Exchange wants it; raises GraphError."""
    if query.filter is None or not query.orderby:
        return
    asked = [path.names[0].lower() for path in paths(query.filter)]
    unique = list(dict.fromkeys(asked))
    ordered = [names[0].lower() for names, _ in query.orderby]
    if unique[: len(ordered)] != ordered:
        raise GraphError(
            400, "InefficientFilter", "The restriction or sort order is too complex for this operation."
        )


def message(call: Call, db: sqlite3.Connection) -> Item:
    """The message that the path names; raises GraphError."""
    item = call.item(db, call.params["message"])
    if Key.IS_READ not in item.bag:
        raise not_found()
    if "folder" in call.params and call.folder(db, call.params["folder"]).id != item.folder:
        raise not_found()
    return item


def entity(call: Call, db: sqlite3.Connection, item: Item) -> dict[str, Any]:
    """A message as JSON."""
    return listing.entity(SHAPE, View(db, call, call.query), item, call.context("messages"))


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        return ok(entity(call, db, message(call, db)))


def _mime(call: Call) -> Reply:
    with call.store.read() as db:
        return Reply(200, raw=export.mime_of(db, message(call, db)), kind="text/plain")


def _create(call: Call) -> Reply:
    with call.store.write() as db:
        item = new_draft(call, db)
        target = call.folder(db, call.params.get("folder", "drafts"))
        save(call, db, item, target)
        return created(entity(call, db, item))


def new_draft(call: Call, db: sqlite3.Connection, value: dict[str, Any] | None = None) -> Item:
    """The message that a body describes, as JSON or as MIME, not yet in a folder."""
    item = Item(call.user.id, 0, {Key.ITEM_CLASS: "IPM.Note", Key.IS_READ: True, Key.IS_DRAFT: True})
    if value is None and is_mime(call):
        edit.become(db, item, parsed_mime(call), creating=True)
        item.bag |= {Key.IS_READ: True, Key.IS_DRAFT: True}
        item.bag[Key.MODIFIED_BY] = call.user.name
        item.bag.pop(Key.SENT, None)
        return item
    change = Change(db, call, item, creating=True)
    SHAPE.put(change, call.body() if value is None else value)
    change.settle()
    return item


def is_mime(call: Call) -> bool:
    """Whether the body is a mail, and no JSON."""
    return call.request.header("Content-Type").partition(";")[0].strip().lower() == "text/plain"


def parsed_mime(call: Call) -> bytes:
    """The mail in the body; raises GraphError."""
    try:
        raw = base64.b64decode(b"".join(call.request.body.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_request(
            "Invalid base64 string for MIME content.", "ErrorMimeContentInvalidBase64String"
        ) from error
    if not raw.strip():
        raise bad_request("The MIME content is empty.", "ErrorMimeContentInvalid")
    return raw


def save(call: Call, db: sqlite3.Connection, item: Item, folder: Folder) -> None:
    """Put a new draft into a folder."""
    outbox.prepare(db, item, call.sender, call.now)
    item.folder = folder.id
    thread(db, item)
    items.insert(db, item, call.now)
    if call.hook.loses_draft():
        items.delete(db, item, call.now)


def _update(call: Call) -> Reply:
    with call.store.write() as db:
        item = message(call, db)
        call.check_match(item.change)
        change = Change(db, call, item)
        SHAPE.put(change, call.body())
        change.settle()
        receipts.on_update(call.transport(db), call.user, item, suppressed=False)
        if change.given:
            only_read = change.given == {Key.IS_READ}
            items.update(db, item, call.now, touched=change.given, read_flag_only=only_read)
        return ok(entity(call, db, item))


def _delete(call: Call) -> Reply:
    with call.store.write() as db:
        item = message(call, db)
        call.check_match(item.change)
        is_in_bin = folders.get(db, item.folder).distinguished == "deleteditems"
        trees.discard(db, item, Deletion.RECOVERABLE if is_in_bin else Deletion.TO_BIN, call.now)
    return NO_CONTENT


def _delete_for_good(call: Call) -> Reply:
    with call.store.write() as db:
        trees.discard(db, message(call, db), Deletion.FOR_GOOD, call.now)
    return NO_CONTENT


def _move(call: Call) -> Reply:
    with call.store.write() as db:
        item = message(call, db)
        target = call.folder(db, call.required("destinationId", str))
        moved = items.move(db, item, target.id, call.now) if target.id != item.folder else item
        return created(entity(call, db, moved))


def _copy(call: Call) -> Reply:
    with call.store.write() as db:
        target = call.folder(db, call.required("destinationId", str))
        return created(entity(call, db, items.copy(db, message(call, db), target.id, call.now)))


def _count(call: Call) -> Reply:
    SHAPE.check(call.query)
    with call.store.read() as db:
        where, _ = _place(call, db)
        found = _found(View(db, call, replace(call.query, count=True, top=1, skip=0)), where)
    return Reply(200, raw=str(found.total).encode(), kind="text/plain")


PLACES = ("messages", "mailFolders/{folder}/messages")
_OPERATIONS = (
    ("GET", "", "list", _list),
    ("POST", "", "create", _create),
    ("GET", "/$count", "count", _count),
    ("GET", "/{message}", "get", _get),
    ("PATCH", "/{message}", "update", _update),
    ("DELETE", "/{message}", "delete", _delete),
    ("GET", "/{message}/$value", "getMime", _mime),
    ("POST", "/{message}/move", "move", _move),
    ("POST", "/{message}/copy", "copy", _copy),
    ("POST", "/{message}/permanentDelete", "permanentDelete", _delete_for_good),
)
ROUTES = tuple(
    Route(method, f"{place}{rest}", f"messages.{name}", handler, "Mail")
    for place in PLACES
    for method, rest, name, handler in _OPERATIONS
)
