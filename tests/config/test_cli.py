"""`ackd config`: what it prints where, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from ackd.cli.config import app
from ackd.config import loads
from tests.config.minimal import ENV, FILE, MAILBOX

runner = CliRunner()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(MAILBOX + "internal: {domains: [corp.example]}\ntasks: {calendar_entry: true}\n")
    return path


def test_check_of_a_good_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACKD_PASSWORD", "hunter2")
    file.write_text(MAILBOX + "internal: {domains: [corp.example]}\n")
    result = runner.invoke(app, ["check", "--config", str(file)])
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{file}: no problems; mode preview\n", "")


def test_check_warns_of_what_has_no_effect(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACKD_PASSWORD", raising=False)
    result = runner.invoke(app, ["check", "--config", str(file)])
    assert result.exit_code == 0
    assert "the environment variable ACKD_PASSWORD isn't set" in result.stderr


def test_check_of_a_bad_file(file: Path) -> None:
    file.write_text(MAILBOX + "mode: sned\nkeep: 1\n")
    result = runner.invoke(app, ["check", "--config", str(file)])
    assert (result.exit_code, result.stdout) == (78, "")
    first, second = result.stderr.splitlines()
    assert first == f"{file}:5:7: mode: found `sned`; allowed: preview, draft or send; did you mean `send`?"
    assert second.startswith(f"{file}:6:7: keep: found `1`; the unit is missing")


def test_a_missing_file_ends_with_78(tmp_path: Path) -> None:
    for command in ("check", "show"):
        result = runner.invoke(app, [command, "--config", str(tmp_path / "none.yaml")])
        assert (result.exit_code, result.stdout) == (78, "")
        assert "there is no such file" in result.stderr


def test_example_is_a_configuration() -> None:
    result = runner.invoke(app, ["example"])
    assert result.exit_code == 0
    assert loads(result.stdout.encode(), FILE, ENV).config.mode.value == "preview"


def test_schema_is_json() -> None:
    result = runner.invoke(app, ["schema"])
    assert json.loads(result.stdout)["required"] == ["mailbox"]


def test_show_tells_where_values_come_from_and_no_secret(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACKD_PASSWORD", "hunter2")
    result = runner.invoke(app, ["show", "--config", str(file)])
    assert result.exit_code == 0
    assert "hunter2" not in result.output
    lines = {line.split("#")[0].strip(): line.split("# ")[-1] for line in result.stdout.splitlines()}
    assert lines["domains: [corp.example]"] == "file"
    assert lines["auth: basic"] == "default"
    assert lines["password: {env: ACKD_PASSWORD}"] == "file; the secret itself isn't shown"
    shown = yaml.safe_load(result.stdout)
    assert shown["promise"]["within"] == "2 business days"
    assert loads(result.stdout.encode(), FILE, ENV).config == loads(file.read_bytes(), FILE, ENV).config
