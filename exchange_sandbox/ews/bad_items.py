"""Answers, and what becomes of one in which there is a bad item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

from exchange_sandbox.ews import soap
from exchange_sandbox.ews.errors import RequestFault, busy
from exchange_sandbox.faults import Fault

_MESSAGE = re.compile(rb"<m:(\w+)ResponseMessage .*?</m:\1ResponseMessage>", re.DOTALL)
_PAGE = b"<html><body><h1>Server Error in '/EWS' Application.</h1></body></html>"
_CODES = {
    "item-busy": "ErrorServerBusy",
    "item-store-unavailable": "ErrorMailboxStoreUnavailable",
    "item-internal-error": "ErrorInternalServerError",
    "item-corrupt": "ErrorItemCorrupt",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. ``cut`` is the number of bytes of ``body`` after which the connection ends, None for
    all of it, -1 for not even the head of the answer; ``wait`` are seconds that it took on purpose,
    ``date_off`` those by which its Date header is wrong. With a ``stream`` the answer has no end yet: its
    pieces are sent as they come, ``held`` is let go after them."""

    status: int
    body: bytes
    operation: str = ""
    items: int = 0
    retry_after: float | None = None
    cut: int | None = None
    wait: float = 0
    fault: str = ""
    date_off: float = 0
    is_page: bool = False  # for people, not SOAP
    stream: Iterator[bytes] | None = None
    held: ExitStack | None = None


def by_item(answer: Answer, fault: Fault) -> Answer:
    """The answer as the item with the fault's word spoils it."""
    word = fault.word.encode()
    if fault.kind == "item-fault":
        error = RequestFault("ErrorInternalServerError", "An internal server error occurred.")
        return replace(answer, status=500, body=soap.fault(error))
    if fault.kind == "item-busy-fault":
        return replace(answer, status=500, body=soap.fault(busy(int(fault.value or 0))))
    if fault.kind == "item-html":
        return replace(answer, status=500, body=_PAGE, is_page=True)
    if fault.kind == "item-cut":
        return replace(answer, cut=60)
    if fault.kind == "item-bytes":
        return replace(answer, body=answer.body.replace(word, word + b"\xfc"))

    def refused(match: re.Match[bytes]) -> bytes:
        return _refused(match.group(1), _CODES[fault.kind]) if word in match.group() else match.group()

    return replace(answer, body=_MESSAGE.sub(refused, answer.body))


def _refused(operation: bytes, code: str) -> bytes:
    name = b"m:" + operation + b"ResponseMessage"
    return (
        b'<%b ResponseClass="Error"><m:MessageText>The item can\'t be given.</m:MessageText>'
        b"<m:ResponseCode>%b</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>"
        b"<m:Items/></%b>" % (name, code.encode(), name)
    )
