"""``attachments`` of messages and events: listed, read, added and taken off; small ones, in one request."""

from __future__ import annotations

import sqlite3

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import attaching
from exchange_sandbox.ews import ids as ews_ids
from exchange_sandbox.graph import attached, ids, listing
from exchange_sandbox.graph.attached import Attachment
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.changing import Change
from exchange_sandbox.graph.errors import GraphError, malformed_id, not_found
from exchange_sandbox.graph.reply import NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

_PARENTS = (
    ("messages/{item}", "messages", "Mail"),
    ("mailFolders/{folder}/messages/{item}", "messages", "Mail"),
    ("events/{item}", "events", "Calendars"),
)


def _list(call: Call) -> Reply:
    with call.store.read() as db:
        item = call.item(db, call.params["item"])
        view = View(db, call, call.query)
        attached.check(view)
        out = {"@odata.context": call.context(_place(call, item))}
        return ok({**out, "value": [attached.write(view, one) for one in attached.all_of(view, item)]})


def _place(call: Call, item: Item) -> str:
    place = "messages" if Key.IS_READ in item.bag else "events"
    return f"{place}('{call.item_id(item)}')/attachments"


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        item, one = _found(call, db)
        view = View(db, call, call.query)
        attached.check(view)
        context = call.context(f"{_place(call, item)}{listing.selected(call.query)}/$entity")
        return ok({"@odata.context": context, **attached.write(view, one)})


def _content(call: Call) -> Reply:
    with call.store.read() as db:
        _, one = _found(call, db)
        kind = one.about.get("content_type") or "application/octet-stream"
        plain = kind.replace("\r", " ").replace("\n", " ").encode("ascii", "ignore").decode()
        return Reply(200, raw=one.data, kind=plain)


def _found(call: Call, db: sqlite3.Connection) -> tuple[Item, Attachment]:
    item = call.item(db, call.params["item"])
    number = _number(call, item)
    found = next(
        (one for one in attached.all_of(View(db, call, call.query), item) if one.about["part"] == number),
        None,
    )
    if found is None:
        raise not_found("The specified attachment was not found.")
    return item, found


def _number(call: Call, item: Item) -> int:
    """The number of the attachment that the path names; raises GraphError."""
    try:
        mailbox, way = ews_ids.decode_attachment(call.store.guid, ids.to_ews(call.params["attachment"]))
    except Refused as error:
        raise malformed_id() from error
    if mailbox != call.user.id or way[0] != item.id:
        raise not_found("The specified attachment was not found.")
    return way[1]


def _create(call: Call) -> Reply:
    if len(call.request.body) > attached.LARGEST * 4 // 3 + 10_000:
        raise GraphError(
            413, "ErrorMessageSizeExceeded", "The attachment is too large: use an upload session."
        )
    with call.store.write() as db:
        item = call.item(db, call.params["item"])
        about = attached.put(Change(db, call, item), call.body())
        items.update(db, item, call.now, touched=[Key.ATTACHMENTS])
        view = View(db, call, call.query)
        one = next(one for one in attached.all_of(view, item) if one.about["part"] == about["part"])
        context = call.context(f"{_place(call, item)}/$entity")
        return created({"@odata.context": context, **attached.write(view, one)})


def _delete(call: Call) -> Reply:
    with call.store.write() as db:
        item, one = _found(call, db)
        attaching.remove(db, item, (one.about["part"],))
        items.update(db, item, call.now, touched=[Key.ATTACHMENTS])
    return NO_CONTENT


_OPERATIONS = (
    ("GET", "", "list", _list),
    ("POST", "", "create", _create),
    ("GET", "/{attachment}", "get", _get),
    ("GET", "/{attachment}/$value", "getContent", _content),
    ("DELETE", "/{attachment}", "delete", _delete),
)
ROUTES = tuple(
    Route(method, f"{parent}/attachments{rest}", f"{name}.attachments.{verb}", handler, scope)
    for parent, name, scope in _PARENTS
    for method, rest, verb, handler in _OPERATIONS
)
