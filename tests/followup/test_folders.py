"""Folders that never end, and that are missing: questions elsewhere are acknowledged, the owner is told."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from exchangelib import Folder

from ackd.mailbox.ews import Access, EwsMailbox
from ackd.views.status import status
from exchange_sandbox import Quirks
from tests.followup.conftest import Make
from tests.followup.outlook import PASSWORD
from tests.people import ALICE
from tests.scenario import Scenario

pytestmark = pytest.mark.ews_only


def told(office: Scenario) -> list[str]:
    """What `ackd status` says of the folders."""
    return list(status(office.daemon.ledger, office.clock, is_alive=True).folder_trouble)


@pytest.mark.parametrize("quirk", ["endless_sync", "restless_sync"])
@pytest.mark.parametrize("folder", ["tasks", "sentitems", "inbox"])
def test_a_question_is_acknowledged_though_a_folder_never_ends(
    make_office: Make, folder: str, quirk: str
) -> None:
    quirks: Any = {quirk: frozenset({folder})}
    office = make_office(quirks=Quirks(**quirks))
    before = len(office.letters())
    for _ in range(4):
        office.work()
    asked = office.sandbox.requests.count("SyncFolderItems")
    office.ask("q2")
    office.work()
    assert len(office.letters()) == before + 1
    assert office.sandbox.requests.count("SyncFolderItems") - asked <= 30
    (words,) = told(office)
    assert "more of its changes" in words


def test_a_missing_folder_is_told_and_taken_up(make_office: Make) -> None:
    office = make_office()
    access = Access(ALICE.address, office.sandbox.url, ALICE.address, PASSWORD)
    watched = ("Inbox", "Inbox/Team")
    mailbox = EwsMailbox(access, zone=ZoneInfo("Europe/Berlin"), clock=office.clock, watched=watched)
    office.daemon.mailbox.close()
    office.daemon.use(office.settings, mailbox)
    office.work()
    assert "there is no folder 'Inbox/Team'" in told(office)[0]
    before = len(office.letters())
    q2 = office.ask("q2")
    office.work()
    assert len(office.letters()) == before + 1
    team = Folder(parent=office.owner.account.inbox, name="Team")
    team.save()
    q3 = office.deliver("q3")
    office.owner.mail(q3).move(team)
    office.owner.mail(q2).move(team)  # acknowledged before: it is known by its Message-ID
    office.work(6)
    office.work()
    assert (len(office.letters()), told(office)) == (before + 2, [])
    team.name = "Crew"
    team.save(update_fields=["name"])
    q4 = office.deliver("q4")
    office.owner.mail(q4).move(team)
    office.work()
    office.work()
    assert len(office.letters()) == before + 3
    assert "is called 'Inbox/Crew' now" in told(office)[0]
