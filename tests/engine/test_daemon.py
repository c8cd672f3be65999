"""The daemon's story on the mailbox in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from ackd.engine import hold, promises
from ackd.engine.daemon import Daemon
from ackd.engine.limits import Limits
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.model import (
    Done,
    Duration,
    EffectKind,
    EffectState,
    Mode,
    Sensitivity,
    Summary,
    Unit,
    token_of,
)
from tests.people import ALICE, MONDAY, mail
from tests.scenario import Scenario, grace


@pytest.fixture
def office() -> Scenario:
    return Scenario()


def test_what_was_there_before_is_never_acknowledged(office: Scenario) -> None:
    office.mailbox.arrive(mail("old"))
    daemon = office.fresh()
    assert daemon.run_pass() == Summary()
    office.later(1)
    assert daemon.run_pass() == Summary()
    assert office.told() == []


def test_a_question_is_acknowledged_and_tasked_in_one_pass(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    office.mailbox.arrive(mail("t", "Thanks a lot, that helped!"))
    assert daemon.run_pass() == Summary(seen=2, acknowledged=1, left=1, open_promises=1)
    assert office.told() == office.tasked() == ["<q@corp.example>"]
    (letter,) = office.mailbox.letters
    assert letter.to.email == "bob@corp.example"
    assert letter.subject == "Re: About q"
    assert daemon.unfinished() == ""
    assert daemon.run_pass() == Summary(open_promises=1)


def test_the_owners_answer_in_the_grace_period_cancels(office: Scenario) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    office.mailbox.arrive(mail("other", sender="carol@corp.example"))
    office.later(5)
    assert daemon.run_pass().open_promises == 2
    assert daemon.unfinished() == ""
    office.later(10)
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to="<q@corp.example>")
    office.later(60)
    assert daemon.run_pass() == Summary(acknowledged=1, open_promises=1)
    assert office.told() == office.tasked() == ["<other@corp.example>"]


def test_an_answer_that_comes_just_before_the_write_cancels(office: Scenario) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    office.later(61)
    while daemon.take_in():
        pass
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to="<q@corp.example>")
    daemon.deliver()
    assert office.told() == []


def test_the_last_look_before_the_write_reads_all_that_is_new(
    office: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    office.later(61)
    monkeypatch.setattr("ackd.mailbox.memory.mailbox.PAGE", 1)
    for number in range(3):
        office.mailbox.arrive(mail(f"news{number}", "For your information: the lift works again."))
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to="<q@corp.example>")
    daemon.deliver()
    assert office.told() == []
    assert office.daemon.summary().open_promises == 0


@pytest.mark.parametrize(
    "hint", ["a reply in Drafts", "the last verb", "a reply in the Outbox", "thrown away", "gone", "recalled"]
)
def test_a_hint_of_an_answer_just_before_the_write_is_enough_to_stay_silent(
    office: Scenario, hint: str
) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    office.mailbox.arrive(mail("other", sender="carol@corp.example"))
    daemon.run_pass()
    if hint == "the last verb":
        office.mailbox.owner_replies_unseen("<q@corp.example>")
    elif hint == "recalled":
        recall = replace(mail("recall"), subject="Recall: About q", item_class="IPM.Outlook.Recall")
        office.mailbox.arrive(recall)
    else:
        mailbox = office.mailbox
        places = {"a reply in the Outbox": mailbox.outbox, "thrown away": mailbox.thrown}
        places |= {"gone": mailbox.erased, "a reply in Drafts": mailbox.replying}
        places[hint].add("<q@corp.example>")
    office.later(61)
    assert daemon.run_pass().acknowledged == 1
    assert office.told() == ["<other@corp.example>"]
    assert office.tasked() == ["<other@corp.example>"]
    office.mailbox.replying.clear()
    office.later(60)
    daemon.run_pass()
    assert office.told() == ["<other@corp.example>"]


def test_a_hint_of_an_answer_does_not_close_a_promise(office: Scenario) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    office.later(61)
    daemon.run_pass()
    office.mailbox.replying.add("<q@corp.example>")
    office.later(60)
    assert daemon.run_pass().open_promises == 1
    assert office.tasked() == ["<q@corp.example>"]


def test_an_answer_seen_before_its_question_counts(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to="<q@corp.example>")
    daemon.run_pass()
    office.mailbox.arrive(mail("q"))
    assert daemon.run_pass().left == 1
    assert office.told() == []


def test_a_forward_to_somebody_else_is_no_answer(office: Scenario) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    office.mailbox.owner_sends(to=["carol@corp.example"], in_reply_to="<q@corp.example>")
    daemon.run_pass()
    office.later(61)
    daemon.run_pass()
    assert office.told() == ["<q@corp.example>"]


def test_preview_writes_nothing_and_a_later_mode_sends_nothing_of_it(office: Scenario) -> None:
    daemon = office.fresh(mode=Mode.PREVIEW)
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    assert daemon.run_pass() == Summary(seen=1)
    (row,) = daemon.ledger.judged(MONDAY)
    assert row.verdict.acknowledge
    assert office.mailbox.watermark() is None
    office.later(1)
    office.fresh().run_pass()
    assert office.told() == office.tasked() == []


def test_a_change_of_mode_withdraws_what_was_left_unsent(office: Scenario) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    office.fresh(mode=Mode.PREVIEW).run_pass()
    office.later(120)
    assert office.fresh().run_pass().open_promises == 0
    assert office.told() == []


def test_a_second_question_in_an_open_thread_gets_no_second_letter(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    office.mailbox.arrive(mail("q2", references="<q@corp.example>"))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q3", references="<q@corp.example> <q2@corp.example>"))
    daemon.run_pass()
    assert office.told() == ["<q@corp.example>"]


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        (Limits(per_sender_per_day=2, per_hour=100, per_day=100), 2),
        (Limits(per_sender_per_day=100, per_hour=3, per_day=100), 3),
        (Limits(per_sender_per_day=100, per_hour=100, per_day=4), 4),
    ],
)
def test_limits_hold_across_pages_and_restarts(office: Scenario, limits: Limits, sent: int) -> None:
    def fresh() -> Daemon:
        daemon = office.fresh()
        daemon.use(replace(daemon.settings, limits=limits))
        return daemon

    fresh().run_pass()
    office.later(1)
    for number in range(6):
        office.mailbox.arrive(mail(f"q{number}"))
        fresh().run_pass()
    assert len(office.told()) == sent
    rules = [f.rule for row in fresh().ledger.judged(MONDAY) for f in row.verdict.findings]
    assert "limits" in rules


def test_a_pause_stops_sending_at_once_and_what_came_meanwhile_is_left(office: Scenario) -> None:
    daemon = office.fresh(rules=grace(30))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("before"))
    daemon.run_pass()
    hold.pause(daemon.ledger, office.clock.now())
    office.later(31)
    office.mailbox.arrive(mail("meanwhile"))
    daemon.run_pass()
    assert hold.resume(daemon.ledger, office.clock.now()) == 1
    office.later(31)
    daemon.run_pass()
    assert office.mailbox.letters == []
    (row,) = (row for row in daemon.ledger.judged(MONDAY) if "meanwhile" in row.message_id)
    assert "paused by you" in row.verdict.reason


class Has:
    """A matcher: the text holds these words."""

    def __init__(self, words: str) -> None:
        self.words = words

    def matches(self, text: str) -> bool:
        return self.words in text


def ruled(office: Scenario, *rules: OwnerRule) -> Daemon:
    daemon = office.fresh()
    daemon.use(replace(daemon.settings, owner_rules=rules))
    daemon.run_pass()
    office.later(1)
    return daemon


def test_the_first_rule_that_matches_wins(office: Scenario) -> None:
    never = OwnerRule("never", When(subject=(Has("q1"),)), Then(acknowledge=False))
    always = OwnerRule("always", When(sender=(Has("bob@"),)), Then(acknowledge=True, category="Release"))
    daemon = ruled(office, never, always)
    office.mailbox.arrive(mail("q1"))
    office.mailbox.arrive(mail("chat", "The weather is nice."))
    office.mailbox.arrive(mail("forged", stamp="Anonymous"))
    assert daemon.run_pass().left == 2
    assert office.told() == office.tasked() == ["<chat@corp.example>"]
    ((task, _),) = office.mailbox.task_items.values()
    assert task.categories == ("Release",)
    reasons = {row.message_id: row.verdict.reason for row in daemon.ledger.judged(MONDAY)}
    assert "your rule 'never'" in reasons["<q1@corp.example>"]
    assert "AuthAs" in reasons["<forged@corp.example>"]


def test_a_rule_may_want_the_task_alone_or_the_letter_alone(office: Scenario) -> None:
    board = OwnerRule("board", When(subject=(Has("board"),)), Then(acknowledge=False, task=True))
    quiet = OwnerRule("quiet", When(subject=(Has("quiet"),)), Then(task=False))
    daemon = ruled(office, board, quiet)
    office.mailbox.arrive(mail("board"))
    office.mailbox.arrive(mail("quiet"))
    daemon.run_pass()
    assert office.told() == ["<quiet@corp.example>"]
    assert office.tasked() == ["<board@corp.example>"]
    assert daemon.unfinished() == ""


def test_a_task_alone_is_made_of_mail_by_persons_only(office: Scenario) -> None:
    """A rule without a letter trusts nobody more: no task of a forged mail or of a machine's."""
    board = OwnerRule("board", When(sender=(Has("@"),)), Then(acknowledge=False, task=True))
    daemon = ruled(office, board)
    office.mailbox.arrive(mail("genuine"))
    office.mailbox.arrive(mail("chat", "The weather is nice."))
    office.mailbox.arrive(mail("customer", sender="carl@customer.example", stamp="Anonymous"))
    office.mailbox.arrive(mail("forged", stamp="Anonymous"))
    office.mailbox.arrive(replace(mail("away"), item_class="IPM.Note.Rules.OofTemplate.Microsoft"))
    office.mailbox.arrive(replace(mail("replied"), is_marked_answered=True))
    office.mailbox.arrive(mail("own", sender=ALICE.address))
    daemon.run_pass()
    assert office.told() == []
    assert sorted(office.tasked()) == [
        "<chat@corp.example>",
        "<customer@corp.example>",
        "<genuine@corp.example>",
    ]


