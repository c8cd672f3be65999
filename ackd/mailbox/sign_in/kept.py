"""The sign-in of a person, as it is kept: MSAL's cache with whose it is, in one file or in the keyring.

It is read and replaced whole, under a lock, since a refresh token is worth nothing once it was used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from filelock import FileLock, Timeout

from ackd import own_files
from ackd.config import store_secret
from ackd.config.read_secret import keyring_text
from ackd.errors import ConfigError, SignInOver, Unreachable
from ackd.mailbox.sign_in.answers import COMMAND
from ackd.model.access import OAuth

FILE, LOCK, ASIDE = "sign-in.json", "sign-in.lock", "sign-in.old"
LARGEST = 1_000_000  # bytes
#: Seconds that another process may hold the lock: longer than one request to the authority takes.
PATIENCE = 150
_MADE_BY = "ackd sign-in"


@dataclass(frozen=True, slots=True, repr=False)
class KeptSignIn:
    """Who signed in for which mailbox, by which registration, and what they granted (`scopes`, with spaces);
    `id` is another one with each sign-in, `cache` what MSAL keeps. `is_owner`: the mailbox is that person's
    own."""

    id: str
    address: str
    authority: str
    client_id: str
    person: str
    is_owner: bool
    scopes: str
    cache: str

    def fits(self, address: str, oauth: OAuth) -> bool:
        """Whether it is a sign-in for this mailbox by this registration."""
        whose = (self.address.lower(), self.authority, self.client_id)
        return whose == (address.lower(), oauth.authority, oauth.client_id)


class SignInPlace:
    """Where the sign-in for one mailbox is kept: beside the ledger, or in the keyring."""

    def __init__(self, address: str, oauth: OAuth) -> None:
        self._address, self._oauth = address, oauth
        self._file = oauth.state / FILE

    def __str__(self) -> str:
        return "the keyring" if self._oauth.in_keyring else str(self._file)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While nobody else reads or replaces it. Raises ConfigError, and Unreachable where another process
        holds it for too long."""
        folder = self._oauth.state
        try:
            own_files.own_folder(folder, "state")
            own_files.own_file(folder / LOCK, "state")
            lock = FileLock(folder / LOCK, timeout=PATIENCE, mode=0o600)
            lock.acquire()
        except Timeout:
            raise Unreachable("another ackd is busy with this sign-in") from None
        except OSError as error:
            raise ConfigError(f"state: {folder} can't be used: {error.strerror or error}") from error
        try:
            yield
        finally:
            lock.release()

    def read(self) -> KeptSignIn:
        """The sign-in. Raises SignInOver where there is none for this mailbox, or what is there can't be
        read."""
        text = self._text()
        if text is None:
            raise SignInOver("nobody has signed in for this mailbox yet", f"run: {COMMAND}")
        kept = _parsed(text)
        if kept is None:
            words = f"what is in {self} was cut off, or isn't ackd's"
            raise SignInOver(words, f"run: {COMMAND}, which keeps it aside")
        if not kept.fits(self._address, self._oauth):
            words = f"the sign-in in {self} is for another mailbox or registration"
            raise SignInOver(words, f"run: {COMMAND}")
        return kept

    def mark(self) -> str:
        """What changes with each sign-in, and not with each token; "" where there is none."""
        text = self._text()
        kept = _parsed(text) if text is not None else None
        return kept.id if kept else hashlib.sha256(text.encode()).hexdigest() if text else ""

    def replace(self, kept: KeptSignIn) -> None:
        """Keep this one instead, whole; what was there and isn't ackd's is kept aside. Raises ConfigError."""
        text = json.dumps({"made by": _MADE_BY, **asdict(kept)})
        if self._oauth.in_keyring:
            store_secret.store_in_keyring(_account(self._address), text)
            return
        own_files.own_file(self._file, "state")
        before = self._text()
        if before is not None and _parsed(before) is None:
            self._file.replace(self._file.with_name(ASIDE))
        store_secret.store_in_file(self._file, text, "state")

    def delete(self) -> bool:
        """Forget every sign-in that is kept here; whether there was one. Raises ConfigError."""
        if self._oauth.in_keyring:
            return store_secret.delete_from_keyring(store_secret.SERVICE, _account(self._address))
        files = [self._file.with_name(name) for name in (FILE, ASIDE)]
        there = [file for file in files if file.is_file()]
        try:
            for file in there:
                file.unlink()
        except OSError as error:
            raise ConfigError(f"state: {self._file} can't be deleted: {error.strerror or error}") from None
        return bool(there)

    def _text(self) -> str | None:
        if self._oauth.in_keyring:
            return keyring_text(store_secret.SERVICE, _account(self._address))
        own_files.own_file(self._file, "state")
        try:
            with self._file.open("rb") as file:
                return file.read(LARGEST).decode("utf-8", "replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigError(f"state: {self._file} can't be read: {error.strerror or error}") from None


def _account(address: str) -> str:
    return f"sign-in of {address}"


def _parsed(text: str) -> KeptSignIn | None:
    try:
        found = json.loads(text)
        if found.pop("made by") != _MADE_BY:
            return None
        kept = KeptSignIn(**found)
        is_whole = all(isinstance(getattr(kept, name), str) for name in _TEXTS)
        return kept if is_whole and isinstance(json.loads(kept.cache), dict) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


_TEXTS = ("id", "address", "authority", "client_id", "person", "scopes", "cache")
