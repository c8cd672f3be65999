"""The follow-through on the mailbox in memory: what the owner and the asker do with a promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from ackd.engine import hold, promises
from ackd.model import (
    Address,
    Change,
    Command,
    EffectKind,
    LetterName,
    OnMove,
    PromiseState,
    Unknown,
    token_of,
)
from ackd.promise.lifecycle import FollowRules
from tests.people import BOB, mail, settings
from tests.scenario import FOLLOWING, HERE, TASK, Q, Scenario


@pytest.fixture
def office() -> Scenario:
    made = Scenario(follow=FOLLOWING).begin()
    made.ask()
    return made


def local_hour(office: Scenario, moment: datetime) -> tuple[int, int]:
    local = office.daemon.settings.calendar.local(moment)
    return local.hour, local.minute


# --- answered -------------------------------------------------------------------------------------


def test_the_category_shows_an_open_promise_and_goes_with_it(office: Scenario) -> None:
    assert office.mailbox.categories_of(Q) == ("Promised",)
    office.mailbox.owner_categorizes(Q, "Promised", "Mine")
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.mailbox.categories_of(Q) == ("Mine",)


def test_an_answer_ticks_the_task_off(office: Scenario) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.KEPT
    assert office.task().is_complete
    assert office.task().categories == ()
    office.work()
    assert office.promise().state is PromiseState.KEPT, "our own tick isn't the owner's"


@pytest.mark.parametrize("to", ["/o=Corp/cn=Recipients/cn=1c2e-bob", "robert@corp.example"])
def test_an_answer_to_whom_the_server_knows_as_the_asker(office: Scenario, to: str) -> None:
    office.mailbox.owner_sends(to=[to], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    office.mailbox.aliases[to] = BOB
    office.mailbox.owner_sends(to=[to], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.KEPT


def test_an_answer_after_ticking_off_counts_still(office: Scenario) -> None:
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    assert office.promise().state is PromiseState.DROPPED
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.KEPT


def test_an_answer_and_a_tick_in_one_page_keep_the_promise(office: Scenario) -> None:
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.KEPT


def test_an_answer_without_references_is_known_by_its_conversation() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    office.mailbox.arrive(replace(mail("q"), conversation="c1"))
    office.work()
    office.mailbox.owner_sends(to=["carol@corp.example"], in_reply_to=None, conversation="c1")
    office.work()
    assert office.promise().state is PromiseState.OPEN, "a forward to a third person"
    office.mailbox.owner_sends(to=[BOB], in_reply_to=None, conversation="c1")
    office.work()
    assert office.promise().state is PromiseState.KEPT


def test_ill_get_back_to_you_is_a_new_date_and_no_answer(office: Scenario) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you by Friday next week.")
    office.work()
    promise = office.promise()
    assert promise.state is PromiseState.OPEN
    assert office.daemon.settings.calendar.local_date(promise.due) == date(2026, 12, 4)
    office.agree()
    office.work(30)
    assert len(office.letters()) == 1, "the asker knows it already"


def test_ill_get_back_to_you_in_the_grace_period_spares_the_acknowledgement() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    office.daemon.use(replace(settings(grace_minutes=60), follow=FollowRules()))
    office.ask()
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you tomorrow.")
    office.work()
    office.work(90)
    assert office.letters() == []
    assert office.promise().state is PromiseState.OPEN
    assert office.task().due_date == date(2026, 11, 24)


@pytest.mark.parametrize("words", [
    "I'll get back to you by Friday.", "Ich melde mich bis Freitag.", "Je reviens vers toi d'ici vendredi.",
    "Ti rispondo entro venerdì.", "Ik kom er vrijdag op terug.", "Respondo-te até sexta-feira.",
])  # fmt: skip
@pytest.mark.parametrize("is_redirected", [False, True])
def test_the_owners_date_after_cannot_help_is_a_promise_with_a_task(words: str, is_redirected: bool) -> None:
    """The letter that refers the asker elsewhere isn't out yet: another ackd has the lease."""
    office = Scenario(follow=FOLLOWING).begin()
    lease = office.mailbox.take_lease("another")
    assert lease is not None
    office.ask()
    office.mailbox.owner_categorizes(Q, "ackd: can't help")
    office.work()
    if is_redirected:
        known = office.ledger.snapshots([Q])[Q]
        question = replace(
            known.promise.question, letter=LetterName.REDIRECT, contact=Address("carol@corp.example")
        )
        told = replace(known, promise=replace(known.promise, question=question))
        office.ledger.write([Change(known, told)])
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text=words)
    office.work()
    office.mailbox.release(lease)
    office.work()
    office.work(30)
    assert office.letters() == []
    assert office.promise().is_of_answer
    assert office.task().due_date == date(2026, 11, 27)
    office.agree()
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.KEPT


