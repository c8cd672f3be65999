"""Today's ackd as a process goes on with the ledgers and the configuration of git commit 27bb915, on the
sandbox: the mailbox holds what was left there, put in by another client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from exchange_sandbox import Period, WorkHours
from tests.backends import OverHttp
from tests.followup.outlook import bodies
from tests.kept import lay_out
from tests.kept.acts import ACTS, each_once
from tests.kept.story import ALICE, CAROL, MEMBERS, TEAM, Kept
from tests.people import BOB
from tests.system.commands import ackd, in_process

pytestmark = pytest.mark.timeout(300)
HOURS = WorkHours("W. Europe Standard Time", (Period(time(9), time(17, 30)),))


class OverHttpAgain(Kept):
    """On the sandbox; `ackd once` runs for each pass, the first time as a process of its own."""

    def __init__(self, folder: Path, mode: str) -> None:
        people = (ALICE, BOB, CAROL, "hr@corp.example")
        groups = {TEAM: MEMBERS}
        super().__init__(
            folder, mode, lambda start: OverHttp(folder, start=start, people=people, groups=groups)
        )
        self.backend.sandbox.set_work_hours(ALICE, HOURS)
        self.config = lay_out(mode, folder, self.backend.url)
        self._run: Any = ackd
        self.furnish()

    def close(self) -> None:
        self.mailbox.close()
        self.backend.close()

    def run_pass(self) -> None:
        self.clock_file.write_text(self.clock.now().isoformat(), encoding="ascii")
        done = self._run("once", "--config", str(self.config), "--clock", str(self.clock_file), "--json")
        self._run = in_process
        trouble = json.loads(self.command("status", "--json"))["trouble"]
        assert trouble is None, f"what was left keeps it from its work: {trouble}"
        # 75: an effect in doubt waits to be looked for
        assert done.returncode in (0, 75), (done.stdout, done.stderr)


@pytest.fixture(params=ACTS)
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OverHttpAgain]:
    office = OverHttpAgain(tmp_path, request.param)
    yield office
    office.close()


@pytest.mark.long
@pytest.mark.every(2)
def test_it_goes_on(office: OverHttpAgain) -> None:
    for act in ACTS[office.mode]:
        act(office)
    each_once(office)
    if office.mode == "send":
        assert "tried on 2026-11-23" in office.command("check"), "a self-test is lost"
        own = [
            text for text in bodies(office.backend.bob.received()) if "thank you for your question" in text
        ]
        assert len(own) == 3, "the owner's own template isn't used for lost, grace and lettered"
