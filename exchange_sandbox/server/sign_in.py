"""Who signs in to EWS: with a password (Basic, RFC 7617) or with an access token (Bearer, RFC 6750)."""

from __future__ import annotations

import base64
import binascii
import hmac
import os

from exchange_sandbox.authority.bearer import Bearer, Unknown
from exchange_sandbox.authority.tokens import EWS_SCOPES
from exchange_sandbox.server.slowing import Slowing
from exchange_sandbox.store import kept, mailboxes
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.mailboxes import Mailbox

#: Stands for an account where a token was no good.
OF_TOKENS = "a token"


class Doorman:
    """Knows who signs in. A right password is remembered by a keyed digest, since checking is slow."""

    def __init__(self, store: Store, bearer: Bearer, slowing: Slowing) -> None:
        self._store = store
        self._bearer = bearer
        self._slowing = slowing
        self._key = os.urandom(32)
        self._known: dict[tuple[str, str], bytes] = {}

    def let_in(self, authorization: str | None, wanted: str, peer: str) -> Mailbox | None:
        """The mailbox of a user with this Authorization header, who comes from the address ``peer``; None if
        it is not to be let in, perhaps after a while. An app that acts for itself is let in to the mailbox
        that is ``wanted``, an address, and so is a service account that may impersonate."""
        scheme, _, encoded = (authorization or "").partition(" ")
        if scheme.lower() == "bearer":
            return self._by_token(authorization or "", wanted, peer)
        if scheme.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        with self._store.read() as db:
            mailbox = mailboxes.by_user_name(db, user)
        account = mailbox.address if mailbox is not None else user
        digest = hmac.digest(self._key, password.encode(), "sha256")

        def is_right() -> bool:
            return mailbox is not None and self._is_right(mailbox, password, digest)

        if self._is_known(mailbox, digest) or self._slowing.check(peer, account, is_right):
            return self._impersonated(mailbox, wanted) or mailbox
        return None

    def _impersonated(self, account: Mailbox | None, wanted: str) -> Mailbox | None:
        """The mailbox in whose name a service account wants to work, if it may, and there is one."""
        if account is None or not wanted:
            return None
        with self._store.read() as db:
            return mailboxes.find(db, wanted) if kept.read(db, account.id, kept.IMPERSONATES) else None

    def _is_known(self, mailbox: Mailbox | None, digest: bytes) -> bool:
        known = self._known.get((mailbox.address, mailbox.password)) if mailbox is not None else None
        return known is not None and hmac.compare_digest(known, digest)

    def _is_right(self, mailbox: Mailbox, password: str, digest: bytes) -> bool:
        if not mailboxes.password_is(mailbox, password):
            return False
        self._known[mailbox.address, mailbox.password] = digest
        return True

    def impersonates(self, authorization: str | None, wanted: str, user: Mailbox) -> bool:
        """Whether who was let in as ``user`` may work in the name of ``wanted``: an app that acts for itself,
        or a service account."""
        try:
            return self._bearer.principal(authorization or "").is_app
        except Unknown:
            pass
        name, _, encoded = (authorization or "").partition(" ")
        if name.lower() != "basic" or not wanted:
            return False
        with self._store.read() as db:
            account = mailboxes.by_user_name(db, base64.b64decode(encoded).decode().partition(":")[0])
            may = account is not None and bool(kept.read(db, account.id, kept.IMPERSONATES))
        return may and user.address.casefold() == wanted.casefold()

    def _by_token(self, authorization: str, wanted: str, peer: str) -> Mailbox | None:
        try:
            who = self._bearer.principal(authorization)
        except Unknown:
            self._slowing.wrong(peer, OF_TOKENS)
            return None
        if not who.may(*EWS_SCOPES):
            return None
        if who.mailbox is not None:
            return who.mailbox
        with self._store.read() as db:
            return mailboxes.find(db, wanted)
