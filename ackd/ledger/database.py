"""The ledger's database: private files, durable writes, transactions, single values, remedies in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from ackd import own_files
from ackd.errors import LedgerError, MailboxMismatch
from ackd.ledger import rows
from ackd.ledger.tables import SCHEMA_VERSION, metadata
from ackd.model import ValueKey

_JOURNALS = ("-wal", "-shm", "-journal")


class Database:
    """One ledger's database. Every public method is one transaction; it raises LedgerError when
    the database can't do its work, and then nothing of that transaction was done."""

    def __init__(self, url: str, mailbox: str | None, *, patience: float = 20) -> None:
        """Open or create the ledger at an SQLAlchemy URL for the mailbox of that address (None: whosever
        it is).
        `patience`: seconds to wait while another program holds it. Raises MailboxMismatch when
        it holds another mailbox's record."""
        self._place = sa.make_url(url).render_as_string(hide_password=True)
        try:
            self._engine = _open_engine(url, patience)
            with self._work() as db:
                metadata.create_all(db)
        except OSError as error:
            raise LedgerError(
                f"ledger {self._place}: {error.strerror}; {_remedy('unable to open')}"
            ) from error
        except ImportError as error:
            raise LedgerError(f"ledger {self._place}: its database driver is missing ({error})") from error
        self._mailbox = self._check_identity(mailbox.lower() if mailbox else None)

    @contextmanager
    def _work(self) -> Iterator[Connection]:
        """A transaction that writes."""
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """A look, which has nothing to commit."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong is told with the place and a remedy."""
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error)
            raise LedgerError(f"ledger {self._place}: {cause}; {_remedy(cause)}") from error

    def _check_identity(self, mailbox: str | None) -> str:
        """Whose ledger it is."""
        with self._work() as db:
            for key, ours in ((ValueKey.SCHEMA, SCHEMA_VERSION), (ValueKey.MAILBOX, mailbox)):
                if ours is not None and rows.get(db, key) is None:
                    rows.swap(db, key, None, ours)  # of two that open a new ledger one names it
            version = rows.get(db, ValueKey.SCHEMA)
            known = rows.get(db, ValueKey.MAILBOX)
        if version != SCHEMA_VERSION:
            raise LedgerError(
                f"ledger {self._place} has schema {version}, this ackd reads {SCHEMA_VERSION}: "
                "move the file away; ackd rebuilds it from the mailbox"
            )
        if mailbox is not None and known != mailbox:
            raise MailboxMismatch(
                f"ledger {self._place} is the record of {known}, not of {mailbox}: "
                "give each mailbox a state directory of its own (`state:`)"
            )
        return known or ""

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

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()


def _open_engine(url: str, patience: float) -> sa.Engine:
    """An engine for an SQLAlchemy URL; an SQLite file is created with mode 0600. Raises ConfigError
    where its files or their folder aren't the user's alone."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed)
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        own_files.own_folder(path.parent, "ledger")
        # created with its mode before SQLite opens it; the journal files copy the mode
        own_files.own_file(path, "ledger", make=True)
        for journal in _JOURNALS:
            own_files.own_file(path.with_name(path.name + journal), "ledger")
    engine = sa.create_engine(parsed, connect_args={"timeout": patience})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def exists(url: str) -> bool:
    """Whether there is a ledger already, as far as a look at the files tells: a server's database
    counts as there."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return True
    return bool(parsed.database) and Path(str(parsed.database)).is_file()


def _remedy(cause: str) -> str:
    """What a person can do about a database error, by its text."""
    low = cause.lower()
    if "disk is full" in low or "disk i/o" in low:
        return "free some space: nothing was lost, ackd goes on when it can write"
    if "locked" in low:
        return "another program holds it: ackd tries again"
    if "malformed" in low or "not a database" in low:
        return "it is damaged: move it away, ackd rebuilds it from the mailbox"
    if "unable to open" in low or "readonly" in low:
        return "check that its folder exists and that you may write there"
    return "see the cause above"
