"""An app that acts for itself: its secret, its certificate, and how they are told to be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from ackd.clock import SystemClock
from ackd.errors import ConfigError, SignInOver
from ackd.mailbox import reach, sign_in_person
from ackd.mailbox.sign_in import AppTokens, mark_of, tokens_of
from ackd.model import AlarmKind
from ackd.model.access import Access, OAuth, SignInWay
from exchange_sandbox import Sandbox
from tests.app import SECRET, access_to, tokens_for
from tests.clock import StepClock
from tests.mailbox.sign_in.people import ALICE, PASSWORD, Person, asked

APP = "11111111-0000-4000-8000-000000000002"
PHRASE = "correct horse"
ENDS = SystemClock().now().replace(microsecond=0) + timedelta(days=30)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem(key: Key, phrase: str = "") -> bytes:
    how: KeySerializationEncryption = BestAvailableEncryption(phrase.encode()) if phrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def certificate(key: Key) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ackd")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1)  # the same certificate each time
    made = made.not_valid_before(ENDS - timedelta(days=60)).not_valid_after(ENDS)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def sandbox(
    tmp_path_factory: pytest.TempPathFactory, clock: StepClock, key: rsa.RSAPrivateKey
) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("exchange")
    (folder / "app.pem").write_bytes(certificate(key))
    apps = {APP: folder / "app.pem"}
    secrets = {"11111111-0000-4000-8000-000000000001": SECRET}
    known = {ALICE: PASSWORD}
    made = Sandbox(folder / "x", known, clock=clock.now, tls=True, apps=secrets, app_certificates=apps)
    with made as sandbox:
        yield sandbox


def access(sandbox: Sandbox, file: Path, content: bytes, phrase: str = "") -> tuple[Access, OAuth]:
    file.write_bytes(content)
    file.chmod(0o600)
    made = access_to(sandbox, ALICE, SignInWay.CERTIFICATE, certificate=file)
    assert made.oauth
    oauth = replace(made.oauth, client_id=APP)
    return replace(made, password=phrase, oauth=oauth), oauth


@pytest.mark.parametrize("phrase", ["", PHRASE])
def test_a_certificate_opens_the_mailbox_and_its_end_is_known(
    sandbox: Sandbox, clock: StepClock, tmp_path: Path, key: rsa.RSAPrivateKey, phrase: str
) -> None:
    """Others in the file, such as those of a chain, are no trouble."""
    other = certificate(rsa.generate_private_key(65537, 2048))
    content = b"Bag Attributes\n" + other + certificate(key) + pem(key, phrase)
    reached, oauth = access(sandbox, tmp_path / "app.pem", content, phrase)
    assert sign_in_person(reached, clock, Person(sandbox), way=oauth.way).person == ""
    mailbox = reach(reached, ZoneInfo("UTC"), clock)
    (ending,) = [one for one in mailbox.endings() if one.at == ENDS]
    assert ending.kind is AlarmKind.CERTIFICATE_ENDS
    assert f"{ENDS:%Y-%m-%d}" in next(one.found for one in mailbox.report().findings)
    mailbox.close()


def test_what_is_wrong_with_a_certificate_is_told(
    sandbox: Sandbox, clock: StepClock, tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    curve, other = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    both = certificate(key) + pem(key)
    cases = {
        "has no private key": (certificate(key), ""),
        "has no certificate of the key": (certificate(other) + pem(key), ""),
        "can't be read": (both[:-400] + both[-300:], ""),
        "needs a pass phrase": (certificate(key) + pem(key, PHRASE), ""),
        "isn't opened by the pass phrase": (certificate(key) + pem(key, PHRASE), "another"),
        "isn't RSA": (certificate(curve) + pem(curve), ""),
    }
    for words, (content, phrase) in cases.items():
        reached, oauth = access(sandbox, tmp_path / "app.pem", content, phrase)
        with pytest.raises(ConfigError, match=words) as caught:
            tokens_of(reached, oauth, clock.ticks)
        assert "mailbox.certificate" in str(caught.value)
        assert PHRASE not in str(caught.value)
    reached, oauth = access(sandbox, tmp_path / "app.pem", both)
    (tmp_path / "app.pem").chmod(0o644)
    with pytest.raises(ConfigError, match=r"can be read by others.*chmod 600"):
        tokens_of(reached, oauth, clock.ticks)


def test_a_certificate_that_isnt_registered_is_over_until_there_is_another(
    sandbox: Sandbox, clock: StepClock, tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    other = rsa.generate_private_key(65537, 2048)
    reached, oauth = access(sandbox, tmp_path / "app.pem", certificate(other) + pem(other))
    mark = mark_of(reached, oauth)
    with pytest.raises(SignInOver, match=r"AADSTS700027.*have your administrators register the certificate"):
        tokens_of(reached, oauth, clock.ticks).token()
    reached, oauth = access(sandbox, tmp_path / "app.pem", certificate(key) + pem(key))
    assert mark_of(reached, oauth) != mark
    assert tokens_of(reached, oauth, clock.ticks).token()


def test_a_secret_is_told_to_be_wrong_and_asked_for_once_an_hour(sandbox: Sandbox, clock: StepClock) -> None:
    found = tokens_for(sandbox, ALICE, clock)
    before, first = asked(sandbox), found.token()
    for minutes, count in ((50, 1), (6, 2)):
        clock.move(timedelta(minutes=minutes))
        found.token()
        assert asked(sandbox) == before + count
    assert found.token() != first
    assert "only your administrators can see" in found.told()
    wrong = replace(access_to(sandbox, ALICE), password="other")
    assert wrong.oauth
    tokens = tokens_of(wrong, wrong.oauth, clock.ticks)
    assert isinstance(tokens, AppTokens)
    with pytest.raises(SignInOver, match=r"7000215.*not its id.*where mailbox.password says") as caught:
        tokens.token()
    assert "other" not in str(caught.value)


def test_a_registration_or_tenant_that_isnt_known(sandbox: Sandbox, clock: StepClock) -> None:
    known = access_to(sandbox, ALICE)
    assert known.oauth
    unknown = replace(known.oauth, client_id="99999999-0000-4000-8000-000000000009")
    with pytest.raises(SignInOver, match=r"700016.*set mailbox.client_id"):
        tokens_of(known, unknown, clock.ticks).token()
    nowhere = replace(known.oauth, authority=f"{known.oauth.authority.rpartition('/')[0]}/a/b")
    with pytest.raises(SignInOver, match=r"no such tenant.*set mailbox.authority"):
        tokens_of(known, nowhere, clock.ticks).token()
