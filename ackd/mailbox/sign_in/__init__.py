"""Sign-in by access tokens (OAuth 2.0), through msal, for both ways to a mailbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from ackd.mailbox.sign_in import scopes
from ackd.mailbox.sign_in.app import AppTokens
from ackd.mailbox.sign_in.kept import SignInPlace
from ackd.mailbox.sign_in.person import PersonTokens
from ackd.model.access import Access, OAuth

__all__ = ["AppTokens", "PersonTokens", "SignInPlace", "mark_of", "tokens_of"]


def tokens_of(access: Access, oauth: OAuth, ticks: Callable[[], float]) -> AppTokens | PersonTokens:
    """Tokens for the server of an access; nothing is asked yet. Raises ConfigError, and SignInOver where
    nobody signed in."""
    if oauth.way.is_app:
        return AppTokens(access, oauth, scopes.of_app(access), ticks)
    return PersonTokens(access, oauth, ticks)


def mark_of(access: Access, oauth: OAuth) -> str:
    """What makes this sign-in: with another mark it is worth another try. Raises ConfigError."""
    if not oauth.way.is_app:
        return SignInPlace(access.address, oauth).mark()
    return access.password + (_digest(oauth) if oauth.certificate else "")


def _digest(oauth: OAuth) -> str:
    try:
        return hashlib.sha256(oauth.certificate.read_bytes()).hexdigest() if oauth.certificate else ""
    except OSError:
        return ""  # to be told by whoever uses it
