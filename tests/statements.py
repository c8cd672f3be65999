"""How often a ledger's database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

#: For a load of 100 mails, half of them questions, taken in and answered in one pass.
MOST_STATEMENTS, MOST_COMMITS = 150, 25


@contextmanager
def counted() -> Iterator[dict[str, int]]:
    """Statements and commits from here on, of all ledgers of this process."""
    counts = {"statements": 0, "commits": 0}

    def executed(*_: object) -> None:
        counts["statements"] += 1

    def committed(*_: object) -> None:
        counts["commits"] += 1

    told = ((sa.Engine, "before_cursor_execute", executed), (sa.Engine, "commit", committed))
    for what in told:
        sa.event.listen(*what)
    try:
        yield counts
    finally:
        for what in told:
            sa.event.remove(*what)
