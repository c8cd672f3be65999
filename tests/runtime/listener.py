"""A web server that writes down what it is sent, on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Listener:
    """Where it listens, and what came: path and body. It answers each request with `status`; while `holds`
    isn't set, it doesn't answer."""

    address: str
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    status: int = 200
    holds: threading.Event = field(default_factory=threading.Event)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.heard]


@contextmanager
def listening() -> Iterator[Listener]:
    """A server for the time of a test."""

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            listener.heard.append((self.path, body))
            listener.holds.wait()
            self.send_response(listener.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = _take  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener = Listener(f"127.0.0.1:{server.server_address[1]}")
    listener.holds.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield listener
    finally:
        listener.holds.set()
        server.shutdown()
        server.server_close()
