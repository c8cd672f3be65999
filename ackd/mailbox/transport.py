"""Every answer over HTTP has an end: a time for the whole of it, and sizes for its head, for what comes over
the wire and for what that unpacks to. All that ackd asks a server or an authority goes by this adapter.

requests' own time limit is for the gap between two pieces: a byte a second never ends by it. Here the second
part of `timeout` is for the answer as a whole, from the request to its last byte; `within` bounds all that is
asked inside of it, a handshake of three requests too.
"""

from __future__ import annotations

import http.client
import io
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from ackd.errors import Unreachable

CONNECT = 15.0  # seconds until there is a connection
BRIEF = 60.0  # seconds for an answer that brings little, as that to an idle poll
PAGE = 240.0  # seconds for one that brings a page of mails, or what became of a batch of writes
LONGEST_LINE = 65_536  # bytes of a line of the protocol's own (http.client's limit, too)
_CHUNK = 1 << 16
_NEVER = float("inf")
_UNTIL: ContextVar[tuple[float, float]] = ContextVar("until", default=(_NEVER, 0.0))  # and what that allowed
_answers = count(1)
_answered = 0
#: What is asked right before a part of a request goes out.
_BEFORE: ContextVar[Callable[[], None] | None] = ContextVar("before", default=None)
#: Where connections are kept that several mailboxes share.
_SHARED: ContextVar[SharedConnections | None] = ContextVar("shared", default=None)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of an answer: its head, with all that comes before it (100 Continue); what comes over the wire;
    what its body unpacks to; and what is kept of that."""

    head: int = 256 << 10
    wire: int = 256 << 20
    unpacked: int = 256 << 20
    kept: int = 20_000_000


class Endless(Unreachable):
    """An answer that was given up since it came to no end; what was asked for may have been done."""


class TooLarge(Endless):
    """An answer that is larger than what is ever read."""

    def __init__(self) -> None:
        super().__init__("the server's answer is too large to be read")


class TooSlow(Endless):
    """An answer that took too long."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All that is asked in here has these seconds together, or those that are left of a wider limit."""
    outer, allowed = _UNTIL.get()
    own = time.monotonic() + seconds
    before = _UNTIL.set((own, seconds) if own < outer else (outer, allowed))
    try:
        yield
    finally:
        _UNTIL.reset(before)


@contextmanager
def before_each(ask: Callable[[], None]) -> Iterator[None]:
    """`ask` is called in here right before anything of a request goes out, its body too; what it raises keeps
    that from going, and a request without its body is none."""
    before = _BEFORE.set(ask)
    try:
        yield
    finally:
        _BEFORE.reset(before)


class SharedConnections:
    """Connections that all mailboxes of a process share: one for each thread and server, which stays open.
    Each thread has its own, since NTLM signs in a connection and not a request."""

    def __init__(self) -> None:
        self._own = threading.local()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Whoever asks a server in here goes by them."""
        before = _SHARED.set(self)
        try:
            yield
        finally:
            _SHARED.reset(before)

    def place(self, key: tuple[Limits, bool]) -> dict[str, Any]:
        """Where this thread's are kept for these limits and this kind of trust, by the way that they go."""
        if not hasattr(self._own, "places"):
            self._own.places = {}
        found: dict[str, Any] = self._own.places.setdefault(key, {})
        return found


def answered() -> int:
    """How many answers came whole since this process began: a number that grows shows progress."""
    return _answered


def _left(until: tuple[float, float]) -> float:
    """The seconds that are left. Raises TooSlow where none are."""
    left = until[0] - time.monotonic()
    if left <= 0:
        raise _too_slow(until)
    return left


def _too_slow(until: tuple[float, float]) -> TooSlow:
    return TooSlow(f"the server's answer took longer than {until[1]:g} s")


