"""A month of an owner's life in one mailbox over real HTTP: by EWS, then by Graph, and by EWS again, with the
turns in the middle of the day. In the end letters, tasks and calendar entries are counted on the server."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.model import EffectKind, EffectState, PromiseState, token_of
from exchange_sandbox import Quirks
from tests.backends import OverEither
from tests.people import ALICE, MONDAY
from tests.plays import seeds
from tests.scenario import FOLLOWING, Scenario, message_id

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

DAYS = 28
#: On which day the mailbox is reached by which kind from then on; once it moves elsewhere besides.
TURNS = {9: "graph", 18: "ews", 23: "graph", 26: "ews"}
MOVES = 9
HOURS = (8, 11, 15)  # of the day, at which ackd works
#: What the owner does with a question, the day after; nothing is most common.
ACTS = ("answer", "move", "tick", "delete", "file", "nothing", "nothing", "nothing")


@dataclass
class Month:
    """The office, and the simulation's own book."""

    office: Scenario
    chance: random.Random
    asked: list[str] = field(default_factory=list)
    moved: Counter[str] = field(default_factory=Counter)
    fates: dict[str, str] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)

    def live(self) -> None:
        for number in range(DAYS):
            day = MONDAY + timedelta(days=number)
            if day.weekday() < 5 or number in TURNS:
                self.day(number)
            self.office.clock.move(day + timedelta(days=1) - self.office.clock.now())
        self.work(3)

    def day(self, number: int) -> None:
        """Colleagues ask, the owner sees to what came the day before, and in between the way may change."""
        yesterday = [name for name in self.asked if name not in self.fates]
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            self.asked.append(f"q{len(self.asked)}")
            self.office.deliver(self.asked[-1])
        self.work()
        self.office.later(hours=2)
        for name in yesterday:
            self.fates[name] = self.chance.choice(ACTS)
            getattr(self, self.fates[name])(message_id(name))
        if kind := TURNS.get(number):
            if number == MOVES:
                self.office.backend.move_mailboxes()
                self.lists.clear()
            self.office.backend.kind = kind
            self.office.start()
        self.work(2 if kind else 1)

    def work(self, passes: int = 1) -> None:
        for _ in range(passes):
            self.office.work(12)

    # --- what the owner does ------------------------------------------------------------------------

    def answer(self, question: str) -> None:
        self.office.owner.answer(question)

    def move(self, question: str) -> None:
        day = self.office.local_day(self.office.promise(question).due) + timedelta(
            days=self.chance.choice((1, 4))
        )
        self.office.owner.move(question, day)
        self.moved[question] += 1

    def tick(self, question: str) -> None:
        self.office.owner.tick(question)

    def delete(self, question: str) -> None:
        self.office.owner.trash(question)

    def file(self, question: str) -> None:
        owner = self.office.owner
        name = f"list {len(self.asked)}"
        self.lists[question] = owner.new_list(name)
        owner.file(question, self.lists[question])

    def nothing(self, question: str) -> None:
        """It waits, and is overdue in the end."""


@pytest.mark.parametrize("seed", seeds(3))
def test_a_month_by_ews_then_by_graph_and_back(tmp_path: Path, seed: int) -> None:
    backend = OverEither(tmp_path, "ews", quirks=Quirks(graph_no_linked_resources=True))
    with Scenario(tmp_path, backend, follow=FOLLOWING, rules={"calendar_entry": True}) as office:
        office.begin()
        month = Month(office, random.Random(seed))
        month.live()
        assert len(month.asked) > 15
        assert set(month.fates.values()) == set(ACTS)
        check_letters(month)
        check_desk(month)


def check_letters(month: Month) -> None:
    """Each question was acknowledged once, and each new date told once; nothing lies in Drafts."""
    office = month.office
    got = Counter(
        mail.in_reply_to for mail in office.bob.received() if mail.author.email_address == ALICE.address
    )
    answered = Counter(message_id(name) for name, fate in month.fates.items() if fate == "answer")
    told = Counter(map(message_id, month.asked)) + month.moved + answered
    assert got == told
    tokens = Counter(mail.ackd_token for mail in office.owner.account.sent.all().only("ackd_token"))
    assert max(count for token, count in tokens.items() if token) == 1
    assert not office.owner.drafts()


def check_desk(month: Month) -> None:
    """Each question has one task that shows how its promise stands, and a calendar entry until it is kept or
    the owner deletes the task."""
    office, account = month.office, month.office.owner.account
    everywhere = [account.tasks, account.trash, *account.tasks.children]
    tasks = [task for folder in everywhere for task in folder.all() if hasattr(task, "due_date")]
    entries = Counter(entry.ackd_token for entry in account.calendar.all().only("ackd_token"))
    states = Counter()
    for name in month.asked:
        question = message_id(name)
        mine = [task for task in tasks if f"Message-ID: {question}" in str(task.body)]
        assert len(mine) == 1, name
        promise = office.promise(question)
        states[promise.state] += 1
        is_kept = promise.state is PromiseState.KEPT
        is_over = is_kept or promise.state is PromiseState.WITHDRAWN
        assert entries[token_of(question, EffectKind.APPOINTMENT)] == (not is_over), name
        assert mine[0].is_complete or promise.state is not PromiseState.KEPT
        if promise.state is PromiseState.OPEN:
            assert office.owner.day_of(mine[0]) == office.local_day(promise.due), name
    fates = Counter(month.fates.values())
    assert states[PromiseState.KEPT] == fates["answer"]
    assert states[PromiseState.DROPPED] == fates["tick"]
    assert states[PromiseState.WITHDRAWN] + parked(office) == fates["delete"]


def parked(office: Scenario) -> int:
    """Tasks that the owner deleted while the way changed: by Graph nobody sees them."""
    return len(office.ledger.in_state(EffectState.PARKED))
