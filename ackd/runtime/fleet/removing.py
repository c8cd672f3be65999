"""A mailbox leaves the fleet for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ackd.config.fleet import Fleet
from ackd.model import Promise
from ackd.runtime.fleet import roster

if TYPE_CHECKING:
    from ackd.runtime.ledgers import SharedDatabase


def belonging(fleet: Fleet, database: SharedDatabase) -> tuple[str, ...]:
    """The addresses of all mailboxes of the fleet's. Raises LedgerError."""
    return tuple(sorted(one.address for one in roster.belonging(fleet, roster.memberships(database))))


def belongs(fleet: Fleet, database: SharedDatabase, address: str) -> bool:
    """Whether a mailbox belongs to the fleet. Raises LedgerError."""
    return address.lower() in belonging(fleet, database)


def remove(database: SharedDatabase, address: str) -> tuple[Promise, ...]:
    """Let its record go; the promises that were open. A job that it still has ends by itself: a worker gives
    no pass to what doesn't belong to the fleet. Raises LedgerError."""
    promises = tuple(database.ledger(address).open_promises())
    database.remove(address)
    return promises
