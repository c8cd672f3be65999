"""Plays of two ackds on one mailbox in which the owner orders another task beside one that is ticked off, and
the promise ends before that one is made: the first task shows the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ackd.model import Command, OnMove
from tests.property.test_exactly_once import ExactlyOnce
from tests.property.test_follow_through import FollowThrough
from tests.property.test_two_ackds import begin, end
from tests.property.world import Machine, Machines
from tests.scenario import COMMANDS

QUESTION = "<q0@corp.example>"


@pytest.fixture(scope="module")
def machines() -> Iterator[list[Machine]]:
    made = Machines(in_memory=True)
    yield made.all
    made.close()


def begun(machines: list[Machine], moved: OnMove = OnMove.IGNORE) -> FollowThrough:
    play = begin(FollowThrough, machines, moved=moved)
    assert isinstance(play, FollowThrough)
    return play


def check_over(play: ExactlyOnce) -> None:
    """The one task is ticked off, bears no command, and no ackd has the promise open."""
    (task,) = [seen for _, seen in play.world.mailbox.task_items.values() if seen.message_id == QUESTION]
    assert task.is_complete
    assert not set(task.categories) & set(COMMANDS)
    assert all(not machine.ledger.open_promises() for machine in play.machines)


@pytest.mark.parametrize("last", [Command.CANNOT_HELP, Command.NEED_MORE, Command.NOT_A_QUESTION, None])
def test_a_command_on_a_ticked_task_goes_when_the_other_task_is_not_made(
    machines: list[Machine], last: Command | None
) -> None:
    """The owner orders it on the task, and on the question that it can't be helped, or answers before."""
    play = begun(machines)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.tick_or_untick(number=0)
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=True)
    if last is None:
        play.answer_during_work(number=0, point=("before take_lease", 1), who=0)
    else:
        play.command(command=last, number=0, on_task=False)
    end(play)
    if last is not Command.NEED_MORE:
        check_over(play)


def test_an_order_that_is_given_up_leaves_the_first_task_in_force(machines: list[Machine]) -> None:
    """The owner answers, orders a letter, orders it again, which comes too late, and orders another one: its
    task has the first token, and its tick counts."""
    play = begun(machines)
    play.work_in_doubt(asker="bob@corp.example", when="before", who=0)
    play.answer(number=0)
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work(who=0)
    play.pass_time(minutes=3 * 24 * 60)
    play.work(who=0)
    play.command(command=Command.NEED_MORE, number=0, on_task=False)
    play.work(who=0)
    play.pass_time(minutes=11)
    play.work(who=0)
    play.tick_or_untick(number=0)
    end(play)
    check_over(play)


def test_whoever_gives_up_an_ordered_task_ticks_off_the_other_ones(machines: list[Machine]) -> None:
    """The first ackd knows the question as answered; the second one acknowledged it by the owner's order,
    and the owner orders it again and answers before the first one makes another task."""
    play = begun(machines)
    play.answer_first(asker="bob@corp.example", who=1)
    play.work(who=0)
    play.command(command=Command.NEED_MORE, number=0, on_task=False)
    play.work(who=1)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.answer_during_work(number=0, point=("before value", 2), who=0)
    (task,) = [seen for _, seen in play.world.mailbox.task_items.values()]
    assert task.is_complete
    end(play)
    check_over(play)


@pytest.mark.parametrize("is_away", [True, False])
@pytest.mark.parametrize("ordered", [Command.ACKNOWLEDGE, Command.NEED_MORE])
def test_what_is_ordered_after_an_answer_is_promised_by_both(
    machines: list[Machine], ordered: Command, is_away: bool
) -> None:
    """The first ackd obeys and takes the order off; the second one finds letter and task, and knows the
    answer from before, or reads all of it at once."""
    play = begun(machines)
    play.work(who=1)
    play.answer_first(asker="bob@corp.example", who=0)
    play.work(who=0)
    if not is_away:
        play.work(who=1)
    play.pass_time(minutes=61)
    play.command(command=ordered, number=0, on_task=False)
    play.work(who=0)
    end(play)
    assert [len(machine.ledger.open_promises()) for machine in machines] == [1, 1]


def test_an_answer_after_the_ordered_letter_keeps_the_promise_for_both(machines: list[Machine]) -> None:
    """The second ackd reads at once of the answer, the letter, its task, and the second answer."""
    play = begun(machines)
    play.work(who=1)
    play.answer_first(asker="bob@corp.example", who=0)
    play.work(who=0)
    play.pass_time(minutes=61)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work(who=0)
    play.pass_time(minutes=61)
    play.answer(number=0)
    play.work(who=1)
    assert not machines[1].ledger.open_promises()
    end(play)
    check_over(play)


def test_a_task_whose_making_was_in_doubt_is_given_up_like_any_other(machines: list[Machine]) -> None:
    """It isn't there after ten minutes. The owner answered meanwhile, and took the first task's tick back."""
    play = begun(machines)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.tick_or_untick(number=0)
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.world.mailbox.fail_next, play.world.disturbed = "before", True
    play.work(who=0)
    play.answer(number=0)
    play.work(who=0)
    play.tick_or_untick(number=0)
    play.work(who=0)
    play.pass_time(minutes=11)
    play.work(who=0)
    end(play)
    check_over(play)


@pytest.mark.parametrize("who", [0, 1])
@pytest.mark.parametrize("last", [Command.NOT_A_QUESTION, Command.CANNOT_HELP, None])
def test_no_order_stays_on_a_ticked_task_since_taking_it_off_failed(
    machines: list[Machine], last: Command | None, who: int
) -> None:
    """The other task is made when the order is known to be off; then its promise ends as the owner says, or
    the owner deletes that task."""
    play = begun(machines)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.work(who=who)
    play.command(command=Command.CANNOT_HELP, number=0, on_task=False)
    play.work(who=0)
    play.work(who=who)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=True)
    play.work_through_an_outage(rounds=2, who=who)
    shown = {seen.categories for _, seen in play.world.mailbox.task_items.values() if seen.is_complete}
    assert shown == {()}
    if last is None:
        play.delete_a_task(for_good=False, number=0, then="")
    else:
        play.command(command=last, number=0, on_task=True)
    end(play)
    assert all(not machine.ledger.open_promises() for machine in machines)


@pytest.mark.parametrize("who", [0, 1])
@pytest.mark.parametrize("is_met", [True, False])
@pytest.mark.parametrize("last", [Command.NOT_A_QUESTION, Command.CANNOT_HELP, None])
def test_a_question_is_taken_up_once_more_after_another_ackds_task_for_it_went(
    machines: list[Machine], last: Command | None, is_met: bool, who: int
) -> None:
    """The second ackd made another task by the owner's order, which the first one met or not, and the owner
    ends that promise too, or deletes its task; and then orders it once more."""
    play = begun(machines)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.tick_or_untick(number=0)
    play.work(who=0)
    play.work(who=1)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work(who=1)
    if is_met:
        play.work(who=0)
    if last is None:
        play.delete_a_task(for_good=False, number=0, then="")
    else:
        play.command(command=last, number=0, on_task=True)
    play.work(who=who)
    if is_met:
        play.work(who=1 - who)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work(who=0)
    end(play)
    assert [len(machine.ledger.open_promises()) for machine in machines] == [1, 1]
    live = [seen for _, seen in play.world.mailbox.task_items.values() if not seen.is_deleted]
    assert [seen.is_complete for seen in live].count(False) == 1
