"""The follow-through on the mailbox in memory: what the owner and the asker do with a promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ackd.daemon import Daemon
from ackd.ledger import SqlLedger
from ackd.mailbox.memory import MemoryMailbox
from ackd.model import (
    Command,
    Duration,
    EffectKind,
    Letter,
    Mode,
    Promise,
    PromiseState,
    SeenTask,
    Sensitivity,
    Unit,
    Unknown,
    token_of,
)
from ackd.promise.follow import FollowRules
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, QUESTION, mail, settings

BOB = "bob@corp.example"
Q = "<q@corp.example>"
TASK = token_of(Q, EffectKind.TASK)
COMMANDS = {
    "ackd: acknowledge": Command.ACKNOWLEDGE,
    "ackd: not a question": Command.NOT_A_QUESTION,
    "ackd: can't help": Command.CANNOT_HELP,
    "ackd: need more": Command.NEED_MORE,
}


class Office:
    """A mailbox with the owner's service, and people who do things."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = StepClock(MONDAY)
        self.mailbox = MemoryMailbox(self.clock.now)
        self.daemon = self.start("first")
        self.daemon.run_pass()
        self.clock.move(timedelta(minutes=1))

    def start(self, ledger: str, mode: Mode = Mode.SEND, **rules: object) -> Daemon:
        made = SqlLedger(f"sqlite:///{self.folder / ledger}.sqlite", ALICE.address)
        follow = FollowRules(**{"moved": "tell", "commands": COMMANDS, **rules})  # type: ignore[arg-type]
        self.daemon = Daemon(self.mailbox, made, self.clock, replace(settings(mode=mode), follow=follow))
        return self.daemon

    def follows(self, **rules: object) -> None:
        """Other rules from now on."""
        follow = replace(self.daemon.settings.follow, **rules)  # type: ignore[arg-type]
        self.daemon.use(replace(self.daemon.settings, follow=follow))

    def work(self, minutes: float = 1) -> None:
        """Time passes, then the service does all that it can."""
        self.clock.move(timedelta(minutes=minutes))
        self.daemon.run_pass()

    def ask(self, name: str = "q", text: str = QUESTION, *, references: str = "", sender: str = BOB) -> None:
        """A colleague writes, and the service works on it."""
        self.mailbox.arrive(mail(name, text, references=references, sender=sender, at=self.clock.now()))
        self.work()

    def promise(self, message_id: str = Q) -> Promise:
        return self.daemon.ledger.standings([message_id])[message_id].promise

    def task(self, message_id: str = Q) -> SeenTask:
        (found,) = [t for _, t in self.mailbox.task_items.values() if t.message_id == message_id]
        return found

    def letters(self) -> list[Letter]:
        """What colleagues got."""
        return [letter for letter in self.mailbox.letters if letter.in_reply_to]

    def notices(self) -> list[Letter]:
        return [letter for letter in self.mailbox.letters if not letter.in_reply_to]

    def agree(self) -> None:
        """Task and promise say the same."""
        promise, task = self.promise(), self.task()
        assert task.is_complete == (promise.state in (PromiseState.KEPT, PromiseState.WITHDRAWN))
        if promise.state is PromiseState.OPEN:
            assert task.due_date == self.daemon.settings.calendar.local_date(promise.due)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.ask()
    return made


def local_hour(office: Office, moment: datetime) -> tuple[int, int]:
    local = office.daemon.settings.calendar.local(moment)
    return local.hour, local.minute


# --- answered -------------------------------------------------------------------------------------


def test_the_category_shows_an_open_promise_and_goes_with_it(office: Office) -> None:
    assert office.mailbox.categories_of(Q) == ("Promised",)
    office.mailbox.owner_categorizes(Q, "Promised", "Mine")
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.mailbox.categories_of(Q) == ("Mine",)


def test_an_answer_ticks_the_task_off(office: Office) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.KEPT
    assert office.task().is_complete
    assert office.task().categories == ()
    office.work()
    assert office.promise().state is PromiseState.KEPT, "our own tick isn't the owner's"


def test_an_answer_after_ticking_off_counts_still(office: Office) -> None:
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    assert office.promise().state is PromiseState.DROPPED
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.KEPT


