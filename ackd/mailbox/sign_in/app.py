"""Access tokens by MSAL: an app's own, by its secret or certificate."""

from __future__ import annotations

from typing import Any

import msal
import requests

from ackd.errors import SignInRefused, Unreachable
from ackd.mailbox.http_session import HttpSession

TIMEOUT_SECONDS = 60


#: An app's proof: its secret, or a certificate as MSAL takes it.
Credential = str | dict[str, str]


class AppTokens:
    """`Tokens` of an app, for which nobody signs in."""

    def __init__(
        self,
        authority: str,
        client_id: str,
        credential: Credential,
        scope: str,
        ca_bundle: str | None,
        proxy: str | None = None,
    ) -> None:
        """`scope` says what the token is for, such as https://graph.microsoft.com/.default."""
        self._scopes = [scope]
        self._asked: tuple[str, Credential, str] = (client_id, credential, authority)
        self._http = _Http(HttpSession(ca_bundle, proxy))
        self._app: Any = None
        self._token = ""

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        """See `Tokens`. MSAL keeps it until it ends."""
        try:
            found = self._client(anew=anew).acquire_token_for_client(
                self._scopes, claims_challenge=claims or None
            )
        except requests.RequestException as error:
            raise Unreachable(f"the sign-in can't be reached: {type(error).__name__}") from error
        except ValueError as error:
            raise Unreachable("the sign-in's answer can't be read") from error
        token = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(token, str):
            raise SignInRefused(f"the sign-in was refused: {_reason(found)}: run: ackd sign-in")
        return token

    def _client(self, *, anew: bool) -> Any:
        """A new one has no token that was refused."""
        if self._app is None or anew:
            client_id, credential, authority = self._asked
            self._app = msal.ConfidentialClientApplication(
                client_id,
                client_credential=credential,
                authority=authority,
                instance_discovery=False,
                http_client=self._http,
            )
        return self._app


class _Http:
    """What MSAL asks by."""

    def __init__(self, session: HttpSession) -> None:
        self._session = session

    def get(self, url: str, **how: Any) -> Any:
        return self._session.get(url, timeout=TIMEOUT_SECONDS, **how)

    def post(self, url: str, **how: Any) -> Any:
        return self._session.post(url, timeout=TIMEOUT_SECONDS, **how)

    def close(self) -> None:
        self._session.close()


def _reason(found: Any) -> str:
    """The error's code, and Microsoft's number for it; never the text, which may name people."""
    if not isinstance(found, dict):
        return "no answer"
    numbers = found.get("error_codes") or ()
    return ", ".join([str(found.get("error", "no reason"))[:60], *(f"AADSTS{one}" for one in numbers)])
