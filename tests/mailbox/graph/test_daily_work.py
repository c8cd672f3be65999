"""ackd's daily work on Graph, its whole story, also on a server that does everything wrong which real ones
were seen to do. Outlook stays exchangelib, on the same store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from exchangelib import EWSDate

from ackd.errors import Unreachable
from ackd.mailbox.graph import GraphMailbox
from ackd.mailbox.sign_in import AppTokens
from ackd.model import EffectKind, PromiseState, token_of
from ackd.ports import Clock
from exchange_sandbox import Quirks
from exchange_sandbox.faults import ALWAYS
from tests.backends import ALL_QUIRKS, OverHttp
from tests.exchange_sandbox.stored import outlook_id
from tests.mailbox.contract.test_graph import APP, SCOPE, SECRET
from tests.people import ALICE
from tests.scenario import FOLLOWING, Q, Scenario

NAMES = [f"q{number}" for number in range(12)]
DAY = date(2026, 11, 30)


class OverGraph(OverHttp):
    """The sandbox, with ackd at its other face."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, quirks: Quirks | None = None) -> None:
        super().__init__(folder, quirks=quirks, tls=True, apps={APP: SECRET})
        patch.setenv("REQUESTS_CA_BUNDLE", str(self.sandbox.authority))

    def open(self, clock: Clock, machine: str) -> Any:
        trusted = str(self.sandbox.authority)
        tokens = AppTokens(self.sandbox.sign_in_url, APP, SECRET, SCOPE, trusted)
        zone = ZoneInfo(self.zone)
        return GraphMailbox(
            ALICE.address,
            self.sandbox.graph_url,
            tokens,
            zone=zone,
            clock=clock,
            app_only=True,
            ca_bundle=trusted,
        )

    def task(self, mailbox: Any, message_id: str = Q) -> Any:
        """The task of a question, as Outlook has it: known by its id, since it has no property."""
        (seen,) = mailbox.tasks([token_of(message_id, EffectKind.TASK)])
        wanted = outlook_id(seen.item)
        return next(task for task in self.owner.account.tasks.all() if task.id == wanted)


Make = Callable[..., Scenario]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    offices: list[Scenario] = []

    def opened(quirks: Quirks | None = None, **rules: Any) -> Scenario:
        backend = OverGraph(tmp_path, monkeypatch, quirks)
        offices.append(Scenario(tmp_path, backend, follow=replace(FOLLOWING, **rules)))
        return offices[-1]

    yield opened
    for office in offices:
        office.close()


@pytest.fixture(params=[False, True], ids=["as documented", "with every quirk"])
def office(request: pytest.FixtureRequest, make: Make) -> Scenario:
    found = make(ALL_QUIRKS if request.param else None)
    found.begin()
    found.ask()
    found.work()
    return found


def test_a_question_is_acknowledged_and_the_owners_answer_keeps_the_promise(office: Scenario) -> None:
    (letter,) = office.bob.received()
    assert letter.subject.startswith("Re: ")
    task = office.backend.task(office.mailbox)
    assert not task.is_complete
    (seen,) = office.mailbox.tasks()
    assert seen.due_date == office.local_day(office.promise().due)
    office.owner.answer(Q)
    office.work()
    assert office.state() is PromiseState.KEPT
    office.work()
    assert office.backend.task(office.mailbox).is_complete
    assert len(office.bob.received()) == 2


def test_a_moved_task_tells_the_asker_a_new_date(office: Scenario) -> None:
    task = office.backend.task(office.mailbox)
    task.due_date = EWSDate.from_date(DAY)
    task.save(update_fields=["due_date"])
    for _ in range(3):
        office.work(10)
    assert office.local_day(office.promise().due) == DAY
    assert len(office.bob.received()) == 2
    (seen,) = office.mailbox.tasks()
    assert (seen.due_date, seen.moves) == (DAY, 1)


def test_a_task_that_is_ticked_off_or_deleted_closes_the_promise(office: Scenario) -> None:
    task = office.backend.task(office.mailbox)
    task.status = task.COMPLETED
    task.save(update_fields=["status"])
    office.work()
    assert office.state() is PromiseState.DROPPED
    office.deliver("q2")
    for _ in range(2):
        office.work()
    second = "<q2@corp.example>"
    office.backend.task(office.mailbox, second).move_to_trash()
    office.work()
    assert office.state(second) is PromiseState.WITHDRAWN


def test_a_category_is_a_command(office: Scenario) -> None:
    known = office.owner.categories(Q)
    office.owner.mark(Q, *known, "Mine", "ackd: can't help")
    for _ in range(3):
        office.work(10)
    assert len(office.bob.received()) == 2
    assert "Mine" in office.owner.categories(Q)


def test_a_lost_ledger_is_rebuilt_and_nobody_hears_twice(office: Scenario) -> None:
    office.start_on("another")
    for _ in range(3):
        office.work(10)
    assert len(office.bob.received()) == 1
    assert len(office.mailbox.tasks()) == 1
    assert office.state() is PromiseState.OPEN


@pytest.mark.parametrize(
    ("step", "kind", "times"),
    [
        ("messages.create", "cut-after-commit", ALWAYS),
        ("messages.create", "malformed-json", ALWAYS),
        ("messages.send", "504-after-commit", ALWAYS),
        ("messages.send", "cut-before-commit", 5),
        ("batch", "cut-after-commit", 2),
        ("tasks.create", "503-after-commit", ALWAYS),
        ("tasks.update", "cut-after-commit", ALWAYS),
    ],
)
def test_each_asker_hears_once(make: Make, step: str, kind: str, times: int) -> None:
    office = make(ALL_QUIRKS)
    office.work()  # the first pass sets the watermark
    office.sandbox.faults.add(step, kind, times=times)
    for name in NAMES:
        office.deliver(name)
    for _ in range(12):  # long enough for what was left in doubt to be looked for again
        with suppress(Unreachable):  # the service would try again in a minute
            office.work(15)
    letters = Counter(one.subject for one in office.bob.received())
    assert sum(letters.values()) == len(NAMES)
    sent = Counter(one.ackd_token for one in office.owner.account.sent.all().only("ackd_token"))
    assert (len(sent), max(sent.values())) == (len(NAMES), 1)
    assert Counter(task.token for task in office.mailbox.tasks()).most_common(1)[0][1] == 1
    assert len(office.mailbox.tasks()) == len(NAMES)
    assert not office.owner.drafts()
