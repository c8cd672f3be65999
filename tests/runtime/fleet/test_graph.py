"""The fleet by Graph: an app opens all mailboxes by its certificate, and asks the authority once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ackd.demo.fleet import FleetStage
from ackd.errors import SignInRefused
from tests.postgres import Server
from tests.runtime.fleet.stage import LATER, asked, passes


def app_file(folder: Path) -> Path:
    """A key and its certificate."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ackd")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=60))
    signed = made.not_valid_after(now + timedelta(days=30)).sign(key, hashes.SHA256())
    file = folder / "app.pem"
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + signed.public_bytes(Encoding.PEM)
    )
    return file


def test_an_app_looks_after_all_by_one_token(tmp_path: Path, server: Server) -> None:
    database = server.database(f"fleet_{uuid4().hex}")
    with FleetStage(tmp_path, 2, database=database, certificate=app_file(tmp_path)) as stage:
        worker = asked(stage)
        for person in stage.people:
            worker.run(person)
        outcome = stage.count()
        asked_for = [one for one in stage.sandbox.requests.operations() if "token" in one.lower()]
    assert outcome.is_well, str(outcome)
    assert len(asked_for) == 1, asked_for


@pytest.mark.long
def test_a_refused_app_asks_the_authority_once_for_all(tmp_path: Path, server: Server) -> None:
    database = server.database(f"fleet_{uuid4().hex}")
    with FleetStage(tmp_path, 2, database=database, certificate=app_file(tmp_path)) as stage:
        (tmp_path / "other").mkdir()
        other = app_file(tmp_path / "other")  # that nobody registered
        text = stage.config_file.read_text(encoding="utf-8")
        stage.use(text.replace(f"certificate: {tmp_path / 'app.pem'}", f"certificate: {other}"))
        worker = passes(stage)
        stage.move_to(LATER)
        stage.sandbox.requests.clear()
        for person in (*stage.people, *stage.people):
            with pytest.raises(SignInRefused):
                worker.run(person)
        asked_for = [one for one in stage.sandbox.requests.operations() if "token" in one.lower()]
    assert len(asked_for) == 1, asked_for
