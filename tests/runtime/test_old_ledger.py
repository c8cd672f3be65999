"""Commands on a ledger that an earlier ackd left: `ackd status` leaves it as it is, the others upgrade it,
unless that ackd is at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from ackd.ledger.tables import HEAD
from ackd.runtime.ledgers import lock
from tests.kept import EXPECTED, lay_out
from tests.ledger.schema_2 import schema_of
from tests.system.commands import in_process

COMMANDS = (("log", "--since", "2026-11-23"), ("pause",), ("report", "--since", "2026-11-23"), ("parked",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lay_out("send", tmp_path)
    (tmp_path / "clock").write_text(EXPECTED["send"]["mailbox"]["now"], encoding="ascii")
    return tmp_path


def run(folder: Path, *command: str) -> tuple[int, str, str]:
    done = in_process(*command, "--config", str(folder / "config.yaml"), "--clock", str(folder / "clock"))
    return done.returncode, done.stdout, done.stderr


def schema(folder: Path) -> str:
    return schema_of(folder / "state" / "ledger.sqlite")


@pytest.mark.parametrize("is_alive", [False, True])
@pytest.mark.every(1)
def test_status_looks_at_a_copy(folder: Path, is_alive: bool) -> None:
    held = lock(folder / "state") if is_alive else None
    status, said, _ = run(folder, "status")
    assert status == 0
    assert "open promises: 12" in said
    assert schema(folder) == "2"
    assert not list((folder / "state").glob("*.schema-*"))
    if held is not None:
        held.release()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.every(2)
def test_others_upgrade_it_or_say_why_not(folder: Path, command: tuple[str, ...]) -> None:
    held = lock(folder / "state")
    status, said, told = run(folder, *command)
    held.release()
    assert (status, schema(folder)) == (78, "2"), said
    assert f"has schema 2, this ackd reads {HEAD}: it is upgraded when the service starts anew" in told
    assert "Traceback" not in told
    status, said, told = run(folder, *command)
    assert (status, schema(folder)) == (0, HEAD), told
    assert (folder / "state" / "ledger.schema-2.sqlite").is_file()
    lock(folder / "state").release()


def test_a_newer_one_is_refused_by_each(folder: Path) -> None:
    import sqlite3

    assert run(folder, "pause")[0] == 0
    with sqlite3.connect(folder / "state" / "ledger.sqlite") as db:
        db.execute("UPDATE alembic_version SET version_num = '77'")
    db.close()
    for command in (*COMMANDS, ("status",), ("once",)):
        status, said, told = run(folder, *command)
        assert status == 78, (command, said, told)
        assert f"has schema 77, this ackd reads {HEAD}: install the ackd that wrote it" in said + told
        assert "Traceback" not in told
