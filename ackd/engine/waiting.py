"""Waits before a second write, and whether this machine's clock may be gone by.

A machine's clock is set now and then: by hand, by NTP, by a battery that is empty. So no wait is
measured on it (`model.stamp`), and where it differs from the server's, nothing is decided or sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ackd.engine import promises
from ackd.errors import ClocksApart
from ackd.model import Lease, Pending, Stamp, passed
from ackd.ports import Clock, Coordination, Ledger

#: What the machine's clock and the server's may differ by.
TOLERATED = timedelta(minutes=5)


def stamp(mailbox: Coordination, clock: Clock) -> Stamp:
    """The present moment by clocks that nobody sets."""
    return Stamp(mailbox.server_time(), clock.boot(), clock.ticks())


def ripe(pendings: Sequence[Pending], now: Stamp, wait: timedelta) -> list[Pending]:
    """Of attempted effects, those since whose attempt the waiting time has surely passed."""
    gone = ((pending, passed(pending.effect.stamp, now)) for pending in pendings)
    return [pending for pending, span in gone if span is not None and span >= wait]


def count_anew(ledger: Ledger, pendings: Sequence[Pending], now: Stamp) -> None:
    """Where it can't be known how long ago an attempt was, the wait is counted anew from now on."""
    unknown = [p.effect.token for p in pendings if passed(p.effect.stamp, now) is None]
    if unknown:
        promises.count_anew(ledger, unknown, now)


def are_apart(server: datetime | None, *moments: datetime) -> bool:
    """Whether one of the machine's moments differs from the server's by more than is tolerated."""
    return server is not None and any(abs(moment - server) > TOLERATED for moment in moments)


def check(mailbox: Coordination, *moments: datetime) -> None:
    """Raises ClocksApart where the machine's moments aren't the server's."""
    server = mailbox.server_time()
    if server is None or not are_apart(server, *moments):
        return
    own = max(moments, key=lambda moment: abs(moment - server))
    raise ClocksApart(words(own, server))


def may_write(mailbox: Coordination, clock: Clock, lease: Lease, now: datetime) -> bool:
    """Asked right before a write that was made by the moment `now`: whether the lease is ours still, and
    the machine's clock the server's, then and now."""
    return mailbox.holds(lease) and not are_apart(mailbox.server_time(), now, clock.now())


def may_begin(mailbox: Coordination, clock: Clock, lease: Lease, now: datetime) -> Stamp | None:
    """Whether a write may be begun (`may_write`), by the stamp of this moment."""
    return stamp(mailbox, clock) if may_write(mailbox, clock, lease, now) else None


def words(own: datetime, server: datetime) -> str:
    """How far the clocks are apart, for the owner."""
    apart = timedelta(seconds=round(abs(own - server).total_seconds()))
    where = "ahead of" if own > server else "behind"
    return (
        f"this machine's clock is {apart} {where} the server's ({_shown(own)} here, "
        f"{_shown(server)} there): nothing is judged or sent until they agree; let this "
        "machine keep its time by NTP"
    )


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="minutes")