def test_an_answer_and_a_tick_in_one_page_keep_the_promise(office: Office) -> None:
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    assert office.promise().state is PromiseState.KEPT


def test_an_answer_without_references_is_known_by_its_conversation(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mailbox.arrive(replace(mail("q"), conversation="c1"))
    office.work()
    office.mailbox.owner_sends(to=["carol@corp.example"], in_reply_to=None, conversation="c1")
    office.work()
    assert office.promise().state is PromiseState.OPEN, "a forward to a third person"
    office.mailbox.owner_sends(to=[BOB], in_reply_to=None, conversation="c1")
    office.work()
    assert office.promise().state is PromiseState.KEPT


def test_ill_get_back_to_you_is_a_new_date_and_no_answer(office: Office) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you by Friday next week.")
    office.work()
    promise = office.promise()
    assert promise.state is PromiseState.OPEN
    assert office.daemon.settings.calendar.local_date(promise.due) == date(2026, 12, 4)
    office.agree()
    office.work(30)
    assert len(office.letters()) == 1, "the asker knows it already"


def test_ill_get_back_to_you_in_the_grace_period_spares_the_acknowledgement(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.daemon.use(replace(settings(grace_minutes=60), follow=FollowRules()))
    office.ask()
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you tomorrow.")
    office.work()
    office.work(90)
    assert office.letters() == []
    assert office.promise().state is PromiseState.OPEN
    assert office.task().due_date == date(2026, 11, 24)


# --- moved ----------------------------------------------------------------------------------------


def test_a_moved_task_tells_the_colleague_once_it_has_settled(office: Office) -> None:
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


def test_a_task_that_is_moved_back_tells_nothing(office: Office) -> None:
    day = office.task().due_date
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=day)
    office.work()
    office.work(30)
    assert len(office.letters()) == 1
    office.agree()


def test_each_move_is_told_also_back_and_forth(office: Office) -> None:
    for day in (date(2026, 11, 30), date(2026, 12, 2), date(2026, 11, 30), date(2026, 12, 2)):
        office.mailbox.owner_changes_task(TASK, due_date=day)
        office.work()
        office.work(10)
    assert len(office.letters()) == 5


def test_asking_first_leaves_a_draft(office: Office) -> None:
    office.follows(moved="ask")
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


def test_a_stale_draft_goes_when_the_task_moves_again(office: Office) -> None:
    office.follows(moved="ask")
    for day in (date(2026, 11, 30), date(2026, 12, 2)):
        office.mailbox.owner_changes_task(TASK, due_date=day)
        office.work()
        office.work(10)
    office.work(20)
    (draft, _) = next(iter(office.mailbox.drafts.values()))
    assert len(office.mailbox.drafts) == 1
    assert "2 December" in draft.text


def test_a_deleted_draft_of_a_new_date_withdraws_nothing(office: Office) -> None:
    office.follows(moved="ask")
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(10)
    (token,) = office.mailbox.drafts
    office.mailbox.owner_trashes_draft(token)
    office.work(20)
    assert office.promise().state is PromiseState.OPEN
    assert len(office.letters()) == 1


def test_ignored_moves_tell_nothing(office: Office) -> None:
    office.follows(moved="ignore")
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(30)
    assert len(office.letters()) == 1
    assert not office.mailbox.drafts
    office.agree()


def test_a_day_that_the_server_makes_of_ours_is_no_move(office: Office) -> None:
    """Our own write comes back a day earlier, under the key that the write returned."""
    item, (task, seen) = next(iter(office.mailbox.task_items.items()))
    assert seen.due_date
    shifted = replace(seen, due_date=seen.due_date - timedelta(days=1))
    office.mailbox.task_items[item] = (task, shifted)
    office.mailbox._log.append(shifted)
    office.work()
    office.work(30)
    assert len(office.letters()) == 1


def test_a_move_into_the_past_tells_nothing(office: Office) -> None:
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 20))
    office.work()
    office.work(30)
    assert len(office.letters()) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_move_is_told_once_though_the_ledger_is_lost(office: Office, when: str) -> None:
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    if when == "after":
        office.work(10)
    office.start("second")
    for _ in range(4):
        office.work(10)
    assert len(office.letters()) == 2
    assert office.letters()[-1].subject == "Re: About q"
    office.agree()


