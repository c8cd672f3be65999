"""Access tokens: signed, so that they hold from one start of a sandbox to the next, and read back."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange_sandbox.store.mailboxes import Mailbox

LIFETIME = 3599  # seconds that an access token lives
_ALGORITHM = "ES256"
_KEY_ID = "sandbox"
_MOST_KNOWN = 4096  # tokens that are remembered
GRAPH = "00000003-0000-0000-c000-000000000000"  # Microsoft Graph as an audience
EXCHANGE = "https://outlook.office365.com"
#: The permissions that open EWS.
EWS_SCOPES = frozenset(("EWS.AccessAsUser.All", "full_access_as_app"))


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an app (by its client id) and, unless it acts for itself, the person it acts for."""

    client: str
    mailbox: Mailbox | None
    scopes: frozenset[str]
    audience: str = GRAPH

    @property
    def is_app(self) -> bool:
        """Whether it acts for itself, and for nobody."""
        return self.mailbox is None

    def may(self, *scopes: str) -> bool:
        """Whether one of some permissions was given."""
        return bool(self.scopes & set(scopes))


class Signer:
    """Signs and reads tokens with a key that the data directory keeps. Thread-safe."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "token.key"
        self._lock = threading.Lock()
        self._pair: tuple[Any, Any] | None = None
        self._known: dict[str, dict[str, Any]] = {}

    def sign(self, claims: dict[str, Any]) -> str:
        """A token that says this."""
        import jwt  # few need it, and cryptography takes time to load

        return jwt.encode(claims, self._keys()[0], algorithm=_ALGORITHM, headers={"kid": _KEY_ID})

    def read(self, token: str) -> dict[str, Any] | None:
        """What a token of ours says, whether it is still good or not; None if it is none."""
        import jwt

        known = self._known.get(token)
        if known is not None:
            return known
        unchecked = {"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._keys()[1],
                algorithms=[_ALGORITHM],
                options=unchecked,  # type: ignore[arg-type]
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            return None
        with self._lock:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[token] = claims
        return claims

    def keys(self) -> dict[str, Any]:
        """The public key, as a JSON Web Key Set."""
        from jwt.algorithms import ECAlgorithm

        key: dict[str, Any] = ECAlgorithm.to_jwk(self._keys()[1], as_dict=True)
        return {"keys": [{**key, "use": "sig", "kid": _KEY_ID, "alg": _ALGORITHM}]}

    def _keys(self) -> tuple[Any, Any]:
        with self._lock:
            if self._pair is None:
                private = _load(self._file)
                self._pair = (private, private.public_key())
            return self._pair


def _load(file: Path) -> Any:
    """The key in a file, which is made if it isn't there."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    if not file.is_file():
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(pem)
    return serialization.load_pem_private_key(file.read_bytes(), None)
