"""What a backend asks of a sign-in by access tokens."""

from __future__ import annotations

import base64
import re
from typing import Protocol

from ackd.model import Ending


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
