"""Whatever owner and asker do with a promise, in whatever order, on two machines, through crashes and
losses: the task says what the promise says, each date is told once, and nothing after the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ackd.model import Command, OnMove, OnOverdue
from tests.plays import play
from tests.property.desk import MORNINGS, PUT_OFF, WRITTEN_AGAIN, Desk, rules
from tests.property.test_exactly_once import NUMBERS, POINTS, WHO, ExactlyOnce
from tests.property.world import Life, Machine, Machines, Point

#: Days from today to which a task is dragged; a week away and the next day are the usual ones.
DAYS = st.sampled_from((7, 1, 2, 3, 10, 0, -3))


class FollowThrough(ExactlyOnce):
    """The owner's desk, and askers who write again."""

    world: Desk

    def new_world(self) -> Desk:
        return Desk()

    @initialize(
        moved=st.sampled_from(OnMove),
        overdue=st.sampled_from(OnOverdue),
        digest=st.booleans(),
    )
    def configure(self, moved: OnMove, overdue: OnOverdue, digest: bool) -> None:
        for machine in self.machines:
            machine.follow(rules(moved, overdue), MORNINGS if digest else None)

    # --- the owner ------------------------------------------------------------------------------

    @rule(number=NUMBERS, days=DAYS)
    @precondition(lambda self: self.world.on_desk())
    def move(self, number: int, days: int) -> None:
        self.world.move(self.on_desk(number), days)

    @rule(number=NUMBERS, days=DAYS, who=WHO, minutes=st.sampled_from((1, 6, 11)))
    @precondition(lambda self: self.world.on_desk())
    def move_and_settle(self, number: int, days: int, who: int, minutes: int) -> None:
        self.world.move(self.on_desk(number), days)
        self.machine(who).run()
        self.world.pass_time(minutes)
        self.machine(who).run()

    @rule(number=NUMBERS, days=DAYS, who=WHO, point=POINTS)
    @precondition(lambda self: self.world.on_desk())
    def move_during_work(self, number: int, days: int, who: int, point: Point) -> None:
        name = self.on_desk(number)

        def move(_life: Life, _label: str) -> None:
            if name in self.world.on_desk():
                self.world.move(name, days)

        self.machine(who).run(point, move)

    @rule(number=NUMBERS)
    @precondition(lambda self: self.world.on_desk())
    def tick_or_untick(self, number: int) -> None:
        name = self.on_desk(number)
        (self.world.untick if self.world.is_ticked(name) else self.world.tick)(name)

    @rule(number=NUMBERS)
    @precondition(lambda self: self.world.restorable())
    def restore_a_task(self, number: int) -> None:
        names = self.world.restorable()
        self.world.restore_task(names[number % len(names)])

    @rule(number=NUMBERS, folder=st.sampled_from(("mine", "later")))
    @precondition(lambda self: self.world.on_desk() and not self.is_there)
    def file_a_task(self, number: int, folder: str) -> None:
        self.world.file_task(self.on_desk(number), folder)

    @rule(number=NUMBERS, command=st.sampled_from(Command), on_task=st.booleans())
    @precondition(lambda self: self.world.asked)
    def command(self, number: int, command: Command, on_task: bool) -> None:
        name = self.question(number).message_id
        self.world.command(name, command, on_task=on_task and name in self.world.on_desk())
        # another ackd, or a lost ledger, finds such a letter without a task: a person is shown that
        self.world.disturbed |= command is Command.CANNOT_HELP

    @rule(number=NUMBERS, words=st.sampled_from(PUT_OFF))
    @precondition(lambda self: self.world.asked)
    def put_off(self, number: int, words: str) -> None:
        self.world.put_off_with(self.question(number), words)

    @rule(number=NUMBERS, is_sent=st.booleans())
    @precondition(lambda self: self.world.waiting_drafts())
    def decide_on_a_draft(self, number: int, is_sent: bool) -> None:
        drafts = self.world.waiting_drafts()
        token = drafts[number % len(drafts)]
        (self.world.send_draft if is_sent else self.world.trash_draft)(token)

    # --- the asker, and time ----------------------------------------------------------------------

    @rule(number=NUMBERS, words=st.sampled_from(WRITTEN_AGAIN))
    @precondition(lambda self: self.world.asked)
    def write_again(self, number: int, words: str) -> None:
        self.world.write_again(self.question(number), words)

    @rule(who=WHO)
    def wait_until_one_is_due(self, who: int) -> None:
        promises = self.machine(who).ledger.open_promises()
        later = [promise.due for promise in promises if promise.due > self.world.server.now()]
        if later:
            self.world.pass_time((min(later) - self.world.server.now()).total_seconds() / 60)
            self.machine(who).run()

    # --- small parts ------------------------------------------------------------------------------

    def on_desk(self, number: int) -> str:
        """One of the questions that have a task."""
        names = self.world.on_desk()
        return names[number % len(names)]


@pytest.fixture(scope="module")
def machines() -> Iterator[list[Machine]]:
    made = Machines()
    yield made.all
    made.close()


def test_follow_through(machines: list[Machine]) -> None:
    play(FollowThrough, examples=12, steps=25, machines=machines)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_follow_through_for_long(machines: list[Machine]) -> None:
    play(FollowThrough, examples=20, steps=30, machines=machines)
