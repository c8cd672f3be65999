"""An authority whose answers are nothing that it should say: each is told in words, whichever is odd."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ackd.errors import SignInOver, Unreachable
from ackd.mailbox import sign_in_person
from ackd.model.access import Access, Auth, MailboxKind, OAuth, SignInWay
from tests.clock import StepClock
from tests.mailbox.sign_in.people import ALICE
from tests.people import MONDAY
from tests.tls import make_certificates

ODD = [
    *(b"", b"null", b"[]", b"7", b'"text"', b"{}", b"<html>gateway</html>", b"\xff\xfe", b"[" * 50_000),
    *(
        b'{"token_endpoint": 7}',
        b'{"error": ["x"], "error_codes": "y"}',
        b'{"access_token": 1, "expires_in": {}}',
    ),
    *(
        '{"access_token": "\u202egeheim", "expires_in": 99, "token_type": "Bearer"}'.encode(),
        b'{"access_token": "a\\r\\nX-Other: b", "expires_in": 99, "token_type": "Bearer"}',
        b'{"access_token": "a\\ud800", "expires_in": 99, "token_type": "Bearer"}',
        '{"access_token": "токен", "expires_in": 99, "token_type": "Bearer"}'.encode(),
    ),
    *(b'{"user_code": null, "device_code": 1}', b'{"error": "\\u001b[2J", "error_description": {}}'),
]


@dataclass
class Authority:
    """Says what it is told to, at one of its places; elsewhere all is well."""

    url: str = ""
    odd_at: str = ""
    odd: bytes = b""

    def says(self, path: str) -> bytes:
        if path.endswith(self.odd_at):
            return self.odd
        if path.endswith("openid-configuration"):
            names = ("authorization_endpoint", "token_endpoint", "device_authorization_endpoint")
            return json.dumps(
                {"issuer": f"{self.url}/t/v2.0", **{name: f"{self.url}/{name}" for name in names}}
            ).encode()
        code = {"user_code": "A", "device_code": "B", "verification_uri": "C", "expires_in": 9, "interval": 1}
        return json.dumps(code).encode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, Path]]:
    ca, certificate, key = make_certificates(tmp_path_factory.mktemp("tls"), "localhost")
    told = Authority()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = told.says(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"https://localhost:{server.server_address[1]}"
    yield told, ca
    server.shutdown()
    server.server_close()


class Nobody:
    def open_page(self, url: str) -> None: ...

    def enter_code(self, page: str, code: str, minutes: int) -> None: ...


@pytest.mark.parametrize("place", ["openid-configuration", "device_authorization_endpoint", "token_endpoint"])
@pytest.mark.parametrize("way", [SignInWay.DEVICE, SignInWay.SECRET])
def test_an_odd_answer_is_told(
    authority: tuple[Authority, Path], tmp_path: Path, place: str, way: SignInWay
) -> None:
    told, ca = authority
    oauth = OAuth(f"{told.url}/t", "00000000-0000-4000-8000-000000000001", way, tmp_path / "state")
    url, kind = f"{told.url}/v1.0", MailboxKind.GRAPH
    access = Access(ALICE, url, ALICE, "secret", Auth.OAUTH, str(ca), kind=kind, oauth=oauth)
    if way is SignInWay.SECRET and place == "device_authorization_endpoint":
        return
    for body in ODD:
        told.odd_at, told.odd = place, body
        with pytest.raises((SignInOver, Unreachable)) as caught:
            sign_in_person(access, StepClock(MONDAY), Nobody(), way=way)
        said = str(caught.value)
        assert "authority" in said, (body, said)
        assert said.isprintable(), body
    assert not (tmp_path / "state" / "sign-in.json").exists()
