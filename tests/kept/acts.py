"""How today's ackd goes on with what an earlier one left: short plays that say what must hold.

Each begins where the data ends, or where the one before it ended: the memory mailbox plays each on its
own, the sandbox all of them in a row.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from ackd.model import EffectKind, EffectState, PromiseState, SentMail, notice_token
from tests.kept import EXPECTED
from tests.kept.story import ALICE, BOB, LONG, Kept, ack, q
from tests.people import raw

GRACE_OVER = datetime(2026, 11, 24, 10, 4, tzinfo=UTC)
TODAYS_DIGEST = notice_token("digest 2026-11-24T08:30:00+01:00")
NEXT_DIGEST = notice_token("digest 2026-11-25T08:30:00+01:00")
NEXT_MORNING = datetime(2026, 11, 25, 7, 31, tzinfo=UTC)
NEW_DAY = date(2026, 12, 2)


def reach(office: Kept, moment: datetime) -> None:
    """Go on until a moment, or a minute where it is over already."""
    if office.clock.now() < moment:
        office.until(moment)
    office.work()


# --- a ledger of mode send ---------------------------------------------------------------------


def nothing_is_sent_that_was_sent(office: Kept) -> None:
    before, drafts = office.sent(), office.drafts()
    office.work()
    office.work()
    again = office.sent() - before - office.alarms()  # an ackd of then knew none
    assert not again, f"sent though they were out already, or not due: {again}"
    assert not before - office.sent(), "copies of letters are lost"
    assert office.drafts() == drafts, "the drafts in the mailbox aren't those that were left"


def what_is_closed_stays_closed(office: Kept) -> None:
    office.work()
    for name in ("kept", "dropped", "withdrawn", "tick", "payroll"):
        was = office.promises[q(name)]["state"]
        assert office.promise(name).state == was, f"the promise {name} was {was}"
    (kept,) = office.tasks("kept")
    assert kept.is_complete, "the task of a kept promise is open again"
    assert not office.tasks("withdrawn"), "a task that the owner deleted came back"


def updates_that_were_left_are_made(office: Kept) -> None:
    office.work()
    (task,) = office.tasks("tick")
    assert task.is_complete, "the pending update of a task is lost: it was to be ticked off"
    (mail,) = office.mailbox.search(message_id=q("tick"))
    assert "Promised" not in mail.categories, "the pending update of a question's categories is lost"
    with office.ledger() as ledger:
        assert not ledger.has_updates(), "updates are still to be made"


def the_planned_letter_goes_out_once(office: Kept) -> None:
    if office.clock.now() < GRACE_OVER - timedelta(minutes=3):
        office.work()
        assert not office.acknowledged("grace"), "a planned letter didn't wait for its grace period"
    reach(office, GRACE_OVER)
    office.work()
    assert office.acknowledged("grace") == 1, "the planned letter is lost, or went out twice"
    assert len(office.tasks("grace")) == 1, "the task of the planned letter is lost, or there are two"
    assert office.promise("grace").told == office.promise("grace").due, (
        "it isn't known what the asker was told"
    )


def doubtful_letters_are_looked_for(office: Kept) -> None:
    office.work()
    assert office.acknowledged("late") == 1, "a letter that was found was sent again"
    for minutes in (11, 1, 11, 1):
        office.work(minutes)
    assert office.acknowledged("late") == 1, "a letter that was found was sent again"
    assert office.acknowledged("lost") == 1, "a letter in doubt is lost, or was sent twice"
    assert office.acknowledged("killed") == 1, "a letter during which ackd was killed was sent again"
    for name in ("lost", "late", "killed"):
        state = office.snapshot(name).state_of(EffectKind.ACKNOWLEDGEMENT)
        assert state is EffectState.DONE, f"the letter to {name} is {state}"
        assert len(office.tasks(name)) == 1, f"the task of {name} is lost, or there are two"


def parked_cases_wait_for_the_owner(office: Kept) -> None:
    for minutes in (1, 11, 11):
        office.work(minutes)
    assert not office.acknowledged("lettered"), "a parked letter was sent by itself"
    assert not office.tasks("tasked"), "a parked task was made by itself"
    numbers = {case["message_id"]: case["number"] for case in EXPECTED[office.mode]["parked"]}
    parked = json.loads(office.command("parked", "--json"))
    assert {case["message_id"]: case["number"] for case in parked} == numbers, "parked cases are lost"
    for number in numbers.values():
        office.command("parked", "resolve", str(number), "--send")
    office.work()
    office.work()
    assert office.acknowledged("lettered") == 1, "a parked letter that was settled isn't out once"
    for name in ("lettered", "tasked"):
        assert len(office.tasks(name)) == 1, f"the task of {name} is lost, or there are two"
    assert office.acknowledged("tasked") == 1


def a_drafted_date_waits_until_it_is_sent(office: Kept) -> None:
    snapshot = office.snapshot("asked")
    (token,) = [one.token for one in snapshot.effects if one.kind is EffectKind.NEW_DATE]
    told, due = snapshot.promise.told, snapshot.promise.due
    office.work()
    office.work(11)
    assert token in office.drafts(), "the draft of a new date is lost"
    assert office.promise("asked").told == told, "a draft counts as told"
    office.send_draft(token)
    office.work()
    promise = office.promise("asked")
    assert (promise.told, promise.due) == (due, due), "a draft that was sent doesn't count as told"
    assert office.sent()[token] == 1


def open_promises_follow_the_owner(office: Kept) -> None:
    office.work()
    office.answer(q("told"))
    office.tick(q("release"))
    office.move(q("moved"), NEW_DAY)
    office.arrive(
        raw("further", "It is about the north.", sender=BOB, at=office.clock.now(), references=q("more"))
    )
    for minutes in (1, 1, 6, 1):
        office.work(minutes)
    assert office.promise("told").state is PromiseState.KEPT, "the owner's answer isn't seen"
    assert office.tasks("told")[0].is_complete, "the task of the answered question isn't ticked off"
    assert office.promise("release").state is PromiseState.DROPPED, "the owner's tick isn't seen"
    moved = office.snapshot("moved")
    assert moved.promise.due.date() == NEW_DAY, "the owner's move isn't seen"
    drafted = [one.token for one in moved.effects if one.state is EffectState.DRAFTED]
    assert set(drafted) <= office.drafts(), "the new date isn't drafted"
    assert len(drafted) == 1, "the new date isn't drafted"
    assert not office.promise("more").waits, "the asker's answer doesn't end the wait"
    assert office.promise("urgent").state is PromiseState.OPEN


def one_digest_a_morning(office: Kept) -> None:
    office.work()
    notices = _to_owner(office)
    office.work(60)
    assert _to_owner(office) == notices, "the owner was told of something twice"
    reach(office, NEXT_MORNING)
    office.work()
    sent = office.sent()
    assert sent[TODAYS_DIGEST] == 1, "a digest that was sent was sent again"
    assert sent[NEXT_DIGEST] == 1, "the next morning has no digest, or two"


# --- a ledger of mode draft ---------------------------------------------------------------------


def drafts_stay_drafts_while_sending_is_held(office: Kept) -> None:
    drafts = office.drafts()
    assert drafts == {ack("stays"), ack("sends"), ack("thrown")}
    for minutes in (1, 1, 60):
        office.work(minutes)
    assert office.drafts() == drafts, "drafts were lost, or written while sending is held"
    assert not office.sent(), "something was sent while sending is held"
    status, held = json.loads(office.command("status", "--json")), EXPECTED["draft"]["status"]["sending_held"]
    assert status["sending_held"] == held, "the owner's hold is lost"


def drafts_follow_the_owner(office: Kept) -> None:
    office.work()
    office.send_draft(ack("sends"))
    office.throw_draft(ack("thrown"))
    for minutes in (1, 11, 11):
        office.work(minutes)
    assert office.promise("sends").told == office.promise("sends").due, "a sent draft isn't seen"
    assert office.promise("thrown").state is PromiseState.WITHDRAWN, "a deleted draft isn't seen"
    assert not office.tasks("thrown"), "the task of a deleted draft stays"
    assert office.drafts() == {ack("stays")}


def resuming_sends_nothing_late(office: Kept) -> None:
    office.work()
    assert "; 1 acknowledgements" in office.command("resume"), "what was left unsent isn't withdrawn"
    for minutes in (1, 60):
        office.work(minutes)
    assert office.promise("held").state is PromiseState.WITHDRAWN
    assert ack("held") not in office.drafts(), "what was left unsent was drafted later"
    assert ack("stays") in office.drafts(), "a draft is lost"


def the_digest_in_doubt_goes_out_once(office: Kept) -> None:
    office.command("resume")
    for minutes in (1, 11, 1, 11):
        office.work(minutes)
    assert office.sent()[TODAYS_DIGEST] == 1, "the digest in doubt is lost, or went out twice"
    reach(office, NEXT_MORNING)
    office.work()
    assert office.sent()[TODAYS_DIGEST] == 1, "the digest in doubt went out twice"
    assert office.sent()[NEXT_DIGEST] == 1, "the next morning has no digest, or two"


ACTS: dict[str, tuple[Callable[[Kept], None], ...]] = {
    "send": (
        nothing_is_sent_that_was_sent,
        what_is_closed_stays_closed,
        updates_that_were_left_are_made,
        the_planned_letter_goes_out_once,
        doubtful_letters_are_looked_for,
        a_drafted_date_waits_until_it_is_sent,
        parked_cases_wait_for_the_owner,
        open_promises_follow_the_owner,
        one_digest_a_morning,
    ),
    "draft": (
        drafts_stay_drafts_while_sending_is_held,
        drafts_follow_the_owner,
        resuming_sends_nothing_late,
        the_digest_in_doubt_goes_out_once,
    ),
}


def each_once(office: Kept) -> None:
    """At the end: no letter stands there twice, and no question has two tasks."""
    assert set(office.sent().values()) <= {1}, "letters were sent twice"
    for message_id in office.promises:
        found = [one for one in office.mailbox.tasks() if one.message_id == message_id]
        assert len(found) <= 1, f"{message_id} has {len(found)} tasks"


def _to_owner(office: Kept) -> int:
    """How many mails of ackd's went to the owner."""
    past = office.mailbox.past(office.clock.now() - LONG)
    sent = [one for one in past if isinstance(one, SentMail) and one.token]
    return sum(address.key == ALICE for one in sent for address in one.to)
