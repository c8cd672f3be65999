"""What is wrong with a file of certificates is told before anybody goes by it."""

from __future__ import annotations

import re
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ackd.config.certificate_file import check_bundle
from ackd.errors import ConfigError
from tests.tls import make_certificates


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_certificates(tmp_path_factory.mktemp("ca"), "mail.corp.example")[0].read_bytes()


def der(ca: bytes) -> bytes:
    return x509.load_pem_x509_certificate(ca).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda ca: b"", "is empty"),
        (lambda ca: b" \r\n", "is empty"),
        (der, "isn't PEM but DER: openssl x509 -inform DER"),
        (lambda ca: b"-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n", "openssl pkcs7 -print_certs"),
        (lambda ca: b"\xef\xbb\xbf" + ca, "without a byte order mark"),
        (lambda ca: ca.decode().encode("utf-16"), "without a byte order mark"),
        (lambda ca: b"the house's certificate\n", "holds no certificate"),
        (lambda ca: ca[: len(ca) // 2], "was it cut off"),
        (lambda ca: b"-----BEGIN CERTIFICATE-----\nxyz\n-----END CERTIFICATE-----\n", "was it cut off"),
    ],
)
def test_each_kind_of_wrong_file_has_its_sentence(
    tmp_path: Path, ca: bytes, spoil: object, words: str
) -> None:
    file = tmp_path / "house.cer"
    file.write_bytes(spoil(ca))  # type: ignore[operator]
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        check_bundle(file, "mailbox.ca_bundle")
    assert str(caught.value).startswith(f"mailbox.ca_bundle: {file} ")


def test_a_right_one_is_taken_however_its_lines_end(tmp_path: Path, ca: bytes) -> None:
    file = tmp_path / "house.pem"
    for data in (ca, ca.replace(b"\n", b"\r\n"), b"# the house's\n" + ca + ca, ca.rstrip()):
        file.write_bytes(data)
        check_bundle(file, "mailbox.ca_bundle")
    check_bundle(Path(certifi.where()), "mailbox.ca_bundle")
    check_bundle(tmp_path / "not there", "mailbox.ca_bundle")
