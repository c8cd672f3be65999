"""Many hosts of the internet in one process: https under their own names, each answering by its own rule,
plain http that redirects, and DNS that names them. What each of them was told is kept."""

from __future__ import annotations

import base64
import http.client
import socketserver
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import dns.message
import dns.rrset
import spnego
from spnego.exceptions import SpnegoError

from tests.tls import Proxy, make_certificates

_A = "http://schemas.microsoft.com/exchange/2010/Autodiscover"


@dataclass(frozen=True)
class Heard:
    """One request. `state` lives as long as its connection."""

    host: str
    method: str
    path: str
    authorization: str
    body: bytes
    state: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Reply:
    status: int = 404
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


Rule = Callable[[Heard], Reply]


def says(status: int, body: bytes = b"", **headers: str) -> Rule:
    """The same answer to whatever is asked."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda heard: Reply(status, body, named)


def leads(status: int, url: str) -> Rule:
    return says(status, Location=url)


def tells(*ews: str, url: str = "", address: str = "") -> Rule:
    """An answer of autodiscover: addresses of EWS, or where else to ask."""
    code = "RedirectUrl" if url else "RedirectAddress" if address else "NoError"
    names = ("ExternalEwsUrl", "InternalEwsUrl")
    settings = "".join(
        f"<UserSetting><Name>{name}</Name><Value>{value}</Value></UserSetting>"
        for name, value in zip(names, ews, strict=False)
    )
    user = (
        f"<UserResponse><ErrorCode>{code}</ErrorCode><RedirectTarget>{url or address}</RedirectTarget>"
        f"<UserSettings>{settings}</UserSettings></UserResponse>"
    )
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<GetUserSettingsResponseMessage xmlns="{_A}"><Response><ErrorCode>NoError</ErrorCode>'
        f"<UserResponses>{user}</UserResponses></Response></GetUserSettingsResponseMessage></s:Body></s:Envelope>"
    )
    return says(200, body.encode(), Content_Type="text/xml; charset=utf-8")


def door(then: Rule, *offers: str) -> Rule:
    """Asks for a sign-in first, by what it offers; Basic is taken as it comes, NTLM is checked."""
    offered = Reply(401, b"", tuple(("WWW-Authenticate", one) for one in offers or ('Basic realm="here"',)))

    def rule(heard: Heard) -> Reply:
        scheme, _, token = heard.authorization.partition(" ")
        if scheme == "Basic" and any(one.startswith("Basic") for one in offered_names(offered)):
            return then(heard)
        if scheme in offered_names(offered) and scheme in ("NTLM", "Negotiate"):
            return _handshake(heard, scheme, token, then, offered)
        context = heard.state.get("context")
        return then(heard) if context is not None and context.complete else offered

    return rule


def offered_names(offered: Reply) -> list[str]:
    return [value.partition(" ")[0] for _, value in offered.headers]


def _handshake(heard: Heard, scheme: str, token: str, then: Rule, offered: Reply) -> Reply:
    context = heard.state.setdefault("context", spnego.server(protocol="ntlm"))
    try:
        challenge = context.step(base64.b64decode(token))
    except SpnegoError:
        heard.state.clear()
        return offered
    if context.complete:
        return then(heard)
    return Reply(401, b"", (("WWW-Authenticate", f"{scheme} {base64.b64encode(challenge or b'').decode()}"),))


def passes_on(url: str, user: str, password: str) -> Rule:
    """An EWS behind a door: the sandbox's at `url`."""
    behind = urlsplit(url)
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()

    def rule(heard: Heard) -> Reply:
        connection = http.client.HTTPConnection(behind.hostname or "", behind.port)
        head = {"Authorization": f"Basic {basic}", "Content-Type": "text/xml; charset=utf-8"}
        connection.request("POST", behind.path, heard.body, head)
        answer = connection.getresponse()
        found = Reply(answer.status, answer.read(), (("Content-Type", "text/xml; charset=utf-8"),))
        connection.close()
        return found

    return rule


def by_path(**rules: Rule) -> Rule:
    """One rule for paths below /autodiscover, another for those below /ews."""
    return lambda heard: rules[heard.path.split("/")[1].lower()](heard)


class Hosts(ThreadingHTTPServer):
    """Serves every name in `rules`, to whoever comes by `proxy`; `plain` is where plain http leads to.
    Names in `strangers` are served too, with a certificate that isn't theirs."""

    daemon_threads = True

    def __init__(self, folder: Path, *names: str, strangers: tuple[str, ...] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ca, certificate, key = make_certificates(folder, *names)
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.rules: dict[str, Rule] = {}
        self.heard: list[Heard] = []
        self.proxy = Proxy(self.server_address[1], *names, *strangers)

    def signed_in(self) -> list[str]:
        """The hosts that got credentials of whatever kind, each once, in their order."""
        return list(dict.fromkeys(one.host for one in self.heard if one.authorization))

    def asked(self) -> list[str]:
        return list(dict.fromkeys(one.host for one in self.heard))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that doesn't trust the certificate goes away: nobody's error."""

    def __enter__(self) -> Self:
        self.proxy.__enter__()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.proxy.__exit__(kind, error, trace)
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Hosts
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.state: dict[str, Any] = {}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        host = self.headers["Host"]
        heard = Heard(host, self.command, self.path, self.headers.get("Authorization", ""), body, self.state)
        self.server.heard.append(heard)
        answer = self.server.rules.get(host, says(404))(heard)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing."""


class Names(socketserver.ThreadingUDPServer):
    """A DNS server that knows SRV records: a name to "priority weight port target" each."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Query)
        self.records: dict[str, list[str]] = {}

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()


class _Query(socketserver.BaseRequestHandler):
    server: Names

    def handle(self) -> None:
        data, connection = self.request
        asked = dns.message.from_wire(data)
        answer = dns.message.make_response(asked)
        name = asked.question[0].name.to_text()
        known = self.server.records.get(name.rstrip(".").lower(), [])
        if known:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "SRV", *known))
        else:
            answer.set_rcode(3)
        connection.sendto(answer.to_wire(), self.client_address)
