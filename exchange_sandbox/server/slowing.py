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
from dataclasses import dataclass, field
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
    turn: threading.Lock = field(default_factory=threading.Lock)


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

    def check(self, peer: str, account: str, is_right: Callable[[], bool]) -> bool:
        """Whether a password is right. Those of one address and account are looked at in turn, so that no
        number at once gets round the count; a wrong one waits before this says so."""
        if self._delays is None:
            return is_right()
        known = self._of(peer, account)
        with known.turn:
            if known.waiting >= self._delays.at_once:
                return False
            if is_right():
                return True
            seconds = self._counted(known, self._delays)
        self._pass(known, seconds)
        return False

    def wrong(self, peer: str, account: str) -> None:
        """Something was wrong: wait, before the refusal goes out."""
        if self._delays is not None:
            known = self._of(peer, account)
            self._pass(known, self._counted(known, self._delays))

    def _of(self, peer: str, account: str) -> _Known:
        key = (_network(peer), account.strip().lower()[:_LONGEST_ACCOUNT])
        with self._lock:
            known = self._known.pop(key, None) or _Known()
            self._known[key] = known  # the newest last
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return known

    def _counted(self, known: _Known, delays: Delays) -> float:
        """One more; what it costs. Whoever waits is counted from here on."""
        with self._lock:
            now = self._now()
            is_over = now - known.last > delays.forget and not known.waiting
            known.wrong, known.last = 1 if is_over else known.wrong + 1, now
            seconds = delays.of(known.wrong)
            known.waiting += seconds > 0
        return seconds

    def _pass(self, known: _Known, seconds: float) -> None:
        if not seconds:
            return
        try:
            self._wait(seconds)
        finally:
            with self._lock:
                known.waiting -= 1


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
        address = ip_address(host.strip("[]"))
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return (mapped or address).is_loopback
    except ValueError:
        return host.strip().rstrip(".").lower() == "localhost"