def test_a_rule_may_shorten_the_promise(office: Scenario) -> None:
    soon = OwnerRule("soon", When(text=(Has("October"),)), Then(within=Duration(1, Unit.BUSINESS_HOURS)))
    daemon = ruled(office, soon)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    (promise,) = daemon.ledger.open_promises()
    assert promise.due - office.clock.now() < timedelta(hours=2)


def test_a_full_day_moves_the_next_promise(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.use(replace(daemon.settings, rules=replace(daemon.settings.rules, per_day=2)))
    daemon.run_pass()
    office.later(1)
    for number in range(5):
        office.mailbox.arrive(mail(f"q{number}"))
    daemon.run_pass()
    office.mailbox.arrive(mail("q5"))
    daemon.run_pass()
    days = Counter(p.due.date().day for p in daemon.ledger.open_promises())
    assert days == {25: 2, 26: 2, 27: 2}


def drafting(office: Scenario) -> Daemon:
    """A daemon in draft mode with one question drafted and tasked."""
    daemon = office.fresh(mode=Mode.DRAFT)
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    assert daemon.run_pass() == Summary(seen=1, open_promises=1, drafts=1)
    assert (len(office.mailbox.drafts), office.told()) == (1, [])
    assert office.tasked() == ["<q@corp.example>"]
    return daemon


def test_a_draft_that_is_sent_counts(office: Scenario) -> None:
    daemon = drafting(office)
    (token,) = office.mailbox.drafts
    office.mailbox.owner_sends_draft(token)
    daemon.run_pass()
    assert daemon.ledger.count_effects(EffectState.DRAFTED) == 0
    assert daemon.run_pass() == Summary(open_promises=1)
    assert len(office.told()) == 1


def test_a_deleted_draft_withdraws_the_promise_and_its_task(office: Scenario) -> None:
    daemon = drafting(office)
    (token,) = office.mailbox.drafts
    office.mailbox.owner_trashes_draft(token)
    for _ in range(3):
        office.later(11)
        daemon.run_pass()
    assert daemon.run_pass() == Summary()
    assert (office.tasked(), office.told(), len(office.mailbox.drafts)) == ([], [], 1)


def test_a_draft_that_is_nowhere_is_looked_for_twice(office: Scenario) -> None:
    daemon = drafting(office)
    office.mailbox.drafts.clear()
    office.later(11)
    assert daemon.run_pass().open_promises == 1
    office.later(11)
    assert daemon.run_pass().open_promises == 0


def test_a_stale_draft_is_written_anew_with_its_task(office: Scenario) -> None:
    daemon = drafting(office)
    (before,) = daemon.ledger.open_promises()
    office.later(36 * 60)
    daemon.run_pass()
    (after,) = daemon.ledger.open_promises()
    assert after.due > before.due
    ((letter, _),) = office.mailbox.drafts.values()
    assert letter.in_reply_to == "<q@corp.example>"
    ((task, _),) = office.mailbox.task_items.values()
    assert task.promised == after.due


def test_a_draft_that_the_owner_changed_stays(office: Scenario) -> None:
    daemon = drafting(office)
    ((token, (letter, made)),) = office.mailbox.drafts.items()
    office.mailbox.drafts[token] = (letter, made + timedelta(minutes=30))
    office.later(36 * 60)
    daemon.run_pass()
    ((same, _),) = office.mailbox.drafts.values()
    assert same is letter


def test_the_owners_answer_makes_the_draft_needless(office: Scenario) -> None:
    daemon = drafting(office)
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to="<q@corp.example>")
    office.later(11)
    assert daemon.run_pass().open_promises == 0
    assert office.mailbox.drafts == {}


