"""A server that gives prepared answers, one after the other, and keeps the requests."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" '
    'xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" '
    'xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors"><s:Body>{}</s:Body></s:Envelope>'
)


@dataclass(frozen=True)
class Scripted:
    """One prepared answer. `cut` closes the connection after so many bytes of it; `late` are the seconds that
    it lets itself be waited for."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    late: float = 0

    @classmethod
    def soap(cls, inner: str, status: int = 200, **headers: str) -> Scripted:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(ENVELOPE.format(inner).encode(), status, named)

    @classmethod
    def fault(cls, code: str, extra: str = "") -> Scripted:
        """A SOAP fault as Exchange writes it."""
        return cls.soap(
            f"<s:Fault><faultcode>a:{code}</faultcode><faultstring>refused</faultstring><detail>"
            f"<e:ResponseCode>{code}</e:ResponseCode><e:Message>refused</e:Message>{extra}</detail></s:Fault>",
            status=500,
        )


class ScriptedServer:
    """Serves the script over real HTTP; the last answer repeats for ever."""

    def __init__(self, *script: Scripted) -> None:
        self.requests: list[bytes] = []
        self.over = threading.Event()
        self._script = list(script)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/EWS/Exchange.asmx"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _next(self, request: bytes) -> Scripted:
        self.requests.append(request)
        return self._script[min(len(self.requests), len(self._script)) - 1]

    def _answer(self, method: str, path: str, request: bytes) -> Scripted:
        """What a request is answered with."""
        return self._next(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                answer = outer._answer(self.command, self.path, self.rfile.read(length))
                outer.over.wait(answer.late)
                head = [f"HTTP/1.1 {answer.status} Scripted", f"Content-Length: {len(answer.body)}"]
                head += [f"{name}: {value}" for name, value in answer.headers.items()]
                whole = "\r\n".join([*head, "", ""]).encode() + answer.body
                self.wfile.write(whole if answer.cut is None else whole[: answer.cut])
                self.wfile.flush()
                if answer.cut is not None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True

            do_GET = do_PATCH = do_DELETE = do_POST  # noqa: N815 - http.server calls them so

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Silence."""

        return Handler
