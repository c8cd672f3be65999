"""`ackd check`: each trouble with its remedy and status, and what it proves on a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ackd.cli import app
from ackd.engine.self_test import KEY, SelfTest, dump, known
from ackd.ledger import SqlLedger
from ackd.model import SelfTestResult
from ackd.runtime.app import App
from exchange_sandbox import Quirks, Sandbox
from tests.people import MONDAY, raw
from tests.system.commands import CONFIG

ALICE = "alice@corp.example"


class Office:
    """A sandbox, and a configuration for it."""

    def __init__(self, folder: Path, *quirks: str, step: float = 0.2) -> None:
        """On the server `step` seconds pass whenever it looks at its clock."""
        ticks = count()
        self.folder, self.clock, self.config = folder, folder / "clock", folder / "config.yaml"
        self.clock.write_text(MONDAY.isoformat())
        self.sandbox = Sandbox(
            folder / "sandbox",
            {ALICE: "secret"},
            clock=lambda: MONDAY + timedelta(seconds=step * next(ticks)),
            quirks=Quirks.of(quirks),
        ).start()
        text = CONFIG.format(endpoint=self.sandbox.url, state=folder / "state", mode="preview", more="")
        self.config.write_text(text)
        self.config.chmod(0o600)

    def check(self, *options: str, status: int = 0) -> dict[str, Any]:
        where = ["--config", str(self.config), "--clock", str(self.clock), "--json"]
        done = CliRunner().invoke(app, ["check", *where, *options], env={"ACKD_PASSWORD": "secret"})
        assert done.exit_code == status, (done.output, done.exception)
        return {finding["what"]: finding for finding in json.loads(done.stdout)}

    def subjects(self) -> list[str]:
        """Everything that lies in the mailbox."""
        import sqlite3

        (file,) = [one for one in (self.folder / "sandbox").iterdir() if one.suffix in (".db", ".sqlite")]
        db = sqlite3.connect(file)
        try:
            return [str(row) for row in db.execute("SELECT bag FROM item")]
        finally:
            db.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.sandbox.stop()


def test_a_healthy_mailbox(office: Office) -> None:
    office.sandbox.deliver(raw("q1"), ALICE)
    found = office.check()
    assert found["stamps"]["found"].startswith("1 of the last 1 mails")
    assert found["out of office"]["found"] == "off"
    assert found["time zone"]["found"] == "promise.time_zone says it"
    assert "set promise.working_hours" in found["working hours"]["found"]
    assert "never tried" in found["self-test"]["found"]
    assert office.sandbox.requests.count("CreateItem") == 0


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("401", 77, "refused the sign-in"),
        ("403", 77, "EwsAllowedAppIDs"),
        ("429", 75, "slow down"),
        ("503", 75, "not available"),
        ("busy", 75, "busy"),
        ("malformed-xml", 75, "can't be read"),
        ("cut-before-commit", 75, "connection"),
    ],
)
def test_each_fault_has_its_words_and_status(office: Office, fault: str, status: int, words: str) -> None:
    office.sandbox.faults.add("GetFolder", fault)
    finding = office.check(status=status)["mailbox"]
    assert words in finding["found"]
    assert not finding["well"]
    assert finding["remedy"]


def test_no_stamps_are_told(office: Office) -> None:
    office.sandbox.deliver(raw("q1", stamp="Anonymous"), ALICE)
    found = office.check(status=78)
    assert "require_authenticated" in found["stamps"]["remedy"]


def test_a_configuration_that_others_may_change_is_told_and_not_gone_by(office: Office) -> None:
    office.config.chmod(0o666)
    found = office.check(status=78)
    assert found["permissions"]["remedy"] == f"chmod go-w {office.config}"
    assert set(found) == {"permissions"}
    assert office.sandbox.requests.count() == 0  # its password goes to nobody


def test_what_ackd_relies_on_is_proved_and_removed_again(office: Office) -> None:
    before = office.sandbox.requests.count("CreateItem")
    found = office.check("--send-to-self")
    assert found["letter found by its token"]["found"] == "in Sent Items"
    assert "x-ackd" in found["marks of a letter"]["found"]
    assert found["task's date"]["well"]
    assert found["exclusive folders"]["found"] == "the second of a name is refused"
    assert found["commit time"]["found"].startswith("moves")
    assert found["removed again"]["well"]
    assert office.sandbox.requests.count("CreateItem") == before + 2
    assert "all holds" in office.check()["self-test"]["found"]
    assert not any("ackd test" in one for one in office.subjects())


def test_a_server_that_gets_everything_wrong(tmp_path: Path) -> None:
    office = Office(tmp_path, "all")
    try:
        found = office.check("--send-to-self")
        assert found["commit time"]["found"].startswith("not given")
        assert "lost: auto-submitted" in found["marks of a letter"]["found"]
        assert not any("ackd test" in one for one in office.subjects())
    finally:
        office.sandbox.stop()


def test_what_fails_half_way_is_removed_too(office: Office) -> None:
    office.sandbox.faults.add("CreateFolder", "503")
    found = office.check("--send-to-self", status=75)
    assert "not available" in found["exclusive folders"]["found"]
    assert found["removed again"]["well"]
    assert not any("ackd test" in one for one in office.subjects())


def test_commit_times_that_do_not_move_are_not_gone_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACKD_PASSWORD", "secret")
    office = Office(tmp_path, step=0)

    def syncs_of_a_pass() -> int:
        with App(office.config, office.clock) as one:
            before = office.sandbox.requests.count("SyncFolderItems")
            one.run_pass()
            return office.sandbox.requests.count("SyncFolderItems") - before

    try:
        found = office.check("--send-to-self")
        assert found["commit time"]["found"].startswith("given, but it doesn't move")
        assert "commit time" in office.check()["self-test"]["found"]
        assert [syncs_of_a_pass() for _ in range(3)][-1] == 3
    finally:
        office.sandbox.stop()


def test_what_was_proved_is_remembered(tmp_path: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", ALICE)
    assert known(ledger) is None
    done = SelfTest(MONDAY, "15.2", (SelfTestResult("commit time", False, "doesn't move"),))
    ledger.remember(KEY, dump(done))
    assert known(ledger) == done
    assert done.refuted == {"commit time"}
    ledger.remember(KEY, "[]")
    assert known(ledger) is None
    ledger.close()


def test_a_watched_folder_that_is_missing_is_told_with_its_remedy(tmp_path: Path) -> None:
    office = Office(tmp_path)
    try:
        text = office.config.read_text()
        told = text.replace("mailbox:\n", "mailbox:\n  folders: [Inbox, Inbox/Team]\n", 1)
        office.config.write_text(told)
        found = office.check(status=78)
        assert found["sign-in"]["well"]
        assert "there is no folder 'Inbox/Team'" in found["folder"]["found"]
        assert "mailbox.folders" in found["folder"]["remedy"]
        office.config.write_text(told.replace("Inbox/Team", "Posteingang"))
        assert office.check()["folder"]["well"]
    finally:
        office.sandbox.stop()


@pytest.mark.parametrize("quirks", [(), ("no_date_header",)])
def test_a_lease_is_told_with_its_holder(
    tmp_path: Path, quirks: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACKD_PASSWORD", "secret")
    office = Office(tmp_path, *quirks, step=0)
    assert office.check()["lease"]["found"].startswith("free")
    with App(office.config, office.clock) as app:
        app.run_pass()
        app.context().mailbox.set_watermark(MONDAY)
        ours, theirs = app.context().settings.holder, "f00dbeefcafe"
        for holder, words in (
            (theirs, "another ackd (f00dbeef) holds it since 2026-11"),
            (ours, "this ackd"),
        ):
            taken = app.context().mailbox.take_lease(holder)
            assert taken
            assert words in office.check()["lease"]["found"]
            app.context().mailbox.release(taken)
    office.sandbox.stop()


def test_a_server_that_tells_no_time(tmp_path: Path) -> None:
    office = Office(tmp_path, "no_date_header")
    found = office.check()
    assert found["clock"]["well"]
    assert "boot clock" in found["clock"]["found"]
    office.sandbox.stop()
