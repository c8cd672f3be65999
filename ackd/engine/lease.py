"""Taking the mailbox's lease, and what is known of another ackd that holds it.

A lease that was left behind is over ten minutes after the server's moment of its making. A server that
doesn't tell its time can't say when that is: then a lease that was met unchanged for as long by our
own clocks is over.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from datetime import timedelta

from ackd.engine import waiting
from ackd.errors import AckdError
from ackd.model import LEASE_TIME, Lease, ValueKey, load_stamp, passed
from ackd.ports import Clock, Coordination, Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Met:
    """Another's lease as it was met first: its key and holder, since when it is held (ISO 8601, by the
    server where that is known), and a stamp of when it was met."""

    key: str
    holder: str
    since: str
    stamp: str

    @property
    def words(self) -> str:
        """What the owner should know."""
        return (
            f"another ackd ({self.holder[:8] or 'unnamed'}) holds the mailbox's lease since {self.since}: "
            f"nothing is written before it gives it back, or before that is over, in "
            f"{LEASE_TIME / timedelta(minutes=1):g} minutes at most"
        )


def met(ledger: Ledger) -> Met | None:
    """The lease that stands in the way, where one did at the last try."""
    value = ledger.value(ValueKey.FOREIGN_LEASE)
    return Met(**json.loads(value)) if value else None


def forget(ledger: Ledger) -> None:
    """Nothing stands in the way any more."""
    if ledger.value(ValueKey.FOREIGN_LEASE) is not None:
        ledger.remember(ValueKey.FOREIGN_LEASE, None)


def take(mailbox: Coordination, ledger: Ledger, clock: Clock, holder: str) -> Lease | None:
    """The right to act; None while another has it, which is remembered for `ackd status`."""
    known, now = met(ledger), waiting.stamp(mailbox, clock)
    gone = passed(load_stamp(known.stamp), now) if known else None
    over = known.key if known and gone is not None and gone >= LEASE_TIME else ""
    lease = mailbox.take_lease(holder, over)
    if lease is not None:
        if known is not None:
            ledger.remember(ValueKey.FOREIGN_LEASE, None)
        return lease
    foreign = mailbox.busy_lease()
    if foreign and (known is None or known.key != foreign.key or gone is None):
        since = (foreign.since or clock.now()).isoformat(timespec="seconds")
        snapshot = Met(foreign.key, foreign.holder, since, waiting.stamp(mailbox, clock).dump())
        ledger.remember(ValueKey.FOREIGN_LEASE, json.dumps(asdict(snapshot)))
    log.info("event=lease-busy: another ackd acts on this mailbox")
    return None


def give_back(mailbox: Coordination, taken: Lease) -> None:
    """Give it back; where that fails it ends by itself, or we take it anew."""
    try:
        mailbox.release(taken)
    except AckdError as error:
        log.warning("event=lease-kept: the lease could not be given back: %s", error)
