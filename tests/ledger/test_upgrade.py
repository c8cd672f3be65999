"""Ledgers that an earlier ackd left become today's: whole, after a copy, whenever it is killed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ackd.errors import LedgerError, MailboxMismatch, SchemaMismatch
from ackd.ledger import SqlLedger, backup, engines, schema, upgrade
from ackd.ledger.migrations import schema_2
from ackd.ledger.tables import HEAD, metadata
from ackd.model import Mode, Page, ValueKey
from tests.kept import FOLDER, MODES
from tests.ledger.contract import LedgerContract, lesson
from tests.ledger.schema_2 import full, rows_of, schema_of
from tests.ledger.test_race import at_once
from tests.people import ALICE, MONDAY
from tests.postgres import Server

KINDS = (*MODES, "full")
COPY = "ledger.schema-2.sqlite"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Old ledgers, by kind: those of git commit 27bb915 and one of the last ackd that knew no migrations."""
    folder = tmp_path_factory.mktemp("old")
    found = {kind: folder / f"{kind}.sqlite" for kind in KINDS}
    for mode in MODES:
        found[mode].touch(0o600)
        with closing(sqlite3.connect(found[mode])) as db:
            db.executescript((FOLDER / f"{mode}.sql").read_text(encoding="utf-8"))
    full(f"sqlite:///{found['full']}")
    return found


@pytest.fixture(params=KINDS)
def file(request: pytest.FixtureRequest, old: dict[str, Path], tmp_path: Path) -> Path:
    return laid(old[request.param], tmp_path)


def laid(old: Path, folder: Path) -> Path:
    file = folder / "ledger.sqlite"
    shutil.copyfile(old, file)
    file.chmod(0o600)
    return file


def opened(file: Path, **how: Any) -> SqlLedger:
    return SqlLedger(f"sqlite:///{file}", ALICE.address, **how)


# --- whole --------------------------------------------------------------------------------------


def test_nothing_is_lost_and_nothing_comes_to_it(file: Path) -> None:
    before = rows_of(file)
    for _ in range(2):
        opened(file).close()
        after = rows_of(file)
        assert {name: after[name] for name in before} == before
        assert not any(after[name] for name in after.keys() - before.keys())
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT * FROM mailboxes").fetchall() == [(1, ALICE.address)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_copy_from_before_stands_beside_it(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="ackd")
    before = rows_of(file)
    opened(file).close()
    copy = file.with_name(COPY)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert (schema_of(copy), rows_of(copy)) == ("2", before)
    assert {one.name for one in file.parent.iterdir()} <= {file.name, COPY}
    assert [word for line in caplog.messages for word in line.split() if word.startswith("event=")] == [
        "event=ledger-copied",
        "event=ledger-upgraded",
    ]
    assert str(copy) in caplog.text


def test_an_ackd_that_knows_no_migrations_refuses_it_in_words(file: Path) -> None:
    """It asks `meta` for the first row of these keys, without a mailbox, and writes neither where it is."""
    opened(file).close()
    assert schema_of(file) == HEAD != "2"
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'mailbox'").fetchone() == (ALICE.address,)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("begins", ["new", "schema 2"])
def test_the_tables_are_those_that_the_code_names(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, begins: str
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    if kind == "postgresql":
        url = request.getfixturevalue("server").database(f"tables_{uuid4().hex}")
    if begins == "schema 2":
        full(url)
    ledger = SqlLedger(url, ALICE.address)
    with ledger._reads.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        found = sa.inspect(db)
        for name, table in metadata.tables.items():
            keys = found.get_pk_constraint(name)["constrained_columns"]
            assert keys == [column.name for column in table.primary_key.columns], name
    ledger.close()


def test_a_servers_tables_keep_their_rows_and_numbers(server: Server) -> None:
    url = server.database(f"upgraded_{uuid4().hex}")
    engine = engines.open_engine(full(url), 20)

    def rows(tables: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        with engine.connect() as db:
            for name, table in schema_2.metadata.tables.items():
                columns = [one.name for one in table.columns if one.name != "mailbox"]
                asked = db.execute(sa.select(tables[name])).mappings()
                kept = [[row[one] for one in columns] for row in asked if row.get("key") != "schema"]
                found[name] = sorted(map(repr, kept))
        return found

    before = rows(schema_2.metadata.tables)
    with pytest.raises(SchemaMismatch, match="has schema 2, this ackd reads 4"):
        SqlLedger(url, ALICE.address, upgrade=False)
    ledger = SqlLedger(url, ALICE.address)
    plain = sa.MetaData()
    plain.reflect(engine)
    assert rows(plain.tables) == before
    numbers = [effect.number for one in ledger.unsettled().values() for effect in one.effects]
    LedgerContract().make(ledger, "after")
    assert min(one.number for one in LedgerContract().one(ledger, "after").effects) > max(numbers)
    ledger.close()
    engine.dispose()


def test_the_revisions_are_those_that_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade._FOLDER))
    script = ScriptDirectory.from_config(config)
    assert tuple(one.revision for one in script.walk_revisions())[::-1] == schema.KNOWN
    assert script.get_heads() == [HEAD]


