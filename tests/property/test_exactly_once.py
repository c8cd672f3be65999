"""Whatever happens in whatever order: one acknowledgement and one task for each question, none where
none is due, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from ackd.model import Mail
from tests.plays import play
from tests.property.world import BETWEEN, COLLEAGUES, Life, Machine, Machines, Point, World, while_other_works

ASKERS = st.sampled_from(COLLEAGUES)
NUMBERS = st.integers(0, 9)
CALLS = (
    *(
        "changes",
        "record",
        "take_lease",
        "holds",
        "attempting",
        "send",
        "create_tasks",
        "write",
        "release",
        "create_appointments",
    ),
    *("find", "with_tokens", "due", "in_state", "snapshots", "value", "watermark", "tasks"),
)
#: First the points where it hurts, then all.
POINTS = st.sampled_from(
    [
        ("before holds", 1),
        ("after attempting", 1),
        ("after send", 1),
        ("before holds", 2),
        ("after create_tasks", 1),
        ("after changes", 2),
        *((f"{when} {call}", number) for number in (1, 2) for call in CALLS for when in ("before", "after")),
    ]
)
WHO = st.sampled_from((0, 0, 1))
LATE = st.sampled_from((0.5, 4, 8))
#: By how many minutes a clock may be wrong: a little, too much, a year.
WRONG = st.sampled_from((-9, -4, -2, 0, 0, 2, 4, 9, 12, 365 * 24 * 60, -14 * 24 * 60))
MINUTES = st.sampled_from((0.2, 1, 4, 11, 16, 61, 300, 24 * 60, 3 * 24 * 60))


class ExactlyOnce(RuleBasedStateMachine):
    """The owner's mailbox and everybody around it."""

    machines: list[Machine]
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world = self.new_world()
        for machine in self.machines:
            machine.renew(self.world)
        self.is_there = False
        self.backups: list[Any] = []

    @initialize(old=st.integers(0, 2))
    def begin(self, old: int) -> None:
        for number in range(old):
            self.world.arrive(f"old{number}", COLLEAGUES[0])
        self.world.pass_time(1)
        self.machines[0].run()
        assert self.world.mailbox.watermark() is not None, "a lost ledger would not know what is history"
        self.world.pass_time(1)

    # --- people ---------------------------------------------------------------------------------

    @rule(asker=ASKERS)
    def ask(self, asker: str) -> None:
        self.world.ask(asker)

    @rule(asker=ASKERS, number=NUMBERS)
    @precondition(lambda self: self.world.asked)
    def follow_up(self, asker: str, number: int) -> None:
        self.world.ask(asker, about=self.question(number))

    @rule(number=NUMBERS)
    @precondition(lambda self: self.world.asked)
    def the_same_comes_again(self, number: int) -> None:
        self.world.mailbox.arrive(self.question(number))

    @rule(what=st.sampled_from(("thanks", "outside", "forged")))
    def write_something_else(self, what: str) -> None:
        name = f"{what}{self.world.moment}"
        if what == "thanks":
            self.world.arrive(name, COLLEAGUES[1], text="Thanks a lot, that helped!")
        elif what == "outside":
            self.world.arrive(name, "eve@elsewhere.example", stamp="Anonymous")
        else:
            self.world.arrive(name, COLLEAGUES[2], stamp="Anonymous")

    @rule(number=NUMBERS)
    @precondition(lambda self: self.world.asked)
    def answer(self, number: int) -> None:
        self.world.answer(self.question(number))

    @rule(asker=ASKERS, who=WHO)
    def answer_first(self, asker: str, who: int) -> None:
        self.world.answer_first(asker, self.machine(who).run)

    @rule(number=NUMBERS, for_good=st.booleans(), then=st.sampled_from(("", "lose the ledger", "both")))
    @precondition(lambda self: self.world.tasks())
    def delete_a_task(self, number: int, for_good: bool, then: str) -> None:
        names = sorted(self.world.tasks())
        name = names[number % len(names)]
        # what is erased leaves no trace: only a ledger that knew of it can tell it from what was never made
        alone = not self.is_there and not self.backups and self.machines[0].has_made(name) and not then
        self.world.delete_task(name, for_good=for_good and alone)
        if then == "both":
            self.machine(1).run()
        elif then and self.world.mailbox.is_all_there():
            self.lose_the_ledger(0)

    # --- time and machines --------------------------------------------------------------------

    @rule(minutes=MINUTES)
    def pass_time(self, minutes: float) -> None:
        self.world.pass_time(minutes)

    @rule(who=WHO, minutes=WRONG)
    def set_the_clock(self, who: int, minutes: float) -> None:
        self.machine(who).clock.wrong_by = timedelta(minutes=minutes)

    @rule(who=WHO, minutes=WRONG, point=POINTS)
    def set_the_clock_during_work(self, who: int, minutes: float, point: Point) -> None:
        def jump(life: Life, label: str) -> None:
            assert life.clock is not None
            if label not in BETWEEN:  # the time of one local disk write
                life.clock.wrong_by = timedelta(minutes=minutes)

        self.machine(who).run(point, jump)

    @rule(who=WHO)
    def restart_the_machine(self, who: int) -> None:
        self.machine(who).clock.boots += 1

    @rule(tells=st.booleans())
    def tell_the_time(self, tells: bool) -> None:
        self.world.mailbox.tells_time = tells

    @rule(asker=ASKERS, minutes=WRONG, wait=st.sampled_from((1, 4)), boots=st.booleans())
    @precondition(lambda self: not self.is_there)
    def set_the_clock_before_the_copy_appears(
        self, asker: str, minutes: float, wait: float, boots: bool
    ) -> None:
        """The answer to a letter is lost, its copy is late, and the clock is set meanwhile."""
        self.world.ask(asker)
        self.world.mailbox.late, self.world.mailbox.fail_next = 8, "after"
        self.machine(0).run()
        self.world.mailbox.late, self.world.mailbox.fail_next = 0, ""
        self.world.disturbed = True
        self.world.pass_time(wait)
        self.set_the_clock(0, minutes)
        if boots:
            self.restart_the_machine(0)
        self.machine(0).run()

    @rule(refused=st.sampled_from(((), COLLEAGUES[:1], COLLEAGUES)))
    def refuse(self, refused: tuple[str, ...]) -> None:
        self.world.mailbox.refuse_to = frozenset(refused)
        self.world.disturbed |= bool(refused)

    @rule(who=WHO)
    def back_up(self, who: int) -> None:
        self.backups = [*self.backups, self.machine(who).copy()][-2:]

    @rule(who=WHO, which=st.integers(0, 1))
    @precondition(lambda self: self.backups and self.world.mailbox.is_all_there())
    def restore(self, who: int, which: int) -> None:
        self.machine(who).restore(self.backups[which % len(self.backups)])
        self.world.disturbed, self.world.is_plain = True, False

    @rule(who=WHO)
    @precondition(lambda self: self.world.mailbox.is_all_there())
    def lose_the_ledger(self, who: int) -> None:
        self.machine(who).lose()
        self.world.disturbed, self.world.is_plain = True, False

    # --- ackd at work ------------------------------------------------------------------------------

    @rule(who=WHO)
    def work(self, who: int) -> None:
        self.machine(who).run()

    @rule(asker=ASKERS, who=WHO, point=POINTS)
    def ask_and_die(self, asker: str, who: int, point: Point) -> None:
        self.world.ask(asker)
        self.machine(who).run(point, Life.die)

    @rule(who=WHO, point=POINTS)
    def work_and_die(self, who: int, point: Point) -> None:
        self.machine(who).run(point, Life.die)

    @rule(who=WHO, point=POINTS)
    def work_and_fail(self, who: int, point: Point) -> None:
        self.machine(who).run(point, Life.fail)

    @rule(asker=ASKERS, who=WHO, when=st.sampled_from(("before", "after")))
    def work_in_doubt(self, asker: str, who: int, when: str) -> None:
        self.world.ask(asker)
        self.world.mailbox.fail_next = when
        self.world.disturbed = True
        self.machine(who).run()

    @rule(rounds=st.integers(1, 4), who=WHO)
    def work_through_an_outage(self, rounds: int, who: int) -> None:
        self.world.disturbed = True
        for _ in range(rounds):
            self.world.mailbox.fail_next = "before"
            self.machine(who).run()
            self.world.pass_time(11)

    @rule(asker=ASKERS, point=st.none() | POINTS, minutes=LATE, is_lost=st.booleans())
    @precondition(lambda self: not self.is_there)  # a second one might look before the copy is there
    def die_before_the_copy_appears(
        self, asker: str, point: Point | None, minutes: float, is_lost: bool
    ) -> None:
        self.world.ask(asker)
        self.world.mailbox.late = minutes
        if is_lost:
            self.world.mailbox.fail_next = "after"
        self.machine(0).run(point, Life.die)
        self.world.mailbox.late, self.world.mailbox.fail_next = 0, ""
        self.world.disturbed = True

    @rule(who=WHO, point=POINTS, number=NUMBERS)
    @precondition(lambda self: self.world.asked)
    def answer_during_work(self, who: int, point: Point, number: int) -> None:
        self.machine(who).run(point, lambda _life, _label: self.world.answer(self.question(number)))

    @rule(asker=ASKERS, who=WHO, point=POINTS, minutes=st.sampled_from((0, 1, 11)))
    def both_work(self, asker: str, who: int, point: Point, minutes: float) -> None:
        self.world.ask(asker)
        self.machine(1)
        other = while_other_works(self.machines[1 - who], after=minutes)
        self.machine(who).run(point, other)

    # --- what must hold ----------------------------------------------------------------------------

    @invariant()
    def nothing_twice(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        self.world.mailbox.fail_next, self.world.mailbox.refuse_to = "", frozenset()
        self.world.mailbox.late, self.world.mailbox.tells_time = 0, True
        at_work = self.machines[: 1 + self.is_there]
        for machine in at_work:
            machine.clock.wrong_by = timedelta(0)
        for _ in range(3):
            for machine in at_work:
                machine.run()
                self.world.check()
            self.world.pass_time(11)
        self.world.check_settled(at_work)

    # --- small parts ------------------------------------------------------------------------------

    def new_world(self) -> World:
        """A world in which nothing has happened yet."""
        return World()

    def machine(self, who: int) -> Machine:
        """The machine that works; from then on it is there."""
        if who and not self.is_there:
            self.world.pass_time(0 if self.world.mailbox.is_all_there() else 10)
            self.world.joined()
        if who:
            self.is_there, self.world.is_plain = True, False
        return self.machines[who]

    def question(self, number: int) -> Mail:
        """One of the questions."""
        return list(self.world.asked.values())[number % len(self.world.asked)]


@pytest.fixture(scope="module")
def machines() -> Iterator[list[Machine]]:
    made = Machines()
    yield made.all
    made.close()


def test_exactly_once(machines: list[Machine]) -> None:
    play(ExactlyOnce, examples=16, steps=30, machines=machines)


def test_exactly_once_with_calendar_entries(machines: list[Machine]) -> None:
    for machine in machines:
        machine.enter(entries=True)
    try:
        play(ExactlyOnce, examples=12, steps=25, machines=machines)
    finally:
        for machine in machines:
            machine.enter(entries=False)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_exactly_once_for_long(machines: list[Machine]) -> None:
    play(ExactlyOnce, examples=24, steps=40, machines=machines)
