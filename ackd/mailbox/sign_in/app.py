"""Access tokens of an app that acts for itself, by its secret or certificate: nobody signs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msal

from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.sign_in.answers import Granted, asked, granted
from ackd.mailbox.sign_in.asking import Asking
from ackd.mailbox.sign_in.certificate import read_certificate
from ackd.mailbox.sign_in.held import HeldTokens
from ackd.model import AlarmKind, Ending
from ackd.model.access import Access, OAuth


class AppTokens(HeldTokens):
    """The `SignIn` of an app. They are kept in memory alone, since the proof gives others at any time."""

    person = ""
    is_guest = False

    def __init__(self, access: Access, oauth: OAuth, scope: str, ticks: Callable[[], float]) -> None:
        """`scope` says what the tokens are for, such as https://graph.microsoft.com/.default. Raises
        ConfigError for a certificate that can't be used."""
        super().__init__(ticks)
        self._oauth, self._scope = oauth, scope
        self._asking = Asking(HttpSession(access.ca_bundle, access.proxy))
        self._proof: str | dict[str, str] = access.password
        self._endings: tuple[Ending, ...] = ()
        if oauth.certificate is not None:
            found = read_certificate(oauth.certificate, access.password)
            self._proof = {"private_key": found.key, "public_certificate": found.certificate}
            self._endings = (Ending(AlarmKind.CERTIFICATE_ENDS, found.ends),)

    def _acquire(self, *, refused: str, claims: str) -> Granted:
        return granted(asked(lambda: self._ask(claims)), self._oauth)

    def _ask(self, claims: str) -> Any:
        """A new client has no token that was refused."""
        client = msal.ConfidentialClientApplication(
            self._oauth.client_id,
            client_credential=self._proof,
            authority=self._oauth.authority,
            instance_discovery=False,
            http_client=self._asking,
        )
        return client.acquire_token_for_client([self._scope], claims_challenge=claims or None)

    def endings(self) -> tuple[Ending, ...]:
        """See `SignIn`: an authority tells no app when its secret ends."""
        return self._endings

    def told(self) -> str:
        """See `SignIn`."""
        if self._endings:
            return f"an app signs in by a certificate, which ends on {self._endings[0].at:%Y-%m-%d}"
        return "an app signs in by a secret: when that ends only your administrators can see"
