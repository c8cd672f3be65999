"""An app that may reach every mailbox of a sandbox: its tokens by MSAL, which wants https, and over plain
http."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests

from ackd.errors import Unreachable
from ackd.mailbox import sign_in
from ackd.model.access import Access, Auth, MailboxKind, OAuth, SignInWay
from ackd.ports import Clock
from exchange_sandbox import Sandbox

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


def access_to(
    sandbox: Sandbox,
    address: str,
    way: SignInWay = SignInWay.SECRET,
    *,
    state: Path | None = None,
    **how: Any,
) -> Access:
    """A mailbox of a sandbox that serves by TLS, by Graph; the app's unless `way` is a person's."""
    oauth = OAuth(sandbox.sign_in_url, APP, way, state or sandbox.data, **how)
    trusted, kind = str(sandbox.authority), MailboxKind.GRAPH
    return Access(address, sandbox.graph_url, address, SECRET, Auth.OAUTH, trusted, kind=kind, oauth=oauth)


def tokens_for(sandbox: Sandbox, address: str, clock: Clock) -> sign_in.AppTokens:
    """The app's tokens, by MSAL."""
    access = access_to(sandbox, address)
    assert access.oauth
    tokens = sign_in.tokens_of(access, access.oauth, clock.ticks)
    assert isinstance(tokens, sign_in.AppTokens)
    return tokens
