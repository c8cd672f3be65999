"""Faults on purpose: the sandbox fails in the ways in which servers and networks fail.

A fault is named by operation and kind and happens a number of times. One request meets at most one fault.

=========================  ==========================================================================
kind                       what happens
=========================  ==========================================================================
``401`` ``403``            refused with that status; nothing is done
``429`` ``503`` ``504``    refused; value: seconds in Retry-After (none without a value)
``503-after-commit``       Graph: all was done, the answer says 503; so with ``504-after-commit``
``401-claims``             Graph: a claims challenge; nothing is done
``403-policy``             Graph: refused by an application access policy; nothing is done
``410`` ``412``            Graph: SyncStateNotFound, ErrorIrresolvableConflict; nothing is done
``empty-code``             Graph: HTTP 400 whose error has an empty code; nothing is done
``malformed-json``         Graph, sign-in: all was done, the answer is no JSON
``invalid-grant``          sign-in: the grant was revoked (AADSTS50173)
``interaction-required``   sign-in: the person must sign in anew (AADSTS50076)
``blocked-by-policy``      sign-in: Conditional Access blocks it (AADSTS53003)
``secret-expired``         sign-in: the app's secret has ended (AADSTS7000222)
``busy``                   SOAP fault ErrorServerBusy; value: BackOffMilliseconds (default 1000)
``cut-before-commit``      the connection is cut, nothing was done
``cut-after-commit``       the connection is cut, all was done
``cut-in-answer``          all was done, the answer breaks off in the middle
``slow``                   all was done, the answer comes late; value: seconds (default 5)
``malformed-xml``          all was done, the answer is no XML
``empty-response-code``    all was done, the answer is well-formed, but its response codes are empty
``stale-sync-state``       SyncFolderItems with a state: ErrorInvalidSyncStateData
``full-resync``            SyncFolderItems with a state: everything comes as new, without an error
``store-unavailable``      item number (value, default 1) of a batch: ErrorMailboxStoreUnavailable
``quota-exceeded``         each item: ErrorQuotaExceeded; nothing is done
``send-as-denied``         each item: ErrorSendAsDenied; nothing is done
``refused-in-batch``       HTTP 500 at item number (value, default 1): those before it were done; its
                           mail went to nobody, yet its copy was kept; those after it were not done
``refused-with-copy``      item number (value, default 1) of a batch: an error alone for it, and its mail
                           went to nobody, yet its copy was kept; the others are done
``lost-draft``             what is saved is gone although the answer says that it was saved
``same-page``              FindItem gives its first page whatever page is asked for, and says that
                           there are more
``late-sent-copy``         the copy of a sent mail appears later; value: seconds (default 5) by the
                           sandbox's clock
``wrong-date``             all was done, the answer's Date header is wrong, as a cache's may be; value:
                           seconds (default -3600)
``item-…``                 one bad item: see below
=========================  ==========================================================================
Kinds that begin with ``item-`` are what one bad item does to an answer: they happen where the answer has
``word`` in it, such as a word of the item's subject (``GetItem:item-fault@brochure:always``).

============================  =======================================================================
kind                          what happens
============================  =======================================================================
``item-fault``                SOAP fault ErrorInternalServerError instead of the whole answer
``item-busy-fault``           SOAP fault ErrorServerBusy instead; value: BackOffMilliseconds (1000)
``item-html``                 HTTP 500 with a page for people instead
``item-cut``                  the connection is cut before that item's end
``item-bytes``                the item has bytes that are no UTF-8
``item-busy``                 the item alone is answered ErrorServerBusy
``item-store-unavailable``    the item alone is answered ErrorMailboxStoreUnavailable
``item-internal-error``       the item alone is answered ErrorInternalServerError
``item-corrupt``              the item alone is answered ErrorItemCorrupt
============================  =======================================================================
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "FAULTS"
ANY = "*"
ALWAYS = -1

KINDS: dict[str, float | None] = {
    "401": None,
    "403": None,
    "429": None,
    "503": None,
    "504": None,
    "503-after-commit": None,
    "504-after-commit": None,
    "401-claims": None,
    "403-policy": None,
    "410": None,
    "412": None,
    "empty-code": None,
    "malformed-json": None,
    "invalid-grant": None,
    "interaction-required": None,
    "blocked-by-policy": None,
    "secret-expired": None,
    "busy": 1000,
    "cut-before-commit": None,
    "cut-after-commit": None,
    "cut-in-answer": None,
    "slow": 5,
    "malformed-xml": None,
    "empty-response-code": None,
    "stale-sync-state": None,
    "full-resync": None,
    "store-unavailable": 1,
    "quota-exceeded": None,
    "send-as-denied": None,
    "refused-in-batch": 1,
    "refused-with-copy": 1,
    "lost-draft": None,
    "same-page": None,
    "late-sent-copy": 5,
    "wrong-date": -3600,
    "item-fault": None,
    "item-busy-fault": 1000,
    "item-html": None,
    "item-cut": None,
    "item-bytes": None,
    "item-busy": None,
    "item-store-unavailable": None,
    "item-internal-error": None,
    "item-corrupt": None,
}
_OF_ITEMS = "item-"
_STATELESS_SYNC = ("stale-sync-state", "full-resync")


@dataclass(slots=True)
class Fault:
    """One fault: for an operation (or ``*``), passed over ``skip`` times, then happening ``times`` times."""

    operation: str
    kind: str
    value: float | None = None
    times: int = 1
    skip: int = 0
    word: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no fault; known are {', '.join(KINDS)}")
        if self.kind.startswith(_OF_ITEMS) and not self.word:
            raise ValueError(f"{self.kind!r} needs a word of the item: {self.kind}@WORD")
        if self.value is None:
            self.value = KINDS[self.kind]


def parse(text: str) -> Fault:
    """A fault from ``OPERATION:KIND[@WORD][=VALUE][:TIMES[:SKIP]]``, such as ``SendItem:cut-after-commit:2``.

    TIMES may be ``always``. Raises ValueError with the remedy.
    """
    operation, _, rest = text.strip().partition(":")
    kind, *numbers = rest.split(":")
    kind, _, value = kind.partition("=")
    kind, _, word = kind.partition("@")
    try:
        if not operation or not kind or len(numbers) > 2:
            raise ValueError("expected OPERATION:KIND[=VALUE][:TIMES[:SKIP]]")
        times = ALWAYS if numbers[:1] == ["always"] else int(numbers[0]) if numbers else 1
        skip = int(numbers[1]) if len(numbers) == 2 else 0
        return Fault(operation, kind, float(value) if value else None, times, skip, word)
    except ValueError as error:
        raise ValueError(f"{text.strip()!r} is no fault: {error}") from error


class Faults:
    """The faults that are to happen. Thread-safe; may be changed while the server runs.

    Beside those added here it reads the file FAULTS of the data directory, one fault a line, each time that
    file changes: what it said before is forgotten.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._added: list[Fault] = []
        self._from_file: list[Fault] = []
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._met: deque[str] = deque(maxlen=10_000)

    def add(
        self,
        operation: str,
        kind: str,
        value: float | None = None,
        *,
        times: int = 1,
        skip: int = 0,
        word: str = "",
    ) -> None:
        """Let ``operation`` (or ``*``) fail; raises ValueError for a kind that is not known."""
        fault = Fault(operation, kind, value, times, skip, word)
        with self._lock:
            self._added.append(fault)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Add several."""
        with self._lock:
            self._added.extend(faults)

    def clear(self) -> None:
        """Forget all that has not happened yet."""
        with self._lock:
            self._added.clear()
            self._from_file.clear()

    def waiting(self) -> list[Fault]:
        """Those that have not happened yet."""
        with self._lock:
            return [one for one in (*self._added, *self._from_file) if one.times]

    def met(self) -> list[str]:
        """The kinds of those that have happened, in their order, those of parts of a Graph batch too."""
        with self._lock:
            return list(self._met)

    def take(self, operation: str, *, has_sync_state: bool = False) -> Fault | None:
        """The fault that this request meets. Those about sync states wait for a request that carries one."""
        return self._first(
            operation,
            lambda fault: not fault.word and (has_sync_state or fault.kind not in _STATELESS_SYNC),
        )

    def of_items(self, operation: str, answer: bytes) -> Fault | None:
        """The fault of an item that this answer has in it."""
        return self._first(operation, lambda fault: bool(fault.word) and fault.word.encode() in answer)

    def _first(self, operation: str, fits: Callable[[Fault], bool]) -> Fault | None:
        self._reread()
        with self._lock:
            for fault in (*self._added, *self._from_file):
                if fault.operation not in (operation, ANY) or not fault.times or not fits(fault):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.times != ALWAYS:
                    fault.times -= 1
                self._met.append(fault.kind)
                return fault
        return None

    def _reread(self) -> None:
        if self._file is None:
            return
        try:
            about = self._file.stat()
            seen = (about.st_mtime_ns, about.st_size)
            if seen == self._seen:
                return
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except OSError:
            seen, lines = None, []
            if self._seen is None:
                return
        found = []
        for line in lines:
            if line.strip() and not line.startswith("#"):
                try:
                    found.append(parse(line))
                except ValueError:
                    continue  # half-written, or a slip of the pen: the others count
        with self._lock:
            self._seen, self._from_file = seen, found
