"""``delta``: what changed in a folder since a token, page after page.

A token says where a client is and what it asked for at the beginning (its options hold for all rounds). Links
are opaque, and followed as they are given. Where real servers differ, quirks do (see docs).
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from exchange_sandbox.graph import filters, ids, query
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import GraphError, bad_request
from exchange_sandbox.graph.filter_nodes import paths
from exchange_sandbox.graph.query import Query
from exchange_sandbox.graph.shape import Shape, View
from exchange_sandbox.store import changes, kept
from exchange_sandbox.store.changes import Change, Position
from exchange_sandbox.store.database import last_change
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

PAGE = 10  # changes, where nobody says how many; $top doesn't
_MOST = 512
_LINKS_KEPT = 2  # pages back that a link lives, where links are short-lived
_OPTIONS = ("$select", "$filter", "$expand", "startdatetime", "enddatetime")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a delta tells of: the shape of its things, which items are among them, which members a property
    of the store's shows in, and the id of an item that is gone, by number and origin. ``sparse``: of what a
    client knows only the changes are told; ``expands``: $expand works. ``parts``: what is told in an item's
    place, and which of it is gone."""

    shape: Shape
    is_one: Callable[[Item], bool]
    members: Mapping[str, tuple[str, ...]]
    gone_id: Callable[[Call, int, int], str]
    sparse: bool = True
    expands: bool = False
    parts: Callable[[View, Item], Iterable[tuple[Item, bool]]] | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    """Where a client is: its position in the folder (of which database), its options, and the round and page
    of that round."""

    store: str
    position: Position
    options: str
    round: int
    page: int

    def text(self) -> str:
        where = self.position
        data = json.dumps(
            [self.store, where.folder, where.arrived, where.changed, self.options, self.round, self.page]
        ).encode()
        sealed = zlib.compress(data + zlib.crc32(data).to_bytes(4, "big"))
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def answer(call: Call, kind: Kind, folder: Folder, context: str) -> dict[str, Any]:
    """A page of changes as JSON; raises GraphError: 400, and 410 for a token that is worth nothing."""
    given = call.query.skiptoken or call.query.deltatoken
    if given and given.lower() != "latest":
        token = _read(given, folder, call.store.guid.hex)
        asked = query.read(token.options)
    else:
        token = _first(call, folder)
        asked = call.query
    _check(kind, asked, token, call)
    with call.store.read() as db:
        view = View(db, call, asked)
        if call.query.deltatoken.lower() == "latest":
            now = last_change(db)
            done = replace(token, position=Position(folder.id, now, now))
            return {
                "@odata.context": context,
                "value": [],
                "@odata.deltaLink": _link(call, "$deltatoken", done),
            }
        size = min(call.prefer.page_size or PAGE, _MOST)
        page = changes.since(db, token.position, size, associated=False)
        value = list(_told(view, kind, page.changes, token))
        if value and call.quirks.graph_doubled_changes:
            value.append(value[0])
        out: dict[str, Any] = {"@odata.context": context, "value": value}
        goes_on = not page.complete or (call.quirks.graph_empty_pages and bool(value))
        following = replace(token, position=page.state, page=token.page + 1)
        if goes_on:
            out["@odata.nextLink"] = _link(call, "$skiptoken", following)
        else:
            ended = replace(following, round=token.round + 1, page=0)
            out["@odata.deltaLink"] = _link(call, "$deltatoken", ended)
    _remember(call, token)
    return out


def _first(call: Call, folder: Folder) -> _Token:
    pairs = [part for part in call.request.query.split("&") if _is_option(part)]
    return _Token(call.store.guid.hex, Position(folder.id, 0, 0), "&".join(pairs), 0, 0)


def _is_option(part: str) -> bool:
    return part.partition("=")[0].lower().replace("%24", "$") in _OPTIONS


def _read(text: str, folder: Folder, store: str) -> _Token:
    gone = GraphError(410, "SyncStateNotFound", "The sync state generation is not found.")
    try:
        data = zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        body, seal = data[:-4], data[-4:]
        database, number, arrived, changed, options, rounds, page = json.loads(body)
    except (binascii.Error, zlib.error, ValueError, TypeError) as error:
        raise bad_request("Badly formed token.", "ErrorInvalidUrlQuery") from error
    if seal != zlib.crc32(body).to_bytes(4, "big"):
        raise bad_request("Badly formed token.", "ErrorInvalidUrlQuery")
    if number != folder.id or database != store:
        raise gone
    return _Token(store, Position(number, arrived, changed), options, rounds, page)


