"""Plays in which one ackd was overtaken: by another one on the mailbox, by the owner, or by what the ledger
knew before it was lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ackd.engine.promises import withdraw_unsent
from ackd.model import Command, EffectKind, EffectState, OnMove, OnOverdue
from tests.property.test_exactly_once import ExactlyOnce
from tests.property.test_follow_through import FollowThrough
from tests.property.test_two_ackds import begin, end, with_entries, without_letters
from tests.property.world import Machine, Machines
from tests.scenario import COMMANDS

ORDERED = pytest.mark.parametrize("command", [Command.NEED_MORE, Command.CANNOT_HELP])


@pytest.fixture(scope="module")
def machines() -> Iterator[list[Machine]]:
    made = Machines(in_memory=True)
    yield made.all
    made.close()


def test_a_date_is_told_once_by_ledgers_that_are_lost_beside_the_owners_mail(machines: list[Machine]) -> None:
    """Which came last, the owner's mail or the day of the task, a rebuilt ledger can't tell, and tells the
    day of the task. The next one sees that letter after the mail."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.put_off(number=0, words="I'll get back to you tomorrow.")
    for _ in range(2):
        play.lose_the_ledger(who=0)
        play.work(who=0)
        play.pass_time(minutes=6)
        play.work(who=0)
    assert len(play.world.mailbox.letters) == 2
    end(play)


def test_a_date_is_told_once_beside_the_owners_mail_by_an_ackd_that_was_away(machines: list[Machine]) -> None:
    """It meets the task, the owner's mail and the letter that told a later day with one page; the question is
    too old to be judged."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL, overdue=OnOverdue.IGNORE)
    assert isinstance(play, FollowThrough)
    play.work(who=1)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.pass_time(minutes=2940)
    play.put_off(number=0, words="I'll get back to you tomorrow.")
    play.move(days=10, number=0)
    play.work(who=0)
    play.pass_time(minutes=11)
    play.work(who=0)
    for _ in range(2):
        play.pass_time(minutes=11)
        play.work(who=1)
    end(play)
    assert len([letter for letter in play.world.mailbox.letters if letter.in_reply_to]) == 2


def test_a_moved_task_stays_where_its_day_was_told_after_the_askers_mail(machines: list[Machine]) -> None:
    """The ledger is lost within minutes of mail, move and letter."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.write_again(number=0, words="It has become urgent, I need it today!")
    play.work(who=0)
    play.move(days=10, number=0)
    play.work(who=0)
    play.pass_time(minutes=14)
    play.work(who=0)
    (token,) = play.world.later_letters()
    play.lose_the_ledger(who=0)
    play.work(who=0)
    end(play)
    assert list(play.world.later_letters()) == [token]


@ORDERED
def test_no_letter_for_a_task_that_the_other_one_made_and_the_owner_deleted(
    machines: list[Machine], command: Command
) -> None:
    """The second ackd knows of the letter, and parked its task, which was nowhere. The first one made it
    since, and the owner deletes it before the second one's next sync, which brings the order."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="bob@corp.example", minutes=11, point=("after send", 1), who=0)
    (parked,) = machines[1].ledger.in_state(EffectState.PARKED)
    assert parked.effect.kind is EffectKind.TASK
    play.command(command=command, number=0, on_task=False)
    play.delete_a_task(for_good=False, number=0, then="")
    play.work(who=1)
    end(play)
    assert len(play.world.mailbox.letters) == 1


@ORDERED
def test_no_second_try_for_a_task_that_the_other_one_made_and_the_owner_deleted(
    machines: list[Machine], command: Command
) -> None:
    """The same of an order that the second ackd tried to carry out before there was a task."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask_and_die(asker="bob@corp.example", point=("after send", 1), who=0)
    play.pass_time(minutes=11)
    play.command(command=command, number=0, on_task=False)
    play.world.mailbox.fail_next = "before"
    play.work(who=1)
    play.pass_time(minutes=11)
    play.work(who=0)
    play.delete_a_task(for_good=False, number=0, then="")
    play.work(who=1)
    end(play)
    assert len(play.world.mailbox.letters) == 1


def test_no_letter_for_a_task_that_was_deleted_before_this_ackd_made_its_own(machines: list[Machine]) -> None:
    """The second ackd waits for the lease of the first one, which died after the letter, made the task when
    it lived again, and saw the owner delete it."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask_and_die(asker="bob@corp.example", point=("after send", 1), who=0)
    play.work(who=1)
    play.pass_time(minutes=11)
    play.work(who=0)
    play.command(command=Command.NEED_MORE, number=0, on_task=False)
    play.delete_a_task(for_good=False, number=0, then="")
    play.work(who=1)
    end(play)
    assert len(play.world.mailbox.letters) == 1


def test_a_task_that_is_met_late_stays_at_the_day_that_the_owner_gives_it_meanwhile(
    machines: list[Machine],
) -> None:
    """The first ackd was away for days. It meets the second one's task where the owner moved it, and the
    owner moves it again while that is written down."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=1)
    play.pass_time(minutes=5)
    play.work(who=1)
    play.pass_time(minutes=3 * 24 * 60)
    play.move(days=3, number=0)
    play.move_during_work(days=2, number=0, point=("before change_tasks", 1), who=0)
    end(play)