def test_a_later_send_mode_does_not_send_the_draft(office: Scenario) -> None:
    drafting(office)
    daemon = office.fresh()
    for _ in range(3):
        office.later(11)
        daemon.run_pass()
    assert (office.told(), len(office.mailbox.drafts)) == ([], 1)


def test_a_mail_that_cannot_be_judged_does_not_stop_the_others(
    office: Scenario, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def matches(self, text: str) -> bool:
            if "unicorn" in text:
                raise ValueError(text)
            return False

    daemon = ruled(office, OwnerRule("x", When(text=(Broken(),)), Then(task=False)))
    office.mailbox.arrive(mail("bad", "Could you send me the unicorn?", sender="carol@corp.example"))
    office.mailbox.arrive(mail("good"))
    summary = daemon.run_pass()
    assert (summary.seen, summary.acknowledged, summary.left) == (2, 1, 1)
    assert "event=bug" in caplog.text
    assert "unicorn" not in caplog.text
    (row,) = (r for r in daemon.ledger.judged(MONDAY) if "bad" in r.message_id)
    assert "please report" in row.verdict.reason


def test_closed_records_leave_the_ledger_in_time(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.use(replace(daemon.settings, keep=timedelta(days=30)))
    daemon.run_pass()
    office.later(1)
    for name in ("open", "answered"):
        office.mailbox.arrive(mail(name))
    office.mailbox.arrive(mail("thanks", "Thanks!"))
    daemon.run_pass()
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to="<answered@corp.example>")
    daemon.run_pass()
    daemon.run_pass()
    assert len(daemon.ledger.judged(MONDAY)) == 3
    office.later(31 * 24 * 60)
    daemon.run_pass()
    (left,) = daemon.ledger.judged(MONDAY)
    assert left.message_id == "<open@corp.example>"
    assert [p.question.message_id for p in daemon.ledger.open_promises()] == ["<open@corp.example>"]


def test_an_old_question_is_not_acknowledged_after_an_outage(office: Scenario) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    office.later(7 * 24 * 60)
    assert daemon.run_pass().open_promises == 0
    assert office.told() == []


def test_a_late_letter_promises_a_date_that_can_still_be_kept(office: Scenario) -> None:
    daemon = office.fresh(rules=grace(60))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    (planned,) = daemon.ledger.open_promises()
    office.later(44 * 60)  # just inside max_age, the promised moment is near
    daemon.run_pass()
    (promise,) = daemon.ledger.open_promises()
    assert office.told() == ["<q@corp.example>"]
    assert promise.due > planned.due
    ((task, _),) = office.mailbox.task_items.values()
    assert task.promised == promise.due


def test_a_lost_ledger_is_rebuilt_and_nothing_is_done_twice(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    for name in ("kept", "trashed"):
        office.mailbox.arrive(mail(name))
    daemon.run_pass()
    trashed = next(s.token for t, s in office.mailbox.task_items.values() if "trashed" in t.message_id)
    office.mailbox.owner_trashes_task(trashed)
    office.later(1)
    anew = office.start_on("second")
    anew.run_pass()
    assert len(office.told()) == len(office.tasked()) == 2
    assert [p.question.message_id for p in anew.ledger.open_promises()] == ["<kept@corp.example>"]
    office.mailbox.arrive(mail("new"))
    assert anew.run_pass().acknowledged == 1


def test_a_task_that_is_nowhere_is_shown_to_a_person(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    (token,) = (seen.token for _, seen in office.mailbox.task_items.values())
    office.mailbox.owner_erases_task(token)
    office.later(1)
    anew = office.start_on("second")
    assert anew.run_pass().parked == 1
    assert office.told() == ["<q@corp.example>"]
    assert office.tasked() == []


def test_two_daemons_take_turns(office: Scenario) -> None:
    first, second = office.fresh(), office.add("there", replace(office.settings, holder="there")).daemon
    for daemon in (first, second):
        daemon.run_pass()
    office.later(1)
    for number in range(3):
        office.mailbox.arrive(mail(f"q{number}"))
    lease = office.mailbox.take_lease("there")
    assert lease is not None
    assert first.run_pass().acknowledged == 0
    assert "due" in first.unfinished()
    office.mailbox.release(lease)
    second.run_pass()
    first.run_pass()
    assert len(office.told()) == len(office.tasked()) == 3
    assert first.unfinished() == second.unfinished() == ""


def test_a_refused_recipient_is_parked_and_the_rest_goes_on(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    office.mailbox.refuse_to = frozenset({"bob@corp.example"})
    office.mailbox.arrive(mail("q"))
    office.mailbox.arrive(mail("other", sender="carol@corp.example"))
    summary = daemon.run_pass()
    assert (summary.acknowledged, summary.parked) == (1, 1)
    assert office.told() == office.tasked() == ["<other@corp.example>"]
    (parked,) = daemon.ledger.in_state(EffectState.PARKED)
    assert "refused" in parked.effect.note


def test_a_calendar_entry_stands_at_the_promised_moment_and_waits_for_the_letter(office: Scenario) -> None:
    daemon = office.fresh()
    rules = replace(daemon.settings.rules, calendar_entry=True)
    daemon.use(replace(daemon.settings, rules=rules))
    daemon.run_pass()
    office.later(1)
    office.mailbox.refuse_to = frozenset({"carol@corp.example"})
    office.mailbox.arrive(mail("q"))
    office.mailbox.arrive(mail("refused", sender="carol@corp.example"))
    daemon.run_pass()
    ((task, _),) = office.mailbox.task_items.values()
    (entry,) = office.mailbox.calendar.values()
    assert (entry.start, entry.subject, entry.body) == (task.promised, task.subject, task.body)
    assert "figures for October" in entry.body
    assert entry.token != task.token
    (promise,) = (p for p in daemon.ledger.open_promises() if "q@" in p.question.message_id)
    assert promise.question.text == ""
    assert daemon.unfinished() == ""


@pytest.mark.parametrize("is_for_good", [False, True])
def test_a_calendar_entry_goes_with_the_task_that_the_owner_deletes(
    office: Scenario, is_for_good: bool
) -> None:
    daemon = office.fresh()
    daemon.use(replace(daemon.settings, rules=replace(daemon.settings.rules, calendar_entry=True)))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    office.mailbox.arrive(mail("other", sender="carol@corp.example"))
    daemon.run_pass()
    office.later(11)
    daemon.run_pass()
    assert len(office.mailbox.calendar) == 2
    (token,) = (t.token for t, _ in office.mailbox.task_items.values() if "q@" in t.message_id)
    (office.mailbox.owner_erases_task if is_for_good else office.mailbox.owner_trashes_task)(token)
    office.later(1)
    daemon.run_pass()
    (left,) = office.mailbox.calendar.values()
    assert "About other" in left.subject
    assert daemon.unfinished() == ""


def test_a_private_question_leaves_no_text_in_the_calendar(office: Scenario) -> None:
    daemon = office.fresh()
    daemon.use(replace(daemon.settings, rules=replace(daemon.settings.rules, calendar_entry=True)))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(replace(mail("q"), sensitivity=Sensitivity.PRIVATE))
    daemon.run_pass()
    (entry,) = office.mailbox.calendar.values()
    assert entry.sensitivity is Sensitivity.PRIVATE
    assert "October" not in entry.body
    assert "About q" not in entry.subject + entry.body


def test_a_deleted_calendar_entry_does_not_come_back_with_a_new_ledger(office: Scenario) -> None:
    daemon = office.fresh()
    rules = replace(daemon.settings.rules, calendar_entry=True)
    daemon.use(replace(daemon.settings, rules=rules))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    office.mailbox.calendar.clear()
    office.mailbox.task_items.clear()
    office.later(1)
    anew = office.start_on("second")
    anew.use(replace(anew.settings, rules=rules))
    assert anew.run_pass().parked == 1
    assert office.mailbox.calendar == {}


# --- told as failed ------------------------------------------------------------------------------


def doubtful(daemon: Daemon) -> dict[str, EffectState]:
    found = daemon.ledger.in_state(EffectState.PARKED, EffectState.UNKNOWN)
    return {one.effect.token: one.effect.state for one in found}


def told_failed(office: Scenario, number: int) -> tuple[Daemon, list[str]]:
    """Three questions, whose letters failed at one of them; the tokens in the order of writing."""
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    names = ["<a@corp.example>", "<b@corp.example>", "<c@corp.example>"]
    for name in names:
        office.mailbox.arrive(mail(name.strip("<>").partition("@")[0]))
    office.mailbox.fail_next, office.mailbox.fail_at = "told", number
    daemon.run_pass()
    return daemon, sorted(token_of(name, EffectKind.ACKNOWLEDGEMENT) for name in names)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_of_a_failed_request_the_last_letter_with_a_copy_is_doubtful(office: Scenario, number: int) -> None:
    daemon, tokens = told_failed(office, number)
    wanted = {tokens[number - 1]: EffectState.PARKED}
    wanted |= dict.fromkeys(tokens[number:], EffectState.UNKNOWN)
    assert doubtful(daemon) == wanted
    assert daemon.summary().parked == 1
    for _ in range(3):
        office.later(11)
        daemon.run_pass()
    assert doubtful(daemon) == {tokens[number - 1]: EffectState.PARKED}, "those after it were sent"
    assert len(office.told()) == 2


def test_a_copy_that_comes_late_shows_that_the_one_before_went_out(office: Scenario) -> None:
    daemon, tokens = told_failed(office, 2)
    assert promises.found(daemon.ledger, [tokens[2]]) == {tokens[2]}
    assert doubtful(daemon) == {tokens[2]: EffectState.PARKED}
    assert promises.found(daemon.ledger, [tokens[0], tokens[1]]) == frozenset()
    assert doubtful(daemon) == {tokens[2]: EffectState.PARKED}, "seen again, they say nothing new"


def test_what_was_settled_stays_settled_whatever_is_seen_again(office: Scenario) -> None:
    daemon, tokens = told_failed(office, 3)
    promises.settle(daemon.ledger, {tokens[2]: Done()})
    assert promises.found(daemon.ledger, tokens) == frozenset()
    assert doubtful(daemon) == {}
