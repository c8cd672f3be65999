"""Rows to be written: collected, then written with one statement for all that are alike."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from ackd.ledger import statements
from ackd.ledger.statements import Connection

Statement = sa.Delete | sa.Update | sa.Insert
_ORDER = (sa.Delete, sa.Update, sa.Insert)


def delete(column: sa.Column[Any]) -> sa.Delete:
    """Deletes the rows whose column is `at`. Statements are made once: making one takes twenty times as long
    as asking it."""
    return statements.delete(column.table, column == sa.bindparam("at"))


def update(column: sa.Column[Any]) -> sa.Update:
    """Changes the rows whose column is `at`; the other parameters are columns, by name."""
    return statements.update(column.table, column == sa.bindparam("at"))


class Writes:
    """What a transaction writes: of each statement the parameters, in their order. What deletes comes first
    and what inserts last, so that a row that is replaced is deleted and inserted."""

    def __init__(self) -> None:
        self._rows: defaultdict[tuple[Statement, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)

    def add(self, statement: Statement, **parameters: Any) -> None:
        """One row more. Those of one statement that have the same parameters are written together."""
        self._rows[statement, tuple(parameters)].append(parameters)

    def execute(self, db: Connection) -> None:
        """Write them, inside a transaction that the caller holds."""
        for kind in _ORDER:
            for (statement, _), parameters in self._rows.items():
                if isinstance(statement, kind):
                    db.execute(statement, parameters)
        self._rows.clear()
