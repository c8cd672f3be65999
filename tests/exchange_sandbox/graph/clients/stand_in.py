"""A sandbox that other people's clients take for graph.microsoft.com and login.microsoftonline.com.

Its certificate has their names, and a proxy on loopback (``CONNECT``, RFC 9110 9.3.6) leads to it, whatever
host a client asks for: so a client runs unchanged that knows no other address.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from exchange_sandbox import Sandbox
from exchange_sandbox.server import certificates

HOSTS = ("graph.microsoft.com", "login.microsoftonline.com", "localhost", "127.0.0.1")
APP, SECRET = "22222222-0000-4000-8000-000000000001", "app-secret"


class StandIn:
    """The sandbox, and how a process is led to it: ``environment``."""

    def __init__(self, folder: Path, people: Mapping[str, str], **options: Any) -> None:
        tls = folder / "tls"
        self.authority = tls / "ca.pem"
        self.sandbox = Sandbox(
            folder / "data", people, tls=certificates.make(tls, HOSTS), apps={APP: SECRET}, **options
        )
        self._proxy: _Proxy | None = None

    def __enter__(self) -> Self:
        self.sandbox.start()
        self._proxy = _Proxy(int(self.sandbox.graph_url.rpartition(":")[2].partition("/")[0]))
        threading.Thread(
            target=self._proxy.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._proxy is not None
        self._proxy.shutdown()
        self._proxy.server_close()
        self.sandbox.stop()

    @property
    def context(self) -> ssl.SSLContext:
        """What trusts it."""
        return ssl.create_default_context(cafile=str(self.authority))

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to come here, wherever it means to go."""
        assert self._proxy is not None
        proxy = f"http://127.0.0.1:{self._proxy.server_address[1]}"
        names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
        return {
            **dict.fromkeys(("HTTPS_PROXY", "https_proxy"), proxy),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
            **dict.fromkeys(names, str(self.authority)),
        }


def question(sandbox: Sandbox, subject: str) -> None:
    """Bob asks alice something."""
    head = f"From: Bob <bob@corp.example>\r\nTo: alice@corp.example\r\nSubject: {subject}\r\n"
    head += "X-MS-Exchange-Organization-AuthAs: Internal\r\n"
    sandbox.deliver(f"{head}\r\nCould you?\r\n".encode(), "alice@corp.example")


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, target: int) -> None:
        self.target = target
        super().__init__(("127.0.0.1", 0), _Tunnel)


class _Tunnel(socketserver.StreamRequestHandler):
    server: _Proxy

    def handle(self) -> None:
        asked = self.rfile.readline(1000)
        while self.rfile.readline(10_000).strip():
            pass
        if not asked.startswith(b"CONNECT "):
            self.wfile.write(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.server.target)) as inside:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pour, args=(inside, self.connection), daemon=True)
            back.start()
            _pour(self.connection, inside)
            back.join()


def _pour(source: socket.socket, target: socket.socket) -> None:
    """Hand on what comes until it ends, and then say that it has."""
    with contextlib.suppress(OSError):
        for data in _pieces(source):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _pieces(source: socket.socket) -> Iterator[bytes]:
    while data := source.recv(65536):
        yield data
