"""Signing in: an Account of its own for each connection, errors that say what they mean, silent logs."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from exchangelib import (
    BASIC,
    DELEGATE,
    GSSAPI,
    IMPERSONATION,
    NTLM,
    Account,
    Configuration,
    Credentials,
)
from exchangelib.protocol import CachingProtocol, FailFast, Protocol
from exchangelib.transport import AUTH_TYPE_MAP, NOAUTH
from exchangelib.util import is_xml
from exchangelib.version import EXCHANGE_2016, Version

from ackd import __version__
from ackd.clock import SystemClock
from ackd.errors import AccessBlocked, Busy, ConfigError, Failed, SignInRefused, Unreachable, with_extra
from ackd.mailbox import transport
from ackd.mailbox.ews.answers import bounded, unread
from ackd.mailbox.server_clock import ServerClock, read_date
from ackd.mailbox.tokens import Tokens, claims_in
from ackd.mailbox.values import count
from ackd.model.access import Access, Auth
from ackd.model.hosts import ascii_host, is_loopback

#: One fixed version: exchangelib re-posts a request under every version that it knows when a
#: server refuses one (docs/design.md), and a posted letter must stay posted once.
VERSION = Version(build=EXCHANGE_2016, api_version="Exchange2016")
USER_AGENT = f"ackd/{__version__}"
LONGEST_WAIT = timedelta(days=1)  # that a server may ask for
AUTH_TYPES: dict[Auth, str] = {
    Auth.BASIC: BASIC,
    Auth.NTLM: NTLM,
    Auth.KERBEROS: GSSAPI,
    Auth.OAUTH: NOAUTH,
}

BLOCKED = (
    "the server answered 403: it doesn't let ackd use EWS. Exchange Online switched EWS off by "
    "default on 1 October 2026; an administrator can still allow an app with "
    "Set-OrganizationConfig -EwsEnabled $true and its ID in EwsAllowedAppIDs until 1 April 2027. "
    "On premises, check EwsEnabled of the mailbox (Set-CASMailbox)"
)


class Policy(FailFast):  # type: ignore[misc]
    """Nothing is retried by the library; each refusal becomes one of our errors.

    It also reads the server's clock from the Date header of each answer.
    """

    def __init__(self, *, by_ticket: bool = False, tokens: Tokens | None = None) -> None:
        super().__init__()
        self.server = ServerClock(SystemClock().ticks)
        self._by_ticket, self._tokens = by_ticket, tokens
        self._is_renewed = False  # whether the last answer was a 401, after which another token was got

    def raise_response_errors(self, response: Any) -> None:
        self.server.saw_date(response.headers.get("Date"), response.headers.get("Age"))
        status = response.status_code
        if status != 401:
            self._is_renewed = False
        if status == 200 or (status == 500 and is_xml(response.content)):
            return  # 500 with XML is a SOAP fault: it is read as such
        if status == 401 and self._by_ticket:  # a new ticket may come any time, and no account is locked
            raise Unreachable(
                "the server refused the Kerberos ticket (401): look at klist, renew it by kinit"
            )
        if status == 401 and self._tokens is not None:
            self._renew(self._tokens, response.headers.get("WWW-Authenticate", ""))
        if status == 401:
            raise SignInRefused("the server refused the sign-in (401): check username and password")
        if status == 403:
            raise AccessBlocked(BLOCKED)
        if status == 429:
            raise Busy("the server asked ackd to slow down (429)", wait=_retry_after(response))
        if status == 503:
            # not Busy: whether a 503 came before or after the work was done can't be known
            raise Unreachable("the server is not available (503)", wait=_retry_after(response))
        error = Failed if status == 500 else Unreachable
        raise error(f"the server answered {status} instead of a result: check mailbox.endpoint")

    def _renew(self, tokens: Tokens, challenge: str) -> NoReturn:
        """A token that was refused is renewed once; nothing was done by the request. Raises AckdError."""
        if self._is_renewed:
            raise SignInRefused("the server refused a new token, too (401)")
        tokens.token(anew=True, claims=claims_in(challenge))
        self._is_renewed = True
        raise Renewed("the server refused the token, which was renewed")


class Renewed(Busy):
    """The server refused a token and did nothing; there is another one."""


def _retry_after(response: Any) -> timedelta | None:
    """The Retry-After header: seconds or a date (RFC 9110, 10.2.3)."""
    value = response.headers.get("Retry-After", "")
    seconds = count(value)
    if seconds is not None:
        return min(timedelta(seconds=seconds), LONGEST_WAIT)
    until, now = read_date(value), read_date(response.headers.get("Date"))
    return min(max(until - now, timedelta(0)), LONGEST_WAIT) if until and now else None


class _Uncached(CachingProtocol):  # type: ignore[misc]
    """exchangelib keeps one protocol for an endpoint and a user in the whole process: a second mailbox
    would go by the first one's policy, certificates and proxy."""

    def __call__(self, *args: Any, **how: Any) -> Any:
        return type.__call__(self, *args, **how)


