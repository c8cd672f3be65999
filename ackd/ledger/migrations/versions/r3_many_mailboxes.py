"""Schema 3: any number of mailboxes in one database. Each table has `mailbox_id`, first in its keys and
indexes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from ackd.errors import LedgerError
from ackd.ledger.migrations import schema_2

revision, down_revision, branch_labels, depends_on = "3", "2", None, None

#: Tables that named the mailbox by its address, in this column.
_ADDRESS = "mailbox"
#: Tables whose rows have numbers of the database's own.
_NUMBERED = ("effects", "history")


def upgrade() -> None:
    """All rows become those of the ledger's mailbox. Raises LedgerError where nobody knows whose they are."""
    db, made = op.get_bind(), sa.MetaData()
    mailboxes = sa.Table(
        "mailboxes",
        made,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("address", _text(), nullable=False),
        sa.UniqueConstraint("address", name="mailboxes_address"),
    )
    mailboxes.create(db)
    mine = _mine(db, mailboxes)
    for old in schema_2.metadata.sorted_tables:
        for index in old.indexes:
            index.drop(db)
        op.rename_table(old.name, f"old_{old.name}")
        new = _made(old, made)
        new.create(db)
        if mine is not None:
            names = [column.name for column in new.columns if column.name != "mailbox_id"]
            was = sa.table(f"old_{old.name}", *(sa.column(name) for name in names))
            rows = sa.select(sa.literal(mine, sa.Integer), *was.columns)
            db.execute(sa.insert(new).from_select(["mailbox_id", *names], rows))
        op.drop_table(f"old_{old.name}")
    if mine is not None:
        _tell(db, made.tables["meta"], mine)
    if db.dialect.name == "postgresql":
        for name in _NUMBERED:
            last = f"SELECT setval(pg_get_serial_sequence('{name}', 'number'), max(number)) FROM {name}"  # noqa: S608 - our own names
            op.execute(f"{last} HAVING max(number) > 0")


def _tell(db: sa.Connection, meta: sa.Table, mine: int) -> None:
    """An ackd that knows no migrations refuses it in words, by what stands here."""
    told = {"schema": str(revision), "mailbox": db.scalar(sa.text("SELECT address FROM mailboxes"))}
    db.execute(sa.delete(meta).where(meta.c.key.in_(told)))
    db.execute(
        sa.insert(meta), [{"mailbox_id": mine, "key": key, "value": value} for key, value in told.items()]
    )


def _mine(db: sa.Connection, mailboxes: sa.Table) -> int | None:
    """The ledger's mailbox; None where nothing says whose it is, and nothing is recorded either."""
    meta = schema_2.metadata.tables["meta"]
    address = db.scalar(sa.select(meta.c.value).where(meta.c.key == "mailbox"))
    address = address or context.config.attributes.get("address")
    if address is not None:
        db.execute(sa.insert(mailboxes).values(address=address))
        return db.scalar(sa.select(mailboxes.c.id))
    for table in schema_2.metadata.sorted_tables:
        if db.scalar(sa.select(sa.func.count()).select_from(table).where(table.columns[0] != "schema")):
            raise LedgerError(
                "it doesn't say whose record it is: name the mailbox's address in the configuration"
            )
    return None


def _made(old: sa.Table, made: sa.MetaData) -> sa.Table:
    """A table of schema 2 as it is from now on."""
    is_numbered = old.name in _NUMBERED
    whose = sa.ForeignKey("mailboxes.id", ondelete="CASCADE")
    mailbox = sa.Column("mailbox_id", sa.Integer, whose, primary_key=not is_numbered, nullable=False)
    columns = [_column(column) for column in old.columns if column.name != _ADDRESS]
    indexes = [
        sa.Index(index.name, "mailbox_id", *(one.name for one in index.columns if one.name != _ADDRESS))
        for index in sorted(old.indexes, key=lambda index: str(index.name))
    ]
    unique = (
        [sa.UniqueConstraint("mailbox_id", "token", name="effects_token")] if old.name == "effects" else []
    )
    return sa.Table(old.name, made, mailbox, *columns, *unique, *indexes)


def _column(old: sa.Column[object]) -> sa.Column[object]:
    kind = _text() if isinstance(old.type, sa.String) else old.type
    return sa.Column(old.name, kind, primary_key=old.primary_key, nullable=old.nullable)


def _text() -> sa.types.TypeEngine[str]:
    """Text that sorts by its characters' numbers."""
    return sa.Text().with_variant(sa.String(collation="C"), "postgresql")
