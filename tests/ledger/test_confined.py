"""Statements that reach beyond their mailbox are found, and the ledger builds its statements in one place."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import ackd.ledger
from ackd.ledger import statements
from ackd.ledger.statements import exists, joined, select
from ackd.ledger.tables import effects, mailboxes, mails, meta, metadata, promises
from tests.ledger.confined import loose

MINE = sa.bindparam(statements.MINE)
OTHER = effects.alias("other")
SAME_MAIL = promises.c.message_id == mails.c.message_id

GOOD: dict[str, Any] = {
    "a table": select(mails),
    "two tables": select(joined(mails, promises, SAME_MAIL), mails.c.sender),
    "a table twice": select(
        joined(effects, OTHER, OTHER.c.message_id == effects.c.message_id), OTHER.c.token
    ),
    "one within another": select(promises).where(
        exists(effects, effects.c.message_id == promises.c.message_id)
    ),
    "a list of others": select(mails).where(mails.c.message_id.in_(select(promises, promises.c.message_id))),
    "a change": statements.update(mails, mails.c.sender == "x").values(item=""),
    "a removal": statements.delete(mails),
    "new rows": statements.insert(mails),
    "no table": sa.select(sa.literal(1)),
    "the mailboxes": sa.select(mailboxes),
}
LOOSE: dict[str, Any] = {
    "a table": sa.select(mails),
    "another parameter": sa.select(mails).where(mails.c.mailbox_id == sa.bindparam("other")),
    "one of two": sa.select(mails, promises).where(mails.c.mailbox_id == MINE),
    "joined by the mail alone": sa.select(promises)
    .select_from(mails.outerjoin(promises, SAME_MAIL))
    .where(mails.c.mailbox_id == MINE),
    "only perhaps": sa.select(mails).where(sa.or_(mails.c.mailbox_id == MINE, mails.c.acknowledge == 1)),
    "the contrary": sa.select(mails).where(mails.c.mailbox_id != MINE),
    "of each other": sa.select(mails, promises).where(mails.c.mailbox_id == promises.c.mailbox_id),
    "within": select(mails).where(mails.c.message_id.in_(sa.select(promises.c.message_id))),
    "whether there is one": select(mails).where(sa.exists().where(promises.c.message_id == "x")),
    "in a column": select(mails, sa.select(sa.func.count()).select_from(effects).scalar_subquery()),
    "the same under another name": select(effects).where(
        sa.exists().where(OTHER.c.message_id == effects.c.message_id)
    ),
    "a change": sa.update(mails).where(mails.c.message_id == "x").values(item=""),
    "a removal": sa.delete(mails),
    "a removal by others": statements.delete(
        mails, mails.c.message_id.not_in(sa.select(promises.c.message_id))
    ),
    "new rows": sa.insert(mails),
    "new rows of a select": sa.insert(meta).from_select(
        ["mailbox_id", "key", "value"], sa.select(sa.literal(1), sa.literal("x"), sa.literal("y"))
    ),
    "a text": sa.text("SELECT * FROM mails"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_keeps_to_its_mailbox_is_let_be(name: str) -> None:
    assert loose(GOOD[name]) == []


@pytest.mark.parametrize("name", LOOSE)
def test_what_reaches_beyond_it_is_found(name: str) -> None:
    assert loose(LOOSE[name])


def test_statements_are_built_in_one_place() -> None:
    """But for what opens a database and locks a mailbox, and for a fleet's numbers."""
    named: dict[str, set[str]] = {}
    for path in Path(ackd.ledger.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named[path.stem] = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in {"sa", "sqlalchemy"}
            and node.attr in {"select", "insert", "update", "delete", "text", "exists", "table"}
        }
    made = {"statements", "schema", "database", "shared"}
    assert {name for name, found in named.items() if found} == made
    assert named["database"] == {"select"}
    assert named["shared"] == {"select", "delete"}  # of a mailbox that leaves


def test_every_table_begins_with_its_mailbox() -> None:
    """But for those whose rows have numbers for people: their number is the database's."""
    numbered = {"effects", "history", "lessons"}
    for name, table in metadata.tables.items():
        if table is mailboxes:
            continue
        keys = [list(index.columns) for index in table.indexes]
        keys += [
            list(one.columns)
            for one in table.constraints
            if isinstance(one, sa.UniqueConstraint)
            or (isinstance(one, sa.PrimaryKeyConstraint) and name not in numbered)
        ]
        assert next(iter(table.columns)).name == "mailbox_id"
        assert {key[0].name for key in keys} == {"mailbox_id"}, name
        assert {key.target_fullname for key in table.c.mailbox_id.foreign_keys} == {"mailboxes.id"}
