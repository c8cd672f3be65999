"""Statements that are confined to one mailbox, and the connection that says to which.

A database may hold any number of mailboxes, and two of them the same mails with the same tokens. So
statements on the ledger's tables are built here alone (`tests/ledger/confined.py` reads each one that is
executed): the rows of the first table are those of the mailbox `mine`, and those of every other table of the
same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

#: The parameter that names the mailbox. `Connection` gives it with every statement.
MINE = "mine"

Rows = sa.FromClause
Condition = sa.ColumnElement[bool]


class Connection:
    """A transaction's connection, for one mailbox."""

    def __init__(self, connection: sa.Connection, mailbox: int) -> None:
        self._connection, self._mine = connection, {MINE: mailbox}

    def execute(
        self,
        statement: sa.Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] = (),
    ) -> sa.CursorResult[Any]:
        """Execute a statement; of several parameters once for each."""
        mine = self._mine
        if isinstance(parameters, Mapping):
            return self._connection.execute(statement, {**parameters, **mine})
        return self._connection.execute(statement, [{**each, **mine} for each in parameters] or mine)

    def scalar(self, statement: sa.Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row; None where there is none."""
        return self.execute(statement, parameters or {}).scalar()

    def scalars(
        self, statement: sa.Executable, parameters: Mapping[str, Any] | None = None
    ) -> sa.ScalarResult[Any]:
        """The first column of all rows."""
        return self.execute(statement, parameters or {}).scalars()


def select(rows: Rows, *columns: Any) -> sa.Select[Any]:
    """What stands in these columns (all, unless some are named) of a table, or of those that are `joined`."""
    return sa.select(*(columns or (rows,))).select_from(rows).where(_is_mine(_first(rows)))


def exists(rows: Rows, *conditions: Condition) -> sa.Exists:
    """Whether there are such rows."""
    return select(rows, sa.literal(1)).where(*conditions).exists()


def whether(condition: Condition) -> sa.Select[Any]:
    """Whether something is so of rows that `exists` names."""
    return sa.select(condition)


def joined(rows: Rows, table: Rows, on: Condition, *, inner: bool = False) -> sa.Join:
    """Rows with those of another table beside them, where it has some; `inner`: only where it has."""
    same = table.c.mailbox_id == _first(rows).c.mailbox_id
    return rows.join(table, same & on, isouter=not inner)


def insert(table: sa.Table) -> sa.Insert:
    """Inserts rows; the parameters are columns, by name."""
    return sa.insert(table).values(mailbox_id=sa.bindparam(MINE))


def update(table: sa.Table, *conditions: Condition) -> sa.Update:
    """Changes the rows that are so."""
    return sa.update(table).where(_is_mine(table), *conditions)


def delete(table: sa.Table, *conditions: Condition) -> sa.Delete:
    """Deletes the rows that are so."""
    return sa.delete(table).where(_is_mine(table), *conditions)


def _first(rows: Rows) -> Rows:
    while isinstance(rows, sa.Join):
        rows = rows.left
    return rows


def _is_mine(table: Rows) -> Condition:
    return table.c.mailbox_id == sa.bindparam(MINE)
