"""Today's ackd as a process goes on with the ledgers and the configuration of git commit 27bb915, on the
sandbox: the mailbox holds what was left there, put in by another client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ackd.mailbox.ews import Access, EwsMailbox
from exchange_sandbox import Period, Sandbox, WorkHours
from tests.followup.outlook import PASSWORD, Outlook, bodies
from tests.kept import lay_out
from tests.kept.acts import ACTS, each_once
from tests.kept.office import ALICE, BOB, CAROL, MEMBERS, TEAM, KeptOffice
from tests.system.commands import ackd, in_process

pytestmark = pytest.mark.timeout(300)
HOURS = WorkHours("W. Europe Standard Time", (Period(time(9), time(17, 30)),))


class EwsOffice(KeptOffice):
    """On the sandbox; `ackd once` runs for each pass, the first time as a process of its own."""

    def __init__(self, folder: Path, mode: str) -> None:
        super().__init__(folder, mode)
        people = dict.fromkeys((ALICE, BOB, CAROL, "hr@corp.example"), PASSWORD)
        groups = {TEAM: MEMBERS}
        self.sandbox = Sandbox(folder / "exchange", people, groups=groups, clock=self.clock.now).start()
        self.sandbox.set_work_hours(ALICE, HOURS)
        access = Access(ALICE, self.sandbox.url, ALICE, PASSWORD)
        self.mailbox = EwsMailbox(access, zone=ZoneInfo("Europe/Berlin"), clock=self.clock)
        self.owner = Outlook(self.sandbox.url, ALICE)
        self.config = lay_out(mode, folder, self.sandbox.url)
        self._run: Any = ackd
        self.furnish()

    def close(self) -> None:
        self.mailbox.close()
        self.owner.close()
        self.sandbox.stop()

    def arrive(self, mail: bytes) -> None:
        self.sandbox.deliver(mail, ALICE)

    def answer(self, message_id: str) -> None:
        self.owner.answer(message_id)

    def tick(self, message_id: str) -> None:
        self.owner.tick(message_id)

    def move(self, message_id: str, day: date) -> None:
        self.owner.move(message_id, day)

    def send_draft(self, token: str) -> None:
        self.owner.sends(self._draft(token))

    def throw_draft(self, token: str) -> None:
        self._draft(token).move_to_trash()

    def _draft(self, token: str) -> Any:
        return next(draft for draft in self.owner.drafts() if draft.ackd_token == token)

    def run_pass(self) -> None:
        self.clock_file.write_text(self.clock.now().isoformat(), encoding="ascii")
        done = self._run("once", "--config", str(self.config), "--clock", str(self.clock_file), "--json")
        self._run = in_process
        trouble = json.loads(self.command("status", "--json"))["trouble"]
        assert trouble is None, f"what was left keeps it from its work: {trouble}"
        # 75: an effect in doubt waits to be looked for
        assert done.returncode in (0, 75), (done.stdout, done.stderr)


@pytest.fixture(params=ACTS)
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[EwsOffice]:
    office = EwsOffice(tmp_path, request.param)
    yield office
    office.close()


def test_it_goes_on(office: EwsOffice) -> None:
    for act in ACTS[office.mode]:
        act(office)
    each_once(office)
    if office.mode == "send":
        assert "tried on 2026-11-23" in office.command("check"), "a self-test is lost"
        bob = Outlook(office.sandbox.url, BOB)
        own = [text for text in bodies(bob.received()) if "thank you for your question" in text]
        bob.close()
        assert len(own) == 3, "the owner's own template isn't used for lost, grace and lettered"