def test_an_apology_that_the_other_one_saw_sent_is_no_news_beside_the_owners_own_date(
    machines: list[Machine],
) -> None:
    """The first ackd has still to write the owner's date to the task when the second one, which knows of the
    apology, writes that of the apology."""
    play = begin(FollowThrough, machines, overdue=OnOverdue.DRAFT, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="bob@corp.example", minutes=0, point=("before holds", 1), who=0)
    play.wait_until_one_is_due(who=1)
    play.put_off(number=0, words="I'll get back to you by Friday next week.")
    play.work_and_fail(point=("before take_lease", 1), who=0)
    play.work(who=1)
    play.decide_on_a_draft(is_sent=True, number=0)
    play.work(who=1)
    play.work(who=0)
    end(play)
    letters = [one for one in play.world.mailbox.letters if one.in_reply_to == "<q0@corp.example>"]
    assert [letter.text.partition(" ")[0] for letter in letters] == ["received", "overdue"]
    assert {one.moves for machine in machines for one in machine.ledger.open_promises()} == {1}


@pytest.mark.parametrize("for_good", [False, True])
def test_a_question_taken_up_again_outlives_what_became_of_its_first_task(
    machines: list[Machine], for_good: bool
) -> None:
    """No sync had shown that one before the owner deleted it, and the other task can't be made yet."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask_and_die(asker="bob@corp.example", point=("after release", 1), who=0)
    play.delete_a_task(for_good=for_good, number=0, then="")
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work_through_an_outage(rounds=1, who=0)
    play.pass_time(minutes=11)
    play.work(who=0)
    end(play)
    assert len(machines[0].ledger.open_promises()) == 1
    assert not machines[0].ledger.in_state(EffectState.PARKED)


def test_an_askers_second_question_may_give_the_first_another_day(machines: list[Machine]) -> None:
    """The owner moves the task away and back before ackd looks, and the asker writes in the thread of the
    second question meanwhile: the mail holds."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.move(days=3, number=0)
    play.work(who=0)
    play.follow_up(asker="bob@corp.example", number=0)
    play.work(who=0)
    play.move(days=1, number=0)
    play.write_again(number=1, words="It has become urgent, I need it today!")
    play.move(days=3, number=0)
    play.work(who=0)
    end(play)


def test_an_ordered_letter_names_a_date_that_can_be_kept_as_the_task_does(
    machines: list[Machine],
) -> None:
    """The owner told the date himself, moves the task into the past, and has the question acknowledged after
    all."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.put_off(number=0, words="I'll get back to you by Friday next week.")
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.move(days=-3, number=0)
    play.work(who=0)
    end(play)
    assert play.world.letters()["<q0@corp.example>"] == 1


def test_a_command_on_a_task_is_taken_off_though_another_task_stands_for_the_promise(
    machines: list[Machine],
) -> None:
    """The owner takes a question up again on its task that is ticked off, deletes the task that was made
    beside it, and the ledger is lost: the first task orders nothing any more."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.tick_or_untick(number=0)
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=True)
    play.work(who=0)
    old, _ = [seen for _, seen in play.world.mailbox.task_items.values()]
    assert old.is_complete
    assert not set(old.categories) & set(COMMANDS)
    play.delete_a_task(for_good=False, number=0, then="lose the ledger")
    end(play)
    assert len(play.world.mailbox.task_items) == 2
    assert not machines[0].ledger.open_promises()


def test_a_question_that_is_taken_up_twice_has_its_third_task_though_the_ledger_is_lost(
    machines: list[Machine],
) -> None:
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    for _ in range(2):
        play.work(who=0)
        play.tick_or_untick(number=0)
        play.work(who=0)
        play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
        play.work(who=0)
        play.lose_the_ledger(who=0)
    end(play)
    assert [seen.is_complete for _, seen in play.world.mailbox.task_items.values()] == [True, True, False]
    assert len(machines[0].ledger.open_promises()) == 1


