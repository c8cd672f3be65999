"""Waits before a second write, and whether this machine's clock may be gone by.

A machine's clock is set now and then: by hand, by NTP, by a battery that is empty. So no wait is
measured on it (`model.stamp`), and where it differs from the server's, nothing is decided or sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ackd.errors import ClocksApart
from ackd.model import Lease, Pending, Stamp, passed
from ackd.ports import Clock, Coordination, Ledger

#: What the machine's clock and the server's may differ by.
TOLERATED = timedelta(minutes=5)


def stamp(mailbox: Coordination, clock: Clock) -> Stamp:
    """The present moment by clocks that nobody sets."""
    return Stamp(mailbox.server_time(), clock.boot(), clock.ticks())


def ripe(
    pendings: Sequence[Pending], mailbox: Coordination, clock: Clock, ledger: Ledger, wait: timedelta
) -> list[Pending]:
    """Of attempted effects, those since whose attempt the waiting time has surely passed. Where it
    can't be known how long ago it was, it is counted anew from now on."""
    if not pendings:
        return []
    now = stamp(mailbox, clock)
    gone = {pending.effect.token: passed(pending.effect.stamp, now) for pending in pendings}
    unknown = [token for token, span in gone.items() if span is None]
    if unknown:
        ledger.count_anew(unknown, now)
    return [p for p in pendings if (span := gone[p.effect.token]) is not None and span >= wait]


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


def words(own: datetime, server: datetime) -> str:
    """How far the clocks are apart, for the owner."""
    apart = timedelta(seconds=round(abs(own - server).total_seconds()))
    where = "ahead of" if own > server else "behind"
    return (
        f"this machine's clock is {apart} {where} the server's ({own:%Y-%m-%d %H:%M} here, "
        f"{server:%Y-%m-%d %H:%M} there, UTC): nothing is judged or sent until they agree; let this "
        "machine keep its time by NTP"
    )