def _connection(access: Access, tokens: Tokens | None) -> type[Protocol]:
    """A protocol of this connection's own: what exchangelib keeps at its class for the whole process."""

    class Connection(Protocol, metaclass=_Uncached):  # type: ignore[misc]
        USERAGENT = USER_AGENT
        TIMEOUT = transport.PAGE  # the most; each request has its own (`Wire.post`)
        HTTP_ADAPTER_CLS = _adapter(access.ca_bundle, access.proxy, tokens, access.endpoint)

        def create_session(self) -> Any:
            session = super().create_session()
            if access.auth is Auth.BASIC:
                session.auth = basic(access.username, access.password)
            return session

    return Connection


def open_account(access: Access, zone: ZoneInfo, tokens: Tokens | None = None) -> tuple[Account, Policy]:
    """An Account with a connection that it shares with no other; no request is made yet. An app that acts for
    itself works in the name of the mailbox's owner (ExchangeImpersonation), and so does a service account.

    One connection at a time: with a larger pool exchangelib repeats whole batches.
    """
    prepare(access)
    is_app = access.oauth is not None and access.oauth.way.is_app
    policy = Policy(by_ticket=access.auth is Auth.KERBEROS, tokens=tokens)
    configuration = Configuration(
        service_endpoint=access.endpoint,
        credentials=credentials_of(access),
        auth_type=AUTH_TYPES[access.auth],
        version=VERSION,
        retry_policy=policy,
        max_connections=1,
    )
    account = Account(
        primary_smtp_address=access.address,
        config=configuration,
        autodiscover=False,
        access_type=IMPERSONATION if is_app or access.impersonates else DELEGATE,
        default_timezone=zone,
    )
    account.protocol = _connection(access, tokens)(config=configuration)
    CachingProtocol._protocol_cache.pop(Protocol._cache_key(configuration), None)  # Account's own one
    return account, policy


def basic(username: str, password: str) -> Any:
    """Basic, in UTF-8 (RFC 7617, 2.1); of texts requests makes Latin-1."""
    from requests.auth import HTTPBasicAuth

    return HTTPBasicAuth(username.encode(), password.encode())


def credentials_of(access: Access) -> Credentials | None:
    """Name and password; None for Kerberos, which takes the machine's ticket, and for tokens."""
    if access.auth in (Auth.KERBEROS, Auth.OAUTH):
        return None
    return Credentials(access.username, access.password)


def prepare(access: Access) -> None:
    """Silence the library's logs. Raises ConfigError where Kerberos isn't installed."""
    silence_library_logs()
    if access.auth is Auth.KERBEROS and GSSAPI not in AUTH_TYPE_MAP:
        raise ConfigError(f"mailbox.auth: kerberos needs a package: {with_extra('kerberos')}")


def adapter(access: Access) -> Any:
    """A single connection that goes the way of this access, for a session of requests."""
    return _adapter(access.ca_bundle, access.proxy)(pool_block=True, pool_connections=1, pool_maxsize=1)


def _adapter(
    ca_bundle: str | None, proxy: str | None, tokens: Tokens | None = None, endpoint: str = ""
) -> type:
    """Connections that trust these certificates and go this way; requests' own way for None. What they
    answer is read in bounds. With `tokens` each request to the host of
    `endpoint` takes one along.

    Plain http is for a server on this machine: it goes there directly, since a proxy would read the
    password, and to any other place it takes none along.
    """
    own = _server(endpoint)

    class Adapter(transport.Adapter):
        def __init__(self, **how: Any) -> None:
            how.pop("max_retries", None)  # none, whatever the library says
            super().__init__(named=bool(ca_bundle), **how)

        def send(self, request: Any, *args: Any, **how: Any) -> Any:
            if ca_bundle:
                how["verify"] = ca_bundle
            if proxy:
                how["proxies"] = {} if proxy == "direct" else {"http": proxy, "https": proxy}
            url = urlsplit(request.url)
            if tokens is not None and _server(request.url) == own:
                request.headers["Authorization"] = f"Bearer {tokens.token()}"
            if url.scheme == "http" and is_loopback(url.hostname or ""):
                how["proxies"] = {}
            elif url.scheme == "http" and "Authorization" in request.headers:
                raise ConfigError(f"{url.hostname}: no password is sent by plain http")
            return super().send(request, *args, **how)

        def take(self, answer: Any) -> None:
            unread(answer) if answer.status_code == 401 else bounded(answer)

    return Adapter


def _server(url: str) -> tuple[str | None, int | None]:
    """Whom an address means, however it is written."""
    place = urlsplit(url)
    return ascii_host(place.hostname or ""), place.port or {"https": 443, "http": 80}.get(place.scheme)


def silence_library_logs() -> None:
    """exchangelib logs bodies, headers and passwords at DEBUG and requests at ERROR: nothing of
    that leaves the library. Its errors reach our own log through exceptions."""
    logger = logging.getLogger("exchangelib")
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.CRITICAL)
