"""https with a self-made certificate, and a client that is told no more than a name and a password."""

from __future__ import annotations

import http.client
import socket
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import exchangelib
import pytest
import requests
from exchangelib.autodiscover import autodiscover_cache
from exchangelib.autodiscover.protocol import AutodiscoverProtocol
from exchangelib.protocol import BaseProtocol, NoVerifyHTTPAdapter
from lxml import etree

from exchange_sandbox import Sandbox
from exchange_sandbox.ews import operations

from .conftest import ALICE
from .wire import Wire

SECRET = exchangelib.Credentials(ALICE, "secret")


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("tls"), {ALICE: "secret"}, tls=True) as sandbox:
        yield sandbox


def place(sandbox: Sandbox) -> str:
    return f"localhost:{urlsplit(sandbox.url).port}"


class Trusting(requests.adapters.HTTPAdapter):
    """Trusts the sandbox's own authority."""

    authority = ""

    def send(self, request, **options):  # type: ignore[no-untyped-def]
        return super().send(request, **{**options, "verify": self.authority})


@pytest.mark.skipif("ConvertId" not in operations.scan(), reason="exchangelib finds the version by ConvertId")
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("adapter", [Trusting, NoVerifyHTTPAdapter])
def test_exchangelib_finds_out_all_by_itself(
    secure: Sandbox, monkeypatch: pytest.MonkeyPatch, adapter: type
) -> None:
    monkeypatch.setattr(Trusting, "authority", str(secure.authority))
    monkeypatch.setattr(BaseProtocol, "HTTP_ADAPTER_CLS", adapter)
    monkeypatch.setattr(exchangelib.protocol.CachingProtocol, "_protocol_cache", {})
    configuration = exchangelib.Configuration(server=place(secure), credentials=SECRET)
    owner = exchangelib.Account(
        ALICE, config=configuration, autodiscover=False, access_type=exchangelib.DELEGATE
    )
    assert owner.inbox.total_count == 0
    assert owner.protocol.auth_type == exchangelib.BASIC
    assert (str(owner.version.build), owner.version.api_version) == ("15.2.1544.9", "Exchange2016")

    endpoint = f"https://{place(secure)}/autodiscover/autodiscover.svc"
    asked = AutodiscoverProtocol(
        config=exchangelib.Configuration(service_endpoint=endpoint, credentials=SECRET)
    )
    found = asked.get_user_settings(user=ALICE)
    assert found.ews_url == f"https://{place(secure)}/EWS/Exchange.asmx"
    assert (found.autodiscover_smtp_address, found.version.api_version) == (ALICE, "Exchange2016")
    with pytest.raises(exchangelib.errors.ErrorNonExistentMailbox):
        asked.get_user_settings(user="nobody@corp.example").raise_errors()
    with autodiscover_cache:
        autodiscover_cache["corp.example", SECRET] = asked  # as after a look into DNS
    try:
        again = exchangelib.Account(
            ALICE, credentials=SECRET, autodiscover=True, access_type=exchangelib.DELEGATE
        )
        assert again.inbox.total_count == 0
    finally:
        with autodiscover_cache:
            del autodiscover_cache["corp.example", SECRET]


def test_plain_autodiscover_and_who_only_looks(secure: Sandbox) -> None:
    connection = http.client.HTTPSConnection(
        place(secure), context=ssl.create_default_context(cafile=str(secure.authority)), timeout=10
    )
    signed = Wire(secure.url, ALICE).head
    path = "/autodiscover/autodiscover.xml"
    asked = (
        '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">'
        f"<Request><EMailAddress>{ALICE}</EMailAddress></Request></Autodiscover>"
    )

    def ask(method: str, where: str, head: dict[str, str], body: str | None = None) -> tuple[int, bytes]:
        connection.request(method, where, body, head)
        response = connection.getresponse()
        return response.status, response.read()

    assert ask("POST", path, {}, asked) == (401, b"")
    status, data = ask("POST", path, signed, asked)
    assert status == 200
    assert f"https://{place(secure)}/EWS/Exchange.asmx" in etree.fromstring(data).xpath("//text()")
    assert ask("HEAD", "/autodiscover/autodiscover.svc", {}) == (401, b"")
    assert ask("HEAD", "/EWS/Exchange.asmx", signed) == (200, b"")
    status, data = ask("GET", path, signed)
    assert (status, b"<r:ErrorCode>600<" in data) == (200, True)


def test_who_trusts_the_authority_once_trusts_later_starts(tmp_path: Path) -> None:
    authorities = []
    for people in ({ALICE: "secret"}, {"bob@other.example": "secret"}):
        with Sandbox(tmp_path, people, tls=True) as sandbox:
            assert sandbox.authority is not None
            authorities.append(sandbox.authority.read_bytes())
            context = ssl.create_default_context(cafile=str(sandbox.authority))
            domain = next(iter(people)).partition("@")[2]
            for name in ("localhost", "127.0.0.1", "corp.example", domain, f"autodiscover.{domain}"):
                address = ("127.0.0.1", urlsplit(sandbox.url).port)
                with (
                    socket.create_connection(address) as plain,
                    context.wrap_socket(plain, server_hostname=name),
                ):
                    pass
    assert authorities[0] == authorities[1]
    for key in tmp_path.glob("tls/*.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
