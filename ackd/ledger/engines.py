"""Ways to a database: private files, durable writes, explicit transactions; what went wrong, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ackd import own_files
from ackd.errors import ConfigError, with_extra

_JOURNALS = ("-wal", "-shm", "-journal")
#: Of an engine's connections: they only look.
READS = "ackd_reads"
#: How psycopg finds out that a server is gone (libpq: Connection parameters), in seconds; `tcp_user_timeout`
#: in milliseconds. What the URL says counts before these.
_ALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "application_name": "ackd",
}
NEEDS_DRIVER = f"PostgreSQL needs a driver: {with_extra('postgresql')}"


def is_file(url: sa.URL) -> bool:
    """Whether it is SQLite, in a file or in memory."""
    return url.get_backend_name() == "sqlite"


def file_of(url: sa.URL) -> Path | None:
    """The file of an SQLite database; None where it has none."""
    if not is_file(url) or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def open_engine(url: sa.URL, patience: float, connections: int | None = None) -> sa.Engine:
    """An engine; an SQLite file is created with mode 0600. `patience`: seconds to wait while another program
    holds what is to be written; `connections`: how many at most to a server, where many mailboxes share them.
    Raises ConfigError where its files or their folder aren't the user's alone, and where the driver is
    missing."""
    return _sqlite(url, patience) if is_file(url) else _server(url, patience, connections)


def reading(engine: sa.Engine) -> sa.Engine:
    """The same database, for looks: each transaction sees one state of it."""
    if is_file(engine.url):
        return engine.execution_options(**{READS: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def looking(engine: sa.Engine) -> sa.Engine:
    """The same database, for looks by a single statement each."""
    return reading(engine) if is_file(engine.url) else engine.execution_options(isolation_level="AUTOCOMMIT")


def _sqlite(url: sa.URL, patience: float) -> sa.Engine:
    if path := file_of(url):
        own_files.own_folder(path.parent, "ledger")
        # created with its mode before SQLite opens it; the journal files copy the mode
        own_files.own_file(path, "ledger", make=True)
        for journal in _JOURNALS:
            own_files.own_file(path.with_name(path.name + journal), "ledger")
    engine = sa.create_engine(url, connect_args={"timeout": patience}, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin by itself, too late and never for DDL
        cursor = connection.cursor()
        for pragma in (
            *("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF"),
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        """Who will write holds the database from the start: what is read first stays so."""
        words = "BEGIN" if connection.get_execution_options().get(READS) else "BEGIN IMMEDIATE"
        try:
            connection.connection.cursor().execute(words)
        except connection.dialect.loaded_dbapi.Error as error:
            raise sa.exc.OperationalError(words, None, error) from error

    return engine


def _server(url: sa.URL, patience: float, connections: int | None) -> sa.Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    alive = {key: value for key, value in _ALIVE.items() if key not in url.query}
    # who asks again and again finds a dead connection soon; before each transaction a look would cost more
    pool = {"pool_size": connections, "max_overflow": 0} if connections else {"pool_pre_ping": True}
    try:
        engine = sa.create_engine(
            url,
            connect_args=alive,
            hide_parameters=True,
            isolation_level="READ COMMITTED",
            **pool,
        )
    except ImportError as error:
        raise ConfigError(f"ledger: {NEEDS_DRIVER} ({error})") from error

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise ConfigError(
                f"ledger: the database {url.database} is in {encoding}: make one that holds every "
                "character (`createdb --encoding=UTF8 --template=template0 NAME`)"
            )
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {int(patience * 1000)}")
        connection.autocommit = False

    return engine


#: By the beginning of an SQLSTATE (PostgreSQL: Appendix A), the longest first.
_BY_STATE = {
    "42501": "let its user make tables there: GRANT CREATE ON SCHEMA public, or make it the database's owner",
    "25006": "it is a standby, which can't be written: name the primary server in `ledger:`",
    "3D000": "make it first: createdb NAME",
    "53100": "free some space on the server: nothing was lost, ackd goes on when it can write",
    "55P03": "another program holds it: ackd tries again",
    "57P": "the server stops or starts: nothing was lost, ackd goes on when it is back",
    "08": "the server can't be reached: nothing was lost, ackd goes on when it is back",
    "28": "check the user in `ledger:`, and its password in PGPASSWORD or ~/.pgpass",
    "40": "another program wrote the same: ackd tries again",
    "53": "the server is too busy: ackd tries again",
}
#: By what it says, as regular expressions, where the SQLSTATE tells less.
_SURER = (
    (
        ("permission denied for (table|sequence|relation)", "must be owner of"),
        "its tables are another user's: sign in as that one, or make this one their owner (REASSIGN OWNED)",
    ),
)
_DAMAGED = ("malformed", "not a database")  # of SQLite's files
#: The same where there is no SQLSTATE: of a connection that wasn't made.
_BY_WORDS = (
    (("disk is full", "disk i/o"), "free some space: nothing was lost, ackd goes on when it can write"),
    (("locked",), "another program holds it: ackd tries again"),
    (
        _DAMAGED,
        "it is damaged: move it away, ackd rebuilds it from the mailbox",
    ),
    (("unable to open", "readonly"), "check that its folder exists and that you may write there"),
    (('database ".*" does not exist',), _BY_STATE["3D000"]),
    (("during recovery",), _BY_STATE["25006"]),
    (("authentication", "no password", "pg_hba"), _BY_STATE["28"]),
    (
        ("resolve host", "name or service", "invalid connection option", "invalid port"),
        "check `ledger:`",
    ),
    (("too many", "remaining connection slots"), _BY_STATE["53"]),
    (
        ("does not support ssl", "invalid ssl", "certificate", "private key", "invalid .* value"),
        "check the parameters in `ledger:` (sslmode, sslrootcert, …), or let the server do what they ask for",
    ),
    (("connect", "server closed", "timeout", "ssl"), _BY_STATE["08"]),
)


def remedy(cause: str, state: str = "") -> str:
    """What a person can do about a database's error, by its SQLSTATE or its text."""
    low = cause.lower()
    by_state = (words for start, words in _BY_STATE.items() if state and state.startswith(start))
    return (
        _by_words(_SURER, low) or next(by_state, None) or _by_words(_BY_WORDS, low) or "see the cause above"
    )


def _by_words(table: Iterable[tuple[Iterable[str], str]], low: str) -> str | None:
    return next((words for marks, words in table if re.search("|".join(marks), low)), None)


def is_damaged(error: sa.exc.SQLAlchemyError) -> bool:
    """Whether a database's error says that its file is none, or is broken."""
    return any(mark in str(getattr(error, "orig", error)) for mark in _DAMAGED)


def told(error: BaseException, url: sa.URL) -> str:
    """What a database's error says, on one line, with the remedy; never a password, nor what was to be
    written."""
    cause: Any = getattr(error, "orig", None) or error
    words = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause)
    words = re.sub(r"\s+", " ", words).strip()
    secrets = [url.password, *(value for key, value in url.query.items() if "password" in key.lower())]
    for secret in secrets:
        if isinstance(secret, str) and secret:
            words = words.replace(secret, "***")
    return f"{words}; {remedy(words, getattr(cause, 'sqlstate', None) or '')}"


def place_of(url: sa.URL) -> str:
    """A URL for people, without passwords."""
    query = {key: value for key, value in url.query.items() if "password" not in key.lower()}
    return url.set(query=query).render_as_string(hide_password=True)
