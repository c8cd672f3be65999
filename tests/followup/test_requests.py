"""What the follow-through costs in requests, counted in the server's log: our own changes that come
back by sync cost nothing beyond the poll's own, and an idle poll stays one request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from ackd.model import DigestTimes, OnMove
from tests.scenario import Q, Scenario

DAY = date(2026, 11, 30)
POLL = ["GetFolder", "SyncFolderItems"]

ACTS: dict[str, Callable[[Scenario], object]] = {
    "moved": lambda office: office.owner.move(Q, DAY),
    "answered": lambda office: office.owner.answer(Q),
    "command on the question": lambda office: office.owner.mark(Q, "Promised", "ackd: need more"),
    "command on the task": lambda office: office.owner.categorize(
        office.owner.task(Q), "Promised", "ackd: can't help"
    ),
    "not a question": lambda office: office.owner.mark(Q, "ackd: not a question"),
    "the asker writes": lambda office: office.deliver("more", "It is about the blue ones.", references=Q),
}


def requests(office: Scenario, seconds: float = 60) -> list[str]:
    """What a pass asks of the server."""
    office.clock.move(timedelta(seconds=seconds))
    office.sandbox.requests.clear()
    office.daemon.run_pass()
    return office.sandbox.requests.operations()


@pytest.mark.parametrize("act", ACTS)
def test_our_own_changes_cost_no_request_when_they_come_back(office: Scenario, act: str) -> None:
    requests(office)
    assert requests(office) == ["GetFolder"], "idle"
    ACTS[act](office)
    office.work()
    office.work(10)  # the letter of a new date, and the change that follows it
    back = requests(office)
    assert set(back) <= set(POLL), back
    assert len(back) <= 1 + 4, "one sync for each folder in which something changed"
    for _ in range(2):
        assert requests(office) == ["GetFolder"]


def test_a_change_of_a_task_is_one_read_and_one_write(office: Scenario) -> None:
    """By EWS a process reads back the first note that it writes."""
    for day, read_back in ((DAY, office.daemon.mailbox.kind == "ews"), (DAY + timedelta(days=7), False)):
        office.owner.move(Q, day)
        asked = requests(office)
        assert asked.count("UpdateItem") == 1
        assert asked.count("GetItem") == 1 + read_back
        assert asked.count("FindItem") == 0
        office.work(10)


def test_many_tasks_are_changed_in_one_request(office: Scenario) -> None:
    names = [office.deliver(f"q{number}") for number in range(12)]
    for _ in range(2):
        office.work()
    for name in names:
        office.owner.move(name, DAY)
    asked = requests(office)
    assert asked.count("UpdateItem") == 1
    told = requests(office, 600)
    assert told.count("CreateItem") == 1
    assert told.count("UpdateItem") == 1
    assert len(office.letters()) == 25


def test_what_waits_asks_nothing(office: Scenario) -> None:
    """While a new date settles, and while a draft waits, a poll is one request."""
    office.follows(moved=OnMove.ASK)
    office.owner.move(Q, DAY)
    office.work()
    office.work(1)
    assert requests(office) == ["GetFolder"]
    office.work(10)
    office.work(1)
    assert requests(office) == ["GetFolder"]


@pytest.mark.parametrize("questions", [3, 60])
def test_a_digest_reads_its_questions_in_batches(office: Scenario, questions: int) -> None:
    """One search for 50 questions, reads of bounded size; the owner's language is asked for once a week."""
    office.use(digest=DigestTimes(tuple(range(7)), time(8, 30)))
    office.work()
    for number in range(questions):
        office.deliver(f"q{number}")
    for _ in range(2):
        office.work()
    asked = requests(office, 24 * 3600)
    assert len(office.notices()) == 1
    assert "ResolveNames" not in asked, "the language is told by the inbox's name, which was read by the way"
    searches = asked.count("FindItem")
    assert searches <= 4, "for the questions, for the digest's own token, and what a day brings"
    assert asked.count("GetItem") <= 2
