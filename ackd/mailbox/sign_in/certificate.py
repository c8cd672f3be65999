"""An app's certificate and its key, from the file (PEM) that the configuration names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ackd.config.read_secret import read_private_file
from ackd.errors import ConfigError

_WHAT = "mailbox.certificate"
_KEY = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True, repr=False)
class Certificate:
    """A key and the certificate of it, both as PEM; until when the certificate is valid."""

    key: str
    certificate: str
    ends: datetime


def read_certificate(path: Path, pass_phrase: str) -> Certificate:
    """What the file holds, its key opened by the pass phrase ("" for one without). Raises ConfigError with
    the place and the remedy, and nothing of the key."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    text = read_private_file(path, _WHAT)
    key = _key(text, path, pass_phrase)
    for block in _CERTIFICATE.finditer(text):
        try:
            certificate = x509.load_pem_x509_certificate(block[0].encode())
        except ValueError as error:
            raise ConfigError(f"{_WHAT}: a certificate in {path} can't be read: {error}") from None
        if certificate.public_key() == key.public_key():
            plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            return Certificate(plain.decode(), block[0], certificate.not_valid_after_utc)
    raise ConfigError(
        f"{_WHAT}: {path} has no certificate of the key that is in it: put both into the file (PEM)"
    )


def is_encrypted(path: Path) -> bool:
    """Whether the key in the file is opened by a pass phrase (RFC 7468, 11; RFC 1421, 4.6). Raises
    ConfigError."""
    found = _KEY.search(read_private_file(path, _WHAT))
    return found is not None and "ENCRYPTED" in found[0]


def _key(text: str, path: Path, pass_phrase: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    found = _KEY.search(text)
    if found is None:
        raise ConfigError(f"{_WHAT}: {path} has no private key in it: put key and certificate into it (PEM)")
    phrase = pass_phrase.encode() if "ENCRYPTED" in found[0] else b""
    try:
        key = load_pem_private_key(found[0].encode(), phrase or None)
    except TypeError:
        words = "needs a pass phrase: say in mailbox.password where it is kept"
        raise ConfigError(f"{_WHAT}: the key in {path} {words}") from None
    except ValueError:
        words = "isn't opened by the pass phrase of mailbox.password" if pass_phrase else "can't be read"
        raise ConfigError(f"{_WHAT}: the key in {path} {words}") from None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigError(f"{_WHAT}: the key in {path} isn't RSA, which Microsoft's sign-in asks for")
    return key
