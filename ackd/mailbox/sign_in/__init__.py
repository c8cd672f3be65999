"""Sign-in by access tokens (OAuth 2.0), through msal."""

from __future__ import annotations

from urllib.parse import urlsplit

from ackd.errors import SignInRefused
from ackd.mailbox.sign_in.app import AppTokens, Credential
from ackd.mailbox.sign_in.certificate import read_certificate
from ackd.mailbox.sign_in.tokens import Tokens
from ackd.model.access import Access, OAuth, SignInWay

__all__ = ["AppTokens", "Tokens", "tokens_of"]


def tokens_of(access: Access, oauth: OAuth) -> Tokens:
    """Tokens for the server of an access. Raises ConfigError, and SignInRefused where nobody signed in."""
    if not oauth.way.is_app:
        raise SignInRefused("nobody has signed in for this mailbox yet: run: ackd sign-in")
    place = urlsplit(access.endpoint)
    return AppTokens(
        oauth.authority,
        oauth.client_id,
        _credential(access, oauth),
        f"{place.scheme}://{place.netloc}/.default",
        access.ca_bundle,
        access.proxy,
    )


def _credential(access: Access, oauth: OAuth) -> Credential:
    if oauth.way is SignInWay.SECRET or oauth.certificate is None:
        return access.password
    found = read_certificate(oauth.certificate, access.password)
    return {"private_key": found.key, "public_certificate": found.certificate}
