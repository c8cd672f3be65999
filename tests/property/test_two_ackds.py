"""Plays of two ackds on one mailbox that once ended otherwise, step by step, and the command that plays
fresh ones (`python -m tests.property`)."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ackd.engine.limits import Limits
from ackd.model import Command, OnMove, OnOverdue
from tests.property import __main__ as fresh
from tests.property.test_exactly_once import ExactlyOnce
from tests.property.test_follow_through import FollowThrough
from tests.property.world import Machine, Machines, World


@pytest.fixture(scope="module")
def machines() -> Iterator[list[Machine]]:
    made = Machines(in_memory=True)
    yield made.all
    made.close()


def begin(
    kind: type[ExactlyOnce],
    machines: list[Machine],
    *,
    overdue: OnOverdue = OnOverdue.REMIND,
    moved: OnMove = OnMove.IGNORE,
) -> ExactlyOnce:
    """A play of this kind, from its first pass on."""
    play = type(kind.__name__, (kind,), {"machines": machines})()
    assert isinstance(play, ExactlyOnce)
    if isinstance(play, FollowThrough):
        play.configure(digest=True, moved=moved, overdue=overdue)
    play.begin(old=1)
    return play


def end(play: ExactlyOnce) -> None:
    """Both work until all waits are over; what must hold does."""
    play.world.check()
    play.teardown()


@contextmanager
def with_entries(machines: list[Machine]) -> Iterator[None]:
    """Promised moments stand in the calendar too."""
    for machine in machines:
        machine.enter(entries=True)
    try:
        yield
    finally:
        for machine in machines:
            machine.enter(entries=False)


@contextmanager
def without_letters(machine: Machine) -> Iterator[None]:
    """The limits of one ackd allow none: it leaves each question with its task alone."""
    before = machine.limit(Limits(per_sender_per_day=0))
    try:
        yield
    finally:
        machine.limit(before)


def test_no_apology_for_a_task_that_the_other_one_made_and_the_owner_deleted(machines: list[Machine]) -> None:
    """The second ackd knows of the letter, and parked its task, which was nowhere. The first one made it
    since, and the owner deleted it before the second one's next sync."""
    play = begin(FollowThrough, machines, overdue=OnOverdue.DRAFT, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.set_the_clock_before_the_copy_appears(asker="bob@corp.example", boots=True, minutes=0, wait=4)
    play.answer_during_work(number=0, point=("before holds", 1), who=1)
    play.wait_until_one_is_due(who=0)
    play.delete_a_task(for_good=False, number=4, then="lose the ledger")
    end(play)


@pytest.mark.parametrize("write", range(1, 5))
def test_a_deleted_task_that_is_found_between_two_crashes_ends_its_promise(
    machines: list[Machine], write: int
) -> None:
    """The second ackd finds the first one's task in the trash, and dies as it writes that down."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.work(who=1)
    play.ask(asker="carol@corp.example")
    play.pass_time(minutes=61)
    play.work(who=0)
    play.work(who=0)
    play.delete_a_task(for_good=False, number=0, then="")
    play.work(who=0)
    play.work_and_die(point=("after write", write), who=1)
    end(play)


def test_a_rebuilt_ledger_reads_what_came_though_its_clock_is_a_year_ahead(machines: list[Machine]) -> None:
    """On a server that doesn't tell its time: what is asked since the watermark is no history."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask_and_die(asker="dave@corp.example", point=("before send", 2), who=1)
    play.lose_the_ledger(who=0)
    play.set_the_clock(minutes=365 * 24 * 60, who=0)
    play.ask(asker="carol@corp.example")
    play.tell_the_time(tells=False)
    play.wait_until_one_is_due(who=1)
    play.answer_during_work(number=2, point=("before watermark", 1), who=0)
    end(play)


def test_what_is_asked_for_anew_after_cannot_help_has_a_task_that_waits(machines: list[Machine]) -> None:
    """The owner told the date by hand, then that it can't be helped, and then asks for more: the first task
    is ticked off by then."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="dave@corp.example")
    play.put_off(number=3, words="I'll get back to you by Friday next week.")
    play.set_the_clock_during_work(minutes=-20160, point=("before create_appointments", 2), who=0)
    play.command(command=Command.CANNOT_HELP, number=5, on_task=False)
    play.move_and_settle(days=-3, minutes=11, number=2, who=0)
    play.command(command=Command.NEED_MORE, number=1, on_task=False)
    end(play)


def test_a_calendar_entry_that_the_other_one_made_is_found_before_the_task(machines: list[Machine]) -> None:
    """The owner told the date himself: the first ackd made the task late, and the entry stands already."""
    for machine in machines:
        machine.enter(entries=True)
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.work_and_fail(point=("before send", 1), who=1)
    play.ask(asker="bob@corp.example")
    play.put_off(number=5, words="I'll get back to you tomorrow.")
    play.set_the_clock_during_work(minutes=-2, point=("after with_tokens", 2), who=1)
    play.work_through_an_outage(rounds=4, who=0)
    try:
        end(play)
    finally:
        for machine in machines:
            machine.enter(entries=False)


def test_a_task_moved_into_the_past_brings_no_apology_for_a_date_to_come(machines: list[Machine]) -> None:
    """Nobody tells the asker of moves. The second ackd meets the task where the first one left it, and knows
    by it what the asker was told."""
    play = begin(FollowThrough, machines, moved=OnMove.IGNORE, overdue=OnOverdue.DRAFT)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="bob@corp.example", minutes=0, point=("before holds", 1), who=0)
    play.move_and_settle(days=-3, minutes=1, number=0, who=0)
    play.work(who=1)
    assert not play.world.waiting_drafts()
    end(play)


def test_a_new_date_is_told_once_though_one_ackd_knows_of_an_apology_more(machines: list[Machine]) -> None:
    """The owner moves the task, and then sends the apology that the first ackd put into Drafts: the second
    one, which never made it, counts the new date as the asker's first."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL, overdue=OnOverdue.DRAFT)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="carol@corp.example", minutes=0, point=("before snapshots", 1), who=0)
    play.wait_until_one_is_due(who=0)
    play.move_and_settle(days=7, minutes=0, number=0, who=1)
    play.decide_on_a_draft(is_sent=True, number=0)
    play.both_work(asker="dave@corp.example", minutes=11, point=("before holds", 1), who=0)
    end(play)


def test_a_date_that_the_owner_tells_after_cannot_help_has_its_task(machines: list[Machine]) -> None:
    """The letter that refers the asker elsewhere isn't out yet, since the other one has the lease."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL, overdue=OnOverdue.IGNORE)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="bob@corp.example", minutes=0, point=("before holds", 1), who=1)
    play.work_through_an_outage(rounds=3, who=0)
    play.work(who=1)
    play.follow_up(asker="bob@corp.example", number=0)
    play.both_work(asker="carol@corp.example", minutes=0, point=("before holds", 1), who=0)
    play.command(command=Command.CANNOT_HELP, number=2, on_task=False)
    play.answer_first(asker="carol@corp.example", who=0)
    play.put_off(number=2, words="I'll get back to you by Friday next week.")
    end(play)


def test_a_question_taken_up_again_is_open_for_the_ackd_that_sees_its_old_task_go(
    machines: list[Machine],
) -> None:
    """The owner deletes the task and has the question acknowledged again: the first ackd makes another task,
    and the second one meets both at once."""
    play = begin(FollowThrough, machines, overdue=OnOverdue.IGNORE)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="carol@corp.example", minutes=0, point=("before holds", 1), who=0)
    play.answer_during_work(number=0, point=("before holds", 1), who=1)
    play.delete_a_task(for_good=False, number=0, then="")
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    end(play)


def test_a_question_taken_up_again_stays_open_for_the_ackd_that_reads_never_mind_late(
    machines: list[Machine],
) -> None:
    """The other one read it too, and then what the owner said: it made another task."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="bob@corp.example", minutes=0, point=("after with_tokens", 1), who=0)
    play.delete_a_task(for_good=True, number=0, then="")
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.write_again(number=0, words="Never mind, I found it.")
    play.both_work(asker="dave@corp.example", minutes=0, point=("before create_tasks", 2), who=1)
    end(play)


@pytest.mark.parametrize("number", range(2))
def test_a_question_taken_up_again_stays_open_for_the_ackd_that_reads_of_its_end_late(
    machines: list[Machine], number: int
) -> None:
    play = begin(FollowThrough, machines, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.both_work(asker="bob@corp.example", minutes=0, point=("after with_tokens", 1), who=0)
    (play.answer, play.tick_or_untick)[number](number=0)
    play.work(who=1)
    play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
    play.work(who=1)
    play.work(who=1)
    end(play)
    assert [len(machine.ledger.open_promises()) for machine in machines] == [1, 1]


def test_a_date_that_the_other_one_promised_to_what_was_no_question_is_told_once(
    machines: list[Machine],
) -> None:
    """The second ackd was away when the owner said it, and the first one took the category off again: it
    acknowledges the mail, and the first one goes along."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.both_work(asker="carol@corp.example", minutes=0, point=("before holds", 1), who=0)
    play.ask(asker="dave@corp.example")
    play.command(command=Command.NOT_A_QUESTION, number=2, on_task=False)
    play.work(who=0)
    play.pass_time(minutes=24 * 60)
    end(play)
    assert play.world.letters()["<q2@corp.example>"] == 1


def test_a_deleted_task_stays_away_when_its_list_is_watched(machines: list[Machine]) -> None:
    play = begin(FollowThrough, machines, moved=OnMove.IGNORE, overdue=OnOverdue.DRAFT)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.file_a_task(folder="mine", number=0)
    play.delete_a_task(for_good=False, number=0, then="lose the ledger")
    play.ask_and_die(asker="dave@corp.example", point=("after create_tasks", 1), who=0)
    play.file_a_task(folder="mine", number=0)
    play.wait_until_one_is_due(who=0)
    end(play)


def test_a_question_is_read_though_the_clock_was_a_year_ahead_for_some_polls(machines: list[Machine]) -> None:
    play = begin(ExactlyOnce, machines)
    play.tell_the_time(tells=False)
    play.set_the_clock_before_the_copy_appears(
        asker="carol@corp.example", boots=False, minutes=365 * 24 * 60, wait=1
    )
    play.ask(asker="dave@corp.example")
    play.work_and_fail(point=("before holds", 1), who=0)
    end(play)


def test_a_task_that_is_taken_back_into_a_list_where_ackd_never_met_it_stays_unseen(
    machines: list[Machine],
) -> None:
    """The owner files it and deletes it there before ackd looks: that list isn't watched."""
    play = begin(FollowThrough, machines)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.file_a_task(folder="later", number=0)
    play.delete_a_task(for_good=False, number=0, then="")
    play.work(who=0)
    play.restore_a_task(number=0)
    end(play)
    assert not machines[0].ledger.open_promises()


def test_each_letter_has_its_promise_after_the_ledger_is_lost(machines: list[Machine]) -> None:
    """The asker's second question was acknowledged, since the first one followed an answered one: that one is
    acknowledged too by the rebuilt ledger. The process died before the task."""
    play = begin(ExactlyOnce, machines)
    play.answer_first(asker="carol@corp.example", who=1)
    play.follow_up(asker="carol@corp.example", number=0)
    play.follow_up(asker="carol@corp.example", number=1)
    play.work_and_die(point=("before holds", 2), who=0)
    assert play.world.letters().keys() == {"<q2@corp.example>"}
    play.lose_the_ledger(who=0)
    end(play)
    for machine in machines:
        kept = {promise.question.message_id for promise in machine.ledger.open_promises()}
        assert kept == {"<q1@corp.example>", "<q2@corp.example>"}


def test_a_calendar_entry_is_found_though_the_other_one_could_not_make_its_task(
    machines: list[Machine],
) -> None:
    """The owner told the date himself. The second ackd made the entry alone; the first one, whose letter was
    ordered and in doubt, sends that and makes the task."""
    with with_entries(machines):
        play = begin(FollowThrough, machines)
        assert isinstance(play, FollowThrough)
        play.work(who=1)
        play.ask(asker="carol@corp.example")
        play.command(command=Command.ACKNOWLEDGE, number=0, on_task=False)
        play.put_off(number=0, words="I'll get back to you by Friday next week.")
        play.work_through_an_outage(rounds=1, who=0)
        play.work_through_an_outage(rounds=2, who=1)
        end(play)
    assert list(play.world.mailbox.entered.values()) == [1]


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_date_that_came_of_the_askers_mail_is_not_taken_for_told(
    machines: list[Machine], is_lost: bool
) -> None:
    """By an ackd that knows of it by the task alone: its ledger was lost, or it read the mail late. The owner
    moves the task back."""
    play = begin(FollowThrough, machines, moved=OnMove.TELL)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.work(who=1)
    play.write_again(number=0, words="By the way, there is no rush.")
    play.work(who=0)
    play.pass_time(minutes=16)
    if is_lost:
        play.lose_the_ledger(who=1)
    play.work(who=1)
    play.move_and_settle(days=2, number=0, minutes=6, who=1)
    end(play)
    assert len(play.world.mailbox.letters) == 1


def test_a_rebuilt_ledger_drafts_no_apology_before_the_date_that_the_asker_knows(
    machines: list[Machine],
) -> None:
    play = begin(FollowThrough, machines, overdue=OnOverdue.DRAFT)
    assert isinstance(play, FollowThrough)
    play.ask(asker="bob@corp.example")
    play.work(who=0)
    play.write_again(number=0, words="It has become urgent, I need it today!")
    play.work(who=0)
    play.lose_the_ledger(who=0)
    play.work(who=0)
    play.wait_until_one_is_due(who=0)
    play.work(who=0)
    assert not play.world.waiting_drafts()
    end(play)


def test_no_play_follows_promises_as_the_last_one_did(machines: list[Machine]) -> None:
    machines[0].renew(World())
    usual = machines[0].following
    begin(FollowThrough, machines, moved=OnMove.TELL)
    assert machines[0].following != usual
    machines[0].renew(World())
    assert machines[0].following == usual


@pytest.mark.long
def test_fresh_plays_are_counted_and_one_that_fails_is_told(
    machines: list[Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "IN_A_TURN", 2)
    count = fresh.Count()
    assert fresh.turn(1, machines, count) == ""
    assert count.all >= 2
    monkeypatch.setattr(World, "check", lambda _: operator.truediv(1, 0))
    told = fresh.turn(2, machines, count)
    assert "ZeroDivisionError" in told
    assert "state.begin(" in told
