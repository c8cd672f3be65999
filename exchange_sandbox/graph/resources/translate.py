"""``translateExchangeIds``: from one spelling of ids to another. Apps that act for nobody may not.

Binary ids are base64 for URLs without its padding, of which a digit at the end tells how long it was.
"""

from __future__ import annotations

import base64
import binascii
import sqlite3
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids as ews_ids
from exchange_sandbox.graph import ids
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import GraphError, bad_body, denied, in_graph, malformed_id
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import word_of
from exchange_sandbox.store.items import Item

_MOST = 1000
_FORMATS = {one: one for one in ("entryId", "ewsId", "immutableEntryId", "restId", "restImmutableEntryId")}
_IMMUTABLE = ("immutableEntryId", "restImmutableEntryId")


def _translate(call: Call) -> Reply:
    given = call.required("inputIds", list)
    source = word_of(call.required("sourceIdType", str), "sourceIdType", _FORMATS)
    target = word_of(call.required("targetIdType", str), "targetIdType", _FORMATS)
    if len(given) > _MOST:
        raise GraphError(400, "ErrorInvalidParameter", f"No more than {_MOST} ids are translated at once.")
    if call.who.is_app:
        raise denied("Access is denied. Check credentials and try again.")
    if not all(isinstance(one, str) for one in given):
        raise bad_body("Texts are expected in 'inputIds'.")
    with call.store.read() as db:
        found = [_one(call, db, one, source, target) for one in given]
    context = f"{call.root}/$metadata#Collection(microsoft.graph.convertIdResult)"
    return ok({"@odata.context": context, "value": found})


def _one(call: Call, db: sqlite3.Connection, text: str, source: str, target: str) -> dict[str, Any]:
    """An id's translation, or why there is none."""
    try:
        return {"sourceId": text, "targetId": _written(call, db, _read(call, db, text, source), target)}
    except (GraphError, Refused) as failure:
        error = in_graph(failure) if isinstance(failure, Refused) else failure
        details = {"code": error.code, "message": str(error)}
        return {"sourceId": text, "targetId": None, "errorDetails": details}


def _read(call: Call, db: sqlite3.Connection, text: str, source: str) -> Item | int:
    """The item, or the number of the folder, that an id means."""
    if source == "entryId":
        try:
            data = base64.b64decode(text[:-1] + "=" * int(text[-1:]), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise malformed_id() from error
        kind, number = ews_ids.of_entry_id(call.store.guid, data)
        text = ews_ids.encode(call.store.guid, kind, call.user.id, number)
    one = ids.decode(call.store.guid, call.user, ids.to_rest(text))
    if one.kind == ids.FOLDER:
        return one.number
    if (one.kind == ids.IMMUTABLE) != (source in _IMMUTABLE):
        raise malformed_id()
    return ids.item_of(db, call.store.guid, call.user, ids.to_rest(text))


def _written(call: Call, db: sqlite3.Connection, thing: Item | int, target: str) -> str:
    guid = call.store.guid
    if target == "entryId":
        kind, number = (ids.FOLDER, thing) if isinstance(thing, int) else (ids.ITEM, thing.id)
        whole = base64.urlsafe_b64encode(ews_ids.entry_id(guid, kind, number)).decode()
        return f"{whole.rstrip('=')}{whole.count('=')}"
    if isinstance(thing, int):
        rest = call.folder_id(thing)
    else:
        rest = ids.of_item(guid, thing, immutable=target in _IMMUTABLE)
    return ids.to_ews(rest) if target == "ewsId" else rest


ROUTES = (Route("POST", "translateExchangeIds", "translateExchangeIds", _translate, "User"),)
