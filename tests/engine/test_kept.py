"""Today's engine goes on with the ledgers of git commit 27bb915, on the mailbox in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ackd import config
from ackd.engine.owner_settings import load
from ackd.ledger import SqlLedger
from ackd.model import ValueKey
from ackd.runtime.settings import settings_of
from tests.backends import InMemory
from tests.kept import lay_out
from tests.kept.acts import ACTS, TODAYS_DIGEST, each_once, resuming_sends_nothing_late
from tests.kept.acts import the_digest_in_doubt_goes_out_once as goes_out_once
from tests.kept.story import ALICE, MEMBERS, TEAM, Kept, ack, q
from tests.machine import Machine

pytestmark = pytest.mark.timeout(300)
PLAYS = [(mode, act) for mode, acts in ACTS.items() for act in acts]


class InMemoryAgain(Kept):
    """On the mailbox in memory. It can't read the sync state that a server gave, so it begins anew: as
    a server does that doesn't know it any more."""

    def __init__(self, folder: Path, mode: str) -> None:
        super().__init__(folder, mode, lambda start: InMemory(start=start, groups={TEAM: MEMBERS}))
        self.config = lay_out(mode, folder)
        self.furnish()
        file = folder / "state" / "ledger.sqlite"
        ledger = SqlLedger(f"sqlite:///{file}", ALICE)
        ledger.remember("cursor", None)
        settings, _ = settings_of(
            config.load(self.config).config, load(ledger.value(ValueKey.OWNER_SETTINGS))
        )
        ledger.close()
        self.machine = Machine("kept", self.backend, self.clock, settings, file)

    def close(self) -> None:
        self.machine.close()

    def run_pass(self) -> None:
        self.machine.run_pass()


@pytest.mark.parametrize(("mode", "act"), PLAYS, ids=lambda value: getattr(value, "__name__", value))
def test_it_goes_on(tmp_path: Path, mode: str, act: Callable[[Kept], None]) -> None:
    office = InMemoryAgain(tmp_path, mode)
    act(office)
    each_once(office)
    office.close()


@pytest.mark.parametrize("mode", ACTS)
def test_it_goes_on_through_all_of_it(tmp_path: Path, mode: str) -> None:
    office = InMemoryAgain(tmp_path, mode)
    for act in ACTS[mode]:
        act(office)
    each_once(office)
    office.close()


def test_a_digest_in_doubt_that_arrived_isnt_sent_again(tmp_path: Path) -> None:
    office = InMemoryAgain(tmp_path, "draft")
    office.put_sent(TODAYS_DIGEST, "", ALICE)
    goes_out_once(office)
    office.close()


def test_a_case_that_was_settled_elsewhere_isnt_done_again(tmp_path: Path) -> None:
    """The copy of a parked letter turns up at last: it went out."""
    office = InMemoryAgain(tmp_path, "send")
    office.put_sent(ack("lettered"), q("lettered"))
    for minutes in (1, 11):
        office.work(minutes)
    assert office.acknowledged("lettered") == 1
    assert len(office.tasks("lettered")) == 1, "its task is lost, or there are two"
    office.close()


def test_what_was_left_unsent_stays_withdrawn_whatever_is_resumed(tmp_path: Path) -> None:
    office = InMemoryAgain(tmp_path, "draft")
    resuming_sends_nothing_late(office)
    assert "; 0 acknowledgements" in office.command("resume")
    office.close()