def test_the_owners_date_after_a_pause_and_cannot_help_is_a_promise_with_a_task() -> None:
    """No task was ever planned: the pause left the question, and the command made a letter of it."""
    office = Scenario(follow=FOLLOWING).begin()
    hold.pause(office.ledger, office.clock.now())
    office.ask()
    office.mailbox.owner_categorizes(Q, "ackd: can't help")
    office.work()
    assert not office.mailbox.task_items
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you by Friday.")
    office.work()
    assert office.promise().is_of_answer
    hold.resume(office.ledger, office.clock.now())
    office.work()
    office.work(30)
    assert office.letters() == []
    assert office.task().due_date == date(2026, 11, 27)
    office.agree()


@pytest.mark.parametrize("is_out", [False, True])
def test_a_letter_in_doubt_isnt_tried_again_once_the_owner_told_the_date(is_out: bool) -> None:
    office = Scenario(follow=FOLLOWING).begin()
    office.mailbox.fail_next = "after" if is_out else "before"
    office.ask()
    office.mailbox.fail_next = ""
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you tomorrow.")
    office.work()
    office.work(30)
    office.work(30)
    assert len(office.letters()) == is_out
    assert office.promise().state is PromiseState.OPEN
    assert office.task().due_date == date(2026, 11, 24)
    office.agree()


# --- moved ----------------------------------------------------------------------------------------


def test_a_moved_task_tells_the_colleague_once_it_has_settled(office: Scenario) -> None:
    before = office.promise()
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    assert len(office.letters()) == 1
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 12, 2))
    office.work(3)
    office.work(3)
    assert len(office.letters()) == 1, "dragged twice: told after the last move"
    office.work(3)
    _, told = office.letters()
    assert "2 December" in told.text
    assert told.to.email == BOB
    promise = office.promise()
    assert local_hour(office, promise.due) == local_hour(office, before.due)
    assert promise.told == promise.due
    office.work(60)
    assert len(office.letters()) == 2
    assert office.task().promised == promise.due
    office.agree()


def test_a_task_that_is_moved_back_tells_nothing(office: Scenario) -> None:
    day = office.task().due_date
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=day)
    office.work()
    office.work(30)
    assert len(office.letters()) == 1
    office.agree()


def test_each_move_is_told_also_back_and_forth(office: Scenario) -> None:
    for day in (date(2026, 11, 30), date(2026, 12, 2), date(2026, 11, 30), date(2026, 12, 2)):
        office.mailbox.owner_changes_task(TASK, due_date=day)
        office.work()
        office.work(10)
    assert len(office.letters()) == 5


def test_asking_first_leaves_a_draft(office: Scenario) -> None:
    office.follows(moved=OnMove.ASK)
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(10)
    ((token, (draft, _)),) = office.mailbox.drafts.items()
    assert "30 November" in draft.text
    assert len(office.letters()) == 1
    assert office.promise().told != office.promise().due
    office.mailbox.owner_sends_draft(token)
    office.work()
    assert office.promise().told == office.promise().due


