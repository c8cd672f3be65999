"""Signing in by NTLM: the real handshake, with a server's side that checks it."""

from __future__ import annotations

import base64
import http.client
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import spnego
from spnego.exceptions import SpnegoError

from ackd.errors import SignInRefused
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.model.access import Auth
from exchange_sandbox import Sandbox
from tests.clock import StepClock

ALICE, PASSWORD = "alice@corp.example", "canary-ntlm"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Front(ThreadingHTTPServer):
    """Lets in by NTLM alone, and passes on to a sandbox."""

    daemon_threads = True

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.behind = urlsplit(sandbox.url)
        self.refused = 0
        self.heard: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/EWS/Exchange.asmx"


class _Door(BaseHTTPRequestHandler):
    server: Front
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.context: spnego.ContextProxy | None = None

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        authorization = self.headers.get("Authorization", "")
        self.server.heard.append(authorization)
        if self.context is not None and self.context.complete and not authorization:
            self._pass_on(data)
            return
        scheme, _, token = authorization.partition(" ")
        if scheme != "NTLM":
            self._answer(401, b"", "NTLM")
            return
        if self.context is None or self.context.complete:
            self.context = spnego.server(protocol="ntlm")
        try:
            answer = self.context.step(base64.b64decode(token))
        except SpnegoError:
            self.context = None
            self.server.refused += 1
            self._answer(401, b"", "NTLM")
            return
        if self.context.complete:
            self._pass_on(data)
        else:
            self._answer(401, b"", f"NTLM {base64.b64encode(answer or b'').decode()}")

    def _pass_on(self, data: bytes) -> None:
        behind = self.server.behind
        connection = http.client.HTTPConnection(behind.hostname or "", behind.port)
        basic = base64.b64encode(f"{ALICE}:secret".encode()).decode()
        head = {"Authorization": f"Basic {basic}", "Content-Type": "text/xml; charset=utf-8"}
        connection.request("POST", behind.path, data, head)
        response = connection.getresponse()
        self._answer(response.status, response.read())
        connection.close()

    def _answer(self, status: int, body: bytes, challenge: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing."""


@pytest.fixture
def front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    users = tmp_path / "users"
    users.write_text(f"CORP:alice:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(users))
    with Sandbox(tmp_path / "data", {ALICE: "secret"}) as sandbox:
        front = Front(sandbox)
        threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield front
        front.shutdown()
        front.server_close()


def mailbox(front: Front, password: str) -> EwsMailbox:
    access = Access(ALICE, front.url, "CORP\\alice", password, auth=Auth.NTLM)
    return EwsMailbox(access, zone=ZoneInfo("UTC"), clock=StepClock(NOW))


def test_a_handshake_that_the_server_checks(front: Front) -> None:
    box = mailbox(front, PASSWORD)
    assert box.report().address == ALICE
    assert box.card().name == "Alice"
    box.close()
    assert front.refused == 0
    assert not any("Basic" in one for one in front.heard)
    assert not any(PASSWORD.encode() in base64.b64decode(one.partition(" ")[2]) for one in front.heard)


def test_a_wrong_password_is_refused_and_tried_once(front: Front) -> None:
    box = mailbox(front, "wrong")
    with pytest.raises(SignInRefused) as caught:
        box.report()
    box.close()
    assert front.refused == 1
    assert "wrong" not in str(caught.value)
