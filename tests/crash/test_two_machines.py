"""Two ackds on one mailbox over real HTTP, each with a machine and a ledger of its own, both by EWS or one
by Graph: what one did, what the owner did, and what the other one doesn't do again. And what remains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ackd.errors import Busy
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import EffectState, Letter, Outcome
from tests.backends import OverBoth
from tests.crash.office import PromiseSnapshot, ask, message_id, snapshot
from tests.people import settings
from tests.scenario import HERE, InMemory, OverHttp, Scenario

QUESTION = message_id("q")
THERE = "there"
#: exchangelib shares connections by user name, so the second machine signs in by another one.
USERS = {THERE: "THERE\\alice"}


def deliver(office: Scenario, *names: str) -> None:
    """Colleagues write, one mail a name."""
    ask(office.sandbox, *names, at=office.clock.now())


def trash_tasks(office: Scenario) -> None:
    """The owner deletes all tasks."""
    for task in office.owner.account.tasks.all():
        task.move_to_trash()


def counted(office: Scenario) -> PromiseSnapshot:
    return snapshot(office.backend.data, [QUESTION])


WAYS = [OverHttp, pytest.param(OverBoth, marks=pytest.mark.long)]


@pytest.fixture(params=WAYS, ids=["both by EWS", "by Graph and by EWS"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scenario]:
    """A mailbox and two machines, both of which have begun."""
    with Scenario(tmp_path, request.param(tmp_path, users=USERS)) as made:
        made.add(THERE, settings(holder=THERE))
        made.run(HERE, THERE)
        made.later(seconds=10)
        yield made


def test_no_letter_after_the_owners_answer_though_one_was_in_doubt(office: Scenario) -> None:
    deliver(office, "q")
    office.backend.fail("send", "cut-before-commit")
    office.run(HERE)
    office.later(minutes=4)
    office.answer(QUESTION)
    for _ in range(3):
        office.later(minutes=11)
        office.run(HERE)
    found = counted(office)
    assert found.copies == found.tasks == Counter()
    assert office.daemon.unfinished() == ""


@pytest.mark.long
def test_one_that_comes_back_to_many_mails_repeats_nothing(office: Scenario) -> None:
    office.later(hours=1)
    deliver(office, *(f"thanks{number}" for number in range(110)))
    office.run(HERE)
    office.later(minutes=1)
    deliver(office, "q")  # on the second page of the other one, which sees our copy on the first
    office.run(HERE)
    office.later(minutes=1)
    office.run(THERE)
    assert counted(office).is_one_each(Counter([QUESTION]))


def test_a_deleted_task_stays_deleted_though_the_other_one_had_planned_it(office: Scenario) -> None:
    deliver(office, "q")
    while office.machines[THERE].daemon.take_in():
        pass
    office.run(HERE)
    office.later(minutes=1)
    trash_tasks(office)
    for _ in range(3):
        office.later(minutes=11)
        office.run(THERE, HERE)
    found = counted(office)
    assert found.copies == Counter([QUESTION])
    assert found.tasks == Counter()


@pytest.mark.long
def test_a_task_proves_a_letter_whose_copy_is_late(office: Scenario) -> None:
    deliver(office, "q")
    office.backend.fail("send", "late-sent-copy", 30)
    office.run(HERE)
    office.later(seconds=5)
    office.run(THERE)
    office.later(minutes=11)
    office.run(THERE, HERE)
    assert counted(office).is_one_each(Counter([QUESTION]))


@pytest.mark.long
def test_a_promise_of_the_other_ones_counts_in_its_thread(office: Scenario) -> None:
    deliver(office, "q")
    office.run(HERE)
    office.machines[THERE].lose_ledger()
    office.later(minutes=1)
    office.run(THERE)
    office.later(minutes=1)
    office.deliver("q2", references=QUESTION)
    office.run(THERE, HERE)
    assert counted(office).letters == Counter([QUESTION])


def test_a_restored_ledger_repeats_nothing(office: Scenario) -> None:
    deliver(office, "q")
    while office.daemon.take_in():
        pass
    backup = office.here.back_up()
    office.run(HERE)
    office.later(hours=1)
    restored = office.here.restore(backup)
    assert len(restored.ledger.in_state(EffectState.PLANNED)) == 2
    office.run(HERE)
    assert restored.unfinished() == ""
    assert counted(office).is_one_each(Counter([QUESTION]))


@pytest.mark.long
def test_a_deleted_task_stays_deleted_though_a_restored_ledger_had_not_made_it(office: Scenario) -> None:
    deliver(office, "q")
    is_after_the_letter = office.backend.acts["task"] == office.backend.acts["send"]
    office.backend.fail("task", "429", skip=int(is_after_the_letter))
    with pytest.raises(Busy):
        office.run(HERE)
    backup = office.here.back_up()  # the letter is out, the task isn't made
    office.later(minutes=1)
    office.run(HERE)
    trash_tasks(office)
    office.later(hours=1)
    office.here.restore(backup)
    office.run(HERE)
    # where deleted tasks can't be seen, one that was never made must be made
    is_made_again = not office.mailbox.sees_deleted_tasks
    assert counted(office).tasks == Counter([QUESTION] * is_made_again)


# --- what remains possible: docs/architecture.md says so, and these say when it isn't true any more --


class Paused(MemoryMailbox):
    """A mailbox whose first letters leave only after the process has slept."""

    def sleep(self) -> None:
        """What happens meanwhile; set by the test."""

    def send(self, letters: list[Letter]) -> list[Outcome]:  # type: ignore[override]
        sleep, self.sleep = self.sleep, lambda: None  # type: ignore[method-assign]
        sleep()
        return super().send(letters)


def test_remains_a_process_that_sleeps_between_lease_and_write_writes_when_it_wakes() -> None:
    office = Scenario(backend=InMemory(Paused))
    there = office.add(THERE, settings(holder=THERE))
    office.begin()
    office.deliver()

    def asleep() -> None:
        office.later(11)
        assert there.run_pass().acknowledged == 1

    office.mailbox.sleep = asleep
    office.run()
    assert [letter.in_reply_to for letter in office.mailbox.letters] == [QUESTION, QUESTION]
    assert len(office.mailbox.task_items) == 1
    office.close()


def test_a_late_copy_without_a_task_keeps_the_other_waiting(office: Scenario) -> None:
    deliver(office, "q")
    office.backend.fail("send", "late-sent-copy", 30)
    office.backend.fail("task", "429")
    with pytest.raises(Busy):
        office.run(HERE)
    office.later(seconds=5)  # no copy yet, no task: nothing in the mailbox tells of the letter
    office.run(THERE)
    office.later(minutes=11)
    office.run(HERE, THERE)
    assert counted(office).letters == Counter({QUESTION: 1})
    assert counted(office).tasks == Counter([QUESTION])
    parked = [machine.ledger.in_state(EffectState.PARKED) for machine in office.machines.values()]
    assert parked == [(), ()]
