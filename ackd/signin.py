"""A refused sign-in isn't tried again with the same secret, across restarts too: servers lock
accounts after a few wrong passwords."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime

from ackd.errors import SignInRefused
from ackd.ports import Ledger

KEY = "refused_sign_in"


class SignInGuard:
    """Remembers in the ledger which secret was refused, as a salted, slow hash."""

    def __init__(self, ledger: Ledger, secret: str) -> None:
        self._ledger = ledger
        self._secret = secret

    def check(self) -> None:
        """Raises SignInRefused where this very secret was refused before."""
        stored = self._ledger.value(KEY)
        if stored is None:
            return
        record = json.loads(stored)
        if self._hash(record["salt"]) != record["hash"]:
            if not self._ledger.swap(KEY, stored, None):
                self.check()  # a command beside the service met a refusal just now
            return  # another secret: it gets its chance
        raise SignInRefused(
            f"the server refused this password (401) at {record['at']}, so ackd doesn't try it again: "
            "that could lock the account. Set the right one, or run `ackd check` to try this one once more"
        )

    def remember(self, now: datetime) -> None:
        """The server refused the secret."""
        salt = secrets.token_hex(16)
        record = {"salt": salt, "hash": self._hash(salt), "at": now.isoformat(timespec="seconds")}
        self._ledger.remember(KEY, json.dumps(record))

    def forget(self) -> None:
        """The secret may be tried (again)."""
        self._ledger.remember(KEY, None)

    def _hash(self, salt: str) -> str:
        return hashlib.scrypt(self._secret.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()
