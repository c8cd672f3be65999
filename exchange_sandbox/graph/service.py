"""The Graph service: a request in, an answer out, with the faults on the way."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from exchange_sandbox.authority.bearer import Bearer
from exchange_sandbox.authority.tokens import Principal
from exchange_sandbox.clock import Clock
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.fault_hook import FaultHook
from exchange_sandbox.faults import Fault, Faults
from exchange_sandbox.graph import access, batch, prefer, query
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import GraphError, bad_request, denied, in_graph, no_resource
from exchange_sandbox.graph.reply import Reply
from exchange_sandbox.graph.routing import Match, Router
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.server.throttle import Throttle, TooMany
from exchange_sandbox.store import items
from exchange_sandbox.store.database import Store
from exchange_sandbox.web import Answer, Request

log = logging.getLogger(__name__)

VERSION = "/v1.0"
KIND = "application/json; odata.metadata={}; odata.streaming=true; IEEE754Compatible=false; charset=utf-8"
_SAFE = re.compile(r"[\x21-\x7e]{1,128}")  # what of a client's header may come back to it
_METADATA = re.compile(r"odata\.metadata=(none|minimal|full)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """Answers requests below ``/v1.0``."""

    store: Store
    clock: Clock
    quirks: Quirks
    faults: Faults
    router: Router
    bearer: Bearer
    throttle: Throttle

    def answer(self, request: Request) -> Answer:
        """Answer one request, a batch among them."""
        about = _About(str(uuid.uuid4()), self.clock(), _echoed(request))
        try:
            who = access.principal(self.bearer, request.header("Authorization"), request.origin)
        except GraphError as error:
            return about.refused(error)
        if batch.is_one(request):
            return self._batch(request, who, about)
        return self.single(request, who, about)

    def _batch(self, request: Request, who: Principal, about: _About) -> Answer:
        fault = self.faults.take(batch.NAME)
        try:
            _refuse(fault, request)
            value = batch.perform(
                request, lambda part: self.single(part, who, replace(about, id=str(uuid.uuid4())))
            )
        except GraphError as error:
            kind = fault.kind if fault else ""
            return replace(about.refused(error), operation=batch.NAME, fault=kind)
        except _Cut:
            return Answer(0, cut=-1, operation=batch.NAME, fault=fault.kind if fault else "")
        answer = about.answer(Reply(200, value), request, ())
        kind = fault.kind if fault else ""
        done = _spoiled(fault, answer, about)
        return replace(done, operation=batch.NAME, items=len(value["responses"]), fault=kind)

    def single(self, request: Request, who: Principal, about: _About) -> Answer:
        """Answer one request of somebody who is known."""
        try:
            match = self.router.match(request.method, _below(request.path))
        except GraphError as error:
            return about.refused(error)
        fault = self.faults.take(match.route.name, has_sync_state="token=" in request.query.lower())
        answer = self._performed(request, who, match, fault, about)
        address = who.mailbox.address if who.mailbox else match.user
        if answer.status < 400 and (bad := self.faults.of_items(match.route.name, answer.body)):
            fault, answer = bad, _with_bad_item(bad, answer, about)
        kind = fault.kind if fault else ""
        return replace(answer, operation=match.route.name, mailbox=address or who.client, fault=kind)

    def _performed(
        self, request: Request, who: Principal, match: Match, fault: Fault | None, about: _About
    ) -> Answer:
        try:
            _refuse(fault, request)
            with ExitStack() as stack:
                call = self._call(request, who, match, fault, about.now)
                user = call.owner.id if call.owner else 0
                stack.enter_context(self.throttle.graph_request(who.client, user, about.now))
                if self.quirks.graph_no_permanent_delete and match.route.name.endswith("permanentDelete"):
                    raise no_resource("permanentDelete")
                reply = match.route.handler(call)
            answer = about.answer(reply, request, call.prefer.applied)
        except GraphError as error:
            answer = about.refused(error)
        except TooMany as error:
            answer = about.refused(_too_many(error))
        except Refused as error:
            answer = about.refused(in_graph(error))
        except _Cut:
            return Answer(0, cut=-1)
        except sqlite3.Error as error:
            # a full disk or a lock that does not end is the server's trouble, not the request's
            log.error("event=store-failed %s", error)
            answer = about.refused(GraphError(503, "ErrorInternalServerTransientError", "The store failed."))
        except Exception:
            # the edge of the server: a client of a server sees an error, never a traceback
            log.exception("event=request-failed operation=%s", match.route.name)
            answer = about.refused(
                GraphError(500, "ErrorInternalServerError", "An internal server error occurred.")
            )
        return _spoiled(fault, answer, about)

    def _call(
        self, request: Request, who: Principal, match: Match, fault: Fault | None, now: datetime
    ) -> Call:
        self._release(now)
        hook = FaultHook(fault)
        hook.before_item(1)
        return Call(
            request, match.route.name, self.store, who, access.owner(self.store, who, match),
            match.params, query.read(request.query), prefer.read(request.header("Prefer")), now, self.clock,
            self.quirks, hook,
        )  # fmt: skip

    def _release(self, now: datetime) -> None:
        """Let appear what was held back until now."""
        with self.store.read() as db:
            due = items.is_held(db, now)
        if due:
            with self.store.write() as db:
                items.release(db, now)


class _Cut(Exception):
    """The connection is to be cut before anything is done."""


@dataclass(frozen=True, slots=True)
class _About:
    """What every answer says of its request."""

    id: str
    now: datetime
    client_id: str
    more: Mapping[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        return {
            "request-id": self.id,
            "client-request-id": self.client_id or self.id,
            "Vary": "Accept-Encoding",
        }

    def refused(self, error: GraphError) -> Answer:
        """An error as Graph writes it."""
        inner = {
            "date": f"{self.now:%Y-%m-%dT%H:%M:%S}",
            "request-id": self.id,
            "client-request-id": self.client_id or self.id,
        }
        value = {"error": {"code": error.code, "message": str(error), **error.more, "innerError": inner}}
        return _written(
            error.status, value, {**self.headers(), "Content-Type": "application/json", **error.headers}
        )

    def answer(self, reply: Reply, request: Request, applied: tuple[str, ...]) -> Answer:
        """A reply as it goes back."""
        headers = {**self.headers(), "OData-Version": "4.0", **reply.headers}
        if applied:
            headers["Preference-Applied"] = ", ".join(applied)
        if reply.raw is not None:
            return Answer(reply.status, reply.raw, {**headers, "Content-Type": reply.kind}, items=1)
        if reply.value is None:
            return Answer(reply.status, b"", headers)
        asked = _METADATA.search(request.header("Accept"))
        metadata = asked[1].lower() if asked else "minimal"
        value = _bare(reply.value) if metadata == "none" else reply.value
        headers["Content-Type"] = KIND.format(metadata)
        if isinstance(value, dict) and reply.status == 201 and "@odata.etag" in value:
            headers["ETag"] = value["@odata.etag"]
        return replace(_written(reply.status, value, headers), items=reply.items)


def _written(status: int, value: Any, headers: dict[str, str]) -> Answer:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Answer(status, body, headers)


def _bare(value: Any) -> Any:
    """Without annotations, but for the links and the count that a client can't do without."""
    kept = ("@odata.nextLink", "@odata.deltaLink", "@odata.count", "@odata.type", "@removed")
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items() if "@" not in key or key in kept}
    return [_bare(one) for one in value] if isinstance(value, list) else value


