"""A PostgreSQL server for tests: one a run, begun by whoever needs it first."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock

from ackd.demo import postgres
from ackd.demo.postgres import binaries, free_port
from ackd.errors import UsageError

NONE = postgres.NONE
PASSWORD = "se cret/%41:@"  # what has to be escaped in a URL
#: The run's server: workers of pytest-xdist find it here, and the process that began the run stops it.
PLACE = "ACKD_TEST_POSTGRES"


@dataclass(frozen=True)
class Server(postgres.Server):
    """The same, with databases and statements for tests."""

    def by_network(self, database: str, password: str | None = PASSWORD) -> str:
        """Its URL by TCP, where a password is asked for."""
        made = sa.URL.create("postgresql", "postgres", password, "127.0.0.1", self.port, database)
        return made.render_as_string(hide_password=False)

    def database(self, name: str, **how: str) -> str:
        """An empty database's URL."""
        more = " ".join(f"{key} {value}" for key, value in how.items())
        self.run(f'CREATE DATABASE "{name}" {more}')
        return self.url(name)

    def run(self, statement: str) -> Any:
        """A statement beside those of the tests."""
        engine = sa.create_engine(
            self.url("postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
        )
        try:
            with engine.connect() as db:
                found = db.exec_driver_sql(statement)
                return found.all() if found.returns_rows else None
        finally:
            engine.dispose()


def begin() -> None:
    """Name the run's server, where a run begins; nothing is made before it is needed. What a killed run left
    is cleared."""
    if PLACE in os.environ or binaries() is None:
        return
    base = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir())  # noqa: S108
    os.environ[PLACE] = str(base / f"ackd-pg-{os.getpid()}-{secrets.token_hex(4)}")
    for left in base.glob("ackd-pg-*-*"):
        owner = left.name.split("-")[2]
        if left.is_dir() and owner.isdigit() and not Path("/proc", owner).exists():
            _clear(left)


def server() -> Server | None:
    """The run's server; None where there can be none."""
    if (place := os.environ.get(PLACE)) is None:
        return None
    folder = Path(place)
    folder.mkdir(mode=0o755, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if (known := _port(folder)) is None:
            made = Server(folder, free_port())
            made.make(PASSWORD)
            made.start()
            (folder / "port").write_text(str(made.port), encoding="ascii")
        return Server(folder, known or made.port)


def end() -> None:
    """Stop the run's server, if there is one, and remove it."""
    _clear(Path(os.environ.pop(PLACE)))


def _clear(folder: Path) -> None:
    if (port := _port(folder)) is not None:
        with suppress(UsageError):  # it is gone
            Server(folder, port).stop()
    shutil.rmtree(folder, ignore_errors=True)
    Path(f"{folder}.lock").unlink(missing_ok=True)


def _port(folder: Path) -> int | None:
    known = folder / "port"
    return int(known.read_text(encoding="ascii")) if known.exists() else None
