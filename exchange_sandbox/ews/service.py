"""The service behind the wire: a request's bytes in, an answer's bytes out, with the faults on the way."""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from exchange_sandbox.clock import Clock
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import bad_items, operations, shared, soap, versions
from exchange_sandbox.ews.bad_items import Answer
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import RequestFault, busy, too_many_connections
from exchange_sandbox.ews.fault_hook import FaultHook
from exchange_sandbox.ews.subscriptions import Subscriptions
from exchange_sandbox.ews.xml import Element, SchemaViolation, tag
from exchange_sandbox.faults import Fault, Faults
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.server.throttle import Throttle, TooMany
from exchange_sandbox.store import items
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.mailboxes import Mailbox

log = logging.getLogger(__name__)

_RESPONSE_CODE = re.compile(rb"(<m:ResponseCode>)[^<]*(</m:ResponseCode>)")


@dataclass(frozen=True, slots=True)
class Service:
    """Answers the requests of users who have signed in."""

    store: Store
    clock: Clock
    quirks: Quirks
    faults: Faults
    known: dict[str, operations.Operation]
    subscriptions: Subscriptions
    throttle: Throttle
    stopping: threading.Event = field(default_factory=threading.Event)

    def answer(self, data: bytes, user: Mailbox, *, impersonates: bool = False) -> Answer:
        """Answer one request; ``impersonates``: who sends it may work in somebody's name, and does."""
        try:
            request = soap.read(data, impersonates=impersonates)
        except (RequestFault, SchemaViolation) as error:
            return Answer(500, soap.fault(error))
        try:
            with self.throttle.request(user.id, self.clock()):
                answer = self._answer(request, user)
        except TooMany as error:
            answer = Answer(500, soap.fault(_too_many(error), request.version))
        return replace(answer, operation=request.operation, items=request.size)

    def _answer(self, request: soap.Request, user: Mailbox) -> Answer:
        has_state = bool(request.element.findtext(tag("m:SyncState")))
        fault = self.faults.take(request.operation, has_sync_state=has_state)
        answer = _refusal(fault) or _spoiled(fault, self._perform(request, user, fault))
        if self.quirks.empty_send_code and request.operation == "SendItem":
            answer = replace(answer, body=_SPOILERS["empty-response-code"](answer.body))
        if answer.stream is None and (bad := self.faults.of_items(request.operation, answer.body)):
            fault, answer = bad, bad_items.by_item(answer, bad)
        if answer.wait:
            self.stopping.wait(answer.wait)
        return replace(answer, fault=fault.kind if fault else "")

    def _perform(self, request: soap.Request, user: Mailbox, fault: Fault | None) -> Answer:
        try:
            operation = self._operation(request)
            now = self.clock()
            self._release(now)
            owner = shared.owner(self.store, request.element, user)
            call = Call(
                request.operation, self.store, owner, user, now, request.zone, self.quirks, FaultHook(fault),
                self.subscriptions, self.clock, request.version, request.fractions,
            )  # fmt: skip
            content = operation(call, request.element)
            if isinstance(content, Element):
                return Answer(200, soap.answer(content, request.version))
            held = ExitStack()
            held.enter_context(closing(content))
            held.enter_context(self.throttle.stream(user.id))
            pieces = (soap.piece(one, request.version) for one in content)
            return Answer(200, b"", stream=pieces, held=held)
        except (RequestFault, SchemaViolation, Refused) as error:
            return Answer(500, soap.fault(error, request.version))
        except TooMany as error:
            return Answer(500, soap.fault(_too_many(error), request.version))
        except sqlite3.Error as error:
            # a full disk or a lock that does not end is the server's trouble, not the request's
            log.error("event=store-failed %s", error)
            return Answer(
                500,
                soap.fault(RequestFault("ErrorInternalServerTransientError", f"The store failed: {error}")),
            )
        except Exception:
            # the edge of the server: a client of a server sees a fault, never a traceback
            log.exception("event=request-failed operation=%s", request.operation)
            return Answer(
                500,
                soap.fault(RequestFault("ErrorInternalServerError", "An internal server error occurred.")),
            )

    def _operation(self, request: soap.Request) -> operations.Operation:
        operation = self.known.get(request.operation)
        is_missing = request.operation in self.quirks.unsupported
        name = request.operation.removesuffix("Request")
        if (operation is not None and not is_missing) and versions.has(request.version, name):
            return operation
        if is_missing or request.operation in operations.ELSEWHERE:
            raise RequestFault(
                "ErrorInvalidRequest",
                f"The request is invalid. {request.operation} is not supported by this sandbox.",
            )
        raise SchemaViolation(
            f"Could not find schema information for the element '{request.element.tag}'.", request.element
        )

    def _release(self, now: datetime) -> None:
        """Let appear what was held back until now."""
        with self.store.read() as db:
            due = items.is_held(db, now)
        if due:
            with self.store.write() as db:
                items.release(db, now)


def _too_many(error: TooMany) -> RequestFault:
    return busy(int(error.seconds * 1000)) if error.seconds is not None else too_many_connections()


def _refusal(fault: Fault | None) -> Answer | None:
    """An answer that is given instead of doing the work."""
    if fault is None:
        return None
    if fault.kind in ("401", "403", "429", "503", "504"):
        return Answer(int(fault.kind), b"", retry_after=fault.value)
    if fault.kind == "busy":
        return Answer(500, soap.fault(busy(int(fault.value or 0))))
    if fault.kind == "cut-before-commit":
        return Answer(0, b"", cut=-1)
    return None


_SPOILERS: dict[str, Callable[[bytes], bytes]] = {
    "malformed-xml": lambda body: body.replace(b"</s:Body>", b"</s:Bodyy>"),
    "empty-response-code": lambda body: _RESPONSE_CODE.sub(rb"\1\2", body),
}


def _spoiled(fault: Fault | None, answer: Answer) -> Answer:
    """What becomes of an answer although the work was done."""
    if fault is None:
        return answer
    if fault.kind == "cut-after-commit":
        return Answer(0, b"", cut=-1)
    if fault.kind == "cut-in-answer":
        return replace(answer, cut=len(answer.body) // 2)
    if fault.kind == "wrong-date":
        return replace(answer, date_off=fault.value or 0)
    if fault.kind == "slow":
        return replace(answer, wait=fault.value or 0)
    spoil = _SPOILERS.get(fault.kind)
    return replace(answer, body=spoil(answer.body)) if spoil else answer
