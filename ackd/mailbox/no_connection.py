"""Why no answer came, as a sentence with its remedy: for EWS, Graph and the sign-in alike.

Libraries wrap errors in errors, and their texts are for programmers. What happened is read from the kinds and
numbers in the whole chain; only where a library has but a text, from that.
"""

from __future__ import annotations

import enum
import errno
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPException, IncompleteRead
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as urllib3

from ackd.errors import NoConnection, Untrusted
from ackd.mailbox.transport import TooSlow
from ackd.model.hosts import shown

ENDPOINT, AUTHORITY = "mailbox.endpoint", "mailbox.authority"
_DEEP = 40  # errors in errors that are looked at
#: OpenSSL's numbers (x509_vfy.h): nobody here vouches for it; its name; its time.
UNKNOWN_ISSUER = (2, 18, 19, 20, 21)
OTHER_NAME = (62, 64)
_NOT_YET, _OVER = 9, 10
_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL)
_BROKEN = (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ESHUTDOWN)
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")


class Trouble(enum.Enum):
    """What kept an answer from coming."""

    NAME = "name"
    NOBODY = "nobody"
    NO_ROUTE = "no-route"
    TIME_OUT = "time-out"
    BROKE_OFF = "broke-off"
    BROKE_OFF_PLAIN = "broke-off-plain"
    NO_TLS = "no-tls"
    TLS_ALONE = "tls-alone"
    OTHER_TLS = "other-tls"
    UNTRUSTED = "untrusted"
    NOT_YET = "not-yet"
    EXPIRED = "expired"
    OTHER_NAME = "other-name"
    BAD_CERTIFICATE = "bad-certificate"
    NO_HTTP = "no-http"
    PROXY_LOST = "proxy-lost"
    PROXY_SIGN_IN = "proxy-sign-in"
    PROXY_REFUSES = "proxy-refuses"
    PROXY_KIND = "proxy-kind"
    UNKNOWN = "unknown"


