"""The server fails in the middle of the follow-through, once or for half an hour: what is to be done
is done in the end, once."""

from __future__ import annotations

from datetime import date

import pytest

from ackd.errors import AckdError
from ackd.model import PromiseState
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import Make
from tests.scenario import Q, Scenario

DAY = date(2026, 11, 30)
ONCE = {
    "401": None,
    "403": None,
    "429": 3.0,
    "503": 3.0,
    "busy": 1000.0,
    "cut-before-commit": None,
    "cut-after-commit": None,
    "cut-in-answer": None,
    "malformed-xml": None,
    "empty-response-code": None,
    "store-unavailable": 1.0,
    "refused-in-batch": 1.0,
}
READS = ("read", "search", "folders", "sync")


def go_on(office: Scenario, passes: int = 4) -> list[AckdError]:
    """Passes of half an hour; the errors that ended some of them."""
    errors: list[AckdError] = []
    for _ in range(passes):
        office.later(11)
        try:
            office.daemon.run_pass()
        except AckdError as error:
            errors.append(error)
    return errors


@pytest.mark.parametrize("kind", ONCE)
def test_a_write_that_fails_is_done_in_the_end(make_office: Make, kind: str) -> None:
    """A move, a command, a note: each UpdateItem meets the fault once."""
    office = make_office(quirks=ALL_QUIRKS if kind.startswith("cut") else None)
    office.owner.mark(Q, "Mine", "Promised", "ackd: need more")
    office.work(0)
    office.deliver("more", "It is about the blue ones.", references=Q)
    office.owner.move(Q, DAY)
    for skip in (0, 1):
        office.backend.fail("change", kind, ONCE[kind], skip=skip)
    go_on(office)
    assert office.backend.met(kind)
    office.sandbox.faults.clear()
    assert go_on(office, 2) == []
    body = office.owner.task(Q).body
    assert body.count("the blue ones") == 1
    assert office.owner.categories(Q) == ["Mine", "Promised"]
    office.agree()
    assert not office.promise().waits


@pytest.mark.graph(long=True)
@pytest.mark.parametrize(
    "kind", ["503", "cut-before-commit", "cut-after-commit", "cut-in-answer", "malformed-xml"]
)
def test_a_new_date_is_told_once(make_office: Make, kind: str) -> None:
    office = make_office()
    office.owner.move(Q, DAY)
    office.work()
    office.backend.fail("send", kind, ONCE[kind])
    go_on(office)
    assert office.backend.met(kind)
    assert go_on(office, 2) == []
    assert len(office.letters()) == 2
    assert office.promise().told == office.promise().due
    office.agree()


@pytest.mark.graph(long=True)
@pytest.mark.parametrize("act", READS)
@pytest.mark.parametrize("kind", ["503", "store-unavailable"])
def test_a_read_that_fails_loses_nothing(make_office: Make, act: str, kind: str) -> None:
    """The task is filed elsewhere, the question commanded: reads of every kind follow."""
    office = make_office()
    task_updates = office.owner.new_list("Chores")
    office.owner.file(Q, task_updates)
    office.owner.mark(Q, "Mine", "Promised", "ackd: can't help")
    office.backend.fail(act, kind, ONCE[kind], times=2)
    go_on(office)
    assert office.backend.met(kind)
    office.sandbox.faults.clear()
    assert go_on(office, 2) == []
    assert office.state() is PromiseState.WITHDRAWN
    assert len(office.letters()) == 2
    assert office.owner.task(Q, task_updates).is_complete
    assert office.owner.categories(Q) == ["Mine"]


@pytest.mark.graph(long=True)
@pytest.mark.parametrize("kind", ["503", "cut-after-commit"])
def test_a_deletion_that_fails_is_done_in_the_end(make_office: Make, kind: str) -> None:
    office = make_office()
    office.owner.mark(Q, "ackd: not a question")
    office.backend.fail("delete", kind, ONCE[kind])
    go_on(office)
    assert office.backend.met(kind)
    assert go_on(office, 2) == []
    assert office.owner.tasks(Q) == []
    assert len(office.owner.tasks(Q, office.owner.account.trash)) == 1
    assert office.owner.categories(Q) == []
    assert office.state() is PromiseState.WITHDRAWN


@pytest.mark.graph
@pytest.mark.parametrize(("kind", "quirky"), [("stale-sync-state", False), ("full-resync", True)])
def test_lost_bookmarks_do_nothing_twice(make_office: Make, kind: str, quirky: bool) -> None:
    """Everything comes as new: the answered question, the moved task, the obeyed command."""
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    other = office.ask("other")
    office.owner.move(Q, DAY)
    office.owner.mark(other, "Mine", "ackd: can't help")
    for _ in range(2):
        office.work(10)
    before = office.promise(), office.promise(other)
    assert len(office.letters()) == 4
    office.backend.fail("sync", kind, times=6)
    office.ask("again", "Thanks!")
    for _ in range(3):
        office.work(10)
    assert office.backend.met(kind)
    assert (office.promise(), office.promise(other)) == before
    assert len(office.letters()) == 4
    assert office.owner.categories(other) == ["Mine"]
    office.agree()


def test_an_outage_while_a_new_date_settles(office: Scenario) -> None:
    office.owner.move(Q, DAY)
    for _ in range(3):
        office.sandbox.faults.add("*", "503", times=1)
        assert len(go_on(office, 1)) == 1
    assert go_on(office) == []
    assert len(office.letters()) == 2
    office.agree()
