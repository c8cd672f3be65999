"""What is told where no answer comes: by EWS, by Graph and by the sign-in, with real sockets."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
import urllib3.exceptions as urllib3

from ackd.errors import NoConnection, Untrusted
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.ews.discovery import look
from ackd.mailbox.graph import wire as graph
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.no_connection import Trouble, no_connection, reason_of, without_place
from ackd.mailbox.server_clock import ServerClock
from ackd.mailbox.sign_in import tokens_of
from ackd.model.access import OAuth, SignInWay
from tests.app import APP
from tests.clock import StepClock
from tests.tls import make_certificates

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ALICE = "alice@corp.example"
#: What only programmers read: names of classes, of modules, of objects at an address.
PYTHON = re.compile(
    r"\w+(Error|Exception|Pool|Refused|Timeout)\b|urllib3|exchangelib|\bobject\b|errno|\[SSL|\.py\b"
)
Play = Callable[[socket.socket], None]


class Socket:
    """Something that listens and answers each request with these bytes, or, with None, with nothing for as
    long as it is asked."""

    def __init__(self, answer: bytes | None, tls: tuple[Path, Path] | None = None) -> None:
        self._answer = answer
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._context and tls:
            self._context.load_cert_chain(*tls)
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._over.set()
        self._socket.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        connection = plain
        with suppress(OSError):
            if self._context:
                connection = self._context.wrap_socket(plain, server_side=True)
            connection.recv(65536)
            if self._answer is None:
                self._over.wait(60)
            else:
                connection.sendall(self._answer)
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(5)
                while connection.recv(65536):  # closed with something unread, it would cut the answer off
                    pass
        with suppress(OSError):
            connection.close()


@dataclass(frozen=True)
class Place:
    """Where to ask, and by which way; what is said there."""

    url: str
    said: str
    remedy: str
    ca: Path | None = None
    proxy: str = "direct"


NOBODY = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class World:
    """Every kind of place from which no answer comes."""

    def __init__(self, folder: Path) -> None:
        self._open: list[Socket] = []
        made = {}
        hosts = {"own": ("localhost", 30), "old": ("localhost", -3), "early": ("localhost", 90)}
        for name, (host, ends) in {**hosts, "other": ("x.example", 30)}.items():
            (folder / name).mkdir()
            made[name] = make_certificates(folder / name, host, ends=ends)
        ca, *own = made["own"]
        tls = self._listen(NOBODY, (own[0], own[1]))
        plain = self._listen(NOBODY)
        by_name = {name: self._listen(NOBODY, (files[1], files[2])) for name, files in made.items()}
        mute, cut = self._listen(None, (own[0], own[1])), self._listen(b"", (own[0], own[1]))
        half = self._listen(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n<a", (own[0], own[1]))
        odd = self._listen(b"SSH-2.0-OpenSSH_9.2\r\n", (own[0], own[1]))
        fussy = self._listen(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        strict = self._listen(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        self._bound = socket.socket()  # bound, so that nobody else takes the port, and nobody listens there
        self._bound.bind(("127.0.0.1", 0))
        closed = self._bound.getsockname()[1]

        def at(port: int, said: str, remedy: str, trusted: Path | None = ca) -> Place:
            return Place(f"https://localhost:{port}", said, remedy, trusted)

        def by(proxy: str, said: str, remedy: str) -> Place:
            return Place("https://mail.corp.example", said, remedy, ca, proxy)

        self.places = {
            "name": Place(
                "https://mail.no.invalid", "mail.no.invalid isn't found by its name", "how {key} spells it"
            ),
            "nobody": at(closed, f"nothing listens at localhost:{closed}", "host and port in {key}"),
            "tls on a plain port": at(plain, f"localhost:{plain} doesn't speak TLS", "the port in {key}"),
            "untrusted": at(by_name["own"], "isn't trusted on this machine", "into mailbox.ca_bundle", None),
            "expired": at(by_name["old"], "has expired", "administrators must renew it", made["old"][0]),
            "not yet": at(by_name["early"], "isn't good yet", "this machine's clock", made["early"][0]),
            "other name": at(by_name["other"], "is for another name", "names into {key}", made["other"][0]),
            "time-out": at(mute, f"localhost:{mute} didn't answer in time", "ackd tries again by itself"),
            "broke off": at(cut, f"connection to localhost:{cut} broke off", "ackd tries again by itself"),
            "half": at(half, f"connection to localhost:{half} broke off", "ackd tries again by itself"),
            "no http": at(odd, f"localhost:{odd} doesn't speak HTTP", "host and port in {key}"),
            "no proxy": by(f"http://127.0.0.1:{closed}", "the proxy on the way to mail.corp.", "proxy"),
            "no proxy's name": by("http://proxy.no.invalid:3128", "can't be reached", "mailbox.proxy"),
            "proxy's sign-in": by(f"http://127.0.0.1:{fussy}", "asks for a sign-in (407)", "mailbox.proxy"),
            "proxy's no": by(f"http://127.0.0.1:{strict}", "refuses to lead there (403)", "allow the host"),
        }  # fmt: skip
        self.tls = tls

    def _listen(self, answer: bytes | None, tls: tuple[Path, Path] | None = None) -> int:
        self._open.append(Socket(answer, tls))
        return self._open[-1].port

    def close(self) -> None:
        for one in (*self._open, self._bound):
            one.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("places"))
    yield world
    world.close()


class Held:
    """A token that is there already."""

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        return "token"


def by_ews(place: Place) -> None:
    access = Access(
        ALICE, f"{place.url}/EWS/Exchange.asmx", ALICE, "secret",
        ca_bundle=str(place.ca) if place.ca else None, proxy=place.proxy,
    )  # fmt: skip
    EwsMailbox(access, zone=ZoneInfo("UTC"), clock=StepClock(NOW)).report()


def by_look(place: Place) -> None:
    """What `ackd init` and autodiscover do first."""
    bundle = str(place.ca) if place.ca else None
    look(
        Access(ALICE, f"{place.url}/EWS/Exchange.asmx", ALICE, "secret", ca_bundle=bundle, proxy=place.proxy)
    )


def by_graph(place: Place) -> None:
    session = HttpSession(str(place.ca) if place.ca else None, place.proxy)
    wire = graph.Wire(f"{place.url}/v1.0", "/me", Held(), ServerClock(StepClock(NOW).ticks), session)
    wire.read(graph.get("/me"))


def by_sign_in(place: Place) -> None:
    oauth = OAuth(f"{place.url}/tenant", APP, SignInWay.SECRET, Path("/nowhere"))
    bundle = str(place.ca) if place.ca else None
    access = Access(
        ALICE, "https://graph.example", ALICE, "s", ca_bundle=bundle, proxy=place.proxy, oauth=oauth
    )
    tokens_of(access, oauth, StepClock(NOW).ticks).token()


WAYS = {
    "ews": (by_ews, "mailbox.endpoint"),
    "look": (by_look, "mailbox.endpoint"),
    "graph": (by_graph, "mailbox.endpoint"),
    "sign-in": (by_sign_in, "mailbox.authority"),
}


def be_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    from ackd.mailbox import transport
    from ackd.mailbox.ews import sign_in_offers
    from ackd.mailbox.sign_in import asking

    for module, name in ((transport, "BRIEF"), (transport, "PAGE"), (sign_in_offers, "SECONDS")):
        monkeypatch.setattr(module, name, 0.7)
    monkeypatch.setattr(asking, "SECONDS", 0.7)


KINDS = (
    "name", "nobody", "tls on a plain port", "untrusted", "expired", "not yet", "other name", "time-out",
    "broke off", "half", "no http", "no proxy", "no proxy's name", "proxy's sign-in", "proxy's no",
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_one_sentence_with_its_remedy(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str, way: str
) -> None:
    if kind == "time-out":
        be_impatient(monkeypatch)
    if (kind, way) == ("half", "look"):
        pytest.skip("what isn't a sign-in's answer isn't read")
    place = world.places[kind]
    ask, key = WAYS[way]
    with pytest.raises(NoConnection) as caught:
        ask(place)
    error = caught.value
    assert place.said in error.words
    assert place.remedy.format(key=key) in error.remedy
    assert str(error) == f"{error.words}: {error.remedy}"
    assert not PYTHON.search(str(error)), str(error)
    assert "\n" not in str(error)
    assert isinstance(error, Untrusted) == (kind == "untrusted")


@pytest.mark.parametrize("way", ["ews", "look", "graph"])
def test_plain_http_on_a_port_for_tls(world: World, way: str) -> None:
    """Only a server on this machine is asked by plain http."""
    with pytest.raises(NoConnection, match=r"write https:// into mailbox\.endpoint") as caught:
        WAYS[way][0](Place(f"http://127.0.0.1:{world.tls}", "", ""))
    assert not PYTHON.search(str(caught.value))


def test_a_tls_alert_in_plain_http_tells_for_certain() -> None:
    listener = Socket(b"\x15\x03\x01\x00\x02\x02\x16")
    with pytest.raises(NoConnection, match="doesn't answer by plain http: write https://"):
        by_graph(Place(f"http://127.0.0.1:{listener.port}", "", ""))
    listener.close()


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OSError(101, "Network is unreachable"), Trouble.NO_ROUTE),
        (OSError(113, "No route to host"), Trouble.NO_ROUTE),
        (requests.ConnectionError(urllib3.MaxRetryError(None, "/", TimeoutError())), Trouble.TIME_OUT),  # type: ignore[arg-type]
        (requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support."), Trouble.PROXY_KIND),
        (requests.TooManyRedirects("Exceeded 30 redirects."), Trouble.UNKNOWN),
        (ConnectionResetError(104, "Connection reset by peer"), Trouble.BROKE_OFF),
        (BrokenPipeError(32, "Broken pipe"), Trouble.BROKE_OFF),
        (RuntimeError("something of a library's"), Trouble.UNKNOWN),
    ],
)
def test_what_a_machine_or_a_library_says(error: Exception, trouble: Trouble) -> None:
    assert reason_of(error).trouble is trouble
    told = no_connection(error, "https://mail.corp.example/EWS/Exchange.asmx")
    assert "mail.corp.example" in told.words
    assert not PYTHON.search(f"{told} {without_place(error)}")
    assert "corp.example" not in without_place(error)


@pytest.mark.parametrize("url", ["", "https://", "nonsense", "https://[", "https://mail.corp.example:x/"])
def test_an_address_that_is_none_ends_no_sentence(url: str) -> None:
    for trouble in (ConnectionRefusedError(111, "refused"), TimeoutError(), socket.gaierror(-2, "unknown")):
        assert "the server" in no_connection(trouble, url).words


def test_errors_in_a_circle_are_told() -> None:
    one, two = requests.ConnectionError("a"), requests.ConnectionError("b")
    one.__cause__, two.__cause__ = two, one
    assert reason_of(one).trouble is Trouble.UNKNOWN
