"""One request to the Graph face: who asks, about whose mailbox, and what."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from exchange_sandbox.authority.tokens import Principal
from exchange_sandbox.clock import Clock
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.ews.fault_hook import FaultHook
from exchange_sandbox.graph import ids
from exchange_sandbox.graph.errors import bad_body, bad_request, conflict, malformed_id, not_found
from exchange_sandbox.graph.prefer import Prefer
from exchange_sandbox.graph.query import Query
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.store import folders, items, mailboxes
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.transport.transport import Transport
from exchange_sandbox.web import Request

_FOLDERS = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "archive clutter conflicts conversationhistory deleteditems drafts inbox junkemail localfailures "
        "msgfolderroot outbox recoverableitemsdeletions scheduled searchfolders sentitems serverfailures "
        "syncissues"
    ).split()
)
_DEEPEST = 40  # of JSON
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # where half a character may stand


@dataclass(frozen=True, slots=True)
class Call:
    """What a route's handler needs to know. ``user`` owns the mailbox that the path names; of routes that
    aren't a user's it is None. ``params`` are what stands in the pattern's place holders."""

    request: Request
    route: str
    store: Store
    who: Principal
    owner: Mailbox | None
    params: Mapping[str, str]
    query: Query
    prefer: Prefer
    now: datetime
    clock: Clock
    quirks: Quirks
    hook: FaultHook
    below: str = field(default="")

    @property
    def user(self) -> Mailbox:
        """Whose mailbox it is about."""
        assert self.owner is not None, self.route
        return self.owner

    @property
    def sender(self) -> Mailbox:
        """Who sends what is sent: the person who signed in; of an app the owner."""
        return self.who.mailbox or self.user

    @property
    def root(self) -> str:
        """The address of the service, with its version."""
        return f"{self.request.origin}/v1.0"

    def context(self, what: str) -> str:
        """An ``@odata.context`` of something of the user's, such as ``messages/$entity``."""
        return f"{self.root}/$metadata#users('{quote(user_id(self.store, self.user))}')/{what}"

    def transport(self, db: sqlite3.Connection) -> Transport:
        """The transport that takes this call's mail."""
        return Transport(db, self.now, self.quirks, self.hook.reaches_nobody())

    # what is asked

    def body(self) -> dict[str, Any]:
        """The body, a JSON object; raises GraphError. An empty one is an empty object."""
        text = self.request.body.strip()
        if not text:
            return {}
        kind = self.request.header("Content-Type").partition(";")[0].strip().lower()
        if kind not in ("application/json", ""):
            raise bad_request(
                f"A type named '{kind[:60]}' isn't taken here; send application/json.", "RequestBodyRead"
            )
        try:
            value = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is"
                " of valid JSON format."
            ) from error
        if not isinstance(value, dict) or _depth(value) > _DEEPEST:
            raise bad_body("An object is expected in the body, nested no deeper than need be.")
        return _whole(value) if _HALF.search(text) else value

    def required(self, name: str, kind: type) -> Any:
        """A member of the body that must be there (its name without case); raises GraphError."""
        value = self.optional(name, kind)
        if value is None:
            raise bad_request(f"The parameter '{name}' is missing.", "ErrorInvalidParameter")
        return value

    def optional(self, name: str, kind: type) -> Any:
        """A member of the body, None if it isn't there; raises GraphError if it is of another type."""
        found = [value for key, value in self.body().items() if key.lower() == name.lower()]
        if not found or found[0] is None:
            return None
        if not isinstance(found[0], kind) or (kind is int and isinstance(found[0], bool)):
            raise bad_body(f"The parameter '{name}' is of a wrong type.")
        return found[0]

    # what ids mean

    def folder(self, db: sqlite3.Connection, text: str) -> Folder:
        """The folder that an id or a well-known name means; raises GraphError, Refused."""
        name = text.lower()
        if name in _FOLDERS:
            return folders.distinguished(db, self.user.id, name)
        one = ids.decode(self.store.guid, self.user, text)
        if one.kind != ids.FOLDER:
            raise malformed_id()
        found = folders.get(db, one.number)
        if not found.name:  # where what appears later is kept
            raise Refused(Problem.FOLDER_NOT_FOUND)
        return found

    def item(self, db: sqlite3.Connection, text: str) -> Item:
        """The item that an id means, of either kind; raises GraphError, Refused. What isn't there yet, nobody
        finds."""
        found = ids.item_of(db, self.store.guid, self.user, text)
        if not folders.get(db, found.folder).name:
            raise not_found()
        return found

    def check_match(self, change: int) -> None:
        """Whether the version that a write is meant for (If-Match) is the one that is there; raises 412."""
        wanted = self.request.header("If-Match").strip()
        if wanted and wanted != "*" and not self.quirks.no_conflicts:
            tags = [one.strip() for one in wanted.split(",")]
            if ids.etag(change) not in tags:
                raise conflict()

    def item_id(self, item: Item) -> str:
        """An item's id, of the kind that the client prefers."""
        return ids.of_item(self.store.guid, item, immutable=self.prefer.immutable_ids)

    def folder_id(self, number: int) -> str:
        """A folder's id."""
        return ids.of_folder(self.store.guid, self.user.id, number)


def user_id(store: Store, mailbox: Mailbox) -> str:
    """A person's id in the directory."""
    return mailboxes.directory_id(store.organisation, mailbox.address)


def fresh(db: sqlite3.Connection, item: Item) -> Item:
    """An item as it is stored now."""
    return items.get(db, item.id)


def _whole(value: Any) -> Any:
    """A value whose texts have no halves of characters (RFC 8259, 8.2), which nothing could write again."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list) else value


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _depth(value: Any) -> int:
    deepest, todo = 0, [(value, 1)]
    while todo:
        one, depth = todo.pop()
        deepest = max(deepest, depth)
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        todo += [(each, depth + 1) for each in inner]
    return deepest
