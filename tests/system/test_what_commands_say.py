"""What commands say where something is missing or in the way; in this process, without a server."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import typer

from ackd.cli import app, main
from ackd.clock import in_zone
from ackd.judge.rules.question import _compared
from tests.system.commands import in_process

FULL = Path("/dev/full")
NEEDS_ONE = (
    "run", "once", "status", "promises", "pause", "resume", "parked", "alarms", "alarms test", "check",
    "migrate", "log", "replay", "report", "calibrate", "letter preview", "config check", "config show",
    "sign-in", "service install", "explain --subject budget",
)  # fmt: skip
MAIL = """\
From: Bob Stone <bob@corp.example>
To: Alice Smith <alice@corp.example>
Subject: Budget
Date: Mon, 23 Nov 2026 09:00:00 +0100
Message-ID: <q1@corp.example>

Hi Alice,

could you send me the budget by Thursday?
"""


@pytest.fixture(autouse=True)
def _nothing_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.mark.parametrize("command", NEEDS_ONE)
def test_without_a_configuration_init_is_named(command: str) -> None:
    done = in_process(*command.split())
    assert done.returncode == 78, done
    assert "there is no such file: make one by `ackd init`" in done.stderr


def test_a_file_is_explained_without_a_configuration(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_text(MAIL)
    (tmp_path / "two.eml").write_text("From: bob@corp.example\n\nCould you call me?\n")
    done = in_process("explain", str(tmp_path / "one.eml"))
    assert done.returncode == 0, done.stderr
    assert "one.eml: ACKNOWLEDGE" in done.stdout
    assert "there is no configuration (`ackd init` makes one): judged for alice@corp.example" in done.stderr
    done = in_process("explain", str(tmp_path))
    assert (done.returncode, done.stderr.count("there is no configuration")) == (66, 1)
    assert "two.eml: it is to nobody by name" in done.stderr
    done = in_process("explain", str(tmp_path / "one.eml"), "--config", str(tmp_path / "named.yaml"))
    assert (done.returncode, "`ackd init`" in done.stderr) == (78, True)  # one that is named is meant


def _paths(command: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    for name, one in getattr(command, "commands", {}).items():
        yield from _paths(one, (*before, name))


def test_help_names_values_in_words_of_people() -> None:
    paths = list(_paths(typer.main.get_command(app)))
    assert len(paths) > 30
    for path in paths:
        told = in_process(*path, "--help", check=True).stdout
        assert not re.search(r"<[a-z]|list\[|\bPath\b|\bstr\b|\bbool\b", told), (path, told)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", ["--help", "--version", "config example", "check -h", "config schema"])
def test_a_full_disk_is_told_in_a_sentence(command: str) -> None:
    said = io.StringIO()
    with (
        FULL.open("w") as full,
        contextlib.redirect_stdout(full),
        contextlib.redirect_stderr(said),
        pytest.raises(SystemExit) as ended,
    ):
        main(command.split())
    if command != "config schema":
        assert ended.value.code == 74
        assert said.getvalue().startswith("ackd: the output can't be written (No space left on device): ")
    assert "Traceback" not in said.getvalue()


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_reason_that_nobody_can_read_keeps_its_status() -> None:
    with FULL.open("w") as full, contextlib.redirect_stderr(full), pytest.raises(SystemExit) as ended:
        main(["status"])
    assert ended.value.code == 78


def test_a_reader_that_went_away_is_no_mistake() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    said = io.StringIO()
    with (
        contextlib.redirect_stdout(Gone()),
        contextlib.redirect_stderr(said),
        pytest.raises(SystemExit) as ended,
    ):
        main(["config", "example"])
    assert (ended.value.code, said.getvalue()) == (1, "")


@pytest.mark.parametrize(
    ("probability", "threshold", "told"),
    [
        (0.8561, 0.86, "0.856, less than 0.860"),
        (0.8599, 0.86, "0.8599, less than 0.8600"),
        (0.5, 0.86, "0.50, less than 0.86"),
        (0.85999999, 0.86, "0.859999990, less than 0.860000000"),
    ],
)
def test_numbers_that_differ_are_seen_to(probability: float, threshold: float, told: str) -> None:
    assert _compared(probability, "less than", threshold) == told


def test_moments_are_told_by_the_clock_on_the_wall() -> None:
    zone = timezone(timedelta(hours=1), "CET")
    words = "not before 2026-11-23T08:00:05+00:00, or 2026-11-23T23:30Z; 2026-11-23T08:00:00+02:00 stays"
    told = "not before 2026-11-23 09:00 CET, or 2026-11-24 00:30 CET; 2026-11-23T08:00:00+02:00 stays"
    assert in_zone(words, zone) == told
    assert in_zone("at 2026-99-99T08:00+00:00", zone) == "at 2026-99-99T08:00+00:00"
    here = datetime(2026, 11, 23, 8, tzinfo=UTC).astimezone()
    assert in_zone("2026-11-23T08:00:00+00:00") == f"{here:%Y-%m-%d %H:%M %Z}"
