"""Knocking at a host: asked without any credentials first, signed in only afterwards, no redirect followed.

What a host offers for signing in is read from its 401 (RFC 9110, 11.6.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from exchangelib import NTLM, Credentials
from exchangelib.transport import AUTH_TYPE_MAP, DEFAULT_HEADERS, get_auth_instance
from spnego.exceptions import SpnegoError

from ackd.errors import NoConnection
from ackd.mailbox.ews.connect import AUTH_TYPES, USER_AGENT, adapter, basic
from ackd.mailbox.no_connection import no_connection
from ackd.mailbox.transport import Limits, TooLarge, TooSlow, body, within
from ackd.model.access import Access, Auth
from ackd.model.hosts import shown

SECONDS = 10
_LIMITS = Limits(kept=1 << 20)
_REDIRECTS = (301, 302, 303, 307, 308)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')

#: The secret, asked of its owner only when it is needed.
Secret = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, where it leads to (an absolute address), the sign-ins that are offered
    (in lower case), and the body, which is read only after a sign-in."""

    status: int
    location: str
    offers: frozenset[str]
    body: bytes

    @property
    def asks(self) -> bool:
        """Whether the host asks for a sign-in."""
        return self.status == 401


def choose(wanted: Auth, offers: frozenset[str], *, ticket: bool) -> Auth | None:
    """The sign-in to use: the one that is wanted if it is offered, for AUTO the safest that is; None
    where there is none. A password in the clear (Basic) is the last of all."""
    able = {
        Auth.KERBEROS: "negotiate" in offers,
        Auth.NTLM: bool(offers & {"ntlm", "negotiate"}),
        Auth.BASIC: "basic" in offers,
    }
    if wanted is not Auth.AUTO:
        return wanted if able.get(wanted) else None
    able[Auth.KERBEROS] = able[Auth.KERBEROS] and ticket
    return next((name for name, is_able in able.items() if is_able), None)


def has_ticket() -> bool:
    """Whether Kerberos is installed and this machine's owner has a ticket."""
    if "gssapi" not in AUTH_TYPE_MAP:
        return False
    import importlib

    try:
        gssapi = importlib.import_module("gssapi")
    except ImportError:
        return False
    try:
        return bool(gssapi.Credentials(usage="initiate").lifetime)
    except gssapi.exceptions.GSSError:
        return False


def offers_of(values: Iterable[str]) -> frozenset[str]:
    """The schemes in WWW-Authenticate fields, in lower case; parameters aside."""
    parts = (part.split() for value in values for part in _QUOTED.sub('""', value).split(","))
    return frozenset(words[0].lower() for words in parts if words and "=" not in words[0])


def knock(access: Access, url: str, data: bytes | None) -> Answer:
    """Ask, by the way of this access, without credentials of any kind (of netrc neither); None as data
    asks by GET. Raises NoConnection."""
    return _send(access, url, data, _nobody)


def enter(access: Access, url: str, data: bytes, secret: Secret) -> Answer:
    """Ask with the sign-in that `access` names. Raises NoConnection."""
    if access.auth is Auth.KERBEROS:
        return _send(access, url, data, get_auth_instance(auth_type=AUTH_TYPES[access.auth]))
    if access.auth is Auth.BASIC:
        return _send(access, url, data, basic(access.username, secret()))
    known = Credentials(access.username, secret())
    kind = AUTH_TYPES[access.auth]
    name = f"\\{known.username}" if kind == NTLM and known.type == known.EMAIL else known.username
    return _send(access, url, data, get_auth_instance(auth_type=kind, username=name, password=known.password))


def _nobody(request: Any) -> Any:
    """A sign-in that adds nothing; without one the library looks into ~/.netrc."""
    return request


def _send(access: Access, url: str, data: bytes | None, auth: Any) -> Answer:
    """One request, no redirect followed. What isn't a sign-in's answer isn't read."""
    import requests

    try:
        with within(SECONDS), requests.Session() as session:
            session.headers.update(DEFAULT_HEADERS)
            session.headers["User-Agent"] = USER_AGENT
            for scheme in ("https://", "http://"):
                session.mount(scheme, adapter(access))
            method = "GET" if data is None else "POST"
            response = session.request(
                method, url, data=data, auth=auth, allow_redirects=False, timeout=SECONDS, stream=True
            )
            with response:
                is_wanted = auth is not _nobody and response.status_code == 200
                return _answer(url, response, body(response, _LIMITS) if is_wanted else b"")
    except TooLarge as error:
        raise NoConnection(f"{_host(url)}: {error}", "check mailbox.endpoint") from error
    except (requests.RequestException, OSError, TooSlow) as error:
        raise no_connection(error, url) from error
    except (SpnegoError, ValueError, KeyError) as error:
        raise NoConnection(f"{_host(url)} and this machine came to no sign-in", "set mailbox.auth") from error


def _host(url: str) -> str:
    return shown(urlsplit(url).hostname or "the server")


def _answer(url: str, response: Any, body: bytes) -> Answer:
    target = response.headers.get("Location", "") if response.status_code in _REDIRECTS else ""
    fields = response.raw.headers.getlist("WWW-Authenticate")
    return Answer(
        response.status_code,
        urljoin(url, target) if target else "",
        offers_of(fields) if response.status_code == 401 else frozenset(),
        body,
    )
