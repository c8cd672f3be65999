"""The one sign-in of all mailboxes: what is refused to it isn't asked again and again for each of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ackd.config import Config
from ackd.errors import SignInRefused
from ackd.mailbox import app_tokens
from ackd.mailbox.tokens import SignIn
from ackd.model import Ending
from ackd.ports import Clock, Ledger
from ackd.runtime.credentials import guard_of, secret_of

#: Seconds for which the authority's refusal counts for all mailboxes.
REFUSED_FOR = 60.0
#: Seconds within which a token that was got anew counts as new for the others, too.
NEW_FOR = 10.0


class SharedTokens:
    """The `SignIn` of an app, for the threads of a worker."""

    person = ""
    is_guest = False

    def __init__(self, inner: SignIn, ticks: Callable[[], float]) -> None:
        self._inner, self._ticks = inner, ticks
        self._guard = threading.Lock()
        self._refused: tuple[float, SignInRefused] | None = None
        self._renewed = float("-inf")

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        """See `Tokens`."""
        with self._guard:
            now = self._ticks()
            if self._refused is not None and now < self._refused[0]:
                raise self._refused[1]
            is_new = now - self._renewed < NEW_FOR
            try:
                found = self._inner.token(anew=anew and not is_new, claims=claims)
            except SignInRefused as error:
                self._refused = now + REFUSED_FOR, error
                raise
            self._refused = None
            if anew and not is_new:
                self._renewed = now
            return found

    def endings(self) -> tuple[Ending, ...]:
        """See `SignIn`."""
        return self._inner.endings()

    def told(self) -> str:
        """See `SignIn`."""
        return self._inner.told()


class FleetSignIn:
    """By what all mailboxes are opened. A service account's password that was refused is known to all
    workers: more tries would lock the account."""

    def __init__(self, config: Config, ledger: Ledger, clock: Clock) -> None:
        """`config` is any mailbox's; `ledger` the fleet's own. Raises ConfigError, KeyringShut."""
        self.secret = secret_of(config)
        inner = app_tokens(config, self.secret, clock)
        self.tokens = SharedTokens(inner, clock.ticks) if inner is not None else None
        self._guard = None if inner is not None else guard_of(config, ledger, clock, self.secret)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """A try with it. Raises SignInRefused where it isn't time for one."""
        if self._guard is None:
            yield
            return
        with self._guard.trying():
            yield