# --- dropped, deleted, filed ------------------------------------------------------------------------


def test_a_ticked_task_drops_the_promise_and_tells_nobody(office: Office) -> None:
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    promise = office.promise()
    assert promise.state is PromiseState.DROPPED
    assert "ticked" in promise.why
    office.mailbox.owner_changes_task(TASK, is_complete=False)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    assert len(office.letters()) == 1


def test_a_deleted_task_withdraws_and_never_comes_back(office: Office) -> None:
    office.mailbox.owner_trashes_task(TASK)
    office.work()
    assert office.promise().state is PromiseState.WITHDRAWN
    office.start("second")
    for _ in range(3):
        office.work(10)
    assert len(office.letters()) == 1
    assert office.task().is_deleted


def test_a_restored_task_opens_the_promise_again(office: Office) -> None:
    office.mailbox.owner_trashes_task(TASK)
    office.work()
    office.mailbox.owner_restores_task(TASK)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    office.agree()


def test_a_task_is_followed_into_another_list(office: Office) -> None:
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


def test_a_kept_promise_whose_task_is_unticked_is_open_again(office: Office) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.mailbox.owner_changes_task(TASK, is_complete=False)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    office.agree()


def test_a_restored_task_of_no_question_opens_the_promise_again(office: Office) -> None:
    command(office, "ackd: not a question", on_task=False)
    assert office.task().is_deleted
    office.mailbox.owner_restores_task(TASK)
    office.work()
    assert office.promise().state is PromiseState.OPEN
    assert not office.task().is_deleted


def test_a_task_that_appears_after_the_answer_is_ticked_off(tmp_path: Path) -> None:
    office = Office(tmp_path)
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


def test_a_taken_up_question_follows_its_new_task_alone(office: Office) -> None:
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    office.mailbox.owner_categorizes(Q, "ackd: acknowledge")
    office.work()
    new = token_of(Q, EffectKind.TASK, "1")
    office.mailbox.owner_changes_task(TASK, categories=("Mine",))
    office.mailbox.owner_changes_task(new, due_date=date(2026, 11, 30))
    office.work()
    assert office.promise().state is PromiseState.OPEN
    office.start("second")
    office.work()
    assert office.promise().state is PromiseState.OPEN
    assert office.daemon.settings.calendar.local_date(office.promise().due) == date(2026, 11, 30)


def test_a_lost_ledger_lets_old_mails_move_nothing(office: Office) -> None:
    office.ask("again", "By the way, there is no rush.", references=Q)
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q, text="I'll get back to you by Friday next week.")
    office.work()
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 26))
    office.work()
    office.work(20)
    office.start("second")
    office.work()
    office.work(20)
    assert office.promise().state is PromiseState.OPEN
    assert office.task().due_date == date(2026, 11, 26)
    office.agree()


# --- commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize("on_task", [False, True])
def test_not_a_question(office: Office, on_task: bool) -> None:
    command(office, "ackd: not a question", on_task=on_task)
    assert office.promise().state is PromiseState.WITHDRAWN
    assert office.task().is_deleted
    assert office.mailbox.categories_of(Q) == ("Mine",)
    office.work(30)
    assert len(office.letters()) == 1


@pytest.mark.parametrize("on_task", [False, True])
def test_cannot_help(office: Office, on_task: bool) -> None:
    command(office, "ackd: can't help", on_task=on_task)
    assert office.promise().state is PromiseState.WITHDRAWN
    assert "can’t help" in office.letters()[-1].text
    assert len(office.letters()) == 2
    assert office.task().is_complete
    assert office.mailbox.categories_of(Q) == ("Mine",)


