"""Two ackds on one mailbox over real HTTP, each with a machine and a ledger of its own: what one did,
what the owner did, and what the other one doesn't do again. And what remains possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from exchangelib import DELEGATE, Account, Configuration, Credentials

from ackd.engine.daemon import Daemon
from ackd.errors import Busy
from ackd.mailbox.ews import Access
from ackd.mailbox.ews.client import MailProgram
from ackd.mailbox.ews.connect import VERSION
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import EffectState, Letter, Outcome
from tests.clock import StepClock
from tests.crash.office import (
    BOB,
    PASSWORD,
    ZONE,
    PromiseSnapshot,
    ask,
    message_id,
    open_ledger,
    open_mailbox,
    sandbox,
    snapshot,
)
from tests.people import ALICE, MONDAY, mail, raw, settings

QUESTION = message_id("q")
SETTINGS = settings()
#: exchangelib shares connections by user name, so the second machine signs in by another one.
USERS = {"here": ALICE.address, "there": "CORP\\alice"}


class Office:
    """A mailbox and two machines, both of which have begun."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = StepClock(MONDAY)
        self.sandbox = sandbox(folder / "exchange", self.clock.now).start()
        self.daemons = {name: self._daemon(name) for name in USERS}
        for daemon in self.daemons.values():
            daemon.run_pass()
        self.later(seconds=10)

    def _daemon(self, name: str) -> Daemon:
        mailbox = open_mailbox(self.sandbox.url, self.clock, user=USERS[name])
        ledger = open_ledger(self.folder / f"{name}.sqlite")
        return Daemon(mailbox, ledger, self.clock, replace(SETTINGS, holder=name))

    def later(self, **time: float) -> None:
        self.clock.move(timedelta(**time))

    def ask(self, *names: str) -> None:
        ask(self.sandbox, *names, at=self.clock.now())

    def owner_answers(self) -> None:
        program = MailProgram(Access(ALICE.address, self.sandbox.url, ALICE.address, PASSWORD), ZONE)
        program.send(BOB, "Re: About q", "Here they are.", in_reply_to=QUESTION)

    def owner_trashes_tasks(self) -> None:
        configuration = Configuration(
            service_endpoint=self.sandbox.url,
            credentials=Credentials(ALICE.address, PASSWORD),
            auth_type="basic",
            version=VERSION,
        )
        outlook = Account(ALICE.address, config=configuration, autodiscover=False, access_type=DELEGATE)
        for task in outlook.tasks.all():
            task.move_to_trash()

    def run(self, *names: str) -> None:
        for name in names:
            self.daemons[name].run_pass()

    def back_up(self, name: str) -> bytes:
        """The ledger's file as it is now."""
        self.daemons[name].ledger.close()
        return (self.folder / f"{name}.sqlite").read_bytes()

    def restore(self, name: str, backup: bytes) -> Daemon:
        """Put a backup in the ledger's place and start anew."""
        self.daemons[name].ledger.close()
        for old in self.folder.glob(f"{name}.sqlite*"):
            old.unlink()
        (self.folder / f"{name}.sqlite").write_bytes(backup)
        self.daemons[name] = self._daemon(name)
        return self.daemons[name]

    def snapshot(self) -> PromiseSnapshot:
        return snapshot(self.folder / "exchange", [QUESTION])

    def close(self) -> None:
        for daemon in self.daemons.values():
            daemon.ledger.close()
        self.sandbox.stop()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_no_letter_after_the_owners_answer_though_one_was_in_doubt(office: Office) -> None:
    office.ask("q")
    office.sandbox.faults.add("CreateItem", "cut-before-commit")
    office.run("here")
    office.later(minutes=4)
    office.owner_answers()
    for _ in range(3):
        office.later(minutes=11)
        office.run("here")
    found = office.snapshot()
    assert found.copies == found.tasks == Counter()
    assert office.daemons["here"].unfinished() == ""


def test_one_that_comes_back_to_many_mails_repeats_nothing(office: Office) -> None:
    office.later(hours=1)
    office.ask(*(f"thanks{number}" for number in range(110)))
    office.run("here")
    office.later(minutes=1)
    office.ask("q")  # on the second page of the other one, which sees our copy on the first
    office.run("here")
    office.later(minutes=1)
    office.run("there")
    assert office.snapshot().is_one_each(Counter([QUESTION]))


