"""Getting a secret from where it is kept."""

from __future__ import annotations

import importlib
import os
import stat
import sys
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from ackd import own_files
from ackd.config.secrets import Secret, SecretSource
from ackd.errors import ConfigError, KeyringShut

PATIENCE = 10.0  # seconds in which a keyring answers
AGAIN = timedelta(minutes=1)  # until it is asked again: each time it may ask its owner
_LARGEST = 64 * 1024


def read_secret(secret: Secret, account: str, env: Mapping[str, str] | None = None) -> str:
    """The secret itself; `account` is the user name, under which a keyring keeps it.

    Raises ConfigError, with the place and the remedy and never the secret, when it isn't
    there, is empty, or others may read it; KeyringShut where the keyring may give it later.
    """
    env = os.environ if env is None else env
    match secret.source:
        case SecretSource.ENV:
            found = env.get(secret.name)
            if found is None:
                raise ConfigError(f"the environment variable {secret.name} isn't set: export {secret.name}=…")
        case SecretSource.FILE:
            found = _from_file(Path(secret.name), private=True)
        case SecretSource.CREDENTIAL:
            found = _from_credential(secret.name, env)
        case SecretSource.KEYRING:
            found = _from_keyring(secret.name, account)
    if not found.strip():
        raise ConfigError(f"the secret in {secret} is empty")
    if any(c in found for c in "\r\n\0"):
        raise ConfigError(f"the secret in {secret} has several lines: it must be one line")
    if secret.source in (SecretSource.FILE, SecretSource.CREDENTIAL) and found != found.strip():
        raise ConfigError(
            f"the secret in {secret} begins or ends with a space, so it wasn't tried: take it away; if it "
            "is part of the secret, keep that in {env: …} or {keyring: …}"
        )
    return found


def read_private_file(path: Path, what: str) -> str:
    """The text of a file that nobody but its owner, this user, may read; `what` names it in errors. Raises
    ConfigError."""
    return _from_file(path, what, private=True)


def _from_file(path: Path, what: str = "the secret's file", *, private: bool) -> str:
    """The file's text, without empty lines at its end."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path is no path"
        raise ConfigError(f"{what} {path} can't be read: {reason}") from None
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise ConfigError(f"{what} {path} is no regular file")
        if private and hasattr(os, "getuid"):
            _check_private(path, what, about)
            own_files.trusted(path, what, about=about)
        data = os.read(handle, _LARGEST + 1)
    finally:
        os.close(handle)
    if len(data) > _LARGEST:
        raise ConfigError(f"{what} {path} is larger than {_LARGEST // 1024} KiB: it holds something else")
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ConfigError(f"{what} {path} isn't UTF-8: save it so") from None


def _check_private(path: Path, what: str, about: os.stat_result) -> None:
    if about.st_uid != os.getuid():
        raise ConfigError(f"{what} {path} belongs to another user: chown it to the user who runs ackd")
    if about.st_mode & 0o077:
        mode = stat.S_IMODE(about.st_mode)
        raise ConfigError(f"{what} {path} can be read by others (mode {mode:04o}): chmod 600 {path}")


def _from_credential(name: str, env: Mapping[str, str]) -> str:
    """A credential of systemd's (systemd.exec(5), LoadCredential=), which guards it itself."""
    folder = env.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise ConfigError(
            f"the credential {name} isn't there: CREDENTIALS_DIRECTORY isn't set; "
            f"start ackd by systemd with LoadCredential={name}:/path"
        )
    return _from_file(Path(folder) / name, private=False)


def _from_keyring(service: str, account: str) -> str:
    found = keyring_text(service, account)
    if found is None:
        raise ConfigError(
            f"the keyring has no secret for {account} in {service}: keyring set {service} {account}"
        )
    return found


def keyring_text(service: str, account: str) -> str | None:
    """What the keyring keeps for an account of a service; None where it keeps nothing. Raises ConfigError
    where there is no such package, and KeyringShut.

    It is asked beside: one that waits for its owner, or for a service that never answers, is left waiting,
    and what it says by the next look counts.
    """
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        raise ConfigError(
            "{keyring: …} needs the package keyring: install it beside ackd (pip install keyring), "
            "or keep the secret in {env: …} or {file: …}"
        ) from None
    asked = _asked.pop((service, account), None) or _Question(keyring, service, account)
    if not asked.over.wait(PATIENCE):
        _asked[service, account] = asked
        raise _shut(" in time")
    if asked.error is not None:
        if type(asked.error).__name__ == "NoKeyringError":  # the package looks for one when it is imported
            for name in [name for name in sys.modules if name.partition(".")[0] == "keyring"]:
                del sys.modules[name]
        raise _shut()
    return None if asked.found is None else str(asked.found)


def _shut(when: str = "") -> KeyringShut:
    words = f"the keyring can't be read{when}: unlock it, and ackd goes on; or use {{file: …}}"
    return KeyringShut(words, wait=AGAIN)


class _Question:
    """A question to the keyring, in a thread of its own."""

    def __init__(self, keyring: Any, service: str, account: str) -> None:
        self.over = threading.Event()
        self.found: Any = None
        self.error: Exception | None = None
        self._keyring, self._place = keyring, (service, account)
        threading.Thread(target=self._run, name="ackd keyring", daemon=True).start()

    def _run(self) -> None:
        try:
            self.found = self._keyring.get_password(*self._place)
        except Exception as error:  # noqa: BLE001 - the edge to other people's code, which raises what it likes
            self.error = error
        finally:
            self.over.set()


_asked: dict[tuple[str, str], _Question] = {}
