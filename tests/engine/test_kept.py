"""Today's engine goes on with the ledgers of git commit 27bb915, on the mailbox in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ackd import config
from ackd.engine.daemon import Daemon
from ackd.engine.owner_settings import KEY, load
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import EffectKind, token_of
from ackd.runtime.settings import settings_of
from ackd.text import eml
from tests.kept import lay_out
from tests.kept.acts import ACTS, TODAYS_DIGEST, each_once, resuming_sends_nothing_late
from tests.kept.acts import the_digest_in_doubt_goes_out_once as goes_out_once
from tests.kept.office import ALICE, BOB, MEMBERS, TEAM, KeptOffice, ack, q

pytestmark = pytest.mark.timeout(300)
PLAYS = [(mode, act) for mode, acts in ACTS.items() for act in acts]


class MemoryOffice(KeptOffice):
    """On the mailbox in memory. It can't read the sync state that a server gave, so it begins anew: as
    a server does that doesn't know it any more."""

    mailbox: MemoryMailbox

    def __init__(self, folder: Path, mode: str) -> None:
        super().__init__(folder, mode)
        self.mailbox = MemoryMailbox(self.clock.now, groups={TEAM: MEMBERS})
        self.config = lay_out(mode, folder)
        self.furnish()
        self._ledger = SqlLedger(f"sqlite:///{folder / 'state' / 'ledger.sqlite'}", ALICE)
        self._ledger.remember("cursor", None)
        settings, _ = settings_of(config.load(self.config).config, load(self._ledger.value(KEY)))
        self._daemon = Daemon(self.mailbox, self._ledger, self.clock, settings)

    def close(self) -> None:
        self._ledger.close()

    def arrive(self, mail: bytes) -> None:
        self.mailbox.arrive(eml.read(mail))

    def answer(self, message_id: str) -> None:
        self.mailbox.owner_sends(to=[BOB], in_reply_to=message_id)

    def tick(self, message_id: str) -> None:
        self.mailbox.owner_changes_task(token_of(message_id, EffectKind.TASK), is_complete=True)

    def move(self, message_id: str, day: date) -> None:
        self.mailbox.owner_changes_task(token_of(message_id, EffectKind.TASK), due_date=day)

    def send_draft(self, token: str) -> None:
        self.mailbox.owner_sends_draft(token)

    def throw_draft(self, token: str) -> None:
        self.mailbox.owner_trashes_draft(token)

    def run_pass(self) -> None:
        self._daemon.run_pass()


@pytest.mark.parametrize(("mode", "act"), PLAYS, ids=lambda value: getattr(value, "__name__", value))
def test_it_goes_on(tmp_path: Path, mode: str, act: Callable[[KeptOffice], None]) -> None:
    office = MemoryOffice(tmp_path, mode)
    act(office)
    each_once(office)
    office.close()


@pytest.mark.parametrize("mode", ACTS)
def test_it_goes_on_through_all_of_it(tmp_path: Path, mode: str) -> None:
    office = MemoryOffice(tmp_path, mode)
    for act in ACTS[mode]:
        act(office)
    each_once(office)
    office.close()


def test_a_digest_in_doubt_that_arrived_isnt_sent_again(tmp_path: Path) -> None:
    office = MemoryOffice(tmp_path, "draft")
    office.put_sent(TODAYS_DIGEST, "", ALICE)
    goes_out_once(office)
    office.close()


def test_a_case_that_was_settled_elsewhere_isnt_done_again(tmp_path: Path) -> None:
    """The copy of a parked letter turns up at last: it went out."""
    office = MemoryOffice(tmp_path, "send")
    office.put_sent(ack("lettered"), q("lettered"))
    for minutes in (1, 11):
        office.work(minutes)
    assert office.acknowledged("lettered") == 1
    assert len(office.tasks("lettered")) == 1, "its task is lost, or there are two"
    office.close()


def test_what_was_left_unsent_stays_withdrawn_whatever_is_resumed(tmp_path: Path) -> None:
    office = MemoryOffice(tmp_path, "draft")
    resuming_sends_nothing_late(office)
    assert "; 0 acknowledgements" in office.command("resume")
    office.close()