def test_one_without_lessons_gets_their_table(tmp_path: Path) -> None:
    """As the ackd of schema 3 left it."""
    file = tmp_path / "ledger.sqlite"
    opened(file).close()
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            "DROP TABLE lessons; UPDATE alembic_version SET version_num = '3';"
            "UPDATE meta SET value = '3' WHERE key = 'schema'"
        )
    before = rows_of(file)
    ledger = opened(file)
    assert ledger.lessons(9) == ()
    assert not ledger.record(Page(MONDAY, Mode.SEND, lessons=(lesson("a"),)))
    assert len(ledger.lessons(9)) == 1
    assert ledger.value(ValueKey.SCHEMA) == schema_of(file) == HEAD
    ledger.close()
    assert {name: rows for name, rows in rows_of(file).items() if name != "lessons"} == before
    assert file.with_name("ledger.schema-3.sqlite").is_file()


# --- killed -------------------------------------------------------------------------------------

#: What is counted as a step, beside each statement: files that are made, renamed and removed, and databases.
STEPS = {"open", "os.rename", "os.remove", "os.chmod", "sqlite3.connect", "os.fsync"}


def killed_at(file: Path, step: int) -> int:
    """Open a ledger in another process, which is killed at that step; how many it made, if it lived."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        with suppress(BaseException):
            _die_at(file, step, write)
        os._exit(1)
    os.close(write)
    with os.fdopen(read) as told:
        said = told.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return 0
    assert os.WEXITSTATUS(status) == 0, "the child didn't come to its end"
    return int(said)


def _die_at(file: Path, step: int, write: int) -> None:
    count = 0

    def next_one(*_: object) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in STEPS and str(file.parent) in str(arguments[:1]):
            next_one()

    sys.addaudithook(heard)
    for what in ("before_cursor_execute", "after_cursor_execute", "commit"):
        sa.event.listen(sa.Engine, what, next_one)
    opened(file)
    os.write(write, str(count).encode())
    os._exit(0)


def steps_to_be_killed_at(old: Path, folder: Path, share: int) -> Iterator[int]:
    folder.mkdir()
    return iter(range(1, killed_at(laid(old, folder), 0) + 1, share))


def goes_on_after_each_death(old: Path, folder: Path, share: int) -> None:
    before = rows_of(old)
    steps = list(steps_to_be_killed_at(old, folder / "whole", share))
    assert len(steps) > 200 / share
    for step in steps:
        room = folder / str(step)
        room.mkdir()
        file = laid(old, room)
        assert killed_at(file, step) == 0, "it lived"
        copy = file.with_name(COPY)
        if copy.exists():
            assert rows_of(copy) == before, f"step {step}: the copy isn't whole"
        killed_at(file, step // 2)  # and once more
        opened(file).close()
        after = rows_of(file)
        assert {name: after[name] for name in before} == before, f"step {step}"
        assert (schema_of(file), schema_of(copy)) == (HEAD, "2"), f"step {step}"
        assert rows_of(copy) == before
        assert not list(room.glob("*.part*"))
        shutil.rmtree(room)


def test_it_goes_on_wherever_it_was_killed(old: dict[str, Path], tmp_path: Path) -> None:
    goes_on_after_each_death(old["send"], tmp_path, 97)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_goes_on_wherever_it_was_killed(old: dict[str, Path], tmp_path: Path, kind: str) -> None:
    goes_on_after_each_death(old[kind], tmp_path, 41)


@pytest.mark.more
def test_it_goes_on_at_each_step(old: dict[str, Path], tmp_path: Path) -> None:
    goes_on_after_each_death(old["send"], tmp_path, 1)


def test_two_that_begin_at_once_upgrade_it_once(file: Path) -> None:
    before = rows_of(file)
    ledgers = at_once(*[lambda: opened(file)] * 2)
    for ledger in ledgers:
        ledger.close()
    after = rows_of(file)
    assert {name: after[name] for name in before} == before


def test_who_can_wait_no_longer_says_so(old: dict[str, Path], tmp_path: Path) -> None:
    file = laid(old["send"], tmp_path)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another program holds it: ackd tries again"):
            opened(file, patience=0.05)
    opened(file).close()


# --- refused ------------------------------------------------------------------------------------


def test_a_newer_ledger_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    opened(file).close()
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE alembic_version SET version_num = '5'")
        db.commit()
    before = rows_of(file)
    with pytest.raises(SchemaMismatch, match=r"schema 5, this ackd reads 4.*later.*copy") as caught:
        opened(file)
    assert caught.value.exit_code == 78
    assert rows_of(file) == before


def test_one_that_is_too_old_is_refused_in_words(old: dict[str, Path], tmp_path: Path) -> None:
    file = laid(old["send"], tmp_path)
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
        db.commit()
    with pytest.raises(SchemaMismatch, match="has schema 1, this ackd reads 4: move it away"):
        opened(file)
    assert not file.with_name(COPY).exists()


def test_another_mailboxs_ledger_stays_as_it_is(old: dict[str, Path], tmp_path: Path) -> None:
    file = laid(old["send"], tmp_path)
    with pytest.raises(MailboxMismatch):
        SqlLedger(f"sqlite:///{file}", "bob@corp.example")
    assert schema_of(file) == "2"
    SqlLedger(f"sqlite:///{file}", "bob@corp.example", many=True).close()
    with closing(sqlite3.connect(file)) as db:
        named = db.execute("SELECT address FROM mailboxes ORDER BY id").fetchall()
    assert named == [(ALICE.address,), ("bob@corp.example",)]


def test_nothing_is_changed_where_no_copy_can_be_made(
    old: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = laid(old["send"], tmp_path)
    before = rows_of(file)
    monkeypatch.setattr(backup, "_ROOM", 10**9)
    with pytest.raises(LedgerError, match=r"bytes, .* are free; free some space: nothing was changed"):
        opened(file)
    monkeypatch.undo()
    file.with_name(f"{COPY}.part").mkdir()
    with pytest.raises(LedgerError, match=r"no copy could be made before its upgrade.*nothing was changed"):
        opened(file)
    assert (schema_of(file), rows_of(file)) == ("2", before)
    file.with_name(f"{COPY}.part").rmdir()
    opened(file).close()
    assert schema_of(file) == HEAD


def test_rows_that_are_nobodys_are_refused_or_the_owners(old: dict[str, Path], tmp_path: Path) -> None:
    file = laid(old["send"], tmp_path)
    with closing(sqlite3.connect(file)) as db:
        db.execute("DELETE FROM meta WHERE key = 'mailbox'")
        db.commit()
    with pytest.raises(LedgerError, match=r"ledger\.sqlite: it doesn't say whose record it is"):
        SqlLedger(f"sqlite:///{file}", None)
    assert schema_of(file) == "2"
    opened(file).close()


@pytest.mark.parametrize("tables", [("answers",), ("answers", "meta"), tuple(schema_2.metadata.tables)])
def test_an_ackd_that_was_killed_as_it_made_its_first_tables_is_followed(
    tmp_path: Path, tables: tuple[str, ...]
) -> None:
    file = tmp_path / "ledger.sqlite"
    engine = engines.open_engine(sa.make_url(f"sqlite:///{file}"), 20)
    schema_2.metadata.create_all(engine, [schema_2.metadata.tables[name] for name in tables])
    engine.dispose()
    ledger = opened(file)
    ledger.remember("x", "y")
    assert (ledger.value("x"), schema_of(file)) == ("y", HEAD)
    ledger.close()


def test_a_copy_goes_when_what_it_holds_is_old(file: Path) -> None:
    ledger = opened(file)
    copy, now = file.with_name(COPY), datetime.now(UTC)
    ledger.prune(now - timedelta(days=1))
    assert copy.exists()
    ledger.prune(now + timedelta(days=1))
    assert not copy.exists()
    ledger.close()


def test_a_copy_can_take_the_ledgers_place(file: Path) -> None:
    before = rows_of(file)
    opened(file).close()
    file.with_name(COPY).replace(file)
    assert (schema_of(file), rows_of(file)) == ("2", before)
    opened(file).close()
    after = rows_of(file)
    assert {name: after[name] for name in before} == before