_PROXY = "mailbox.proxy (or HTTPS_PROXY, where that isn't set)"
_ITSELF = "ackd tries again by itself"
#: What is said of a place, and what to do. `{key}` is where the configuration names the place.
_SAID: dict[Trouble, tuple[str, str]] = {
    Trouble.NAME: (
        "{host} isn't found by its name",
        "check how {key} spells it, and whether the network or VPN is up that knows the name",
    ),
    Trouble.NOBODY: (
        "nothing listens at {place}",
        "check host and port in {key}, and whether the server is up",
    ),
    Trouble.NO_ROUTE: ("no network leads to {host}", "check the network or VPN of this machine"),
    Trouble.TIME_OUT: (
        "{place} didn't answer in time",
        f"check the network, a firewall on the way and {{key}}; {_ITSELF}",
    ),
    Trouble.BROKE_OFF: (
        "the connection to {place} broke off before the answer was there",
        f"{_ITSELF}; where it stays so, look at what is on the way (firewall, proxy, load balancer)",
    ),
    Trouble.BROKE_OFF_PLAIN: (
        "the connection to {place} broke off before the answer was there",
        f"if TLS is spoken there, write https:// into {{key}}; else {_ITSELF}",
    ),
    Trouble.NO_TLS: (
        "what listens at {place} doesn't speak TLS",
        "check the port in {key}: https is mostly at 443",
    ),
    Trouble.TLS_ALONE: ("{place} doesn't answer by plain http", "write https:// into {key}"),
    Trouble.OTHER_TLS: (
        "{place} and this machine have no kind of TLS in common",
        "the server's administrators must allow TLS 1.2 or later, and a client without a certificate",
    ),
    Trouble.UNTRUSTED: (
        "the certificate of {place} isn't trusted on this machine",
        "where it is signed in-house, write the house's certificates (a PEM file) into mailbox.ca_bundle",
    ),
    Trouble.NOT_YET: (
        "the certificate of {place} isn't good yet",
        "check this machine's clock; else the server's administrators must mend it",
    ),
    Trouble.EXPIRED: (
        "the certificate of {place} has expired",
        "its administrators must renew it; check this machine's clock, too",
    ),
    Trouble.OTHER_NAME: (
        "the certificate of {place} is for another name",
        "write the host that the certificate names into {key}",
    ),
    Trouble.BAD_CERTIFICATE: (
        "the certificate of {place} isn't good for a server",
        "its administrators must mend it",
    ),
    Trouble.NO_HTTP: ("what answers at {place} doesn't speak HTTP", "check host and port in {key}"),
    Trouble.PROXY_LOST: ("the proxy on the way to {place} can't be reached", f"check {_PROXY}"),
    Trouble.PROXY_SIGN_IN: (
        "the proxy on the way to {place} asks for a sign-in (407), which ackd doesn't do",
        "ask its administrators to let this machine through, or set mailbox.proxy to one that does",
    ),
    Trouble.PROXY_REFUSES: (
        "the proxy on the way to {place} refuses to lead there ({status})",
        f"ask its administrators to allow the host, or check {_PROXY}",
    ),
    Trouble.PROXY_KIND: (
        "the proxy on the way to {place} is of a kind that ackd doesn't know",
        f"name an HTTP proxy (http://…) in {_PROXY}",
    ),
    Trouble.UNKNOWN: ("the connection to {place} failed", f"check the network and {{key}}; {_ITSELF}"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What kept an answer from coming; `status` is a proxy's."""

    trouble: Trouble
    status: str = ""


def no_connection(error: BaseException, url: str, key: str = ENDPOINT) -> NoConnection:
    """Our error for one of a library's, met on the way to an address; `key` is where the configuration names
    that."""
    reason = reason_of(error, is_tls=not url.startswith("http:"))
    said, remedy = (
        words.format(**_place(url), key=key, status=reason.status) for words in _SAID[reason.trouble]
    )
    if reason.trouble is Trouble.UNTRUSTED:
        return Untrusted(said, remedy, url)
    return NoConnection(said, remedy)


def without_place(error: BaseException) -> str:
    """What happened on the way to an address that isn't told."""
    reason = reason_of(error)
    said, _ = _SAID[reason.trouble]
    return said.format(host="its host", place="its address", status=reason.status)


def reason_of(error: BaseException, *, is_tls: bool = True) -> Reason:
    """What stands behind a failed request. Pure."""
    chain = list(_chain(error))
    status = next((said[1] for one in chain if (said := _TUNNEL.search(str(one)))), "")
    if status:
        return Reason(Trouble.PROXY_SIGN_IN if status == "407" else Trouble.PROXY_REFUSES, status)
    for tell in (_by_proxy, _by_certificate, _by_tls, _by_number, _by_kind):
        found = next((trouble for one in chain if (trouble := tell(one))), None)
        if found is Trouble.BROKE_OFF and not is_tls:
            return Reason(Trouble.BROKE_OFF_PLAIN)
        if found is not None:
            return Reason(found)
    return Reason(Trouble.UNKNOWN)


def verify_code(error: BaseException) -> int | None:
    """OpenSSL's number for a certificate that wasn't accepted, from wherever in the chain it stands."""
    codes = (one.verify_code for one in _chain(error) if isinstance(one, ssl.SSLCertVerificationError))
    return next((int(code) for code in codes), None)


def _by_proxy(error: BaseException) -> Trouble | None:
    if isinstance(error, requests.exceptions.ProxyError | urllib3.ProxyError):
        return Trouble.PROXY_LOST
    is_socks = isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error)
    is_odd = isinstance(error, urllib3.ProxySchemeUnknown | requests.exceptions.InvalidProxyURL)
    return Trouble.PROXY_KIND if is_socks or is_odd else None


def _by_certificate(error: BaseException) -> Trouble | None:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return None
    code = getattr(error, "verify_code", None)
    if code in OTHER_NAME:
        return Trouble.OTHER_NAME
    if code in UNKNOWN_ISSUER:
        return Trouble.UNTRUSTED
    return {_NOT_YET: Trouble.NOT_YET, _OVER: Trouble.EXPIRED}.get(code or 0, Trouble.BAD_CERTIFICATE)


def _by_tls(error: BaseException) -> Trouble | None:
    if isinstance(error, BadStatusLine) and not isinstance(error, ConnectionError):
        is_alert = str(error).lstrip("'\"").startswith(("\x15\x03", "\\x15\\x03"))
        return Trouble.TLS_ALONE if is_alert else Trouble.NO_HTTP
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return None
    said = str(error.reason or "")
    if said in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG"):
        return Trouble.NO_TLS
    return Trouble.OTHER_TLS if said else None


def _by_number(error: BaseException) -> Trouble | None:
    """What the machine itself said."""
    if isinstance(error, socket.gaierror | urllib3.NameResolutionError | urllib3.LocationParseError):
        return Trouble.NAME
    if isinstance(error, ConnectionRefusedError):
        return Trouble.NOBODY
    number = error.errno if isinstance(error, OSError) else None
    if number in _NO_ROUTE:
        return Trouble.NO_ROUTE
    return Trouble.BROKE_OFF if number in _BROKEN else None


def _by_kind(error: BaseException) -> Trouble | None:
    """What a library made of it. For urllib3 whatever keeps a connection from being made is a time-out."""
    if isinstance(error, TooSlow | TimeoutError | requests.Timeout | urllib3.TimeoutError):
        return Trouble.TIME_OUT
    if isinstance(error, ConnectionError | IncompleteRead | urllib3.ProtocolError | ssl.SSLEOFError):
        return Trouble.BROKE_OFF
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return Trouble.BROKE_OFF
    return Trouble.NO_HTTP if isinstance(error, HTTPException) else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and all that stand behind it, the nearest first."""
    todo: list[Any] = [error]
    seen: set[int] = set()
    while todo and len(seen) < _DEEP:
        one = todo.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]


def _place(url: str) -> dict[str, str]:
    """The host of an address, and the host with its port, as a person reads them."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host:
        return {"host": "the server", "place": "the server"}
    name = shown(f"[{host}]" if ":" in host else host)
    default = port is None or port == {"https": 443, "http": 80}.get(parts.scheme)
    return {"host": name, "place": name if default else f"{name}:{port}"}