def test_a_question_taken_up_again_after_cannot_help_is_open(machines: list[Machine]) -> None:
    """The acknowledgement itself said that the owner can't help."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.command(command=Command.CANNOT_HELP, number=0, on_task=False)
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work(who=0)
    end(play)
    assert [seen.is_complete for _, seen in play.world.mailbox.task_items.values()] == [False]
    assert len(machines[0].ledger.open_promises()) == 1


def test_another_task_is_another_also_for_the_ackd_that_met_the_last_one_ticked_off(
    machines: list[Machine],
) -> None:
    """The first ackd made a task and another, and the owner ticked both off. The second one, which made none,
    reads that with the owner's command."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="bob@corp.example", minutes=0, point=("after send", 1), who=0)
    play.tick_or_untick(number=0)
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work(who=0)
    play.tick_or_untick(number=0)
    play.work(who=0)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work(who=1)
    end(play)
    assert [seen.is_complete for _, seen in play.world.mailbox.task_items.values()] == [True, True, False]
    assert [len(machine.ledger.open_promises()) for machine in machines] == [1, 1]


def test_cannot_help_is_said_again_to_a_question_that_was_taken_up_again(machines: list[Machine]) -> None:
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    for command in (Command.CANNOT_HELP, Command.ACKNOWLEDGE, Command.CANNOT_HELP):
        play.command(command=command, number=0, on_task=False)
        play.work(who=0)
    end(play)
    assert [letter.text.partition(" ")[0] for letter in play.world.mailbox.letters] == [
        "received",
        "cannot-help",
        "cannot-help",
    ]
    assert not machines[0].ledger.open_promises()


def test_what_this_ackd_withdrew_unsent_is_open_once_another_one_promised_it(machines: list[Machine]) -> None:
    """The mode of the second one changed before its letter was due: it ticks off no task of the first."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=1)
    withdraw_unsent(machines[1].ledger, machines[1].clock.now(), "left unsent by mode draft")
    play.work(who=0)
    end(play)
    assert [seen.is_complete for _, seen in play.world.mailbox.task_items.values()] == [False]
    assert [len(machine.ledger.open_promises()) for machine in machines] == [1, 1]


def test_a_clock_that_jumps_during_the_last_look_leaves_no_question(machines: list[Machine]) -> None:
    """By a clock that is a year ahead it was too late for a letter."""
    play = begin(ExactlyOnce, machines)
    play.ask(asker="bob@corp.example")
    play.pass_time(minutes=61)
    play.set_the_clock_during_work(minutes=365 * 24 * 60, point=("after find", 2), who=0)
    play.set_the_clock(minutes=0, who=0)
    end(play)
    assert play.world.letters()["<q0@corp.example>"] == 1


@pytest.mark.parametrize("is_first", [False, True])
def test_a_calendar_entry_beside_a_task_alone_is_found_by_the_ackd_that_sends_the_letter(
    machines: list[Machine], *, is_first: bool
) -> None:
    """The limits of the first ackd left the question with its task and its entry, before or after the second
    one, whose letter waits for its time, read the question."""
    with with_entries(machines), without_letters(machines[0]):
        play = begin(ExactlyOnce, machines)
        play.work(who=1)
        play.ask(asker="bob@corp.example")
        for who in (0,) if is_first else (1, 0):
            play.work(who=who)
        play.pass_time(minutes=4)
        play.work(who=1)
        play.pass_time(minutes=4)
        play.work(who=1)
        end(play)
    assert list(play.world.mailbox.entered.values()) == [1]
    assert play.world.letters()["<q0@corp.example>"] == 1


@ORDERED
@pytest.mark.parametrize("looks", [False, True])
def test_an_order_for_a_question_whose_task_the_owner_deleted_makes_another(
    machines: list[Machine], command: Command, *, looks: bool
) -> None:
    """The owner told the date himself, so that no letter of ours is out, and deletes the task: an order then
    begins the question anew."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.put_off(number=0, words="I'll get back to you tomorrow.")
    play.work(who=0)
    play.delete_a_task(for_good=False, number=0, then="")
    if looks:
        play.work(who=0)
    play.command(command=command, number=0, on_task=False)
    play.work(who=0)
    end(play)
    assert len(play.world.mailbox.letters) == 1
    waiting = [seen for _, seen in play.world.mailbox.task_items.values() if not seen.is_deleted]
    assert len(waiting) == (command is Command.NEED_MORE)


@pytest.mark.parametrize("kind", [ExactlyOnce, FollowThrough])
def test_a_task_alone_that_the_owner_deleted_is_made_with_the_letter_of_the_ackd_that_never_met_it(
    machines: list[Machine], kind: type[ExactlyOnce]
) -> None:
    with without_letters(machines[0]):
        play = begin(kind, machines)
        play.work(who=1)
        play.ask(asker="bob@corp.example")
        play.work(who=0)
        play.delete_a_task(for_good=False, number=0, then="")
        play.pass_time(minutes=4)
        play.work(who=1)
        play.pass_time(minutes=4)
        play.work(who=1)
        end(play)
    assert play.world.letters()["<q0@corp.example>"] == 1
    assert [len(machine.ledger.open_promises()) for machine in machines] == [1, 1]
