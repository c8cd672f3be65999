"""Whether a file holds certificates that can be used."""

from __future__ import annotations

import re
from pathlib import Path

from ackd.errors import ConfigError

_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_BEGINS = re.compile(rb"-----BEGIN (?:TRUSTED )?CERTIFICATE-----")
_DER = b"\x30"  # a SEQUENCE, as each certificate and each PKCS #7 begins (ITU-T X.690)


def check_bundle(path: Path, what: str) -> None:
    """Raises ConfigError, with the command that mends it, for a file without certificates in PEM. One that
    can't be read is told where it is read."""
    try:
        data = path.read_bytes()
    except OSError:
        return
    trouble = _trouble(data, path)
    if trouble:
        raise ConfigError(f"{what}: {path} {trouble}")


def _trouble(data: bytes, path: Path) -> str:
    """What is wrong with the file, "" where it can be used."""
    pem = f"{path.with_suffix('')}-pem.pem"
    found = {
        "is empty: write the house's certificates (PEM) into it": not data.strip(),
        f"isn't PEM but DER: openssl x509 -inform DER -in {path} -out {pem}": data.startswith(_DER),
        f"holds no certificates but PKCS #7: openssl pkcs7 -print_certs -in {path} -out {pem}": (
            b"-----BEGIN PKCS7-----" in data
        ),
        "isn't plain text: save it as ASCII, without a byte order mark": data.startswith(_MARKS),
        "holds no certificate (PEM): a line -----BEGIN CERTIFICATE----- begins each": (
            not _BEGINS.search(data)
        ),
        "holds no certificate that can be read (PEM): was it cut off?": not _is_read(path),
    }
    return next((words for words, is_so in found.items() if is_so), "")


def _is_read(path: Path) -> bool:
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (ssl.SSLError, OSError, ValueError):
        return False
    return True