def _below(path: str) -> str:
    version, _, rest = path.lstrip("/").partition("/")
    if f"/{version.lower()}" != VERSION:
        raise bad_request(f"Invalid version: {version[:40]}")
    return rest


def _echoed(request: Request) -> str:
    name = request.header("client-request-id")
    return name if _SAFE.fullmatch(name) else ""


def _too_many(error: TooMany) -> GraphError:
    code = {"connections": "ApplicationThrottled"}.get(error.what, "TooManyRequests")
    text = {
        "connections": "Application is over its MailboxConcurrency limit.",
    }.get(error.what, "Too many requests.")
    wait = {} if error.seconds is None else {"Retry-After": f"{error.seconds:g}"}
    return GraphError(429, code, text, wait)


def _refuse(fault: Fault | None, request: Request) -> None:
    """Raise what a fault wants answered instead of doing the work."""
    kind = fault.kind if fault else ""
    if fault is None:
        return
    if kind == "cut-before-commit":
        raise _Cut
    wait = {} if fault.value is None else {"Retry-After": f"{fault.value:g}"}
    refusals: dict[str, Callable[[], GraphError]] = {
        "401": lambda: access.unauthorized(request.origin),
        "401-claims": lambda: access.challenged(request.origin),
        "403": denied,
        "403-policy": lambda: GraphError(
            403, "ErrorAccessDenied", "Access to OData is disabled: [RAOP] : Blocked by tenant configured"
            " AppOnly AccessPolicy settings.",
        ),
        "429": lambda: GraphError(429, "TooManyRequests", "Too many requests.", wait),
        "503": lambda: GraphError(503, "UnknownError", "", wait),
        "504": lambda: GraphError(504, "UnknownError", "", wait),
        "410": lambda: GraphError(410, "SyncStateNotFound", "The sync state generation is not found."),
        "stale-sync-state": lambda: GraphError(410, "resyncRequired", "Resync required."),
        "412": lambda: GraphError(412, "ErrorIrresolvableConflict", "The item has changed."),
        "empty-code": lambda: GraphError(400, "", "The request failed."),
        "store-unavailable": lambda: GraphError(
            503, "ErrorMailboxStoreUnavailable", "The mailbox database is temporarily unavailable."
        ),
    }  # fmt: skip
    if kind in refusals:
        raise refusals[kind]()


