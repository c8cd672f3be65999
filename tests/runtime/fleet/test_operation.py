"""What an administrator does with a fleet: a backup that is put back, an upgrade while workers run."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ackd.errors import SchemaMismatch
from ackd.ledger.tables import metadata
from ackd.model import EffectState
from ackd.runtime.ledgers import shared_database
from tests.postgres import Server
from tests.runtime.fleet.stage import LATER, asked, passes, staged


@pytest.mark.long
def test_a_restored_database_sends_nothing_twice(tmp_path: Path, server: Server) -> None:
    """All rows as they were before the letters went out are put back, as `pg_restore` does: each question was
    judged and its letter planned, or it wasn't known at all."""
    with staged(tmp_path, server, 3) as stage:
        worker = asked(stage)
        engine = stage.database._engine
        tables = metadata.sorted_tables
        with engine.connect() as db:
            backup = {one.name: db.execute(sa.select(one)).mappings().all() for one in tables}
        for person in stage.people:
            worker.run(person)
        assert stage.count().is_well
        with engine.begin() as db:
            for one in reversed(tables):
                db.execute(sa.delete(one))
            for one in tables:
                if backup[one.name]:
                    db.execute(sa.insert(one), [dict(row) for row in backup[one.name]])
        for minutes in (1, 20, 40):
            stage.move_to(LATER + timedelta(minutes=minutes))
            for person in stage.people:
                passes(stage).run(person)
        outcome = stage.count()
        standing = stage.database.standings()
    assert outcome.is_well, str(outcome)
    assert [standing[one].open_promises for one in stage.people] == [1, 1, 1]


def test_a_worker_goes_on_while_the_tables_are_expanded(tmp_path: Path, server: Server) -> None:
    """The next version only adds. A worker of this one that runs goes on; one that starts refuses in words;
    and what the old one writes can be read by the new one: the new column has its default."""
    with staged(tmp_path, server, 2) as stage:
        worker = asked(stage)
        worker.run(stage.people[0])
        with stage.database._engine.begin() as db:  # as the next version's first worker does it
            db.execute(sa.text("ALTER TABLE promises ADD COLUMN weight INTEGER NOT NULL DEFAULT 1"))
            db.execute(sa.text("CREATE TABLE newer (mailbox_id INTEGER NOT NULL)"))
            db.execute(sa.text("UPDATE alembic_version SET version_num = '1000'"))
        for person in stage.people:
            worker.run(person)
        assert stage.count().is_well
        with stage.database._engine.connect() as db:
            weights = db.execute(sa.text("SELECT weight FROM promises")).scalars().all()
        assert weights == [1, 1]
        other = shared_database(stage.fleet.config.database, 1)
        with pytest.raises(SchemaMismatch, match="has schema 1000, this ackd reads"):
            other.open()
        other.close()


@pytest.mark.long
def test_no_effect_is_left_in_the_middle_by_a_stop(tmp_path: Path, server: Server) -> None:
    """Told to stop, a pass ends after the step at hand, and the next one goes on from there."""
    with staged(tmp_path, server, 2) as stage:
        worker, (person, other) = asked(stage), stage.people
        asked_to_stop = [0]

        def stops_at(step: int) -> bool:
            asked_to_stop[0] += 1
            return asked_to_stop[0] >= step

        for step in (1, 2, 3, 4):
            asked_to_stop[0] = 0
            worker.run(person, lambda step=step: stops_at(step))  # type: ignore[misc]
            assert stage.database.ledger(person).count_effects(EffectState.ATTEMPTING) == 0
        for one in (person, other):
            worker.run(one)
        assert stage.count().is_well
