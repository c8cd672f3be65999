"""What a person decides about a device's code: to agree, or to refuse."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from exchange_sandbox.clock import iso
from exchange_sandbox.store import grants, mailboxes
from exchange_sandbox.store.grants import Decision


def decide(db: sqlite3.Connection, code: str, address: str, now: datetime | None, *, refused: bool) -> None:
    """Write down what the person with this mailbox says to a code; raises ValueError with the remedy. Who
    doesn't know the sandbox's time (None) is told by the device whether the code has expired."""
    person = mailboxes.find(db, address)
    if person is None:
        raise ValueError(f"{address}: there is no such mailbox")
    grant = grants.by_user_code(db, code)
    if grant is None:
        raise ValueError(f"{code}: no device waits with this code; it is the one that the client showed")
    if now is not None and grant.expires <= iso(now):
        raise ValueError(f"{code}: the code has expired; let the client ask for another one")
    if grant.decision != Decision.PENDING:
        raise ValueError(f"{code}: was {grant.decision} already; let the client ask for another one")
    grant.mailbox = person.id
    grant.decision = Decision.REFUSED if refused else Decision.AGREED
    grants.decide(db, code, grant)