def test_a_stale_draft_goes_when_the_task_moves_again(office: Scenario) -> None:
    office.follows(moved=OnMove.ASK)
    for day in (date(2026, 11, 30), date(2026, 12, 2)):
        office.mailbox.owner_changes_task(TASK, due_date=day)
        office.work()
        office.work(10)
    office.work(20)
    (draft, _) = next(iter(office.mailbox.drafts.values()))
    assert len(office.mailbox.drafts) == 1
    assert "2 December" in draft.text


def test_a_deleted_draft_of_a_new_date_withdraws_nothing(office: Scenario) -> None:
    office.follows(moved=OnMove.ASK)
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(10)
    (token,) = office.mailbox.drafts
    office.mailbox.owner_trashes_draft(token)
    office.work(20)
    assert office.promise().state is PromiseState.OPEN
    assert len(office.letters()) == 1


def test_ignored_moves_tell_nothing(office: Scenario) -> None:
    office.follows(moved=OnMove.IGNORE)
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(30)
    assert len(office.letters()) == 1
    assert not office.mailbox.drafts
    office.agree()


def test_a_day_that_the_server_makes_of_ours_is_no_move(office: Scenario) -> None:
    """Our own write comes back a day earlier, under the key that the write returned."""
    item, (task, seen) = next(iter(office.mailbox.task_items.items()))
    assert seen.due_date
    shifted = replace(seen, due_date=seen.due_date - timedelta(days=1))
    office.mailbox.task_items[item] = (task, shifted)
    office.mailbox._log.append(shifted)
    office.work()
    office.work(30)
    assert len(office.letters()) == 1


def test_a_move_into_the_past_tells_nothing(office: Scenario) -> None:
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 20))
    office.work()
    office.work(30)
    assert len(office.letters()) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_move_is_told_once_though_the_ledger_is_lost(office: Scenario, when: str) -> None:
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    if when == "after":
        office.work(10)
    office.start_on("second")
    for _ in range(4):
        office.work(10)
    assert len(office.letters()) == 2
    assert office.letters()[-1].subject == "Re: About q"
    office.agree()


# --- dropped, deleted, filed ------------------------------------------------------------------------


def test_a_ticked_task_drops_the_promise_and_tells_nobody(office: Scenario) -> None:
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    promise = office.promise()
    assert promise.state is PromiseState.DROPPED
    assert "ticked" in promise.why
    office.mailbox.owner_changes_task(TASK, is_complete=False)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    assert len(office.letters()) == 1


def test_a_deleted_task_withdraws_and_never_comes_back(office: Scenario) -> None:
    office.mailbox.owner_trashes_task(TASK)
    office.work()
    assert office.promise().state is PromiseState.WITHDRAWN
    office.start_on("second")
    for _ in range(3):
        office.work(10)
    assert len(office.letters()) == 1
    assert office.task().is_deleted


def test_a_restored_task_opens_the_promise_again(office: Scenario) -> None:
    office.mailbox.owner_trashes_task(TASK)
    office.work()
    office.mailbox.owner_restores_task(TASK)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    office.agree()


def test_a_task_is_followed_into_another_list(office: Scenario) -> None:
    office.mailbox.owner_files_task(TASK, "my-list")
    office.work()
    assert office.promise().state is PromiseState.OPEN
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(10)
    assert len(office.letters()) == 2
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    assert office.promise().state is PromiseState.DROPPED


def test_a_kept_promise_whose_task_is_unticked_is_open_again(office: Scenario) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.mailbox.owner_changes_task(TASK, is_complete=False)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    office.agree()


def test_a_restored_task_of_no_question_opens_the_promise_again(office: Scenario) -> None:
    office.command("ackd: not a question", on_task=False)
    assert office.task().is_deleted
    office.mailbox.owner_restores_task(TASK)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    assert not office.task().is_deleted


