"""Throttling, when asked for: what one user may ask of the server, as a policy of Exchange's limits it."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Self

_WINDOW = timedelta(minutes=1)
_GRAPH_WINDOW = timedelta(minutes=10)


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
    graph_connections: int | None = None
    """Graph, of an app and a mailbox: requests that are being answered (MailboxConcurrency, 4): one more gets
    429 ApplicationThrottled."""
    graph_requests: int | None = None
    """Graph, of an app and a mailbox: requests in ten minutes (10,000): one more gets 429."""

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


class TooMany(Exception):
    """One more than ``what`` allows; ``seconds`` until it is worth another try, None if nobody knows."""

    def __init__(self, what: str, seconds: float | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.seconds = seconds


class Throttle:
    """Counts what the users do. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._open: defaultdict[tuple[object, str], int] = defaultdict(int)
        self._recent: defaultdict[object, deque[datetime]] = defaultdict(deque)

    @contextmanager
    def request(self, user: int, now: datetime) -> Iterator[None]:
        """While a request of the user is answered; raises TooMany for one too many."""
        with ExitStack() as stack:
            stack.enter_context(self._one_more(user, "connections", self._limits.connections))
            self._count(user, now, self._limits.requests, _WINDOW)
            yield

    @contextmanager
    def graph_request(self, app: str, mailbox: int, now: datetime) -> Iterator[None]:
        """While a request of an app about a mailbox is answered by Graph; raises TooMany for one too many."""
        who = (app, mailbox)
        with ExitStack() as stack:
            stack.enter_context(self._one_more(who, "connections", self._limits.graph_connections))
            self._count(who, now, self._limits.graph_requests, _GRAPH_WINDOW)
            yield

    @contextmanager
    def stream(self, user: int) -> Iterator[None]:
        """While a stream of the user is open; raises TooMany for one too many."""
        with self._one_more(user, "streams", self._limits.streams):
            yield

    @contextmanager
    def _one_more(self, user: object, what: str, most: int | None) -> Iterator[None]:
        key = (user, what)
        with self._lock:
            if most is not None and self._open[key] >= most:
                raise TooMany(what)
            self._open[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[key] -= 1

    def _count(self, user: object, now: datetime, most: int | None, window: timedelta) -> None:
        if most is None:
            return
        with self._lock:
            recent = self._recent[user]
            while recent and recent[0] <= now - window:
                recent.popleft()
            if len(recent) >= most:
                raise TooMany("requests", (recent[0] + window - now).total_seconds())
            recent.append(now)
