"""The page on a real socket, and a client that says exactly what it is told to."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from ackd.web.app import pages
from ackd.web.entrance import Entrance
from ackd.web.serve import Server, bound
from ackd.web.site import Site


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def words(self) -> str:
        """What a reader sees: without marks, on one line."""
        shown = re.sub(r"<(style|script)\b.*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


class Served:
    """The page of a configuration, by a server in a thread. A context manager."""

    def __init__(self, config: Path, clock: Path | None = None) -> None:
        self.entrance = Entrance()
        self._listener = bound(0)
        self.port = int(self._listener.getsockname()[1])
        self.host = f"127.0.0.1:{self.port}"
        self.origin = f"http://{self.host}"
        self.site = Site(config, clock, self.entrance)
        ready = threading.Event()
        self._server = Server(pages(self.site, self.host), ready.set)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]})
        self._ready = ready
        self.cookie = ""

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(100)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(100)
        self._listener.close()

    @property
    def link(self) -> str:
        return f"{self.origin}/?key={self.entrance.key}"

    def enter(self) -> Self:
        """Open the link, as a browser does."""
        answer = self.get(f"/?key={self.entrance.key}", cookie="")
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return self

    def get(self, path: str, headers: Mapping[str, str] | None = None, cookie: str | None = None) -> Answer:
        return self.ask("GET", path, headers, cookie=cookie)

    def post(
        self,
        path: str,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        *,
        csrf: bool = True,
    ) -> Answer:
        """Send a form as this page's own script would, with its token unless that is to be missing."""
        fields = {**form, **({"csrf": self.entrance.csrf} if csrf else {})}
        known = {"Origin": self.origin, "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, {**known, **(headers or {})}, body=urlencode(fields).encode())

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        cookie: str | None = None,
    ) -> Answer:
        """One request; an empty header is left out."""
        known = {"Host": self.host, "Cookie": self.cookie if cookie is None else cookie, **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=100)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in known.items():
                if value:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.msg, answer.read().decode())
        finally:
            connection.close()

    def raw(self, request: bytes) -> bytes:
        """What comes back for these very bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=100) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))