class _Wire(io.RawIOBase):
    """What comes over a connection, measured. At `_sock` an NTLM handshake looks for the certificate."""

    def __init__(self, inner: Any, limits: Limits) -> None:
        self._inner, self._sock = inner, inner._sock
        self._limits, self._until = limits, _UNTIL.get()
        self._may_come = limits.head

    def body_begins(self) -> None:
        """The head is over."""
        self._may_come = self._limits.wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._until[0] != _NEVER:
            self._sock.settimeout(_left(self._until))
        try:
            size: int | None = self._inner.readinto(buffer)
        except TimeoutError:
            raise _too_slow(self._until) from None
        self._may_come -= size or 0
        if self._may_come < 0:
            raise TooLarge
        return size

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class _Lines(io.BufferedReader):
    """Whoever reads a line of any length (urllib3, for the size of a chunk) gets one of limited length."""

    def readline(self, size: int | None = -1, /) -> bytes:
        if size is not None and size >= 0:
            return super().readline(size)
        line = super().readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise TooLarge
        return line


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: Any, limits: Limits, **how: Any) -> None:
        super().__init__(sock, **how)
        self._wire = _Wire(self.fp.detach(), limits)
        self.fp = _Lines(self._wire)

    def begin(self) -> None:
        super().begin()
        self._wire.body_begins()


class _Plain(HTTPConnection):
    """A connection whose every step has an end."""

    limits = Limits()

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.response_class = lambda sock, **how: _Answer(sock, self.limits, **how)  # type: ignore[assignment]

    def connect(self) -> None:
        self.timeout = min(self.timeout or CONNECT, _left(_UNTIL.get()))
        super().connect()

    def send(self, data: Any) -> None:
        left = _left(_UNTIL.get())
        if self.sock is None:
            self.connect()
        if self.sock is not None and left != _NEVER:
            self.sock.settimeout(left)
        if (ask := _BEFORE.get()) is not None:
            ask()
        super().send(data)


class _Secure(_Plain, HTTPSConnection):
    pass


@cache
def _pools(limits: Limits) -> dict[str, type]:
    """Pools of connections that know these limits."""
    plain = type("Plain", (_Plain,), {"limits": limits})
    secure = type("Secure", (_Secure,), {"limits": limits})
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


class Adapter(HTTPAdapter):
    """requests' adapter, with an end to every answer. With `stream` the body is read by whoever asked
    (`body`), in the same time and bounds; else it is read here. `named`: the certificates are those of a file
    that the owner named, and count also where the one that signed them isn't in it."""

    def __init__(self, *, limits: Limits = Limits(), named: bool = False, **how: Any) -> None:
        self._limits, self._named = limits, named
        self._classes = _pools(limits)
        shared = _SHARED.get()
        self._kept = None if shared is None else shared.place((limits, named))
        super().__init__(max_retries=0, **how)

    def init_poolmanager(self, *args: Any, **how: Any) -> None:
        if self._kept is not None:
            self.proxy_manager = self._kept.setdefault("proxies", {})
        if self._kept is not None and "direct" in self._kept:
            self.poolmanager = self._kept["direct"]
            return
        super().init_poolmanager(*args, **{**how, **self._trust()})
        self.poolmanager.pool_classes_by_scheme = self._classes
        if self._kept is not None:
            self._kept["direct"] = self.poolmanager

    def close(self) -> None:
        if self._kept is None:
            super().close()

    def proxy_manager_for(self, proxy: Any, **how: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **how, **self._trust())
        manager.pool_classes_by_scheme = self._classes
        return manager

    def _trust(self) -> dict[str, Any]:
        if not self._named:
            return {}
        context = create_urllib3_context()
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return {"ssl_context": context}

    def send(self, request: Any, stream: bool = False, timeout: Any = None, *others: Any, **how: Any) -> Any:
        connect, whole = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        whole = whole or BRIEF
        with within(whole):
            limit = (min(connect or CONNECT, CONNECT), whole)
            answer = super().send(request, stream, limit, *others, **how)
            if not stream:
                self.take(answer)
        return answer

    def take(self, answer: Any) -> None:
        """Read a whole answer."""
        answer._content, answer._content_consumed = body(answer, self._limits), True


def body(answer: Any, limits: Limits = Limits(), cut: Any = bytes) -> bytes:
    """The body of an answer of requests', whole: what `cut` leaves of its pieces. Raises TooLarge, TooSlow
    and what requests raises."""
    global _answered  # noqa: PLW0603 - there is one network in a process
    pieces, unpacked, kept = [], 0, 0
    try:
        for piece in answer.iter_content(_CHUNK):
            unpacked += len(piece)
            pieces.append(cut(piece))
            kept += len(pieces[-1])
            if unpacked > limits.unpacked or kept > limits.kept:
                raise TooLarge
    except Endless:
        answer.close()  # the rest is left unread, and the connection with it
        raise
    _answered = next(_answers)
    return b"".join(pieces)
