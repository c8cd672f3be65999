"""The ledger's database: transactions of one mailbox, and its single values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa

from ackd.errors import LedgerDamaged, LedgerError
from ackd.ledger import backup, engines, rows, schema
from ackd.ledger.statements import MINE, Connection
from ackd.ledger.tables import mailboxes
from ackd.model import ValueKey

_LOCK = sa.select(mailboxes.c.id).where(mailboxes.c.id == sa.bindparam(MINE)).with_for_update(key_share=True)


class Database:
    """One mailbox's ledger in a database. Every public method is one transaction; it raises LedgerError when
    the database can't do its work, and then nothing of that transaction was done. Of one mailbox's
    transactions that write, each sees what those before it left."""

    def __init__(
        self,
        url: str,
        mailbox: str | None,
        *,
        many: bool = False,
        upgrade: bool = True,
        patience: float = 20,
    ) -> None:
        """Open or create the ledger at an SQLAlchemy URL for the mailbox of that address (None: whosever
        it is).

        `many`: whether other mailboxes may stand there too, as they may in a server's database anyway.
        `upgrade`: whether one that an earlier ackd left may be brought up to date; else it is refused.
        `patience`: seconds to wait while another program holds it. Raises MailboxMismatch where only another
        mailbox stands, SchemaMismatch where another ackd's is needed to read it, and ConfigError where its
        files aren't the user's alone or the database's driver is missing."""
        self._url = sa.make_url(url)
        self._place = engines.place_of(self._url)
        opening = schema.Opening(self._place, mailbox.lower() if mailbox else None, many, upgrade)
        with self._told():
            self._engine = engines.open_engine(self._url, patience)
            self._reads = engines.reading(self._engine)
            self._has_locks = not engines.is_file(self._url)  # of rows
            self._mine = schema.open_mailbox(self._engine, self._reads, opening)

    @contextmanager
    def _work(self) -> Iterator[Connection]:
        """A transaction that writes; no other one of this mailbox's does until it ends."""
        with self._told(), self._engine.begin() as connection:
            db = Connection(connection, self._mine)
            if self._has_locks:
                db.execute(_LOCK)
            yield db

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """A look, which has nothing to commit."""
        with self._told(), self._reads.connect() as connection:
            yield Connection(connection, self._mine)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong is told with the place and a remedy."""
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            kind = LedgerDamaged if engines.is_damaged(error) else LedgerError
            raise kind(f"ledger {self._place}: {engines.told(error, self._url)}") from error
        except OSError as error:
            words = f"{error.strerror}; {engines.remedy('unable to open')}"
            raise LedgerError(f"ledger {self._place}: {words}") from error

    # --- single values ----------------------------------------------------------------------

    def value(self, key: ValueKey) -> str | None:
        """A single remembered value."""
        with self._read() as db:
            return rows.get(db, key)

    def values(self, *keys: ValueKey) -> Mapping[ValueKey, str]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return rows.get_all(db, keys)

    def remember(self, key: ValueKey, value: str | None) -> None:
        """Remember a single value; None forgets it."""
        with self._work() as db:
            rows.put(db, key, value)

    def swap(self, key: ValueKey, seen: str | None, value: str | None) -> bool:
        """Change a single value only if it is still as it was seen (None is no value); returns
        whether that was so. Another process may write the same value: what was read before is
        never simply written back."""
        with self._work() as db:
            return rows.swap(db, key, seen, value)

    def _forget_copies(self, before: datetime) -> None:
        """Let go what was copied of the ledger before a moment."""
        if path := engines.file_of(self._url):
            with self._told():
                backup.forget(path, before)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()


def exists(url: str) -> bool:
    """Whether there is a ledger already, as far as a look at the files tells: a server's database
    counts as there."""
    parsed = sa.make_url(url)
    if not engines.is_file(parsed):
        return True
    path = engines.file_of(parsed)
    return path is not None and path.is_file()
