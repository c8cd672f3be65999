"""The certificate that a server shows, where it isn't trusted on this machine: what it says of itself, for
the owner, who may trust it. Nothing of a secret is sent."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime

import requests
from urllib3.exceptions import InsecureRequestWarning

from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.no_connection import OTHER_NAME, UNKNOWN_ISSUER, verify_code
from ackd.mailbox.transport import Endless
from ackd.model import hosts

SECONDS = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate: at which host it was seen, whom it is for and who signed it (their names), the hosts
    that it names, until when it is good, its SHA-256, and itself (PEM). `trouble` says in words why trusting
    it wouldn't help, "" where it would."""

    host: str
    subject: str
    issuer: str
    names: tuple[str, ...]
    ends: datetime
    sha256: str
    pem: str
    trouble: str = ""


def untrusted(url: str, ca_bundle: str | None, proxy: str | None) -> Shown | None:
    """The certificate at an address by https, where it isn't trusted; None where it is, and where nobody
    answers, which whoever goes there meets too."""
    place = hosts.place_of(url)
    if place is None:
        return None
    try:
        _ask(HttpSession(ca_bundle, proxy), place.url)
    except requests.exceptions.SSLError as error:
        code = verify_code(error)
        der = _ask(HttpSession(None, proxy, unverified=True), place.url) if code is not None else b""
        return _shown(place.name, der, code) if der else None
    except (requests.RequestException, Endless):
        return None
    return None


def _ask(session: HttpSession, url: str) -> bytes:
    """The server's certificate (DER), b"" where it can't be had."""
    with session, warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureRequestWarning)
        try:
            with session.get(url, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
                socket = getattr(getattr(answer.raw, "connection", None), "sock", None)
                return bytes(socket.getpeercert(binary_form=True) or b"") if socket is not None else b""
        except requests.exceptions.SSLError:
            raise
        except (requests.RequestException, Endless):
            return b""


def _shown(host: str, der: bytes, code: int | None) -> Shown:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    found = x509.load_der_x509_certificate(der)
    try:
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(alternatives.get_values_for_type(x509.DNSName))
    except x509.ExtensionNotFound:
        names = ()
    return Shown(
        host=host,
        subject=found.subject.rfc4514_string(),
        issuer=found.issuer.rfc4514_string(),
        names=names,
        ends=found.not_valid_after_utc,
        sha256=":".join(f"{byte:02X}" for byte in found.fingerprint(hashes.SHA256())),
        pem=found.public_bytes(Encoding.PEM).decode(),
        trouble=_trouble(code, names),
    )


def _trouble(code: int | None, names: tuple[str, ...]) -> str:
    if code in UNKNOWN_ISSUER:
        return ""
    if code in OTHER_NAME:
        meant = ", ".join(names[:5]) or "no host at all"
        return f"it is for another name ({meant}): write that one into the address"
    return "it has expired, or isn't good for a server: the administrators must renew it"
