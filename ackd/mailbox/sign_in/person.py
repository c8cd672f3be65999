"""Access tokens of a person who signed in once: got by the refresh token, which changes with each use."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msal

from ackd.errors import ConfigError, SignInOver
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.sign_in.answers import COMMAND, Granted, asked, granted
from ackd.mailbox.sign_in.asking import Asking
from ackd.mailbox.sign_in.held import HeldTokens
from ackd.mailbox.sign_in.kept import KeptSignIn, SignInPlace
from ackd.model import Ending
from ackd.model.access import Access, OAuth

log = logging.getLogger(__name__)

#: Days without any use after which a sign-in ends (Entra ID's refresh tokens).
IDLE_DAYS = 90


class PersonTokens(HeldTokens):
    """The `SignIn` of a person. Other processes may use the same sign-in: what is kept counts, never what was
    read of it earlier."""

    def __init__(self, access: Access, oauth: OAuth, ticks: Callable[[], float]) -> None:
        """Raises SignInOver where nobody signed in, and ConfigError."""
        super().__init__(ticks)
        self._oauth = oauth
        self._place = SignInPlace(access.address, oauth)
        self._asking = Asking(HttpSession(access.ca_bundle, access.proxy))
        self._client: Any = None
        self._cache = msal.SerializableTokenCache()
        self._unsaved: tuple[KeptSignIn, KeptSignIn] | None = None  # what was kept, and what should be
        self.kept = self._place.read()

    def _acquire(self, *, refused: str, claims: str) -> Granted:
        with self._place.locked():
            before = self._place.read()
            is_unsaved = self._unsaved is not None and self._unsaved[0] == before
            self.kept = self._unsaved[1] if self._unsaved and is_unsaved else before
            self._cache.deserialize(self.kept.cache)
            found = asked(lambda: self._ask(refused, claims))
            if self._cache.has_state_changed:
                self.kept = replace(self.kept, cache=self._cache.serialize())
                self._keep(before)
        return granted(found, self._oauth)

    def _ask(self, refused: str, claims: str) -> Any:
        """Another process may have got a newer token than the one that was refused."""
        client, scopes = self._msal(), self.kept.scopes.split()
        account = next(iter(client.get_accounts()), None)
        if account is None:
            raise SignInOver(f"the sign-in in {self._place} names nobody", f"run: {COMMAND}")
        if not claims:
            found = client.acquire_token_silent_with_error(scopes, account)
            if not refused or (found or {}).get("access_token") != refused:
                return found
        return client.acquire_token_silent_with_error(
            scopes, account, force_refresh=True, claims_challenge=claims or None
        )

    def _msal(self) -> Any:
        if self._client is None:
            self._client = client_of(self._oauth, self._asking, self._cache)
        return self._client

    def _keep(self, before: KeptSignIn) -> None:
        """A token that can't be kept is used all the same: the disk may have room again later."""
        try:
            self._place.replace(self.kept)
            self._unsaved = None
        except ConfigError as error:
            self._unsaved = before, self.kept
            log.warning("event=sign-in-unkept: %s", error)

    @property
    def person(self) -> str:
        """See `SignIn`."""
        return self.kept.person

    @property
    def is_guest(self) -> bool:
        """See `SignIn`."""
        return not self.kept.is_owner

    def endings(self) -> tuple[Ending, ...]:
        """See `SignIn`: it lasts while it is used."""
        return ()

    def told(self) -> str:
        """See `SignIn`."""
        return f"{self.kept.person} is signed in; that ends when ackd doesn't run for {IDLE_DAYS} days"


def client_of(oauth: OAuth, asking: Asking, cache: Any) -> Any:
    """MSAL for a person. That it knows claims challenges isn't declared: tokens would live for a day then."""
    return msal.PublicClientApplication(
        oauth.client_id,
        authority=oauth.authority,
        instance_discovery=False,
        http_client=asking,
        token_cache=cache,
    )
