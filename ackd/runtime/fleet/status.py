"""How a fleet stands, by the database alone: numbers and troubles, nothing of a mail."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ackd.config.fleet import Fleet
from ackd.errors import ConfigError
from ackd.model import ValueKey
from ackd.runtime.fleet import roster

if TYPE_CHECKING:
    from ackd.runtime.ledgers import SharedDatabase

#: How many intervals late a mailbox may be, and still be healthy.
LATE = 2


@dataclass(frozen=True, slots=True)
class MailboxError:
    """What keeps a mailbox from being looked after, in words."""

    mailbox: str
    error: str


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """Named as `ackd fleet status --json` prints it. `lag_p95_s`: of 95 in a hundred mailboxes that were ever
    looked at, the next look is at most so many seconds late."""

    mailboxes: int
    healthy: int
    lag_p95_s: float
    open_promises: int
    parked: int
    errors: tuple[MailboxError, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A mailbox that belongs to the fleet no more, and how many promises are open in its record."""

    mailbox: str
    open_promises: int


def status(
    fleet: Fleet, database: SharedDatabase, now: datetime, check: Callable[[str], object] | None = None
) -> FleetStatus:
    """How things stand now. `check` says whether a mailbox's configuration can be used (else each file is
    read anew): it raises ConfigError. Raises LedgerError."""
    check = check or (lambda address: fleet.of(fleet.member(address)))
    standings = database.standings()
    known = {address: one.values.get(ValueKey.FLEET) for address, one in standings.items()}
    lags, errors, healthy, opened, parked = [], [], 0, 0, 0
    poll = fleet.config.poll.elapsed
    members = roster.belonging(fleet, known)
    for member in members:
        standing = standings.get(member.address)
        polled = standing.values.get(ValueKey.LAST_POLL) if standing else None
        error = standing.values.get(ValueKey.TROUBLE) if standing else None
        try:
            check(member.address)
        except ConfigError as wrong:
            error = str(wrong)
        if polled is not None:
            lags.append(max(timedelta(0), now - datetime.fromisoformat(polled) - poll))
        if error is not None:
            errors.append(MailboxError(member.address, error))
        elif polled is not None and lags[-1] <= poll * (LATE - 1):
            healthy += 1
        opened += standing.open_promises if standing else 0
        parked += standing.parked if standing else 0
    return FleetStatus(len(members), healthy, _p95(lags), opened, parked, tuple(errors))


def gone(fleet: Fleet, database: SharedDatabase) -> tuple[Left, ...]:
    """Mailboxes whose records stand in the database, and that belong to the fleet no more."""
    standings = database.standings()
    known = {address: one.values.get(ValueKey.FLEET) for address, one in standings.items()}
    there = [one.address for one in roster.belonging(fleet, known)]
    return tuple(Left(one, standings[one].open_promises) for one in roster.left(known, there))


def _p95(lags: list[timedelta]) -> float:
    if not lags:
        return 0.0
    ordered = sorted(lags)
    return round(ordered[math.ceil(len(ordered) * 0.95) - 1].total_seconds(), 1)
