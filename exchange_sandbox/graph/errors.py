"""What the Graph face refuses, in Graph's terms: a status, a code, and a text for people."""

from __future__ import annotations

from collections.abc import Mapping

from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.ews.errors import in_ews


class GraphError(Exception):
    """The request is refused. ``headers`` go into the answer beside those that every answer has, ``more`` are
    annotations of the error."""

    def __init__(
        self,
        status: int,
        code: str,
        text: str,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.more = dict(more or {})


#: Status, and the code where it isn't the one that EWS has for it.
_PROBLEMS: dict[Problem, tuple[int, str | None]] = {
    Problem.FOLDER_EXISTS: (409, None),
    Problem.FOLDER_NOT_FOUND: (404, "ErrorItemNotFound"),
    Problem.ITEM_NOT_FOUND: (404, None),
    Problem.MAILBOX_NOT_FOUND: (404, "ErrorInvalidUser"),
    Problem.SEND_AS_DENIED: (403, None),
    Problem.STANDARD_FOLDER_DELETED: (403, None),
    Problem.STANDARD_FOLDER_MOVED: (403, None),
    Problem.OCCURRENCE_DELETED: (404, "ErrorItemNotFound"),
    Problem.RECIPIENTS_MISSING: (400, "ErrorInvalidRecipients"),
}
_EWS_STATUS = {
    "ErrorItemNotFound": 404,
    "ErrorFolderNotFound": 404,
    "ErrorAccessDenied": 403,
    "ErrorSendAsDenied": 403,
    "ErrorIrresolvableConflict": 412,
    "ErrorAttachmentSizeLimitExceeded": 413,
    "ErrorMailboxStoreUnavailable": 503,
}


def in_graph(refused: Refused) -> GraphError:
    """A refusal of the store's as Graph answers it."""
    status, code = _PROBLEMS.get(refused.problem, (None, None)) if refused.problem else (None, None)
    as_exchange = in_ews(refused)
    status = status or _EWS_STATUS.get(as_exchange.code, 400)
    return GraphError(status, code or as_exchange.code, str(refused))


def bad_request(text: str, code: str = "BadRequest") -> GraphError:
    """A request that Graph can't read."""
    return GraphError(400, code, text)


def bad_uri(text: str) -> GraphError:
    """A query option that Graph can't read, or that names what isn't there."""
    return GraphError(400, "RequestBroker--ParseUri", text)


def bad_body(text: str) -> GraphError:
    """A body that isn't what the resource takes."""
    return GraphError(400, "RequestBodyRead", text)


def not_found(text: str = "The specified object was not found in the store.") -> GraphError:
    """What was named isn't there."""
    return GraphError(404, "ErrorItemNotFound", text)


def no_resource(segment: str) -> GraphError:
    """The path leads nowhere."""
    return GraphError(400, "BadRequest", f"Resource not found for the segment '{segment}'.")


def malformed_id() -> GraphError:
    """An id that is none."""
    return GraphError(400, "ErrorInvalidIdMalformed", "Id is malformed.")


def denied(text: str = "Access is denied. Check credentials and try again.") -> GraphError:
    """Not with these permissions, or not in this mailbox."""
    return GraphError(403, "ErrorAccessDenied", text)


def conflict() -> GraphError:
    """Somebody else changed what a client read before."""
    text = (
        "The send or update operation could not be performed because the change key passed in the request"
        " does not match the current change key for the item."
    )
    return GraphError(412, "ErrorIrresolvableConflict", text)
