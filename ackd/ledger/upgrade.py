"""A ledger that an earlier ackd left becomes today's, after a copy of it was made."""

from __future__ import annotations

import logging
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from ackd.errors import LedgerError
from ackd.ledger import backup, engines

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells its own names; what was done is told below

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(db: sa.Connection, found: str, place: str, address: str | None) -> None:
    """Bring the tables up to date, in the transaction of the caller: they are today's when it is committed,
    and what they were if it never is. A file is copied first. Raises LedgerError where that can't be done, or
    where nobody knows whose ledger it is."""
    path = engines.file_of(db.engine.url)
    if path is not None:
        backup.keep(db, path, found)
    config = Config(attributes={"connection": db, "address": address})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, script, fn=lambda known, _: script._upgrade_revs("head", known)) as run:
        run.configure(connection=db, transactional_ddl=True)  # SQLite's too: `engines` begins by itself
        try:
            run.run_migrations()
        except LedgerError as error:
            raise LedgerError(f"ledger {place}: {error}") from error
