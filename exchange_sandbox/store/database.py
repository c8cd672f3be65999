"""The SQLite file: layout, connections, transactions, change numbers.

Several processes may work on one store at the same time (``ackd sandbox deliver`` beside a running server):
WAL, a busy timeout, and each write in a transaction that is immediate from its start.
"""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from exchange_sandbox.store import comparing, events, grants, groups, kept, mails, oof, origins, spans

FILE_NAME = "sandbox.sqlite"
_LOCK_NAME = "serving.lock"
_VERSION = 2

_LAYOUT = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL UNIQUE,       -- lower case
    name TEXT NOT NULL,
    password TEXT NOT NULL              -- salted hash
);
CREATE TABLE folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
    parent INTEGER REFERENCES folder (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,             -- names compare without case
    distinguished TEXT,
    class TEXT,
    change INTEGER NOT NULL,
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    committed TEXT NOT NULL,            -- PidTagLocalCommitTimeMax
    deleted INTEGER NOT NULL DEFAULT 0, -- PidTagDeletedCountTotal
    bag TEXT NOT NULL DEFAULT '{}',
    UNIQUE (parent, name_key),
    UNIQUE (mailbox, distinguished)
);
CREATE TABLE item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox INTEGER NOT NULL,
    folder INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    associated INTEGER NOT NULL,
    is_read INTEGER NOT NULL,
    received TEXT NOT NULL,
    change INTEGER NOT NULL,            -- any change
    content_change INTEGER NOT NULL,    -- any change but that of the read flag
    arrived INTEGER NOT NULL,           -- change number of its arrival in the folder
    bag TEXT NOT NULL
);
CREATE INDEX item_arrived ON item (folder, arrived);
CREATE INDEX item_change ON item (folder, change);
CREATE INDEX item_received ON item (folder, associated, received DESC, id DESC);
CREATE INDEX item_unread ON item (folder, associated, is_read);
CREATE TABLE gone (                     -- what a sync must report as deleted
    folder INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    change INTEGER NOT NULL,
    item INTEGER NOT NULL,
    arrived INTEGER NOT NULL,
    PRIMARY KEY (folder, change, item)
) WITHOUT ROWID;
CREATE TABLE held (                     -- items that are to appear in their folder later
    item INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    folder INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    until TEXT NOT NULL
);
CREATE TABLE stream (                   -- values too large for the bag: see schema.Stream
    item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (item, name)
);
CREATE TABLE findable (                 -- scalar properties by value, so that a restriction need not read all
    item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    property TEXT NOT NULL,
    value TEXT NOT NULL
);
CREATE INDEX findable_value ON findable (property, value);
CREATE INDEX findable_item ON findable (item);
"""


# what later versions added, also to a directory of before
_LATER = """
CREATE TABLE IF NOT EXISTS gone_associated (item INTEGER PRIMARY KEY /* of gone, and was hidden */);
"""


class StoreError(Exception):
    """The data directory cannot be used. The text names it and the remedy."""


def guid_of(db: sqlite3.Connection) -> uuid.UUID:
    """What tells the database that the mailboxes lie in from others: ids name it."""
    return uuid.UUID(str(db.execute("SELECT value FROM meta WHERE name = 'guid'").fetchone()[0]))


def organisation_of(db: sqlite3.Connection) -> uuid.UUID:
    """What tells the organisation from others; it stays when its mailboxes move."""
    known = db.execute("SELECT value FROM meta WHERE name = 'organisation'").fetchone()
    return uuid.UUID(str(known[0])) if known else guid_of(db)


class Store:
    """One data directory. Thread-safe; connections are kept and handed from thread to thread."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._idle: list[sqlite3.Connection] = []
        self._writing = threading.Lock()  # in one process writers wait here, not in SQLite's busy loop
        self._closed = False
        self.on_write: Callable[[], None] = lambda: None  # called after each transaction that wrote
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{directory}: cannot be used as a sandbox's data directory ({error})"
            ) from error
        with self.read() as db:
            self.guid = guid_of(db)
            self.organisation = organisation_of(db)

    def _prepare(self) -> None:
        with self.write() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in _LAYOUT.split(";\n"):
                    db.execute(statement)
                db.execute("INSERT INTO meta VALUES ('guid', ?)", (str(uuid.uuid4()),))
                db.execute("INSERT INTO meta VALUES ('change', 0)")
                db.execute(f"PRAGMA user_version = {_VERSION}")
            elif version != _VERSION:
                raise StoreError(
                    f"{self.directory}: made by another version of the sandbox (layout {version}, this one"
                    f" reads {_VERSION}); use an empty directory"
                )
            # a directory of before gets them too
            layouts = (one.LAYOUT for one in (groups, oof, kept, spans, origins, mails, grants))
            later = _LATER + "".join(layouts)
            for statement in later.split(";\n"):
                db.execute(statement)
            events.prepare(db)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A consistent look at the store."""
        with self._connection() as db:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is done when the block ends, or none if it raises."""
        with self._writing, self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
        self.on_write()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            db = self._idle.pop()
        except IndexError:
            db = self._connect()
        try:
            yield db
        finally:
            if self._closed:
                db.close()
            else:
                self._idle.append(db)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self.directory / FILE_NAME, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA busy_timeout = 30000")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        comparing.teach(db)
        return db

    def move(self) -> None:
        """Move all mailboxes to another database: from here on ids and sync states of before mean nothing."""
        new = uuid.uuid4()
        with self.write() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES ('organisation', ?)", (str(self.organisation),))
            db.execute("UPDATE meta SET value = ? WHERE name = 'guid'", (str(new),))
        self.guid = new

    def close(self) -> None:
        """Close the idle connections; those in use are closed when their transaction ends."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()


def next_change(db: sqlite3.Connection) -> int:
    """A new change number, greater than all before, in the running write transaction."""
    db.execute("UPDATE meta SET value = value + 1 WHERE name = 'change'")
    return last_change(db)


def last_change(db: sqlite3.Connection) -> int:
    """The greatest change number so far."""
    return int(db.execute("SELECT value FROM meta WHERE name = 'change'").fetchone()[0])


class ServingLock:
    """Only one server at a time serves a data directory.

    The lock is an open exclusive transaction on a file of its own: it ends with the process, however that
    ends, on every platform that SQLite knows.
    """

    def __init__(self, directory: Path) -> None:
        self._db = sqlite3.connect(
            directory / _LOCK_NAME, isolation_level=None, timeout=0, check_same_thread=False
        )
        try:
            self._db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._db.close()
            raise StoreError(
                f"{directory}: another sandbox serves this data directory; stop it, or choose another --data"
            ) from error

    def release(self) -> None:
        """Let another server have the directory."""
        self._db.close()
