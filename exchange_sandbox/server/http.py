"""The sandbox on the wire: HTTP/1.1 with keep-alive, EWS, Graph and the authority behind one address, and
connections that can be cut on purpose."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from exchange_sandbox import web
from exchange_sandbox.authority.service import Authority
from exchange_sandbox.clock import Clock
from exchange_sandbox.ews import autodiscover, impersonation
from exchange_sandbox.ews.bad_items import Answer
from exchange_sandbox.ews.service import Service
from exchange_sandbox.ews.tracing import Tracer
from exchange_sandbox.graph.service import Service as Graph
from exchange_sandbox.server import reply
from exchange_sandbox.server.request_log import RequestLog, Served
from exchange_sandbox.server.sign_in import OF_TOKENS, Doorman
from exchange_sandbox.server.slowing import Delays, Slowing
from exchange_sandbox.store.mailboxes import Mailbox

PATH = "/EWS/Exchange.asmx"
LARGEST_REQUEST = 64 * 1024 * 1024
PAGE_TYPE = "text/html; charset=utf-8"
_PAGE = b"<html><body><h1>Exchange Web Services</h1><p>A sandbox. POST SOAP 1.1 here.</p></body></html>"

_VERSIONS = ("v1.0", "beta")


class Server(ThreadingHTTPServer):
    """One thread a connection; stopping ends idle connections at once and lets answers in the making out."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(
        self,
        address: tuple[str, int],
        service: Service,
        graph: Graph,
        authority: Authority,
        clock: Clock,
        log: RequestLog,
        trace: Tracer | None,
        tls: ssl.SSLContext | None = None,
        delays: Delays | None = None,
    ) -> None:
        self.service = service
        self.graph = graph
        self.authority = authority
        self.clock = clock
        self.log = log
        self.trace = trace
        self.stopping = service.stopping
        self.slowing = Slowing(delays, self.stopping.wait)
        self.doorman = Doorman(service.store, graph.bearer, self.slowing)
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._open: dict[threading.Thread, socket.socket] = {}
        self._guard = threading.Lock()
        self.scheme = "https" if tls else "http"
        super().__init__(address, _Handler)
        if tls is not None:  # each connection shakes hands in its own thread
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection, known to :meth:`end` while it lasts."""
        with self._guard:
            if self.stopping.is_set():
                self.shutdown_request(request)
                return
            self._open[threading.current_thread()] = request
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.pop(threading.current_thread(), None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nobody's error."""

    def end(self) -> None:
        """Stop, and wait for what is being answered."""
        self.stopping.set()
        self.service.subscriptions.close()
        self.shutdown()
        self.server_close()
        with self._guard:
            still_open = dict(self._open)
        for connection in still_open.values():
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                continue  # gone already
        for thread in still_open:
            thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    """Reads requests from one connection and writes the answers, each in one piece."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300

    def do_GET(self) -> None:
        """A page for people, and for clients that look whether something is there."""
        if self._is_elsewhere():
            return
        found = self._path() in autodiscover.PATHS or self._is_here()
        if not found or self._user() is None:
            return
        if self._path() == autodiscover.POX_PATH:
            self._send(Answer(200, autodiscover.no_request()), reply.XML)
        else:
            self._send(Answer(200, _PAGE), PAGE_TYPE)

    def do_HEAD(self) -> None:
        """As GET, without the page."""
        self.do_GET()

    def do_POST(self) -> None:
        """One request."""
        begun = time.perf_counter()
        if self._is_elsewhere():
            return
        if self._path() in autodiscover.PATHS:
            self._discover()
        elif self._is_here() and (data := self._body()) is not None:
            self._serve(data, begun)

    def _serve(self, data: bytes, begun: float) -> None:
        """One request to EWS."""
        wanted = impersonation.wanted(data)
        user = self.server.doorman.let_in(self.headers.get("Authorization"), wanted, self._peer())
        if user is None:  # noted before it is answered: who reads the answer finds it in the log
            self.server.log.add(Served("", "", 0, 401, time.perf_counter() - begun))
            self._send(Answer(401, b""), "text/plain")
            return
        if not self._is_xml():
            return
        may = self.server.doorman.impersonates(self.headers.get("Authorization"), wanted, user)
        answer = self.server.service.answer(data, user, impersonates=may)
        seconds = time.perf_counter() - begun
        self.server.log.add(
            Served(answer.operation, user.address, answer.items, answer.status, seconds, answer.fault)
        )
        if answer.stream is not None:
            self._send_stream(answer, answer.stream, data)
            return
        if self.server.trace is not None:
            self.server.trace(answer.operation, data, answer)
        self._send(answer, PAGE_TYPE if answer.is_page else reply.XML)

    def do_PATCH(self) -> None:
        """One request to Graph; EWS has no such thing."""
        if not self._is_elsewhere():
            self._refuse(501)

    def do_PUT(self) -> None:
        """As PATCH."""
        self.do_PATCH()

    def do_DELETE(self) -> None:
        """As PATCH."""
        self.do_PATCH()

    def _is_elsewhere(self) -> bool:
        """Whether the request is for Graph or for the authority: then it has been answered."""
        begun = time.perf_counter()
        target = self.path
        if "://" in target.partition("?")[0]:  # as a client asks that takes this for a proxy
            target = "/" + target.partition("://")[2].partition("/")[2]
        origin = f"{self.server.scheme}://{self.headers.get('Host', '')}"
        method = "GET" if self.command == "HEAD" else self.command
        request = web.Request(method, target, self.headers, b"", origin)
        is_graph = target.lstrip("/").partition("?")[0].partition("/")[0].lower() in _VERSIONS
        if not is_graph and not self.server.authority.operation(request):
            return False
        data = self._body(needed=False)
        if data is None:
            return True
        answer = self._answered(replace(request, body=data), is_graph=is_graph)
        if answer.wait:
            self.server.stopping.wait(answer.wait)
        seconds = time.perf_counter() - begun
        self.server.log.add(
            Served(answer.operation, answer.mailbox, answer.items, answer.status, seconds, answer.fault)
        )
        if is_graph and self.server.trace is not None:
            head = f"{self.command} {target}\r\n\r\n".encode("ascii", "replace")
            self.server.trace(answer.operation, head + data, answer, "json")
        self._send_web(answer)
        return True

    def _answered(self, request: web.Request, *, is_graph: bool) -> web.Answer:
        """An answer of Graph or of the authority; one that refuses a password, a secret or a token comes
        after a while."""
        slowing, peer = self.server.slowing, self._peer()
        if is_graph:
            answer = self.server.graph.answer(request)
            if answer.status == HTTPStatus.UNAUTHORIZED and request.header("Authorization"):
                slowing.wrong(peer, OF_TOKENS)
            return answer
        authority, answers = self.server.authority, list[web.Answer]()

        def is_right() -> bool:
            answers.append(authority.answer(request))
            return answers[0].status not in (400, 401)

        if tried := authority.tried(request):
            slowing.check(peer, tried, is_right)
        else:
            is_right()
        return answers[0] if answers else authority.too_many(request)

    def _peer(self) -> str:
        return str(self.client_address[0])

    def _send_web(self, answer: web.Answer) -> None:
        """An answer of Graph or of the authority."""
        if answer.cut == -1:
            self._cut()
            return
        body, packed = self._packed(answer.body, answer.cut)
        now = self.server.clock() + timedelta(seconds=answer.date_off)
        headers = {**answer.headers, **({"Content-Encoding": "gzip"} if packed else {})}
        if answer.status not in (204, 304):
            headers["Content-Length"] = str(len(body))
        if self.close_connection:
            headers["Connection"] = "close"
        head = reply.plain_head(answer.status, headers, None if self._is_undated(answer.status) else now)
        self.wfile.write(head if self.command == "HEAD" else head + body[: answer.cut])
        if answer.cut is not None:
            self._cut()

    def _packed(self, body: bytes, cut: int | None) -> tuple[bytes, bool]:
        """What goes out; a body that is to be cut stays plain, so that it is cut where it should be."""
        return (body, False) if cut is not None else reply.packed(body, self.headers)

    def _is_undated(self, status: int) -> bool:
        return status == HTTPStatus.OK and self.server.service.quirks.no_date_header

    def _discover(self) -> None:
        """Where this server's EWS is, by the name under which the client came here."""
        data = self._body()
        user = self._user() if data is not None else None
        if data is None or user is None:
            return
        ews = f"{self.server.scheme}://{self.headers.get('Host', '')}{PATH}"
        found = autodiscover.answer(self._path(), data, user, ews)
        self._send(Answer(400 if found is None else 200, found or b""), reply.XML)

    def _path(self) -> str:
        return self.path.partition("?")[0].lower()

    def _is_here(self) -> bool:
        if self._path() == PATH.lower():
            return True
        self.close_connection = True
        self._send(Answer(404, b""), "text/plain")
        return False

    def _user(self) -> Mailbox | None:
        user = self.server.doorman.let_in(self.headers.get("Authorization"), "", self._peer())
        if user is None:
            self._send(Answer(401, b""), "text/plain")
        return user

    def _is_xml(self) -> bool:
        """Whether the body is said to be what SOAP 1.1 wants (and isn't packed); else 415, as Exchange."""
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind == "text/xml" and self.headers.get("Content-Encoding", "identity").lower() == "identity":
            return True
        self._send(Answer(415, b""), "text/plain")
        return False

    def _body(self, *, needed: bool = True) -> bytes | None:
        """The request's body; None, and an answer that says why, if it cannot be had. Unless it is ``needed``
        a request without one has an empty one."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            data = self._chunks()
        else:
            length = self.headers.get("Content-Length", "" if needed else "0")
            if not (length.isascii() and length.isdigit()):
                self._refuse(411)
                return None
            if int(length) > LARGEST_REQUEST:
                self._refuse(413)
                return None
            data = self.rfile.read(int(length))
            if len(data) < int(length):
                self.close_connection = True
                return None
        return data

    def _chunks(self) -> bytes | None:
        pieces: list[bytes] = []
        total = 0
        while True:
            size = self.rfile.readline(64).partition(b";")[0].strip()
            try:
                length = int(size, 16)
            except ValueError:
                self._refuse(400)
                return None
            total += length
            if length < 0 or total > LARGEST_REQUEST:
                self._refuse(413)
                return None
            if length == 0:
                while self.rfile.readline(4096).strip():
                    pass  # trailers say nothing that matters
                return b"".join(pieces)
            pieces.append(self.rfile.read(length))
            self.rfile.readline(4)

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._send(Answer(status, b""), "text/plain")

    def _send(self, answer: Answer, content_type: str) -> None:
        if answer.cut == -1:
            self._cut()
            return
        body, packed = self._packed(answer.body, answer.cut)
        more = [f"Content-Length: {len(body)}", *(["Content-Encoding: gzip"] if packed else [])]
        if answer.retry_after is not None:
            more.append(f"Retry-After: {answer.retry_after:g}")
        head = self._head(answer.status, content_type, more, answer.date_off)
        self.wfile.write(head if self.command == "HEAD" else head + body[: answer.cut])
        if answer.cut is not None:
            self._cut()

    def _send_stream(self, answer: Answer, stream: Iterator[bytes], data: bytes) -> None:
        """An answer that goes on: each piece in a chunk of its own, as soon as it is there."""
        if self.request_version < "HTTP/1.1":
            self.close_connection = True
        is_chunked = not self.close_connection
        more = ["Transfer-Encoding: chunked"] if is_chunked else []
        with answer.held or ExitStack(), suppress(OSError):  # the client may go whenever it likes
            self.wfile.write(self._head(answer.status, reply.XML, more))
            for piece in stream:
                if self.server.trace is not None:
                    self.server.trace(answer.operation, data, Answer(answer.status, piece))
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
            self.wfile.write(b"0\r\n\r\n" if is_chunked else b"")

    def _head(self, status: int, content_type: str, more: list[str], date_off: float = 0) -> bytes:
        return reply.head(
            status,
            content_type,
            [*more, *(["Connection: close"] if self.close_connection else [])],
            asked=self.headers,
            now=None if self._is_undated(status) else self.server.clock() + timedelta(seconds=date_off),
            is_secure=self.server.scheme == "https",
        )

    def _cut(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the client was quicker

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Nothing: the request log is elsewhere."""

    def version_string(self) -> str:
        """What answers of the base class call the server."""
        return "ackd-sandbox"