def _with_bad_item(fault: Fault, answer: Answer, about: _About) -> Answer:
    """What an answer becomes that has a bad item in it."""
    word = fault.word.encode()
    if fault.kind == "item-cut":
        return replace(answer, cut=answer.body.find(word))
    if fault.kind == "item-bytes":
        return replace(answer, body=answer.body.replace(word, b"\xff\xfe" + word))
    if fault.kind == "item-html":
        return replace(
            answer, status=500, body=_PAGE, headers={**answer.headers, "Content-Type": "text/html"}
        )
    status, code = _BAD_ITEMS.get(fault.kind, (500, "ErrorInternalServerError"))
    return about.refused(GraphError(status, code, "The item can't be given."))


_PAGE = b"<html><body><h1>500 - Internal server error.</h1></body></html>"
_BAD_ITEMS = {
    "item-busy": (503, "ErrorServerBusy"),
    "item-busy-fault": (503, "ErrorServerBusy"),
    "item-store-unavailable": (503, "ErrorMailboxStoreUnavailable"),
    "item-corrupt": (500, "ErrorItemCorrupt"),
}


def _spoiled(fault: Fault | None, answer: Answer, about: _About) -> Answer:
    """What becomes of an answer although the work was done."""
    if fault is None:
        return answer
    kind = fault.kind
    half = len(answer.body) // 2
    if kind in ("503-after-commit", "504-after-commit"):
        return about.refused(GraphError(int(kind[:3]), "UnknownError", ""))
    if kind in ("refused-with-copy", "refused-in-batch"):
        return about.refused(GraphError(500, "ErrorInternalServerError", "The operation failed."))
    changed: dict[str, dict[str, Any]] = {
        "cut-after-commit": {"status": 0, "cut": -1},
        "cut-in-answer": {"cut": half},
        "wrong-date": {"date_off": fault.value or 0},
        "slow": {"wait": fault.value or 0},
        "malformed-json": {"body": answer.body[:half]},
    }
    return replace(answer, **changed.get(kind, {}))
