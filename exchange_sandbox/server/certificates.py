"""Self-made certificates: an authority that a data directory keeps, a server's certificate at each start."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from exchange_sandbox.clock import system_clock

_OWN_DAYS, _SERVER_DAYS = 3650, 397
_EARLIER = timedelta(days=1)  # clocks of clients may be slow
_PEM = serialization.Encoding.PEM


def make(directory: Path, names: Iterable[str]) -> tuple[Path, Path]:
    """The files of a new certificate for these names and addresses, and of its key.

    They are signed by the authority in ``directory``/ca.pem, which is made once: clients that trust it trust
    all later ones. Validity counts in this machine's time, as that of clients does. Raises OSError and, for
    an authority's files that were spoiled, ValueError.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, signer = _authority(directory)
    key = ec.generate_private_key(ec.SECP256R1())
    begun = _begun(x509.Name([]), key.public_key(), authority.subject, _SERVER_DAYS)
    made = (
        begun.add_extension(x509.SubjectAlternativeName([_name(one) for one in dict.fromkeys(names)]), True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
        .sign(signer, hashes.SHA256())
    )
    certificate, secret = directory / "server.pem", directory / "server.key"
    certificate.write_bytes(made.public_bytes(_PEM))
    _write_key(secret, key)
    return certificate, secret


def _authority(directory: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, secret = directory / "ca.pem", directory / "ca.key"
    if certificate.is_file() and secret.is_file():
        known = serialization.load_pem_private_key(secret.read_bytes(), None)
        if not isinstance(known, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{secret}: is no key of a sandbox's; delete {directory} to have a new one")
        return x509.load_pem_x509_certificate(certificate.read_bytes()), known
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ackd sandbox, made on this machine")])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _begun(name, key.public_key(), name, _OWN_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(usage, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(_PEM))
    _write_key(secret, key)
    return made, key


def _begun(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name, days: int
) -> x509.CertificateBuilder:
    now = system_clock()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=days))
    )


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text.encode("idna").decode("ascii"))


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    data = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
