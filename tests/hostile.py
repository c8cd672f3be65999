"""A server whose answers come to no end, each in its own way; `python -m tests.hostile` plays large ones."""

from __future__ import annotations

import resource
import socket
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Self

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SLOW = 0.05  # seconds between two bytes


@cache
def _bomb(size: int, kind: int) -> bytes:
    """So many bytes of text, packed: `kind` 31 by gzip, 15 by deflate."""
    packer = zlib.compressobj(9, zlib.DEFLATED, kind)
    return b"".join([*(packer.compress(b"a" * 1_000_000) for _ in range(size // 1_000_000)), packer.flush()])


def _packed(size: int, kind: int, name: bytes) -> Iterator[bytes]:
    data = _bomb(size, kind)
    yield HEAD + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (name, len(data)) + data


def _slow(begin: bytes, piece: bytes) -> Iterator[bytes]:
    yield begin
    while True:
        time.sleep(SLOW)
        yield piece


def _fast(begin: bytes, piece: bytes, size: int) -> Iterator[bytes]:
    yield begin
    for _ in range(size // len(piece)):
        yield piece


#: Ways to answer, by name: each makes an answer of about so many bytes.
WAYS: dict[str, Callable[[int], Iterator[bytes]]] = {
    "nothing": lambda _: _slow(b"", b""),
    "a byte of the body now and then": lambda _: _slow(HEAD + b"Content-Length: 100000\r\n\r\n", b"<"),
    "a byte of the head now and then": lambda _: _slow(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"),
    "a line of the head now and then": lambda _: _slow(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "a byte of the status now and then": lambda _: _slow(b"HTTP/1.1 200 ", b"O"),
    "a small chunk now and then": lambda _: _slow(CHUNKED, b"1\r\n<\r\n"),
    "a byte of a chunk's size now and then": lambda _: _slow(CHUNKED, b"0"),
    "a trailer now and then": lambda _: _slow(CHUNKED + b"0\r\n", b"X-A: b\r\n"),
    "100 Continue now and then": lambda _: _slow(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "100 Continue for ever": lambda size: _fast(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 40, size),
    "a line of the head for ever": lambda size: _fast(b"HTTP/1.1 200 OK\r\nX: ", b"b" * 65_536, size),
    "lines of the head for ever": lambda size: _fast(b"HTTP/1.1 200 OK\r\n", b"X: b\r\n" * 1000, size),
    "a body without a length": lambda size: _fast(HEAD + b"\r\n", b"<a/>" * 16_384, size),
    "chunks for ever": lambda size: _fast(CHUNKED, b"10000\r\n" + b"<a/>" * 16_384 + b"\r\n", size),
    "one text for ever": lambda size: _fast(HEAD + b"\r\n<a>", b"a" * 65_536, size),
    "a chunk's size for ever": lambda size: _fast(CHUNKED, b"0" * 65_536, size),
    "trailers for ever": lambda size: _fast(CHUNKED + b"0\r\n", b"X: b\r\n" * 1000, size),
    "a bomb by gzip": lambda size: _packed(size, 31, b"gzip"),
    "a bomb by deflate": lambda size: _packed(size, 15, b"deflate"),
}


@dataclass
class Hostile:
    """Answers each request in one way."""

    way: str
    size: int = 3_000_000
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._socket.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/EWS/Exchange.asmx"

    def _listen(self) -> None:
        while True:
            try:
                one, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(one,), daemon=True).start()

    def _answer(self, one: socket.socket) -> None:
        with one:
            try:
                one.recv(65_536)
                for piece in WAYS[self.way](self.size):
                    if self.over.is_set():
                        return
                    one.sendall(piece)
                one.shutdown(socket.SHUT_WR)
            except OSError:
                return


def main() -> None:
    """One request to a hostile server in a process of its own: seconds, and how much memory it took."""
    import os

    from ackd.errors import Unreachable
    from ackd.mailbox.http_session import HttpSession

    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_500_000_000
    for kind in (15, 31):
        _bomb(size, kind)
    for way in WAYS:
        with Hostile(way, size) as server:
            if os.fork():
                os.wait()
                continue
            began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            try:
                HttpSession(None, None).post(server.url, data=b"<x/>", timeout=10)
                said = "came to an end"
            except (Unreachable, OSError) as error:
                said = f"{type(error).__name__}: {error}"
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
            print(f"{way:40} {time.monotonic() - began:5.1f} s {grown:4} MB  {said[:90]}", flush=True)
            os._exit(0)


if __name__ == "__main__":
    main()
