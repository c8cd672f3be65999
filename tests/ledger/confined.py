"""Whether statements keep to one mailbox: each table's rows are those of the parameter `mine`, or of the
mailbox of another table of the same statement that are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ClauseElement,
    Grouping,
)

from ackd.ledger.statements import MINE
from ackd.ledger.tables import mailboxes, metadata

OWN = {table for name, table in metadata.tables.items() if name != "mailboxes"}


@contextmanager
def watched() -> Iterator[list[str]]:
    """What is executed from here on, as far as it doesn't keep to one mailbox."""
    found: list[str] = []

    def look(_db: Any, statement: Any, many: Sequence[Any], one: Mapping[str, Any], _how: Any) -> None:
        given = [*many, one] if one else many
        found.extend(f"{name}: {statement}" for name in loose(statement, given))

    sa.event.listen(sa.Engine, "before_execute", look)
    yield found
    sa.event.remove(sa.Engine, "before_execute", look)


def loose(statement: Any, given: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """The tables of which a statement may touch another mailbox's rows."""
    if isinstance(statement, sa.schema.ExecutableDDLElement):
        return []
    if isinstance(statement, sa.TextClause):
        return ["a text"]
    if isinstance(statement, sa.Insert):
        return _loose_insert(statement, given)
    if isinstance(statement, sa.Delete) and _is_of_nobodys(statement):
        return []
    if isinstance(statement, sa.Update | sa.Delete):
        return _loose_in({statement.table}, statement._where_criteria, set())
    return _loose_select(statement, set())


def _is_of_nobodys(statement: sa.Delete) -> bool:
    """Whether it deletes the rows of mailboxes that aren't there any more."""
    table = statement.table
    nobodys = sa.delete(table).where(table.c.mailbox_id.not_in(sa.select(mailboxes.c.id)))
    return str(statement) == str(nobodys)


def _loose_insert(statement: sa.Insert, given: Sequence[Mapping[str, Any]]) -> list[str]:
    if statement.table not in OWN:
        return []
    named = {getattr(key, "name", key): value for key, value in (statement._values or {}).items()}
    found: list[str] = []
    if statement.select is not None:
        names = [getattr(name, "name", name) for name in statement._select_names or ()]
        named = dict(zip(names, statement.select.selected_columns, strict=True))
        found += _loose_select(statement.select, set())
    is_mine = _is_mine(named.get("mailbox_id")) or (given and all("mailbox_id" in one for one in given))
    return found if is_mine else [*found, statement.table.name]


def _loose_select(statement: Any, around: set[Any]) -> list[str]:
    conditions: list[Any] = list(statement._where_criteria)
    leaves = {leaf for rows in statement.get_final_froms() for leaf in _leaves(rows, conditions)}
    columns = list(statement._raw_columns)
    return _loose_in(leaves - around, conditions, around, columns)


def _loose_in(
    leaves: set[Any], conditions: Sequence[Any], around: set[Any], columns: Sequence[Any] = ()
) -> list[str]:
    """Of tables under conditions that all hold; `around` are those of the statement that this one is in."""
    same = [pair for condition in conditions for pair in _same(condition)]
    sure: set[Any] = set(around)
    for _ in leaves:
        sure |= {leaf for leaf, other in same if other is None or other in sure}
    found = [str(leaf.name) for leaf in leaves - sure if _table(leaf) in OWN]
    for part in (*conditions, *columns):
        for inner in _selects(part):
            found += _loose_select(inner, leaves | around)
    return found


def _leaves(rows: Any, conditions: list[Any]) -> Iterator[Any]:
    if isinstance(rows, sa.Join):
        conditions.append(rows.onclause)
        yield from _leaves(rows.left, conditions)
        yield from _leaves(rows.right, conditions)
    else:
        yield rows


def _table(leaf: Any) -> Any:
    return getattr(leaf, "element", leaf)


def _same(condition: Any) -> Iterator[tuple[Any, Any]]:
    """Which tables' mailbox is that of which others (None: the parameter's), for certain."""
    if isinstance(condition, Grouping):
        yield from _same(condition.element)
    elif isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        for clause in condition.clauses:
            yield from _same(clause)
    elif isinstance(condition, BinaryExpression) and condition.operator is operators.eq:
        for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
            if getattr(one, "name", "") == "mailbox_id" and hasattr(one, "table"):
                if _is_mine(other):
                    yield one.table, None
                elif getattr(other, "name", "") == "mailbox_id" and hasattr(other, "table"):
                    yield one.table, other.table


def _is_mine(value: Any) -> bool:
    return isinstance(value, BindParameter) and value.key == MINE


def _selects(element: Any) -> Iterator[Any]:
    """The selects in an element, without those within them."""
    if isinstance(element, sa.Select):
        yield element
    elif isinstance(element, ClauseElement):
        for child in element.get_children():
            yield from _selects(child)
