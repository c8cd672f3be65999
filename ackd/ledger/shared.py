"""A database of many mailboxes, for one process that works on all of them: few connections, and what an
administrator may know of the mailboxes together: numbers, moments and troubles, never a mail or a person.

The only statements that aren't confined to one mailbox (`statements`) stand here.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ackd.errors import ConfigError, LedgerError
from ackd.ledger import engines, schema
from ackd.ledger.store import REFERS, SqlLedger
from ackd.ledger.tables import effects, mailboxes, meta, promises
from ackd.model import EffectState, PromiseState, ValueKey

_TOLD = (ValueKey.LAST_POLL, ValueKey.TROUBLE, ValueKey.FLEET, ValueKey.HOLD, ValueKey.MODE)
_IDS = sa.select(mailboxes.c.address, mailboxes.c.id)
_VALUES = sa.select(meta.c.mailbox_id, meta.c.key, meta.c.value).where(
    meta.c.key.in_([key.value for key in _TOLD])
)
_OPEN = (
    sa.select(promises.c.mailbox_id, sa.func.count())
    .where(promises.c.state == PromiseState.OPEN.value, ~REFERS)
    .group_by(promises.c.mailbox_id)
)
_PARKED = (
    sa.select(effects.c.mailbox_id, sa.func.count())
    .where(effects.c.state == EffectState.PARKED.value)
    .group_by(effects.c.mailbox_id)
)
_DUE = (
    sa.select(mailboxes.c.address)
    .join(effects, effects.c.mailbox_id == mailboxes.c.id)
    .where(
        effects.c.state == EffectState.PLANNED.value,
        effects.c.not_before <= sa.bindparam("now"),
        mailboxes.c.address.in_(sa.bindparam("addresses", expanding=True)),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a mailbox stands: its single values that say so, how many promises are open and how many effects
    parked."""

    values: Mapping[ValueKey, str]
    open_promises: int = 0
    parked: int = 0


class SharedDatabase:
    """A database of PostgreSQL, opened once. For any number of threads; what it gives is for one each."""

    def __init__(self, url: str, *, connections: int = 4, patience: float = 20) -> None:
        """`connections`: how many at most. Nothing is opened yet. Raises ConfigError for another kind of
        database, and where the driver is missing."""
        self._url, self._text = sa.make_url(url), url
        self.place = engines.place_of(self._url)
        if engines.is_file(self._url):
            raise ConfigError(f"{self.place}: a fleet's database is one of PostgreSQL's")
        self._engine = engines.open_engine(self._url, patience, connections)
        self._reads = engines.reading(self._engine)
        self._ids: dict[str, int] = {}
        self._guard = threading.Lock()

    def ledger(self, address: str) -> SqlLedger:
        """The ledger of a mailbox, which is made, and the tables brought up to date, where need be. Raises
        what opening a ledger raises."""
        address = address.lower()
        with self._guard:
            known = self._ids.get(address)
        ledger = SqlLedger(self._text, address, engine=self._engine, mine=known)
        with self._guard:
            self._ids[address] = ledger.mine
        return ledger

    def open(self) -> None:
        """Bring the tables up to date. Raises LedgerError, SchemaMismatch."""
        with self._told():
            schema.prepare(self._engine, self._reads, self.place)

    def addresses(self) -> frozenset[str]:
        """Whose records stand here."""
        with self._read() as db:
            return frozenset(row.address for row in db.execute(_IDS))

    def standings(self) -> Mapping[str, Standing]:
        """How all mailboxes stand, by address: four statements, however many there are."""
        with self._read() as db:
            ids = {row.id: str(row.address) for row in db.execute(_IDS)}
            values: dict[int, dict[ValueKey, str]] = {one: {} for one in ids}
            for row in db.execute(_VALUES):
                values[row.mailbox_id][ValueKey(row.key)] = row.value
            opened, parked = (dict(map(tuple, db.execute(one))) for one in (_OPEN, _PARKED))
        return {
            ids[one]: Standing(values[one], opened.get(one, 0), parked.get(one, 0)) for one in sorted(ids)
        }

    def with_due(self, addresses: Collection[str], now: datetime) -> frozenset[str]:
        """Of these mailboxes those in which something is due."""
        if not addresses:
            return frozenset()
        with self._read() as db:
            return frozenset(db.execute(_DUE, {"now": now, "addresses": list(addresses)}).scalars())

    def remove(self, address: str) -> bool:
        """Let all rows of a mailbox go; whether there were any."""
        with self._told(), self._engine.begin() as db:
            gone = db.execute(sa.delete(mailboxes).where(mailboxes.c.address == address.lower())).rowcount
        with self._guard:
            self._ids.pop(address.lower(), None)
        return bool(gone)

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with self._told(), closing(self._reads.connect()) as db:
            yield db

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            raise LedgerError(f"ledger {self.place}: {engines.told(error, self._url)}") from error