def test_a_task_that_appears_after_the_answer_is_ticked_off() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    office.mailbox.arrive(mail("q", at=office.clock.now()))
    office.clock.move(timedelta(minutes=1))
    office.daemon.take_in()
    create = office.mailbox.create_tasks
    office.mailbox.create_tasks = lambda tasks: [create(tasks), [Unknown("the answer was lost")]][1]  # type: ignore[method-assign]
    office.daemon.deliver()
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    for _ in range(3):
        office.work(11)
    assert office.promise().state is PromiseState.KEPT
    assert office.task().is_complete


def test_a_taken_up_question_follows_its_new_task_alone(office: Scenario) -> None:
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    office.mailbox.owner_categorizes(Q, "ackd: acknowledge")
    office.work()
    new = token_of(Q, EffectKind.TASK, "1")
    office.mailbox.owner_changes_task(TASK, categories=("Mine",))
    office.mailbox.owner_changes_task(new, due_date=date(2026, 11, 30))
    office.work()
    assert office.promise().state is PromiseState.OPEN
    office.start_on("second")
    office.work()
    assert office.promise().state is PromiseState.OPEN
    assert office.daemon.settings.calendar.local_date(office.promise().due) == date(2026, 11, 30)


def test_a_lost_ledger_lets_old_mails_move_nothing(office: Scenario) -> None:
    office.ask("again", "By the way, there is no rush.", references=Q)
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you by Friday next week.")
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 26))
    office.work()
    office.work(20)
    office.start_on("second")
    office.work()
    office.work(20)
    assert office.promise().state is PromiseState.OPEN
    assert office.task().due_date == date(2026, 11, 26)
    office.agree()


def test_a_letter_sent_and_a_move_in_one_page_are_both_known(office: Scenario) -> None:
    office.follows(moved=OnMove.ASK)
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(30)
    (draft,) = office.mailbox.drafts
    office.mailbox.owner_sends_draft(draft)
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 12, 2))
    office.work()
    promise = office.promise()
    told = office.daemon.settings.calendar.local_date(promise.told or promise.due)
    assert (told, promise.moves) == (date(2026, 11, 30), 1)
    office.agree()


# --- two ackds on one mailbox ---------------------------------------------------------------------


def late_one(office: Scenario) -> None:
    """A second ackd begins with the mailbox as it is, and sleeps while the first one works."""
    office.start_on("late").run_pass()
    office.turn_to(HERE)


@pytest.mark.parametrize("needs_more", [False, True])
def test_a_late_ackd_takes_the_date_that_the_other_one_promised(needs_more: bool) -> None:
    office = Scenario(follow=FOLLOWING).begin()
    late_one(office)
    office.ask()
    told = office.promise().due
    if needs_more:
        office.mailbox.owner_categorizes(Q, "ackd: need more")
    office.clock.move(timedelta(hours=40))
    office.start_on("late").run_pass()
    assert (office.promise().due, office.promise().told) == (told, told)
    assert len(office.letters()) == 1 + needs_more
    assert office.promise().waits == needs_more
    office.agree()


def test_a_late_ackd_follows_a_promise_to_a_mail_that_it_left() -> None:
    """The first one was told to acknowledge it; the owner answers, and the first one is no more."""
    office = Scenario(follow=FOLLOWING).begin()
    office.ask("left", "The figures are on the share now.")
    late_one(office)
    name = "<left@corp.example>"
    office.mailbox.owner_categorizes(name, "ackd: acknowledge")
    office.work()
    office.mailbox.owner_sends(to=[BOB], in_reply_to=name)
    office.start_on("late").run_pass()
    office.work()
    assert office.promise(name).state is PromiseState.KEPT
    assert office.task(name).is_complete


def test_a_late_ackd_looks_for_the_task_before_it_calls_a_promise_overdue() -> None:
    """The owner deleted the task long ago; the late one can't act at first, and wakes after the date."""
    office = Scenario(follow=FOLLOWING).begin()
    late_one(office)
    office.ask()
    due = office.promise().due
    late = office.start_on("late")
    busy = office.mailbox.take_lease("another machine")
    assert busy is not None
    office.mailbox.owner_trashes_task(TASK)
    late.run_pass()
    office.mailbox.release(busy)
    office.clock.move(due + timedelta(hours=1) - office.clock.now())
    late.run_pass()
    assert office.notices() == []
    assert office.promise().state is PromiseState.WITHDRAWN


