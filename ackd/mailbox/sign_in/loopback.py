"""Where a browser brings its answer: a server for one request on this machine's own address (RFC 8252, 7.3).

MSAL's own listens on all addresses where it believes itself in a container, opens a browser without showing
the address, and tells nobody that it waits.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

LARGEST = 65_536  # bytes of an answer
_GOOD = "That is all: you may close this page and go back to ackd."
_BAD = "The sign-in failed. ackd tells why; you may close this page."
_STRAY = "ackd waits for another answer than this one."


class Loopback:
    """A context manager that serves until it is left. An answer counts if it has the right `state`."""

    def __init__(self) -> None:
        self.state = ""
        self._answer: dict[str, str] = {}
        self._came = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """The address to return to; registrations allow any port of this name."""
        return f"http://localhost:{self._server.server_address[1]}"

    def wait(self, seconds: float) -> dict[str, str]:
        """What the browser brought; {} if nothing came in time."""
        self._came.wait(seconds)
        return dict(self._answer)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, text: str) -> str | None:
        """What the browser's person reads; None for an answer that isn't the one."""
        found = dict(parse_qsl(text, max_num_fields=50))
        if self._came.is_set() or not self._is_ours(found):
            return None
        self._answer = found
        self._came.set()
        return _GOOD if "code" in found else _BAD

    def _is_ours(self, found: Mapping[str, str]) -> bool:
        is_answer = "code" in found or "error" in found
        return bool(self.state) and is_answer and hmac.compare_digest(found.get("state", ""), self.state)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self.take

        class Handler(BaseHTTPRequestHandler):
            timeout = 10  # browsers open connections that they don't use

            def do_GET(self) -> None:
                self._answer(urlsplit(self.path).query)

            def do_POST(self) -> None:
                size = self.headers.get("Content-Length", "")
                length = int(size) if size.isascii() and size.isdigit() else LARGEST + 1
                body = self.rfile.read(length) if length <= LARGEST else b""
                self._answer(body.decode("utf-8", "replace"))

            def _answer(self, text: str) -> None:
                try:
                    words = take(text)
                except ValueError:  # too many fields
                    words = None
                body = (words or _STRAY).encode()
                self.send_response(200 if words else 400)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """The address that was asked for may hold a code."""

        return Handler