@pytest.mark.parametrize("on_task", [False, True])
def test_need_more_waits_for_the_asker(office: Office, on_task: bool) -> None:
    command(office, "ackd: need more", on_task=on_task)
    assert len(office.letters()) == 2
    assert office.promise().waits
    assert office.mailbox.categories_of(Q) == ("Mine", "Promised")
    assert office.task().categories == ("Promised",)
    office.work(60 * 24 * 7)
    assert office.notices() == [], "what waits for the asker isn't overdue"
    office.ask("more", "It is about the figures of the northern region, in euros.", references=Q)
    promise = office.promise()
    assert not promise.waits
    assert promise.due > office.clock.now()
    assert len(office.letters()) == 2
    assert "northern region" in "".join(office.mailbox.notes[TASK])
    office.agree()


def test_acknowledge_what_the_judge_left(office: Office) -> None:
    office.ask("left", "The figures are on the share now.")
    name = "<left@corp.example>"
    assert len(office.letters()) == 1
    office.mailbox.owner_categorizes(name, "ackd: acknowledge", "Mine")
    office.work()
    assert [letter.in_reply_to for letter in office.letters()] == [Q, name]
    assert office.task(name).due_date
    assert office.mailbox.categories_of(name) == ("Mine", "Promised")
    office.work()
    assert len(office.letters()) == 2


def test_a_command_never_answers_a_robot_or_a_stranger(office: Office) -> None:
    robot = mail("robot", headers="Auto-Submitted: auto-replied\r\n", at=office.clock.now())
    stranger = mail("eve", sender="eve@elsewhere.example", at=office.clock.now())
    for one in (robot, stranger):
        office.mailbox.arrive(one)
    office.work()
    for one in (robot, stranger):
        office.mailbox.owner_categorizes(one.message_id, "ackd: acknowledge")
    office.work()
    assert len(office.letters()) == 1
    assert office.mailbox.categories_of(robot.message_id) == ()


def test_an_old_mail_is_commanded_in_vain(office: Office) -> None:
    office.ask("left", "The figures are on the share now.")
    office.clock.move(timedelta(days=31))
    office.mailbox.owner_categorizes("<left@corp.example>", "ackd: acknowledge")
    office.work()
    assert "<left@corp.example>" not in [letter.in_reply_to for letter in office.letters()]


def test_a_preview_obeys_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.start("first", mode=Mode.PREVIEW)
    office.ask()
    office.mailbox.owner_categorizes(Q, "ackd: acknowledge")
    office.work()
    assert not office.letters()
    assert office.mailbox.categories_of(Q) == ("ackd: acknowledge",)


def command(office: Office, name: str, *, on_task: bool) -> None:
    """The owner sets a category beside an own one."""
    office.mailbox.owner_categorizes(Q, "Mine", "Promised")
    if on_task:
        office.mailbox.owner_changes_task(TASK, categories=("Promised", name))
    else:
        office.mailbox.owner_categorizes(Q, "Mine", "Promised", name)
    office.work()
    office.work()


# --- the asker writes again -----------------------------------------------------------------------


def test_never_mind_withdraws(office: Office) -> None:
    office.ask("again", "Never mind, I found it.", references=Q)
    assert office.promise().state is PromiseState.WITHDRAWN
    assert office.task().is_complete
    assert "Never mind" in office.mailbox.notes[TASK][0]
    assert len(office.letters()) == 1


def test_its_urgent_moves_the_promise_nearer(office: Office) -> None:
    before = office.promise().due
    office.ask("again", "It has become urgent, I need it today!", references=Q)
    promise = office.promise()
    assert promise.due < before
    assert promise.reminder <= office.clock.now()
    office.agree()
    office.work(30)
    assert len(office.letters()) == 1, "no second acknowledgement, and no new date"


def test_no_rush_moves_it_away(office: Office) -> None:
    before = office.promise().due
    office.ask("again", "By the way, there is no rush.", references=Q)
    assert office.promise().due > before
    office.agree()


def test_more_text_is_added_to_the_task(office: Office) -> None:
    office.ask("again", "I forgot to say that it is about the blue ones.", references=Q)
    assert "the blue ones" in office.mailbox.notes[TASK][0]
    office.work()
    assert len(office.mailbox.notes[TASK]) == 1


def test_a_confidential_follow_up_adds_no_text(office: Office) -> None:
    again = mail("again", "I forgot to say that it is about the blue ones.", references=Q)
    office.mailbox.arrive(replace(again, sensitivity=Sensitivity.CONFIDENTIAL))
    office.work()
    assert "blue" not in "".join(office.mailbox.notes.get(TASK, []))