def test_a_move_while_a_rebuilt_ledger_was_being_begun_is_seen(office: Scenario) -> None:
    """It died after it had adopted the tasks, and the task moved before it began again."""
    daemon = office.start_on("second")
    promises.adopt(daemon.ledger, office.mailbox.tasks(), office.clock.now(), daemon.settings.mode, (), ())
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.start_on("second").run_pass()
    office.agree()


def test_a_late_ackd_tells_no_date_that_the_other_one_told() -> None:
    """The owner moves the task twice; the late one wakes after the first new date was told."""
    office = Scenario(follow=FOLLOWING).begin()
    office.ask()
    office.start_on("late").run_pass()
    office.start_on(HERE)
    for day in (date(2026, 11, 26), date(2026, 11, 30)):
        office.mailbox.owner_changes_task(TASK, due_date=day)
        office.work()
        if day.day == 30:
            office.start_on("late").run_pass()
            office.start_on(HERE)
        office.work(11)
    office.start_on("late")
    office.work(11)
    office.work(11)
    assert [letter.in_reply_to for letter in office.letters()] == [Q] * 3, "one letter a date"
    assert office.promise().moves == 2
    office.agree()


def test_a_late_ackd_reads_no_old_word_over_what_the_other_one_did(office: Scenario) -> None:
    """The owner puts the answer off and then moves the task back, all of which the other one followed."""
    office.start_on("late").run_pass()
    office.start_on(HERE)
    day = office.task().due_date
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you tomorrow.")
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=day)
    office.work()
    office.work(30)
    office.start_on("late").run_pass()
    office.work()
    assert office.task().due_date == day
    assert len(office.letters()) == 2
    office.agree()


def test_a_date_still_to_be_written_gives_way_to_the_owners_move(office: Scenario) -> None:
    """Two ackds read a put-off; one can't write before the other has, and the owner moves the task back."""
    office.start_on("late").run_pass()
    day = office.task().due_date
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you tomorrow.")
    while office.daemon.take_in():
        pass
    office.start_on(HERE)
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=day)
    office.work()
    office.start_on("late").run_pass()
    assert office.task().due_date == day
    office.agree()


@pytest.mark.parametrize(
    ("configured", "set_by_hand"),
    [
        ("ackd: not a question", ["Ackd: Not a Question"]),
        ("ackd: not a question", ["ACKD: NOT A QUESTION "]),
        ("Keine Frage, ACKD", ["keine frage", "ackd"]),
        ("Keine Frage, ACKD", ["Keine Frage, ackd"]),
    ],
)
@pytest.mark.parametrize("on_task", [False, True])
def test_a_command_is_one_however_its_category_is_written(
    configured: str, set_by_hand: list[str], on_task: bool
) -> None:
    office = Scenario(follow=FollowRules(commands={configured: Command.NOT_A_QUESTION})).begin()
    office.ask()
    wanted = ("Mine", *set_by_hand)
    if on_task:
        office.mailbox.owner_changes_task(TASK, categories=wanted)
    else:
        office.mailbox.owner_categorizes(Q, *wanted)
    office.work()
    office.work()
    assert office.state() is PromiseState.WITHDRAWN
    assert office.task().is_deleted
    if not on_task:
        assert office.mailbox.categories_of(Q) == ("Mine",)


def test_half_of_a_commands_name_is_none() -> None:
    office = Scenario(follow=FollowRules(commands={"Keine Frage, ACKD": Command.NOT_A_QUESTION})).begin()
    office.ask()
    office.mailbox.owner_categorizes(Q, "ackd", "Frage")
    office.work()
    assert office.state() is PromiseState.OPEN
