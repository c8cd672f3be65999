"""Where access tokens come from."""

from __future__ import annotations

from typing import Protocol


class Tokens(Protocol):
    """Access tokens for one mailbox."""

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        """An access token; with `anew` not the one that was given last, which the server refused, and one
        that satisfies the `claims` that it asked for. Raises SignInRefused where the sign-in is over, and
        Unreachable."""
        ...
