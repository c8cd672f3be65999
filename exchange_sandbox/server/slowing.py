"""Wrong passwords cost their senders time: each costs more than the one before, up to a limit.

Counted by the address that a request comes from (of IPv6 by its /64, which one machine has whole) and the
account, so that nobody else waits: not other clients, and not the account's own person elsewhere. A right
password isn't delayed; only while several wrong ones of the same address and account wait are further tries
refused unread. It doesn't end the count: that goes with time.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

_MOST_KNOWN = 10_000
_LONGEST_ACCOUNT = 320


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds that wrong passwords cost: none for the first ``free`` ones, then ``first``, twice as much each
    time, and never more than ``most``. After ``forget`` seconds without one the count begins anew; no more
    than ``at_once`` wait at a time."""

    free: int = 2
    first: float = 1
    most: float = 16
    forget: float = 900
    at_once: int = 3

    def of(self, wrong: int) -> float:
        """What the last of so many wrong passwords costs."""
        over = wrong - self.free
        return min(self.first * 2 ** min(over - 1, 30), self.most) if over > 0 else 0


@dataclass(slots=True)
class _Known:
    wrong: int = 0
    last: float = 0
    waiting: int = 0


class Slowing:
    """Counts wrong passwords. Thread-safe; with no ``delays`` it does nothing. ``wait`` waits in the thread
    of the connection, ``now`` are the seconds of a clock that nobody sets."""

    def __init__(
        self,
        delays: Delays | None,
        wait: Callable[[float], object],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._delays = delays
        self._wait = wait
        self._now = now
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    def may_try(self, peer: str, account: str) -> bool:
        """Whether a password is looked at: not while several wrong ones from there wait."""
        if self._delays is None:
            return True
        with self._lock:
            known = self._known.get(_key(peer, account))
            return known is None or known.waiting < self._delays.at_once

    def wrong(self, peer: str, account: str) -> float:
        """It was wrong: wait, before the refusal goes out. Returns the seconds."""
        if self._delays is None:
            return 0
        with self._lock:
            known = self._counted(_key(peer, account), self._delays)
            known.waiting += 1
            seconds = self._delays.of(known.wrong)
        try:
            if seconds:
                self._wait(seconds)
        finally:
            with self._lock:
                known.waiting -= 1
        return seconds

    def _counted(self, key: tuple[str, str], delays: Delays) -> _Known:
        now = self._now()
        known = self._known.pop(key, None)
        if known is None or (now - known.last > delays.forget and not known.waiting):
            known = _Known()
        known.wrong, known.last = known.wrong + 1, now
        self._known[key] = known  # the newest last
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return known


def _key(peer: str, account: str) -> tuple[str, str]:
    return _network(peer), account.strip().lower()[:_LONGEST_ACCOUNT]


def _network(peer: str) -> str:
    try:
        address = ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if not isinstance(address, IPv6Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((address, 64), strict=False))


def is_loopback(host: str) -> bool:
    """Whether what serves on a host is reached from this machine alone, for certain: a name is so only if it
    is ``localhost``."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.strip().rstrip(".").lower() == "localhost"
