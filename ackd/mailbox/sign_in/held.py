"""Access tokens, held while they are good."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from ackd.errors import SignInRefused
from ackd.mailbox.sign_in.answers import Granted

#: Seconds before a token's end from which on another one is got.
EARLY = 300.0


class HeldTokens(ABC):
    """A token is held until shortly before its end, by the clock that counts since the machine's boot."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._token, self._until = "", 0.0
        self._guard = threading.Lock()  # mailboxes of a fleet share an app's

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        """See `Tokens`."""
        with self._guard:
            if anew or claims or not self._token or self._ticks() >= self._until:
                got = self._acquire(refused=self._token if anew else "", claims=claims)
                self._token, self._until = got.token, self._ticks() + got.seconds - EARLY
            return self._token

    @abstractmethod
    def _acquire(self, *, refused: str, claims: str) -> Granted:
        """A token other than the `refused` one."""


class GivenToken:
    """`Tokens` of one that was just got, before there is a sign-in that gives others."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        """See `Tokens`."""
        if anew:
            raise SignInRefused("the server refused the token that the authority just gave")
        return self._token
