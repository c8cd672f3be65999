"""Getting the password: only from where it is safe, and it is never told."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from ackd.config.read_secret import read_secret
from ackd.config.secrets import Secret, SecretSource
from ackd.errors import ConfigError, KeyringShut

ALICE = "alice@corp.example"


def refusal(secret: Secret, env: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        read_secret(secret, ALICE, env or {})
    assert "hunter2" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("hunter2\n")
    path.chmod(0o600)
    return path


def test_from_the_environment() -> None:
    secret = Secret(SecretSource.ENV, "ACKD_PASSWORD")
    assert read_secret(secret, ALICE, {"ACKD_PASSWORD": " hunter2 "}) == " hunter2 "
    assert refusal(secret) == "the environment variable ACKD_PASSWORD isn't set: export ACKD_PASSWORD=…"
    assert refusal(secret, {"ACKD_PASSWORD": ""}) == "the secret in {env: ACKD_PASSWORD} is empty"
    assert "several lines" in refusal(secret, {"ACKD_PASSWORD": "hunter2\nhunter2"})


def test_from_a_file_of_ones_own(file: Path) -> None:
    secret = Secret(SecretSource.FILE, str(file))
    assert read_secret(secret, ALICE, {}) == "hunter2"
    file.write_bytes(b"\xef\xbb\xbfhunter2\r\n")
    assert read_secret(secret, ALICE, {}) == "hunter2"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o601])
def test_a_file_that_others_may_touch(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert refusal(Secret(SecretSource.FILE, str(file))) == (
        f"the secret's file {file} can be read by others (mode {mode:04o}): chmod 600 {file}"
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give files away")
def test_a_file_of_somebody_else(file: Path) -> None:
    os.chown(file, 12345, 12345)
    assert "belongs to another user" in refusal(Secret(SecretSource.FILE, str(file)))


def test_a_file_that_is_none(tmp_path: Path, file: Path) -> None:
    missing = tmp_path / "missing"
    assert refusal(Secret(SecretSource.FILE, str(missing))) == (
        f"the secret's file {missing} can't be read: No such file or directory"
    )
    assert refusal(Secret(SecretSource.FILE, str(tmp_path))).endswith("is no regular file")
    assert "no path" in refusal(Secret(SecretSource.FILE, "a\0b"))
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert refusal(Secret(SecretSource.FILE, str(tmp_path / "pipe"))).endswith("is no regular file")
    file.write_bytes(b"x" * 70_000)
    assert "larger than 64 KiB" in refusal(Secret(SecretSource.FILE, str(file)))
    file.write_bytes(b"hunter2\xfc")
    assert "isn't UTF-8" in refusal(Secret(SecretSource.FILE, str(file)))


def test_from_systemd(file: Path) -> None:
    secret = Secret(SecretSource.CREDENTIAL, file.name)
    file.chmod(0o440)  # as systemd may lay it out
    assert read_secret(secret, ALICE, {"CREDENTIALS_DIRECTORY": str(file.parent)}) == "hunter2"
    assert refusal(secret) == (
        "the credential password isn't there: CREDENTIALS_DIRECTORY isn't set; start ackd by systemd with "
        "LoadCredential=password:/path"
    )


def test_from_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Secret(SecretSource.KEYRING, "ackd")
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert refusal(secret) == (
        "{keyring: …} needs the package keyring: install it beside ackd (pip install keyring), "
        "or keep the secret in {env: …} or {file: …}"
    )
    keyring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    kept = {("ackd", ALICE): "hunter2"}
    keyring.get_password = lambda service, account: kept.get((service, account))  # type: ignore[attr-defined]
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    assert read_secret(secret, ALICE, {}) == "hunter2"
    kept.clear()
    assert refusal(secret) == f"the keyring has no secret for {ALICE} in ackd: keyring set ackd {ALICE}"

    def locked(service: str, account: str) -> str:
        raise errors.KeyringError("hunter2")

    keyring.get_password = locked  # type: ignore[attr-defined]
    with pytest.raises(KeyringShut, match=r"can't be read: unlock it, and ackd goes on"):
        read_secret(secret, ALICE)


@pytest.mark.parametrize("error", [KeyError("DBUS"), Exception("PromptDismissed"), RuntimeError(), OSError()])
def test_a_keyring_that_raises_what_it_likes(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def raises(service: str, account: str) -> str:
        raise error

    keyring = ModuleType("keyring")
    keyring.get_password = raises  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    with pytest.raises(KeyringShut, match="unlock it") as caught:
        read_secret(Secret(SecretSource.KEYRING, "ackd"), ALICE)
    assert caught.value.exit_code == 75
    assert caught.value.wait


def test_a_keyring_that_answers_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks its owner once, however often ackd looks; what it says by then counts."""
    opened, asked = threading.Event(), []

    def waits(service: str, account: str) -> str:
        asked.append(account)
        opened.wait(20)
        return "hunter2"

    keyring = ModuleType("keyring")
    keyring.get_password = waits  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setattr(sys.modules[read_secret.__module__], "PATIENCE", 0.05)
    secret = Secret(SecretSource.KEYRING, "late")
    for _ in range(3):
        with pytest.raises(KeyringShut, match="in time"):
            read_secret(secret, ALICE)
    opened.set()
    monkeypatch.setattr(sys.modules[read_secret.__module__], "PATIENCE", 20)
    assert read_secret(secret, ALICE) == "hunter2"
    assert asked == [ALICE]


@pytest.mark.parametrize("saved", [b"hunter2\n\n", b"hunter2\r\n\r\n", b"hunter2", b"\xef\xbb\xbfhunter2\n"])
def test_lines_at_the_end_of_a_file_are_no_part_of_it(file: Path, saved: bytes) -> None:
    file.write_bytes(saved)
    assert read_secret(Secret(SecretSource.FILE, str(file)), ALICE, {}) == "hunter2"


@pytest.mark.parametrize("saved", ["hunter2 \n", " hunter2", "hunter2\t\r\n", "hunter2\u00a0\n"])
def test_a_space_at_the_end_is_told_and_not_tried(file: Path, saved: str) -> None:
    file.write_text(saved, encoding="utf-8")
    assert "begins or ends with a space" in refusal(Secret(SecretSource.FILE, str(file)))
    file.write_bytes("hunter2\r\n".encode("utf-16"))
    assert "isn't UTF-8: save it so" in refusal(Secret(SecretSource.FILE, str(file)))
