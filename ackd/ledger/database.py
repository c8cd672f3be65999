"""The ledger's database: transactions of one mailbox, and its single values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa

from ackd.errors import LedgerDamaged, LedgerError, Superseded
from ackd.ledger import backup, engines, rows, schema
from ackd.ledger.statements import MINE, Connection
from ackd.ledger.tables import mailboxes
from ackd.model import ValueKey

#: Single values that commands write beside whoever took up the mailbox.
_BY_OTHERS = frozenset((ValueKey.HOLD, ValueKey.RESUMED, ValueKey.ORDERED, ValueKey.FENCE, ValueKey.FLEET))
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
        engine: sa.Engine | None = None,
        mine: int | None = None,
    ) -> None:
        """Open or create the ledger at an SQLAlchemy URL for the mailbox of that address (None: whosever
        it is).

        `many`: whether other mailboxes may stand there too, as they may in a server's database anyway.
        `upgrade`: whether one that an earlier ackd left may be brought up to date; else it is refused.
        `patience`: seconds to wait while another program holds it. `engine`: the way to it, which stays open
        when this ledger is closed, and `mine` the mailbox's id, where they are known (`SharedDatabase`).
        Raises MailboxMismatch where only another
        mailbox stands, SchemaMismatch where another ackd's is needed to read it, and ConfigError where its
        files aren't the user's alone or the database's driver is missing."""
        self._url = sa.make_url(url)
        self._place = engines.place_of(self._url)
        opening = schema.Opening(self._place, mailbox.lower() if mailbox else None, many, upgrade)
        self._fence: str | None = None
        self._kept: dict[ValueKey, str] | None = None  # single values, while nobody else writes them
        self._has_locks = not engines.is_file(self._url)  # of rows
        self._is_shared = engine is not None
        with self._told():
            self._engine = engine or engines.open_engine(self._url, patience)
            self._reads = engines.reading(self._engine)
            self._looks = engines.looking(self._engine)
            self._mine = mine or schema.open_mailbox(self._engine, self._reads, opening)

    @property
    def mine(self) -> int:
        """The mailbox's id in the database."""
        return self._mine

    @contextmanager
    def _work(self) -> Iterator[Connection]:
        """A transaction that writes; no other one of this mailbox's does until it ends."""
        with self._told(), self._engine.begin() as connection:
            db = Connection(connection, self._mine)
            if self._has_locks:
                db.execute(_LOCK)
            if self._fence is not None and rows.get(db, ValueKey.FENCE) != self._fence:
                raise Superseded("another worker has taken up this mailbox: this one writes nothing more")
            self._kept = None
            yield db

    def take_up(self) -> None:
        """From here on this ledger writes for whoever took up the mailbox last, and none before it does any
        more: each of their transactions that write raises Superseded. Holds also against a process that was
        frozen for any time, since it is asked in the very transaction."""
        self._fence = None
        with self._work() as db:
            fence = str(int(rows.get(db, ValueKey.FENCE) or 0) + 1)
            rows.put(db, ValueKey.FENCE, fence)
        self._fence = fence

    def check_taken_up(self) -> None:
        """Raises Superseded where somebody else took it up since."""
        if self._fence is not None and self.value(ValueKey.FENCE) != self._fence:
            raise Superseded("another worker has taken up this mailbox: this one sends nothing more")

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """A look, which has nothing to commit."""
        with self._told(), self._reads.connect() as connection:
            yield Connection(connection, self._mine)

    @contextmanager
    def _look(self) -> Iterator[Connection]:
        """A look by one statement, which is a transaction of its own anyway: on a server one way there and
        back, and not three."""
        with self._told(), self._looks.connect() as connection:
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
        if self._keeps(key):
            return self._all().get(key)
        with self._look() as db:
            return rows.get(db, key)

    def values(self, *keys: ValueKey) -> Mapping[ValueKey, str]:
        """See `ports.Ledger`."""
        if all(map(self._keeps, keys)):
            known = self._all()
            return {key: known[key] for key in keys if key in known}
        with self._look() as db:
            return rows.get_all(db, keys)

    def _keeps(self, key: ValueKey) -> bool:
        """Whether whoever took up the mailbox is alone to write it."""
        return self._fence is not None and key not in _BY_OTHERS

    def _all(self) -> dict[ValueKey, str]:
        """All single values, read once between two transactions that write."""
        if self._kept is None:
            with self._look() as db:
                self._kept = rows.get_every(db)
        return self._kept

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
        if not self._is_shared:
            self._engine.dispose()


def exists(url: str) -> bool:
    """Whether there is a ledger already, as far as a look at the files tells: a server's database
    counts as there."""
    parsed = sa.make_url(url)
    if not engines.is_file(parsed):
        return True
    path = engines.file_of(parsed)
    return path is not None and path.is_file()