def _check(kind: Kind, asked: Query, token: _Token, call: Call) -> None:
    kind.shape.check(asked)
    if asked.expand and not kind.expands:  # seen on real servers, and never to work
        raise GraphError(
            500, "ErrorInternalServerError", "An internal server error occurred. The operation failed."
        )
    if asked.orderby and any(names[0].lower() != "receiveddatetime" for names, _ in asked.orderby):
        raise bad_request("$orderby isn't supported with a delta.", "ErrorInvalidUrlQuery")
    for path in paths(asked.filter) if asked.filter is not None else ():
        if path.names[0].lower() != "receiveddatetime":
            raise bad_request("A delta is filtered by receivedDateTime alone.", "ErrorInvalidUrlQueryFilter")
    if call.quirks.graph_short_lived_links and token.page:
        with call.store.read() as db:
            latest = kept.read(db, call.user.id, _name_of(token)) or 0
        if token.page <= latest - _LINKS_KEPT:
            raise GraphError(410, "SyncStateNotFound", "The sync state generation is not found.")


def _name_of(token: _Token) -> str:
    return f"delta {token.position.folder} {token.round}"


def _remember(call: Call, token: _Token) -> None:
    """How far a round was walked: only short-lived links need it."""
    if call.quirks.graph_short_lived_links:
        with call.store.write() as db:
            latest = kept.read(db, call.user.id, _name_of(token)) or 0
            kept.put(db, call.user.id, _name_of(token), max(latest, token.page))


def _told(view: View, kind: Kind, found: Iterable[Change], token: _Token) -> Iterable[dict[str, Any]]:
    for change in found:
        item = change.item
        if item is None:
            yield _removed(view, kind, change.number)
        elif not kind.is_one(item):
            continue
        elif kind.parts is not None:
            for part, is_gone in kind.parts(view, item):
                if not is_gone:
                    yield _whole(view, kind, part)
                elif change.what != "create":
                    yield _gone(kind, view.call.item_id(part))
        elif change.what == "create":
            if _is_within(view, kind, item):
                yield _whole(view, kind, item)
        elif (
            change.what == "read"
            or not view.call.quirks.graph_filtered_changes
            or _is_within(view, kind, item)
        ):
            yield _changed(view, kind, item, change.what, token)


def _is_within(view: View, kind: Kind, item: Item) -> bool:
    """Whether the filter of the delta leaves an item in."""
    return view.query.filter is None or filters.holds(view.query.filter, kind.shape.lookup(view, item))


def _whole(view: View, kind: Kind, item: Item) -> dict[str, Any]:
    return _typed(kind, kind.shape.write(view, item))


def _typed(kind: Kind, value: dict[str, Any]) -> dict[str, Any]:
    return {"@odata.type": f"#microsoft.graph.{kind.shape.type}", **value}


def _changed(view: View, kind: Kind, item: Item, what: str, token: _Token) -> dict[str, Any]:
    """An item that a client knows: only what changed, where that is known."""
    touched = item.bag.get(Key.TOUCHED, {})
    keys = [key for key, change in touched.items() if change > token.position.changed]
    if what == "read":
        keys = [Key.IS_READ]
    names = [name for key in keys for name in kind.members.get(key, ())]
    if not kind.sparse or not keys:
        return _whole(view, kind, item)
    return _typed(kind, kind.shape.write(view, item, names=names))


def _removed(view: View, kind: Kind, number: int) -> dict[str, Any]:
    row = view.db.execute("SELECT origin FROM gone_origin WHERE item = ?", (number,)).fetchone()
    return _gone(kind, kind.gone_id(view.call, number, row[0] if row else number))


def _gone(kind: Kind, name: str) -> dict[str, Any]:
    return _typed(kind, {"id": name, "@removed": {"reason": "deleted"}})


def gone_item(call: Call, number: int, origin: int) -> str:
    """The id of an item that is gone, of the kind that the client prefers."""
    immutable = call.prefer.immutable_ids
    return ids.of_gone_item(call.store.guid, call.user.id, number, origin, immutable=immutable)


def _link(call: Call, name: str, token: _Token) -> str:
    return f"{call.request.origin}{call.request.path}?{name}={token.text()}"
