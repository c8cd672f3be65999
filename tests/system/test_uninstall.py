"""`ackd uninstall`, by real configuration files: a sandbox in a process of its own serves both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ackd import config as configuration
from ackd.mailbox import open_mailbox
from ackd.ports import Mailbox
from ackd.runtime import ledgers
from ackd.runtime.credentials import secret_of
from tests.people import MONDAY, raw
from tests.system.commands import SECRETS, Site, graph_section, in_process, written

EWS = """\
  endpoint: {endpoint}
  password: {{env: ACKD_PASSWORD}}
  ca_bundle: {trusted}
"""
DRY, ALL = "--dry-run", ("--tasks", "remove", "--categories", "remove", "--ledger", "remove")


class Office(Site):
    """A site by TLS with two promised questions, whose configuration says by which kind."""

    kind = "ews"

    def by(self, more: str = "") -> Path:
        ews = EWS.format(endpoint=self.url, trusted=self.trusted)
        graph = graph_section(self.graph_url, self.authority, self.trusted)
        section = {"ews": ews, "graph": graph}[self.kind]
        return written(self.folder, "state", section, more=more or "tasks: {calendar_entry: true}")

    def uninstall(self, *options: str, status: int = 0, **env: str) -> Any:
        where = ("--config", str(self.by()), "--clock", str(self.clock))
        done = in_process("uninstall", *options, *where, **env)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def mailbox(self) -> Mailbox:
        config = configuration.load(self.by()).config
        zone = ledgers.owner_time(config).calendar.zone
        return open_mailbox(config, secret_of(config), zone, ledgers.clock_of(self.clock))


@pytest.fixture(params=["ews", "graph"])
def office(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nothing-installed"))
    with Office(tmp_path, MONDAY, graph=True) as made:
        made.kind = request.param
        config = made.by()
        made.once(config)
        made.later(minutes=1)
        made.deliver(*(raw(name, sender="bob@corp.example", at=made.now) for name in ("first", "second")))
        made.later(minutes=1)
        made.once(config)
        made.once(config)
        yield made


def test_it_lists_what_is_open_and_takes_it_away(office: Office) -> None:
    state = office.folder / "state"
    (state / "ledger.schema-2.sqlite").touch(0o600)  # the copy from before an upgrade
    seen = office.uninstall(DRY)
    assert "open promises, which are yours to answer: 2" in seen
    assert seen.count("bob@corp.example: ") == 2
    assert "2 tasks, 2 calendar entries, 0 letters in Drafts; 2 questions that may carry a category" in seen
    assert "nothing was changed" in seen
    box = office.mailbox()
    assert (len(box.tasks()), box.watermark() is not None) == (2, True)

    assert "nobody can be asked" in office.uninstall(status=2)
    told = office.uninstall(*ALL)
    assert "FAIL" not in told
    for words in (
        "no service is installed",
        "2 tasks taken away",
        "2 calendar entries taken away",
        "2 questions without ackd's category",
        "ackd's hidden folder is gone from the mailbox",
        "isn't ackd's to delete",
        "the ledger and what stood beside it are deleted",
        "ackd is out of your mailbox",
    ):
        assert words in told, told
    box = office.mailbox()
    assert [task for task in box.tasks() if not task.is_deleted] == []
    assert box.watermark() is None
    assert all("Promised" not in mail.categories for mail in box.search(subject="question"))
    box.close()
    assert not state.exists()

    again = office.uninstall(*ALL)  # nothing is left to do, and that is said
    assert "no tasks to take away" in again
    assert "FAIL" not in again


@pytest.mark.long
def test_what_is_kept_stays(office: Office) -> None:
    told = office.uninstall("--yes")
    assert "2 tasks and 2 calendar entries stay" in told
    assert "the ledger stays" in told
    box = office.mailbox()
    assert len(box.tasks()) == 2
    assert box.watermark() is None
    box.close()
    assert "the mailbox was done before" in office.uninstall("--yes")


@pytest.mark.long
def test_a_failure_in_the_middle_loses_nothing(office: Office) -> None:
    """The server is away: nothing local goes before the mailbox is done, and the next run ends it."""
    port = int(office.url.split(":")[2].split("/")[0])
    office.stop_server()
    told = office.uninstall("--yes", "--skip-mailbox", DRY)
    assert "besides: the ledger" in told
    assert "nothing listens at" in office.uninstall(*ALL, status=75)
    assert (office.folder / "state" / "ledger.sqlite").exists()
    office.serve(port)
    assert "2 tasks taken away" in office.uninstall(*ALL)
