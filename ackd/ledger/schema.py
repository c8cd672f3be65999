"""Which tables stand in a database, and whose: made new, brought up to date, or refused in words."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import sqlalchemy as sa

from ackd.errors import LedgerError, MailboxMismatch, SchemaMismatch
from ackd.ledger import engines
from ackd.ledger.tables import HEAD, mailboxes, meta, metadata, version
from ackd.model import ValueKey

log = logging.getLogger(__name__)

#: Revisions that this ackd can read or upgrade (`migrations`); 2 stands in ledgers that know no revisions,
#: too.
KNOWN = ("2", "3", HEAD)
#: What of a server's database is held while its tables are made or upgraded, or a mailbox comes to them.
_LOCK = 0x61636B64


@dataclass(frozen=True, slots=True)
class Opening:
    """How a ledger is to be opened; see `Database`."""

    place: str
    address: str | None
    many: bool
    upgrade: bool


def open_mailbox(engine: sa.Engine, reads: sa.Engine, opening: Opening) -> int:
    """The id of the mailbox; what isn't there yet is made. Raises MailboxMismatch, SchemaMismatch,
    LedgerError, and SQLAlchemy's errors."""
    try:
        return _opened(engine, reads, opening)
    except sa.exc.OperationalError:
        if not engines.is_file(engine.url):
            raise
        # of two that come to a new file one may be refused, without any wait, while the other switches it to
        # WAL
        return _opened(engine, reads, opening)


def _opened(engine: sa.Engine, reads: sa.Engine, opening: Opening) -> int:
    with reads.connect() as db:
        if revision_of(db) == HEAD and (mine := _find(db, opening)) is not None:
            return mine
    with engine.begin() as db:
        if not engines.is_file(engine.url):
            db.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        found = _bring_up(db, opening)
        mine = _find(db, opening)
        mine = _name(db, opening) if mine is None else mine
    if found is not None:
        log.info("event=ledger-upgraded from=%s to=%s: %s", found, HEAD, opening.place)
    return mine


def prepare(engine: sa.Engine, reads: sa.Engine, place: str) -> None:
    """Make the tables, or bring them up to date, before any mailbox comes. Raises as `open_mailbox`."""
    with reads.connect() as db:
        if revision_of(db) == HEAD:
            return
    with engine.begin() as db:
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        _bring_up(db, Opening(place, None, many=True, upgrade=True))


def revision_of(db: sa.Connection) -> str | None:
    """What stands in a database; None: nothing of a ledger's."""
    there = sa.inspect(db)
    if there.has_table(version.name):
        return str(db.scalar(sa.select(version.c.version_num)))
    if metadata.tables.keys().isdisjoint(there.get_table_names()):
        return None
    if not there.has_table(meta.name):
        return KNOWN[0]  # its first ackd was killed while it made the tables
    return db.scalar(sa.select(meta.c.value).where(meta.c.key == ValueKey.SCHEMA)) or KNOWN[0]


def _bring_up(db: sa.Connection, opening: Opening) -> str | None:
    """From here on the tables are today's; returns which they were, if they were upgraded."""
    found = revision_of(db)
    if found == HEAD:
        return None
    if found is None:
        metadata.create_all(db)
        version.create(db)
        db.execute(sa.insert(version).values(version_num=HEAD))
        return None
    what = f"ledger {opening.place} has schema {found}, this ackd reads {HEAD}"
    if found not in KNOWN:
        is_newer = found.isdigit() and int(found) > int(HEAD)
        remedy = (
            "install the ackd that wrote it or a later one, or put back the copy from before its upgrade"
            if is_newer
            else "move it away; ackd rebuilds it from the mailbox"
        )
        raise SchemaMismatch(f"{what}: {remedy}")
    if not opening.upgrade:
        raise SchemaMismatch(f"{what}: it is upgraded when the service starts anew (or by `ackd once`)")
    from ackd.ledger.upgrade import upgrade  # Alembic is for this alone

    upgrade(db, found, opening.place, opening.address)
    return found


def _find(db: sa.Connection, opening: Opening) -> int | None:
    """The mailbox's id; None where it isn't there yet. Raises MailboxMismatch."""
    address, place = opening.address, opening.place
    if address is None:
        found = db.execute(sa.select(mailboxes.c.id).limit(2)).scalars().all()
        if len(found) == 1:
            return int(found[0])
        words = "holds several mailboxes" if found else "is nobody's yet"
        raise LedgerError(f"ledger {place} {words}: the configuration must name the mailbox's address")
    mine = db.scalar(sa.select(mailboxes.c.id).where(mailboxes.c.address == address))
    if mine is None and not opening.many and db.dialect.name == "sqlite":
        known = db.scalar(sa.select(mailboxes.c.address).limit(1))
        if known is not None:
            raise MailboxMismatch(
                f"ledger {place} is the record of {known}, not of {address}: "
                "give each mailbox a state directory of its own (`state:`)"
            )
    return None if mine is None else int(mine)


def _name(db: sa.Connection, opening: Opening) -> int:
    """A mailbox comes to the database. What `meta` says of it is for ackds that know no migrations."""
    if engines.is_file(db.engine.url):
        _clear(db)
    made = db.execute(sa.insert(mailboxes).values(address=opening.address))
    (mine,) = made.inserted_primary_key or (0,)
    told = ((ValueKey.SCHEMA, HEAD), (ValueKey.MAILBOX, opening.address))
    db.execute(sa.insert(meta), [{"mailbox_id": mine, "key": key, "value": value} for key, value in told])
    return int(mine)


def _clear(db: sa.Connection) -> None:
    """Delete the rows of mailboxes that are gone: SQLite's shell leaves them when their mailbox is deleted,
    and gives their number to the next one."""
    there = sa.select(mailboxes.c.id)
    for table in reversed(metadata.sorted_tables):
        if table is not mailboxes:
            db.execute(sa.delete(table).where(table.c.mailbox_id.not_in(there)))
