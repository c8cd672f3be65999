"""Who is to be told of what: the subscriptions of a running server. They end with it, as Exchange's do."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.store.events import Wanted

Way = Literal["pull", "push", "streaming"]
_FORGOTTEN = 10_000  # expired subscriptions beyond so many are no longer told from those that never were


@dataclass(slots=True)
class Subscription:
    """One subscription of a mailbox's owner. ``position`` is the last event that was told, ``reader`` what
    reads it now: a later reader takes it over."""

    id: str
    way: Way
    wanted: Wanted
    lasts: timedelta
    position: int
    used: datetime
    reader: object = None

    @property
    def owner(self) -> int:
        """The number of the mailbox whose owner subscribed."""
        return self.wanted.mailbox


class Subscriptions:
    """All subscriptions, and a way to wait for news. Thread-safe; ``most`` are allowed to a mailbox."""

    def __init__(self, store: UUID, most: int | None = None) -> None:
        self._store = store
        self._most = most
        self._known: dict[str, Subscription] = {}
        self._expired: OrderedDict[str, None] = OrderedDict()
        self._news = threading.Condition()
        self._version = 0
        self.closed = False

    # the list

    def add(self, way: Way, wanted: Wanted, lasts: timedelta, position: int, now: datetime) -> Subscription:
        """Subscribe; raises ErrorExceededSubscriptionCount."""
        with self._news:
            self._expire(now)
            own = sum(one.owner == wanted.mailbox for one in self._known.values())
            if self._most is not None and own >= self._most:
                raise EwsError("ErrorExceededSubscriptionCount")
            name = ids.encode(self._store, ids.SUBSCRIPTION, wanted.mailbox, secrets.randbits(63))
            made = self._known[name] = Subscription(name, way, wanted, lasts, position, now)
            return made

    def get(self, name: str, owner: int, now: datetime) -> Subscription:
        """The subscription with this id, which is used by that; raises ErrorInvalidSubscription,
        ErrorSubscriptionNotFound, ErrorExpiredSubscription, ErrorSubscriptionAccessDenied."""
        with self._news:
            self._expire(now)
            found = self._known.get(name)
            if found is None:
                raise EwsError(self._missing(name))
            if found.owner != owner:
                raise EwsError("ErrorSubscriptionAccessDenied")
            found.used = now
            return found

    def _missing(self, name: str) -> str:
        try:
            kind = ids.decode(self._store, name.strip()).kind
        except Refused as failure:
            error = in_ews(failure)
            known = error.code == "ErrorItemNotFound"  # another server's, or from before a restart
            return "ErrorSubscriptionNotFound" if known else "ErrorInvalidSubscription"
        if kind != ids.SUBSCRIPTION:
            return "ErrorInvalidSubscription"
        return "ErrorExpiredSubscription" if name in self._expired else "ErrorSubscriptionNotFound"

    def remove(self, one: Subscription) -> None:
        """End a subscription; whoever reads it notices."""
        with self._news:
            self._known.pop(one.id, None)
        self.wake()

    def is_there(self, one: Subscription) -> bool:
        """Whether the subscription goes on."""
        return one.id in self._known

    def keep(self, some: list[Subscription], now: datetime) -> None:
        """Note that these are in use."""
        for one in some:
            one.used = now

    def _expire(self, now: datetime) -> None:
        for one in [one for one in self._known.values() if now - one.used > one.lasts]:
            del self._known[one.id]
            self._expired[one.id] = None
            if len(self._expired) > _FORGOTTEN:
                self._expired.popitem(last=False)

    # news

    @property
    def version(self) -> int:
        """Grows with each :meth:`wake`."""
        return self._version

    def wake(self) -> None:
        """Something may have happened: look again."""
        with self._news:
            self._version += 1
            self._news.notify_all()

    def wait(self, version: int, seconds: float) -> None:
        """Return as soon as there was news since ``version``, or after a time, or when the server stops."""
        with self._news:
            self._news.wait_for(lambda: self.closed or self._version != version, seconds)

    def close(self) -> None:
        """The server stops: nobody waits any longer."""
        self.closed = True
        self.wake()