def test_a_deleted_task_stays_deleted_though_the_other_one_had_planned_it(office: Office) -> None:
    office.ask("q")
    there = office.daemons["there"]
    while there.take_in():
        pass
    office.run("here")
    office.later(minutes=1)
    office.owner_trashes_tasks()
    for _ in range(3):
        office.later(minutes=11)
        office.run("there", "here")
    found = office.snapshot()
    assert found.copies == Counter([QUESTION])
    assert found.tasks == Counter()


def test_a_task_proves_a_letter_whose_copy_is_late(office: Office) -> None:
    office.ask("q")
    office.sandbox.faults.add("CreateItem", "late-sent-copy", 30)
    office.run("here")
    office.later(seconds=5)
    office.run("there")
    office.later(minutes=11)
    office.run("there", "here")
    assert office.snapshot().is_one_each(Counter([QUESTION]))


def test_a_promise_of_the_other_ones_counts_in_its_thread(office: Office) -> None:
    office.ask("q")
    office.run("here")
    office.daemons["there"].ledger.close()
    (office.folder / "there.sqlite").unlink()
    office.daemons["there"] = office._daemon("there")
    office.later(minutes=1)
    office.run("there")
    office.later(minutes=1)
    follow_up = raw("q2", sender=BOB, at=office.clock.now(), references=QUESTION)
    office.sandbox.deliver(follow_up, ALICE.address)
    office.run("there", "here")
    assert office.snapshot().letters == Counter([QUESTION])


def test_a_restored_ledger_repeats_nothing(office: Office) -> None:
    here = office.daemons["here"]
    office.ask("q")
    while here.take_in():
        pass
    backup = office.back_up("here")
    office.run("here")
    office.later(hours=1)
    restored = office.restore("here", backup)
    assert len(restored.ledger.in_state(EffectState.PLANNED)) == 2
    office.run("here")
    assert restored.unfinished() == ""
    assert office.snapshot().is_one_each(Counter([QUESTION]))


def test_a_deleted_task_stays_deleted_though_a_restored_ledger_had_not_made_it(office: Office) -> None:
    office.ask("q")
    office.sandbox.faults.add("CreateItem", "429", skip=1)
    with pytest.raises(Busy):
        office.run("here")
    backup = office.back_up("here")  # the letter is out, the task isn't made
    office.later(minutes=1)
    office.run("here")
    office.owner_trashes_tasks()
    office.later(hours=1)
    office.restore("here", backup)
    office.run("here")
    assert office.snapshot().tasks == Counter()


# --- what remains possible: docs/architecture.md says so, and these say when it isn't true any more --


class Paused(MemoryMailbox):
    """A mailbox whose first letters leave only after the process has slept."""

    def sleep(self) -> None:
        """What happens meanwhile; set by the test."""

    def send(self, letters: list[Letter]) -> list[Outcome]:  # type: ignore[override]
        sleep, self.sleep = self.sleep, lambda: None  # type: ignore[method-assign]
        sleep()
        return super().send(letters)


def test_remains_a_process_that_sleeps_between_lease_and_write_writes_when_it_wakes(tmp_path: Path) -> None:
    clock = StepClock(MONDAY)
    mailbox = Paused(clock.now)
    here, there = (
        Daemon(mailbox, open_ledger(tmp_path / name), clock, replace(SETTINGS, holder=name)) for name in USERS
    )
    for daemon in (here, there):
        daemon.run_pass()
    clock.move(timedelta(minutes=1))
    mailbox.arrive(mail("q"))

    def asleep() -> None:
        clock.move(timedelta(minutes=11))
        assert there.run_pass().acknowledged == 1

    mailbox.sleep = asleep  # type: ignore[method-assign]
    here.run_pass()
    assert [letter.in_reply_to for letter in mailbox.letters] == [QUESTION, QUESTION]
    assert len(mailbox.task_items) == 1
    for daemon in (here, there):
        daemon.ledger.close()


def test_a_late_copy_without_a_task_keeps_the_other_waiting(office: Office) -> None:
    office.ask("q")
    office.sandbox.faults.add("CreateItem", "late-sent-copy", 30)
    office.sandbox.faults.add("CreateItem", "429")
    with pytest.raises(Busy):
        office.run("here")
    office.later(seconds=5)  # no copy yet, no task: nothing in the mailbox tells of the letter
    office.run("there")
    office.later(minutes=11)
    office.run("here", "there")
    assert office.snapshot().letters == Counter({QUESTION: 1})
    assert office.snapshot().tasks == Counter([QUESTION])
    parked = [daemon.ledger.in_state(EffectState.PARKED) for daemon in office.daemons.values()]
    assert parked == [(), ()]
