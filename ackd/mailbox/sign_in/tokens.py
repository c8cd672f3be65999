"""Access tokens, held while they are good."""

from __future__ import annotations

import base64
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from ackd.errors import SignInRefused
from ackd.mailbox.sign_in.answers import Granted
from ackd.model import Ending

#: Seconds before a token's end from which on another one is got.
EARLY = 300.0


class Tokens(Protocol):
    """Access tokens for one mailbox."""

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        """An access token; with `anew` not the one that was given last, which the server refused, and one
        that satisfies the `claims` that it asked for. Raises SignInOver where the sign-in has ended,
        Unreachable, and Busy."""
        ...


class SignIn(Tokens, Protocol):
    """A sign-in that gives tokens."""

    @property
    def person(self) -> str:
        """Who signed in, as the authority names them; "" for an app."""
        ...

    @property
    def is_guest(self) -> bool:
        """Whether that is another person than the mailbox's owner."""
        ...

    def endings(self) -> tuple[Ending, ...]:
        """When it ends itself, as far as that can be known."""
        ...

    def told(self) -> str:
        """By what ackd signs in, and how that ends, for the owner."""
        ...


class HeldTokens(ABC):
    """A token is held until shortly before its end, by the clock that counts since the machine's boot."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._token, self._until = "", 0.0

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        """See `Tokens`."""
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


def claims_in(challenge: str) -> str:
    """The claims that a 401 asks for (base64), as JSON; "" where it asks for none."""
    found = re.search(r'claims="([A-Za-z0-9+/=_-]+)"', challenge)
    if not found or "insufficient_claims" not in challenge:
        return ""
    padded = found[1] + "=" * (-len(found[1]) % 4)
    try:
        return base64.b64decode(padded.replace("-", "+").replace("_", "/")).decode()
    except ValueError:
        return ""
