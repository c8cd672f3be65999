"""An app that may reach every mailbox of a sandbox, and its tokens over plain http: MSAL wants https, which
the contract suite has."""

from __future__ import annotations

import requests

from ackd.errors import Unreachable
from ackd.ports import Clock

APP, SECRET = "11111111-0000-4000-8000-000000000001", "app-secret"
SCOPE = "https://graph.microsoft.com/.default"


class AppTokens:
    """The `Tokens` of Graph's wire; a token is renewed before it ends, by the clock of the story."""

    def __init__(self, sign_in: str, clock: Clock) -> None:
        self._url = f"{sign_in}/oauth2/v2.0/token"
        self._clock = clock
        self._token, self._ends = "", 0.0

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        if anew or self._clock.ticks() >= self._ends:
            form = {"grant_type": "client_credentials", "client_id": APP, "client_secret": SECRET}
            try:
                answer = requests.post(self._url, data={**form, "scope": SCOPE}, timeout=60)
            except requests.RequestException as error:
                raise Unreachable("the sign-in can't be reached") from error
            if answer.status_code >= 500:
                raise Unreachable("the sign-in fails")
            granted = answer.json()
            self._token = str(granted["access_token"])
            self._ends = self._clock.ticks() + granted["expires_in"] - 60
        return self._token
