"""Putting a secret where it is kept: the platform's keyring, or a file of the owner's alone."""

from __future__ import annotations

import importlib
from pathlib import Path

from ackd import own_files
from ackd.config.read_secret import keyring_text
from ackd.errors import ConfigError

SERVICE = "ackd"  # the keyring's word for who asks
FILE = "ackd-password"  # beside the configuration; the name of the credential too
_TRIAL = "ackd-trial"


def keyring_works() -> bool:
    """Whether there is a keyring that keeps what it is given: tried with a word of no meaning."""
    try:
        keyring = importlib.import_module("keyring")
        errors = importlib.import_module("keyring.errors")
    except ImportError:
        return False
    try:
        if keyring.get_keyring().priority < 1:  # a stand-in that keeps nothing, or in the clear
            return False
        keyring.set_password(_TRIAL, _TRIAL, _TRIAL)
        found = keyring.get_password(_TRIAL, _TRIAL)
        keyring.delete_password(_TRIAL, _TRIAL)
    except (errors.KeyringError, RuntimeError, OSError, ValueError):
        return False
    return bool(found == _TRIAL)


def store_in_keyring(account: str, secret: str) -> None:
    """Raises ConfigError, without the secret, where the keyring refuses."""
    keyring = importlib.import_module("keyring")
    errors = importlib.import_module("keyring.errors")
    try:
        keyring.set_password(SERVICE, account, secret)
    except (errors.KeyringError, RuntimeError, OSError, ValueError):
        raise ConfigError("the keyring didn't take the secret: unlock it, or keep it in a file") from None


def delete_from_keyring(service: str, account: str) -> bool:
    """Whether there was something, which is gone now by the keyring's own word. Raises ConfigError where it
    refuses."""
    if keyring_text(service, account) is None:
        return False
    keyring = importlib.import_module("keyring")
    errors = importlib.import_module("keyring.errors")
    try:
        keyring.delete_password(service, account)
    except (errors.KeyringError, RuntimeError, OSError, ValueError):
        raise ConfigError(f"the keyring didn't delete what it keeps for {account}: unlock it") from None
    if keyring_text(service, account) is not None:
        raise ConfigError(f"the keyring still keeps something for {account}: delete it there yourself")
    return True


def store_in_file(path: Path, text: str, what: str = "configuration") -> None:
    """Write a file that its owner alone may read, whatever was there before; its folder is made if
    need be. Raises ConfigError, which names the file as `what`, where it can't be written, or others could
    replace it."""
    try:
        own_files.make_folder(path.parent)
        own_files.check_way(path, what)
        own_files.write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} can't be written: {error.strerror or error}") from None