def test_a_third_person_in_the_thread_moves_nothing(office: Office) -> None:
    before = office.promise()
    office.ask("again", "Never mind, solved!", references=Q, sender="carol@corp.example")
    assert office.promise() == before


# --- overdue --------------------------------------------------------------------------------------


def until_due(office: Office) -> None:
    office.clock.move(office.promise().due - office.clock.now())
    office.work()


def test_an_overdue_promise_is_brought_back_once(office: Office) -> None:
    until_due(office)
    (notice,) = office.notices()
    assert notice.to.email == ALICE.address
    assert "figures for October" in notice.text
    for _ in range(3):
        office.work(60)
    assert len(office.notices()) == 1
    assert len(office.letters()) == 1


def test_an_apology_waits_in_drafts_and_promises_anew(office: Office) -> None:
    office.follows(overdue="draft")
    until_due(office)
    ((token, (draft, _)),) = office.mailbox.drafts.items()
    assert draft.to.email == BOB
    before = office.promise().due
    office.mailbox.owner_sends_draft(token)
    office.work()
    office.work()
    assert office.promise().due > before
    office.agree()


def test_no_apology_before_the_date_that_the_asker_knows(office: Office) -> None:
    office.follows(overdue="draft", moved="ignore")
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 20))
    office.work()
    office.work(20)
    assert not office.mailbox.drafts
    assert len(office.notices()) == 1


def test_an_answer_makes_the_apology_needless(office: Office) -> None:
    office.follows(overdue="draft")
    until_due(office)
    office.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    office.work(15)
    assert not office.mailbox.drafts


# --- nothing after the end ------------------------------------------------------------------------

ENDS: dict[str, Callable[[Office], None]] = {
    "answered": lambda office: office.mailbox.owner_sends(to=[BOB], in_reply_to=Q),
    "ticked": lambda office: office.mailbox.owner_changes_task(TASK, is_complete=True),
    "deleted": lambda office: office.mailbox.owner_trashes_task(TASK),
    "not a question": lambda office: office.mailbox.owner_categorizes(Q, "ackd: not a question"),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("same_page", [True, False])
def test_no_letter_after_the_promise_is_closed(office: Office, end: str, same_page: bool) -> None:
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    if not same_page:
        office.work()
    ENDS[end](office)
    for _ in range(3):
        office.work(10)
    assert len(office.letters()) == 1
    assert office.promise().state is not PromiseState.OPEN


def test_a_duration_may_be_counted_in_business_time(office: Office) -> None:
    office.follows(settle=Duration(1, Unit.BUSINESS_HOURS))
    office.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    office.work()
    office.work(30)
    assert len(office.letters()) == 1
    office.work(40)
    assert len(office.letters()) == 2


# --- mode draft -----------------------------------------------------------------------------------


@pytest.fixture
def drafting(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.start("first", mode=Mode.DRAFT)
    made.ask()
    assert len(made.mailbox.drafts) == 1
    return made


def test_a_task_that_moves_before_its_draft_is_sent_renews_the_draft(drafting: Office) -> None:
    drafting.mailbox.owner_changes_task(TASK, due_date=date(2026, 11, 30))
    for _ in range(3):
        drafting.work(11)
    ((token, (draft, _)),) = drafting.mailbox.drafts.items()
    assert "30 November" in draft.text
    drafting.mailbox.owner_sends_draft(token)
    drafting.work(11)
    assert len(drafting.letters()) == 1
    assert drafting.promise().told == drafting.promise().due
    drafting.agree()


def test_nothing_is_overdue_before_the_draft_is_sent(drafting: Office) -> None:
    until_due(drafting)
    drafting.work(11)
    assert drafting.notices() == []


def test_the_owners_answer_removes_the_draft(drafting: Office) -> None:
    drafting.mailbox.owner_sends(to=[BOB], in_reply_to=Q)
    for _ in range(2):
        drafting.work(11)
    assert not drafting.mailbox.drafts
    assert drafting.promise().state is PromiseState.KEPT
    assert drafting.task().is_complete
