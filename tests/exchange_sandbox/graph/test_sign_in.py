"""Sign-in, by MSAL as it comes from the registry: devices, browsers, apps, and what goes wrong with it."""

from __future__ import annotations

import base64
import html
import json
import re
import ssl
import threading
import webbrowser
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import exchangelib
import msal
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from oauthlib.oauth2 import OAuth2Token

from exchange_sandbox import Quirks, Sandbox, SandboxError, consent
from exchange_sandbox.clock import system_clock

from ..conftest import ALICE, BOB, Time
from ..wire import envelope
from .graph_client import CLIENT_ID, PASSWORD, Got, Graph, fetch, signed_in, token_for

APP, SECRET, SIGNED_APP = (
    "11111111-0000-4000-8000-000000000001",
    "s3cret:with colon",
    "11111111-0000-4000-8000-000000000002",
)
SCOPES = ["User.Read", "Mail.ReadWrite", "Mail.Send"]
DEFAULT = ["https://graph.microsoft.com/.default"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A certificate's file, its SHA-1 thumbprint, and its key (PEM)."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ackd")])
    now = system_clock()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("app") / "app.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return file, made.fingerprint(hashes.SHA1()).hex(), pem  # noqa: S303 - what x5t is made of


@pytest.fixture
def serve(
    tmp_path: Path, time: Time, certificate: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Sandbox]]:
    """Starts a sandbox by https, with two apps. Requests takes a bundle of the environment's before the one
    that it is given."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    started: list[Sandbox] = []

    def start(quirks: Quirks | None = None) -> Sandbox:
        sandbox = Sandbox(
            tmp_path / "data",
            {ALICE: "secret", BOB: "secret"},
            clock=time,
            quirks=quirks,
            tls=True,
            apps={APP: SECRET},
            app_certificates={SIGNED_APP: certificate[0]},
        )
        started.append(sandbox)
        return sandbox.start()

    yield start
    for sandbox in started:
        sandbox.stop()


def person(sandbox: Sandbox, **options: Any) -> msal.PublicClientApplication:
    return msal.PublicClientApplication(
        CLIENT_ID,
        authority=sandbox.sign_in_url,
        instance_discovery=False,
        verify=str(sandbox.authority),
        **options,
    )


def app(sandbox: Sandbox, client: str, credential: Any) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        client,
        authority=sandbox.sign_in_url,
        instance_discovery=False,
        verify=str(sandbox.authority),
        client_credential=credential,
    )


def trusting(sandbox: Sandbox) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(sandbox.authority))


def graph(sandbox: Sandbox, answer: dict[str, Any]) -> Graph:
    assert "access_token" in answer, answer
    return Graph(sandbox.graph_url, answer["access_token"], trusting(sandbox))


def by_device(
    sandbox: Sandbox, client: msal.PublicClientApplication, *, refused: bool = False
) -> dict[str, Any]:
    flow = client.initiate_device_flow(SCOPES)
    consent(sandbox.data, flow["user_code"], ALICE, clock=sandbox._clock, refused=refused)
    answer: dict[str, Any] = client.acquire_token_by_device_flow(flow)
    return answer


def test_a_device_waits_until_its_person_agrees(serve: Callable[..., Sandbox]) -> None:
    sandbox = serve()
    client = person(sandbox)
    flow = client.initiate_device_flow(SCOPES)
    assert flow["user_code"] in flow["message"]
    pending = client.acquire_token_by_device_flow(flow, exit_condition=lambda flow: True)
    assert (pending["error"], pending["error_codes"]) == ("authorization_pending", [70016])
    consent(sandbox.data, flow["user_code"].lower(), ALICE, clock=sandbox._clock)
    answer = client.acquire_token_by_device_flow(flow)
    assert answer["id_token_claims"]["preferred_username"] == ALICE
    assert graph(sandbox, answer).get("/me").json["mail"] == ALICE
    assert client.get_accounts()[0]["username"] == ALICE
    assert "error" in client.acquire_token_by_device_flow(flow, exit_condition=lambda flow: True)


def test_a_device_is_refused(serve: Callable[..., Sandbox]) -> None:
    sandbox = serve()
    answer = by_device(sandbox, person(sandbox), refused=True)
    assert answer["error"] == "authorization_declined"


def test_a_device_s_code_expires(serve: Callable[..., Sandbox], time: Time) -> None:
    sandbox = serve()
    client = person(sandbox)
    flow = client.initiate_device_flow(SCOPES)
    time.move(901)
    with pytest.raises(SandboxError, match="expired"):
        consent(sandbox.data, flow["user_code"], ALICE, clock=time)
    assert client.acquire_token_by_device_flow(flow)["error"] == "expired_token"


@pytest.mark.parametrize(
    ("code", "address", "text"),
    [
        ("NOSUCH", ALICE, "no device waits"),
        ("", ALICE, "no device waits"),
        ("X", "eve@corp.example", "no such mailbox"),
    ],
)
def test_consent_says_what_is_wrong(
    serve: Callable[..., Sandbox], code: str, address: str, text: str
) -> None:
    with pytest.raises(SandboxError, match=text):
        consent(serve().data, code, address)


def test_the_page_for_codes_takes_the_mailbox_s_password(serve: Callable[..., Sandbox]) -> None:
    sandbox = serve()
    client = person(sandbox)
    flow = client.initiate_device_flow(SCOPES)
    page = flow["verification_uri"]
    assert b"<form" in fetch("GET", page, None, {}, trusting(sandbox)).raw
    said = {"otc": flow["user_code"], "login": ALICE, "passwd": "wrong", "decision": "agree"}
    assert fetch("POST", page, urlencode(said).encode(), FORM, trusting(sandbox)).status == 401
    said["passwd"] = "secret"
    assert fetch("POST", page, urlencode(said).encode(), FORM, trusting(sandbox)).status == 200
    assert "access_token" in client.acquire_token_by_device_flow(flow)


class _Person(webbrowser.BaseBrowser):
    """Somebody at a browser: opens the page, signs in, and is led back."""

    def __init__(self, sandbox: Sandbox, decision: str) -> None:
        super().__init__("person")
        self.sandbox, self.decision = sandbox, decision

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        threading.Thread(target=self._sign_in, args=(url,), daemon=True).start()
        return True

    def _sign_in(self, url: str) -> None:
        page = answered(self.sandbox, url, self.decision).raw.decode()
        action = re.search(r'action="([^"]*)"', page)
        assert action, page
        fetch("POST", action[1], urlencode(hidden(page)).encode(), FORM)


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def answered(sandbox: Sandbox, url: str, decision: str = "agree", password: str = PASSWORD) -> Got:
    page = fetch("GET", url, None, {}, trusting(sandbox)).raw.decode()
    said = {**hidden(page), "login": ALICE, "passwd": password, "decision": decision}
    return fetch("POST", url.partition("?")[0], urlencode(said).encode(), FORM, trusting(sandbox))


@pytest.mark.parametrize("decision", ["agree", "refuse"])
def test_a_browser_leads_back_to_loopback(serve: Callable[..., Sandbox], decision: str) -> None:
    sandbox = serve()
    client = person(sandbox)
    webbrowser.register("person", None, _Person(sandbox, decision), preferred=True)
    try:
        answer = client.acquire_token_interactive(SCOPES, timeout=60)
    finally:
        webbrowser._tryorder.remove("person")  # type: ignore[attr-defined] - there is no other way back
    if decision == "agree":
        assert graph(sandbox, answer).get("/me").json["mail"] == ALICE
    else:
        assert answer["error"] == "access_denied"


def test_a_code_is_good_for_its_verifier_alone_and_once(serve: Callable[..., Sandbox]) -> None:
    sandbox = serve()
    client = person(sandbox)
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri="http://localhost:5000/")
    assert answered(sandbox, flow["auth_uri"], password="wrong").status == 401
    location = answered(sandbox, flow["auth_uri"]).headers["location"]
    back = {name: value[0] for name, value in parse_qs(urlsplit(location).query).items()}
    stolen = {**flow, "code_verifier": "x" * 43}
    assert client.acquire_token_by_auth_code_flow(stolen, back)["error_codes"] == [501481]
    assert "access_token" in client.acquire_token_by_auth_code_flow(flow, back)
    assert client.acquire_token_by_auth_code_flow(flow, back)["error_codes"] == [70008]


def test_apps_prove_themselves_by_secret_or_certificate(
    serve: Callable[..., Sandbox], certificate: tuple[Path, str, str]
) -> None:
    sandbox = serve()
    _, thumbprint, key = certificate
    credentials = {"private_key": key, "thumbprint": thumbprint}
    for client in (app(sandbox, APP, SECRET), app(sandbox, SIGNED_APP, credentials)):
        got = graph(sandbox, client.acquire_token_for_client(DEFAULT))
        for address in (ALICE, BOB):
            assert got.get(f"/users/{address}/mailFolders/inbox").status == 200
        assert got.get("/me").code == "BadRequest"
        assert got.get("/users/eve@corp.example/messages").code == "ErrorInvalidUser"


def test_what_proves_nothing_is_refused(
    serve: Callable[..., Sandbox], certificate: tuple[Path, str, str]
) -> None:
    sandbox = serve()
    other = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    forged = {"private_key": other.decode(), "thumbprint": certificate[1]}
    elsewhere = {"private_key": certificate[2], "thumbprint": "00" * 20}
    for client in (
        app(sandbox, APP, "wrong"),
        app(sandbox, SIGNED_APP, forged),
        app(sandbox, SIGNED_APP, elsewhere),
    ):
        assert client.acquire_token_for_client(DEFAULT)["error"] == "invalid_client"
    assert app(sandbox, CLIENT_ID, SECRET).acquire_token_for_client(DEFAULT)["error"] == "unauthorized_client"
    assert app(sandbox, APP, SECRET).acquire_token_for_client(["Mail.Read"])["error"] == "invalid_scope"


def test_a_refresh_token_changes_with_each_use_and_dies(serve: Callable[..., Sandbox], time: Time) -> None:
    sandbox = serve()
    cache = msal.SerializableTokenCache()
    client = person(sandbox, token_cache=cache)
    by_device(sandbox, client)
    first = cache.serialize()
    (account,) = client.get_accounts()
    assert "access_token" in client.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    old = msal.SerializableTokenCache()
    old.deserialize(first)
    stale = person(sandbox, token_cache=old)
    refused = stale.acquire_token_silent_with_error(SCOPES, stale.get_accounts()[0], force_refresh=True)
    assert refused["error"] == "invalid_grant"
    time.move(89 * 86_400)
    assert "access_token" in client.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    time.move(91 * 86_400)
    dead = client.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
    assert (dead["error"], dead["error_codes"]) == ("invalid_grant", [700082])


def test_a_revoked_sign_in(serve: Callable[..., Sandbox]) -> None:
    sandbox = serve()
    client, knowing = person(sandbox), person(sandbox, client_capabilities=["CP1"])
    plain, capable = graph(sandbox, by_device(sandbox, client)), graph(sandbox, by_device(sandbox, knowing))
    sandbox.revoke_sign_ins(ALICE)
    refused = client.acquire_token_silent_with_error(SCOPES, client.get_accounts()[0], force_refresh=True)
    assert (refused["error"], refused["error_codes"]) == ("invalid_grant", [50173])
    assert plain.get("/me").status == 200
    challenge = capable.get("/me")
    assert challenge.status == 401
    claims = re.search(
        r'error="insufficient_claims", claims="([^"]*)"', challenge.headers["www-authenticate"]
    )
    assert claims
    assert "access_token" in json.loads(base64.b64decode(claims[1]))
    assert "access_token" in by_device(sandbox, client)


def test_a_claims_challenge_is_answered_with_a_new_token(serve: Callable[..., Sandbox]) -> None:
    sandbox = serve()
    client = person(sandbox)
    me = graph(sandbox, by_device(sandbox, client))
    sandbox.faults.add("users.get", "401-claims")
    challenge = me.get("/me")
    found = re.search(r'claims="([^"]*)"', challenge.headers["www-authenticate"])
    assert found
    claims = base64.b64decode(found[1]).decode()
    answer = client.acquire_token_silent_with_error(SCOPES, client.get_accounts()[0], claims_challenge=claims)
    assert answer["access_token"] != me.token
    assert graph(sandbox, answer).get("/me").status == 200


@pytest.mark.parametrize(
    ("quirk", "code"), [("device_code_blocked", 53003), ("admin_consent_required", 65001)]
)
def test_policies_refuse(serve: Callable[..., Sandbox], quirk: str, code: int) -> None:
    sandbox = serve(Quirks.of([quirk]))
    answer = by_device(sandbox, person(sandbox))
    assert (answer["error"], answer["error_codes"]) == ("invalid_grant", [code])


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("invalid-grant", "invalid_grant"),
        ("interaction-required", "interaction_required"),
        ("blocked-by-policy", "invalid_grant"),
    ],
)
def test_faults_of_the_token_endpoint(serve: Callable[..., Sandbox], kind: str, error: str) -> None:
    sandbox = serve()
    cache = msal.SerializableTokenCache()
    client = person(sandbox, token_cache=cache)
    by_device(sandbox, client)
    (account,) = client.get_accounts()
    sandbox.faults.add("token", kind)
    assert client.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)["error"] == error
    later = person(sandbox, token_cache=cache)  # MSAL remembers a refusal for a while
    assert "access_token" in later.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)


def test_tokens_open_ews_too(serve: Callable[..., Sandbox]) -> None:
    sandbox = serve()
    find = (
        "<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>"
        '<m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'
    )
    scope = ["https://outlook.office365.com/.default"]
    token = app(sandbox, APP, SECRET).acquire_token_for_client(scope)["access_token"]
    assert Graph(sandbox.graph_url, token, trusting(sandbox)).get(f"/users/{BOB}/messages").status == 401
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/xml; charset=utf-8"}
    named = envelope(find).replace(
        b"</s:Header>",
        b"<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>bob@corp.example</t:PrimarySmtpAddress>"
        b"</t:ConnectingSID></t:ExchangeImpersonation></s:Header>",
    )
    assert b"NoError" in fetch("POST", sandbox.url, named, headers, trusting(sandbox)).raw
    assert sandbox.requests.all()[-1].mailbox == BOB
    assert fetch("POST", sandbox.url, envelope(find), headers, trusting(sandbox)).status == 401
    client = person(sandbox)
    flow = client.initiate_device_flow(["https://outlook.office365.com/EWS.AccessAsUser.All"])
    consent(sandbox.data, flow["user_code"], ALICE, clock=sandbox._clock)
    token = client.acquire_token_by_device_flow(flow)["access_token"]
    headers["Authorization"] = f"Bearer {token}"
    assert b"NoError" in fetch("POST", sandbox.url, envelope(find), headers, trusting(sandbox)).raw
    mail_alone = by_device(sandbox, client)["access_token"]
    headers["Authorization"] = f"Bearer {mail_alone}"
    assert fetch("POST", sandbox.url, envelope(find), headers, trusting(sandbox)).status == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x.y.z", "Basic YWxpY2VAY29ycC5leGFtcGxlOnNlY3JldA=="]
)
def test_who_brings_no_token_is_refused(sandbox: Sandbox, header: str) -> None:
    got = fetch("GET", f"{sandbox.graph_url}/me", None, {"Authorization": header})
    assert (got.status, got.code) == (401, "InvalidAuthenticationToken")
    assert "authorization_uri" in got.headers["www-authenticate"]


def test_tokens_expire_and_survive_a_start(make: Callable[..., Sandbox], time: Time) -> None:
    sandbox = make()
    token = token_for(sandbox, ALICE)["access_token"]
    sandbox.stop()
    again = make()
    alice = Graph(again.graph_url, token)
    assert alice.get("/me").status == 200
    time.move(3600)
    assert alice.get("/me").status == 401
    assert signed_in(again, ALICE).get("/me").status == 200


def test_another_sandbox_s_token_opens_nothing(sandbox: Sandbox, tmp_path: Path, time: Time) -> None:
    with Sandbox(tmp_path / "other", {ALICE: "secret"}, clock=time) as other:
        token = token_for(other, ALICE)["access_token"]
    assert Graph(sandbox.graph_url, token).get("/me").status == 401


def test_what_is_configured_is_there(sandbox: Sandbox) -> None:
    got = fetch("GET", f"{sandbox.sign_in_url}/v2.0/.well-known/openid-configuration", None, {})
    origin = sandbox.sign_in_url.rpartition("/")[0]
    assert re.fullmatch(rf"{re.escape(origin)}/[0-9a-f-]{{36}}/v2\.0", got.json["issuer"]), "the tenant's id"
    (key,) = fetch("GET", got.json["jwks_uri"], None, {}).json["keys"]
    assert (key["kty"], key["use"]) == ("EC", "sig")
    assert (
        "metadata"
        in fetch("GET", sandbox.sign_in_url.replace("/sandbox", "/common/discovery/instance"), None, {}).json
    )
    for form in (
        {},
        {"client_id": "x", "grant_type": "frob"},
        {"client_id": "x", "grant_type": "refresh_token", "refresh_token": "y"},
    ):
        refused = fetch("POST", got.json["token_endpoint"], urlencode(form).encode(), FORM)
        assert refused.status == 400
        assert refused.json["error_codes"]


def test_older_ways_to_a_token(serve: Callable[..., Sandbox]) -> None:
    sandbox = serve()
    form = {
        "grant_type": "client_credentials",
        "client_id": APP,
        "client_secret": SECRET,
        "resource": "https://graph.microsoft.com",
    }
    address = f"{sandbox.sign_in_url}/oauth2/token"
    token = fetch("POST", address, urlencode(form).encode(), FORM, trusting(sandbox)).json
    assert graph(sandbox, token).get(f"/users/{ALICE}/messages").status == 200
    realm = sandbox.sign_in_url.replace("/sandbox", f"/common/userrealm/{ALICE}?api-version=1.0")
    assert fetch("GET", realm, None, {}, trusting(sandbox)).json["account_type"] == "Managed"


def test_exchangelib_brings_a_token_too(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # plain http, on loopback
    token = token_for(sandbox, ALICE, scope="https://outlook.office365.com/.default")["access_token"]
    credentials = exchangelib.OAuth2AuthorizationCodeCredentials(
        access_token=OAuth2Token({"access_token": token, "token_type": "Bearer"})
    )
    configuration = exchangelib.Configuration(
        service_endpoint=sandbox.url, credentials=credentials, auth_type=exchangelib.OAUTH2
    )
    account = exchangelib.Account(
        ALICE, config=configuration, access_type=exchangelib.DELEGATE, autodiscover=False
    )
    assert account.inbox.total_count == 0
    assert sandbox.requests.all()[-1].mailbox == ALICE
