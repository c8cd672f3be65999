"""The owner ticks tasks off, deletes them, files them elsewhere and takes them back."""

from __future__ import annotations

from datetime import date

import pytest

from ackd.model import TASK_GONE, EffectKind, EffectState, PromiseState
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import Make
from tests.scenario import Q, Scenario

DAY = date(2026, 11, 30)


@pytest.fixture(params=[False, True], ids=["exchange", "quirks"])
def any_office(request: pytest.FixtureRequest, make_office: Make) -> Scenario:
    """On a server as Exchange is documented, and on one that leaves out all that real ones do."""
    return make_office(quirks=ALL_QUIRKS if request.param else None)


@pytest.mark.graph(long=True)
def test_ticked_off_without_an_answer(any_office: Scenario) -> None:
    office = any_office
    office.owner.tick(Q)
    office.work()
    assert office.state() is PromiseState.DROPPED
    assert office.owner.categories(Q) == []
    office.work(60 * 24 * 7)
    assert len(office.letters()) == 1
    assert office.notices() == []
    office.owner.tick(Q, done=False)
    office.work()
    assert office.state() is PromiseState.OPEN
    assert office.owner.categories(Q) == ["Promised"]


@pytest.mark.graph(long=True)
@pytest.mark.parametrize("how", ["trash", "erase"])
def test_deleted_and_never_made_anew(any_office: Scenario, how: str) -> None:
    office = any_office
    getattr(office.owner, how)(Q)
    office.work()
    assert office.state() is PromiseState.WITHDRAWN
    assert office.owner.categories(Q) == []
    office.start_on("second")  # not even by an ackd that lost its memory
    for _ in range(3):
        office.work(12)
    assert office.owner.tasks(Q) == []
    assert len(office.letters()) == 1


def test_taken_out_of_the_trash(any_office: Scenario) -> None:
    office = any_office
    office.owner.trash(Q)
    office.work()
    office.owner.restore(Q)
    office.work()
    assert office.state() is PromiseState.OPEN
    assert office.owner.categories(Q) == ["Promised"]
    office.owner.move(Q, DAY)
    office.work()
    office.work(10)
    assert len(office.letters()) == 2
    office.agree()


def test_trashed_and_taken_back_between_two_polls(any_office: Scenario) -> None:
    office = any_office
    office.owner.trash(Q)
    office.owner.restore(Q)
    office.work()
    office.work(10)
    assert office.state() is PromiseState.OPEN
    assert len(office.letters()) == 1
    office.agree()


@pytest.mark.graph
def test_followed_into_another_list_and_out_of_it(any_office: Scenario) -> None:
    office = any_office
    office.owner.file(Q, task_updates := office.owner.new_list("Chores"))
    office.work()
    assert office.state() is PromiseState.OPEN
    office.owner.move(Q, DAY, task_updates)
    office.work()
    office.work(10)
    assert len(office.letters()) == 2
    assert office.local_day(office.promise().due) == DAY
    task = office.owner.task(Q, task_updates)
    office.owner.categorize(task, "Promised", "Mine", "ackd: can't help")
    office.work()
    office.work()
    assert len(office.letters()) == 3
    task = office.owner.task(Q, task_updates)
    assert task.is_complete
    assert task.categories == ["Mine"]


def test_filed_and_ticked_off_between_two_polls(any_office: Scenario) -> None:
    office = any_office
    office.owner.file(Q, task_updates := office.owner.new_list("Chores"))
    office.owner.tick(Q, task_updates)
    office.work()
    assert office.state() is PromiseState.DROPPED


def test_filed_elsewhere_and_back(any_office: Scenario) -> None:
    office = any_office
    office.owner.file(Q, task_updates := office.owner.new_list("Chores"))
    office.work()
    office.owner.task(Q, task_updates).move(office.owner.account.tasks)
    office.work()
    office.owner.move(Q, DAY)
    office.work()
    office.work(10)
    assert len(office.letters()) == 2
    office.agree()


def test_a_list_that_is_deleted_takes_its_tasks_along(any_office: Scenario) -> None:
    office = any_office
    office.owner.file(Q, task_updates := office.owner.new_list("Chores"))
    office.work()
    task_updates.delete()
    for _ in range(3):
        office.work(5)
    assert office.state() is PromiseState.WITHDRAWN
    office.daemon.run_pass()
    assert len(office.letters()) == 1


def test_a_copy_that_the_owner_made_is_the_owners(any_office: Scenario) -> None:
    office = any_office
    task_updates = office.owner.new_list("Chores")
    office.owner.task(Q).copy(task_updates)
    office.work()
    office.work(10)
    office.owner.erase(Q, task_updates)
    office.work()
    assert office.state() is PromiseState.OPEN
    office.owner.answer(Q)
    office.work()
    assert office.state() is PromiseState.KEPT
    assert office.owner.task(Q).is_complete


@pytest.mark.graph(long=True)
def test_deleted_before_any_sync_showed_it(make_office: Make) -> None:
    office = make_office()
    other = office.ask("other")
    office.owner.trash(other)
    for _ in range(3):
        office.work(5)
    if not office.mailbox.sees_deleted_tasks:  # nor can it be known whether it was lost: a person is asked
        (parked,) = office.ledger.in_state(EffectState.PARKED)
        assert (parked.effect.kind, parked.effect.note) == (EffectKind.TASK, TASK_GONE)
        return
    assert office.promise(other).state is PromiseState.WITHDRAWN
    assert office.owner.categories(other) == []
    assert office.owner.tasks(other) == []


def test_filed_before_any_sync_showed_it(make_office: Make) -> None:
    office = make_office()
    other = office.ask("other")
    task_updates = office.owner.new_list("Chores")
    office.owner.file(other, task_updates)
    office.owner.move(other, DAY, task_updates)
    for _ in range(4):
        office.work(6)
    assert office.local_day(office.promise(other).due) == DAY
    assert len(office.letters()) == 3
    office.owner.tick(other, task_updates)
    office.work()
    assert office.promise(other).state is PromiseState.DROPPED
