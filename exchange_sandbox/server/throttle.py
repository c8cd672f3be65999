"""Throttling, when asked for: what one user may ask of the server, as a policy of Exchange's limits it."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Self

from exchange_sandbox.ews.errors import RequestFault

_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one user may have; None: without limit."""

    connections: int | None = None
    """Requests that are being answered (EWSMaxConcurrency): one more gets ErrorExceededConnectionCount."""
    streams: int | None = None
    """Open GetStreamingEvents (HangingConnectionLimit): one more gets ErrorExceededConnectionCount."""
    subscriptions: int | None = None
    """Subscriptions (EWSMaxSubscriptions): one more gets ErrorExceededSubscriptionCount."""
    requests: int | None = None
    """Requests a minute: one more gets ErrorServerBusy, and after how long to come back."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Limits from ``NAME=NUMBER`` each; raises ValueError with the remedy."""
        known = [one.name for one in fields(cls)]
        values = {}
        for text in texts:
            name, _, number = text.partition("=")
            if name not in known or not (number.isascii() and number.isdigit() and int(number)):
                raise ValueError(
                    f"{text!r} is no limit; expected NAME=NUMBER, NAME one of {', '.join(known)}"
                )
            values[name] = int(number)
        return cls(**values)


class Throttle:
    """Counts what the users do. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._open: defaultdict[tuple[int, str], int] = defaultdict(int)
        self._recent: defaultdict[int, deque[datetime]] = defaultdict(deque)

    @contextmanager
    def request(self, user: int, now: datetime) -> Iterator[None]:
        """While a request of the user is answered; raises RequestFault for one too many."""
        with ExitStack() as stack:
            stack.enter_context(self._one_more(user, "connections", self._limits.connections))
            self._count(user, now)
            yield

    @contextmanager
    def stream(self, user: int) -> Iterator[None]:
        """While a stream of the user is open; raises RequestFault for one too many."""
        with self._one_more(user, "streams", self._limits.streams):
            yield

    @contextmanager
    def _one_more(self, user: int, what: str, most: int | None) -> Iterator[None]:
        key = (user, what)
        with self._lock:
            if most is not None and self._open[key] >= most:
                raise RequestFault(
                    "ErrorExceededConnectionCount",
                    "You have exceeded the available concurrent connections for your account. Try again once"
                    " your other requests have completed.",
                )
            self._open[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[key] -= 1

    def _count(self, user: int, now: datetime) -> None:
        most = self._limits.requests
        if most is None:
            return
        with self._lock:
            recent = self._recent[user]
            while recent and recent[0] <= now - _WINDOW:
                recent.popleft()
            if len(recent) >= most:
                wait = int((recent[0] + _WINDOW - now).total_seconds() * 1000)
                raise busy(wait)
            recent.append(now)


def busy(milliseconds: int) -> RequestFault:
    """The server has no time now; ``milliseconds`` until it is worth another try."""
    return RequestFault(
        "ErrorServerBusy",
        "The server cannot service this request right now. Try again later.",
        {"BackOffMilliseconds": str(milliseconds)},
    )
