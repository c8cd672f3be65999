"""`ackd fleet` as its users have it: workers as processes, and commands beside them."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ackd.demo.fleet import FleetStage
from ackd.errors import ExitStatus
from tests.postgres import Server
from tests.runtime.fleet.stage import LATER
from tests.system.commands import in_process


@pytest.fixture
def stage(tmp_path: Path, server: Server) -> Iterator[FleetStage]:
    with FleetStage(tmp_path, 2, poll="1 s", database=server.database(f"fleet_{uuid4().hex}")) as made:
        yield made


def fleet(stage: FleetStage, *words: str) -> Any:
    return in_process("fleet", *words, "--config", str(stage.config_file))


def status(stage: FleetStage) -> Any:
    done = fleet(stage, "status", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.long
def test_a_worker_works_until_it_is_told_to_stop(stage: FleetStage) -> None:
    first = stage.begin_worker()
    until = time.monotonic() + 200
    assert stage.wait_until(lambda now: now.healthy == 2, until)
    stage.move_to(LATER)
    stage.ask(1)
    assert stage.wait_until(lambda now: now.open_promises == 2, until)
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=60) == 0
    assert status(stage) == {
        "mailboxes": 2,
        "healthy": 0,  # by the machine's own clock
        "lag_p95_s": pytest.approx(status(stage)["lag_p95_s"], abs=60),
        "open_promises": 2,
        "parked": 0,
        "errors": [],
    }
    log = (stage.folder / "worker-1.log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["mailbox"] for line in lines if line["event"] == "judged"} <= {"1", "2", "3"}
    for word in ("person0", "Budget", "corp.example"):
        assert word not in log


def test_commands_beside_the_workers(stage: FleetStage, tmp_path: Path) -> None:
    person, other = stage.people
    assert fleet(stage, "once").returncode == ExitStatus.TRY_AGAIN  # by a clock that isn't the server's
    assert {one["mailbox"] for one in status(stage)["errors"]} == {person, other}
    assert fleet(stage, "once", "--clock", str(stage.clock_file)).returncode == 0
    assert status(stage)["errors"] == []
    assert "2 of them can be used" in fleet(stage, "check").stdout
    assert fleet(stage, "pause", person).stdout == f"{person}: paused\n"
    assert "paused by the administrator" in stage.database.standings()[person].values["hold"]
    assert "hold" not in stage.database.standings()[other].values
    assert fleet(stage, "resume").returncode == 0
    done = fleet(stage, "pause", "eve@corp.example")
    assert (done.returncode, "doesn't belong to the fleet" in done.stderr) == (ExitStatus.UNAVAILABLE, True)
    assert "take it out of" in fleet(stage, "remove", person).stderr
    text = stage.config_file.read_text(encoding="utf-8").replace(f"  - address: {other}", "")
    stage.config_file.write_text(text, encoding="utf-8")
    assert "belongs to the fleet no more" in fleet(stage, "status").stdout
    assert fleet(stage, "remove", other.upper()).returncode == 0
    assert other not in stage.database.addresses()
    assert "no record" in fleet(stage, "remove", other).stderr


@pytest.mark.long
def test_an_owners_mistake_is_told_and_stops_nobody_else(stage: FleetStage) -> None:
    person, other = stage.people
    file = stage.folder / "owner.yaml"
    file.write_text("mode: sned", encoding="utf-8")
    text = stage.config_file.read_text(encoding="utf-8")
    line = f"  - address: {person}"
    stage.config_file.write_text(text.replace(line, f"{line}\n    owner: owner.yaml"), encoding="utf-8")
    done = fleet(stage, "check")
    assert (done.returncode, "owner.yaml:1:7: mode: found `sned`" in done.stderr) == (ExitStatus.WRONG, True)
    assert fleet(stage, "once", "--clock", str(stage.clock_file)).returncode == 0
    assert [one["mailbox"] for one in status(stage)["errors"]] == [person]
    assert stage.database.standings()[other].values["last_poll"]
