"""From facts to a promise that can be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.model import (
    Address,
    Duration,
    EffectKind,
    Facts,
    Mail,
    Owner,
    Promise,
    Request,
    Sensitivity,
    Unit,
    Urgency,
    WorkingHours,
)
from ackd.promise.calendar import Calendar, make
from ackd.promise.plan import Plan, PromiseRules, later_than, plan, replan, sooner_than
from tests.plays import many
from tests.promise.strategies import calendars

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = make(BERLIN, WorkingHours.office(), "DE", "BY")
_A_DAY = Duration(1, Unit.BUSINESS_DAYS)
RULES = PromiseRules(
    within=Duration(2, Unit.BUSINESS_DAYS),
    urgent=Duration(4, Unit.BUSINESS_HOURS),
    no_rush=Duration(5, Unit.BUSINESS_DAYS),
    reminder=Duration(2, Unit.BUSINESS_HOURS),
    grace=Duration(2, Unit.BUSINESS_HOURS),
    grace_urgent=Duration(15, Unit.MINUTES),
    per_day=8,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def facts(
    received: datetime, urgency: Urgency = Urgency.NORMAL, sensitivity: Sensitivity = Sensitivity.NORMAL
) -> Facts:
    mail = Mail(
        "<q@corp.example>",
        received,
        "Budget",
        Address("bob@corp.example", "Bob Jones"),
        sensitivity=sensitivity,
    )
    owner = Owner("alice@corp.example", "Alice Smith")
    request = Request(0.9, "Can you send it?")
    return Facts(mail, owner, (), "Can you send it?", "en", request, urgency, True, False, 1)


def planned(
    received: str,
    urgency: Urgency = Urgency.NORMAL,
    deadline: str = "",
    now: str = "",
    rules: PromiseRules = RULES,
) -> Plan:
    until = at(deadline) if deadline else None
    return plan(facts(at(received), urgency), until, OFFICE, rules, at(now or received))


# 2026-11-23 is a Monday.
@pytest.mark.parametrize(
    ("received", "urgency", "due", "leaves"),
    [
        ("2026-11-23T10:00", Urgency.NORMAL, "2026-11-25T10:00", "2026-11-23T12:00"),
        ("2026-11-23T10:01", Urgency.NORMAL, "2026-11-25T10:15", "2026-11-23T12:01"),
        ("2026-11-23T16:59", Urgency.NORMAL, "2026-11-25T17:00", "2026-11-24T10:59"),
        ("2026-11-28T12:00", Urgency.NORMAL, "2026-12-02T10:00", "2026-11-30T11:00"),
        ("2026-11-23T10:00", Urgency.URGENT, "2026-11-23T14:00", "2026-11-23T10:15"),
        ("2026-11-23T15:00", Urgency.URGENT, "2026-11-24T11:00", "2026-11-23T15:15"),
        ("2026-11-23T10:00", Urgency.NO_RUSH, "2026-11-30T10:00", "2026-11-23T12:00"),
    ],
)
def test_promise_and_effects_by_the_rules(received: str, urgency: Urgency, due: str, leaves: str) -> None:
    made = planned(received, urgency)
    assert made.promise.due == at(due)
    assert made.promise.reminder == OFFICE.subtract(at(due), RULES.reminder)
    assert [effect.kind for effect in made.effects] == [EffectKind.ACKNOWLEDGEMENT, EffectKind.TASK]
    assert {effect.not_before for effect in made.effects} == {at(leaves)}
    assert {effect.message_id for effect in made.effects} == {"<q@corp.example>"}


@pytest.mark.parametrize(
    ("deadline", "due", "urgency"),
    [
        ("2026-11-25T12:00", "2026-11-25T10:00", Urgency.NORMAL),  # later than the rule: the rule
        ("2026-11-24T12:00", "2026-11-24T12:00", Urgency.NORMAL),  # earlier: the deadline
        ("2026-11-24T11:55", "2026-11-24T11:45", Urgency.NORMAL),  # rounded down, not over it
        ("2026-11-24T23:59", "2026-11-24T17:00", Urgency.NORMAL),  # the last work before it
        ("2026-11-24T08:00", "2026-11-23T14:00", Urgency.URGENT),  # no work left after today
        ("2026-11-23T17:00", "2026-11-23T14:00", Urgency.URGENT),  # within a working day: urgent
        ("2026-11-23T13:00", "2026-11-23T13:00", Urgency.URGENT),  # sooner than urgent, still possible
        ("2026-11-23T11:00", "2026-11-23T14:00", Urgency.URGENT),  # impossible: the best that can be kept
        ("2026-11-22T17:00", "2026-11-25T10:00", Urgency.NORMAL),  # over already: no deadline at all
    ],
)
def test_a_stated_deadline(deadline: str, due: str, urgency: Urgency) -> None:
    promise = planned("2026-11-23T10:00", deadline=deadline).promise
    assert promise.due == at(due)
    assert promise.question.urgency is urgency


def test_a_deadline_that_was_over_on_arrival_is_forgotten_and_one_that_is_not_is_kept() -> None:
    assert planned("2026-11-23T10:00", deadline="2026-11-20T10:00").promise.question.deadline is None
    late = planned("2026-11-23T10:00", deadline="2026-11-24T10:00", now="2026-11-26T10:00").promise
    assert late.question.deadline == at("2026-11-24T10:00")
    assert late.due > late.question.deadline


def test_no_grace_leaves_now_and_grace_until_the_end_of_the_day() -> None:
    at_once = replace(RULES, grace=Duration(0, Unit.MINUTES))
    assert planned("2026-11-23T10:00", rules=at_once).effects[0].not_before == at("2026-11-23T10:00")
    evening = replace(RULES, grace=None)
    assert planned("2026-11-23T10:00", rules=evening).effects[0].not_before == at("2026-11-23T17:00")


def test_after_an_outage_the_span_counts_from_now() -> None:
    made = planned("2026-11-23T10:00", now="2026-11-26T11:10")
    assert made.promise.due == at("2026-11-30T11:15")
    assert made.effects[0].not_before == at("2026-11-26T11:10")
    assert made.promise.question.received == at("2026-11-23T10:00")


def test_a_server_whose_clock_runs_ahead_promises_nothing_later() -> None:
    assert planned("2027-06-01T10:00", now="2026-11-23T10:00").promise.due == at("2026-11-25T10:00")


def test_a_promise_is_made_before_it_is_due() -> None:
    hasty = replace(RULES, within=Duration(1, Unit.BUSINESS_HOURS), grace=None)
    made = planned("2026-11-23T10:00", rules=hasty)
    assert made.effects[0].not_before == at("2026-11-23T17:00")
    assert made.promise.due == at("2026-11-24T09:15")


def test_midnight_is_never_promised() -> None:
    late = ((time(12), time.max),)
    calendar = make(BERLIN, WorkingHours((late,) * 7))
    rules = replace(RULES, within=Duration(2, Unit.BUSINESS_HOURS), grace=Duration(0, Unit.MINUTES))
    received = at("2026-11-23T22:00")
    assert plan(facts(received), None, calendar, rules, received).promise.due == at("2026-11-24T12:00")
    deadline = at("2026-11-25T00:00")
    rules = replace(rules, within=Duration(5, Unit.BUSINESS_DAYS))
    assert plan(facts(received), deadline, calendar, rules, received).promise.due == at("2026-11-24T23:45")


def test_a_secret_question_leaves_no_text_behind() -> None:
    received = at("2026-11-23T10:00")
    question = plan(
        facts(received, sensitivity=Sensitivity.PRIVATE), None, OFFICE, RULES, received
    ).promise.question
    assert (question.text, question.sentence) == ("", "")
    assert question.sensitivity is Sensitivity.PRIVATE


def test_a_mail_without_a_sender_is_an_error() -> None:
    given_facts = facts(at("2026-11-23T10:00"))
    nobody = replace(given_facts, mail=replace(given_facts.mail, sender=None))
    with pytest.raises(ValueError, match="without a sender"):
        plan(nobody, None, OFFICE, RULES, at("2026-11-23T10:00"))


@pytest.mark.parametrize(
    ("begins", "ends", "due"),
    [
        (time(9), time(17), "10:00"),
        (time(8), time(17), "10:00"),
        (time(9, 30), time(17), "10:30"),
        (time(9, 20), time(17), "10:30"),
        (time(10), time(17), "11:00"),
        (time(14), time(18), "15:00"),
        (time(0), time(4), "04:00"),
    ],
)
def test_the_first_minute_of_a_day_moves_into_the_morning(begins: time, ends: time, due: str) -> None:
    calendar = make(BERLIN, WorkingHours((((begins, ends),),) * 7))
    received = at("2026-11-23T23:59")
    made = plan(facts(received), None, calendar, replace(RULES, within=_A_DAY), received).promise
    assert f"{calendar.local(made.due):%H:%M}" == due


def test_the_first_minute_after_lunch_stays_and_so_does_one_that_was_asked_for() -> None:
    halves = ((time(9), time(12)), (time(13), time(17)))
    calendar = make(BERLIN, WorkingHours((halves,) * 7))
    hours = replace(RULES, urgent=Duration(1, Unit.BUSINESS_HOURS), grace_urgent=Duration(0, Unit.MINUTES))
    received = at("2026-11-23T12:30")
    assert plan(facts(received, Urgency.URGENT), None, calendar, hours, received).promise.due == at(
        "2026-11-23T14:00"
    )
    assert planned("2026-11-25T10:00", deadline="2026-11-27T09:00").promise.due == at("2026-11-27T09:00")


# --- load ---


def test_a_full_day_hands_on_to_the_next_working_day_with_room() -> None:
    received = at("2026-11-23T10:00")
    load = {date(2026, 11, 25): 8, date(2026, 11, 26): 9, date(2026, 11, 27): 7}
    assert plan(facts(received), None, OFFICE, RULES, received, load).promise.due == at("2026-11-27T10:00")
    load[date(2026, 11, 27)] = 8
    assert plan(facts(received), None, OFFICE, RULES, received, load).promise.due == at("2026-11-30T10:00")


def test_a_deadline_that_can_be_met_goes_before_a_full_day() -> None:
    received, deadline = at("2026-11-23T10:00"), at("2026-11-25T17:00")
    full = {date(2026, 11, 25): 8}
    assert plan(facts(received), deadline, OFFICE, RULES, received, full).promise.due == at(
        "2026-11-25T10:00"
    )
    later = at("2026-11-26T17:00")
    assert plan(facts(received), later, OFFICE, RULES, received, full).promise.due == at("2026-11-26T10:00")


def test_a_calendar_full_for_a_year_promises_as_if_it_were_empty() -> None:
    received = at("2026-11-23T10:00")
    full = {received.date() + timedelta(days=n): 8 for n in range(900)}
    assert plan(facts(received), None, OFFICE, RULES, received, full).promise.due == at("2026-11-25T10:00")


# --- replan ---


def replanned(promise: Promise, now: str) -> Promise:
    return replan(promise, OFFICE, RULES, at(now))


def test_an_acknowledgement_in_time_changes_nothing() -> None:
    for urgency in Urgency:
        made = planned("2026-11-23T10:00", urgency)
        leaves = (
            OFFICE.local(made.effects[0].not_before + timedelta(minutes=5)).replace(tzinfo=None).isoformat()
        )
        assert replanned(made.promise, leaves) == made.promise


def test_half_of_the_span_is_enough() -> None:
    promise = planned("2026-11-23T10:00").promise
    assert replanned(promise, "2026-11-24T10:00") == promise
    moved = replanned(promise, "2026-11-24T10:20")
    assert moved.due == at("2026-11-26T10:30")
    assert moved.reminder == at("2026-11-25T16:30")
    assert moved.question == promise.question


def test_a_promise_that_is_over_before_it_was_told_is_made_anew() -> None:
    promise = planned("2026-11-23T10:00").promise
    assert replanned(promise, "2026-12-01T09:00").due == at("2026-12-03T10:00")


def test_a_deadline_still_holds_after_an_outage_if_it_can() -> None:
    promise = planned("2026-11-23T10:00", deadline="2026-11-25T16:00").promise
    assert replanned(promise, "2026-11-25T09:00").due == at("2026-11-25T16:00")
    assert replanned(promise, "2026-11-25T15:00").due == at("2026-11-27T15:00")


# --- what the asker writes later ---


@pytest.mark.parametrize(
    ("now", "deadline", "due"),
    [
        ("2026-11-23T12:00", "", "2026-11-23T16:00"),  # as for an urgent question
        ("2026-11-23T12:00", "2026-11-23T15:00", "2026-11-23T15:00"),
        ("2026-11-23T12:00", "2026-11-23T12:20", "2026-11-23T16:00"),  # a deadline that can't be met
        ("2026-11-23T12:00", "2026-11-20T12:00", "2026-11-23T16:00"),  # one that is over is none
        ("2026-11-25T09:00", "", "2026-11-25T10:00"),  # due in an hour: not later than it was
        ("2026-11-25T09:00", "2026-11-26T17:00", "2026-11-25T10:00"),
        ("2026-11-27T09:00", "", "2026-11-25T10:00"),  # overdue: it stays so
    ],
)
def test_an_asker_in_a_hurry_makes_nothing_later(now: str, deadline: str, due: str) -> None:
    promise = planned("2026-11-23T10:00").promise
    until = at(deadline) if deadline else None
    assert sooner_than(promise, until, OFFICE, RULES, at(now)) == at(due)


def test_an_asker_who_has_time_makes_nothing_sooner() -> None:
    promise = planned("2026-11-23T10:00").promise
    assert later_than(promise, OFFICE, RULES) == at("2026-11-30T10:00")
    far = replace(promise, due=at("2026-12-10T10:00"))
    assert later_than(far, OFFICE, RULES) == far.due
    assert later_than(far, OFFICE, RULES, start=at("2026-11-26T09:00")) == at("2026-11-30T10:00")


def test_a_letter_that_leaves_late_promises_no_moment_that_is_over() -> None:
    hasty = replace(RULES, urgent=Duration(20, Unit.MINUTES))
    promise = planned("2026-11-23T10:00", Urgency.URGENT, rules=hasty).promise
    assert promise.due == at("2026-11-23T10:30")
    for minute in (30, 31, 40, 44, 45, 50):  # the letter was to leave at 10:15
        late = replan(promise, OFFICE, hasty, at(f"2026-11-23T10:{minute}"))
        assert late.due > at(f"2026-11-23T10:{minute}")


_spans = st.sampled_from(
    [Duration(n, u) for u, most in ((Unit.BUSINESS_DAYS, 4), (Unit.BUSINESS_HOURS, 9)) for n in range(most)]
    + [Duration(20, Unit.MINUTES), Duration(3, Unit.HOURS), Duration(1, Unit.DAYS)]
)
_rules = st.builds(
    PromiseRules,
    within=_spans,
    urgent=_spans,
    no_rush=_spans,
    reminder=_spans,
    grace=st.none() | _spans,
    grace_urgent=_spans,
    per_day=st.integers(1, 3),
)


@settings(max_examples=many(120))
@given(
    case=calendars(),
    rules=_rules,
    urgency=st.sampled_from(Urgency),
    deadline=st.none() | st.integers(-1000, 8000),
    waited=st.integers(-30, 8000),
    full=st.dictionaries(st.integers(0, 12), st.integers(0, 4)),
)
def test_whatever_the_rules_a_promise_can_be_kept(
    *,
    case: tuple[Calendar, datetime],
    rules: PromiseRules,
    urgency: Urgency,
    deadline: int | None,
    waited: int,
    full: dict[int, int],
) -> None:
    calendar, received = case
    now = received + timedelta(minutes=waited)
    until = None if deadline is None else received + timedelta(minutes=deadline)
    load = {calendar.local_date(now) + timedelta(days=n): count for n, count in full.items()}
    made = plan(facts(received, urgency), until, calendar, rules, now, load)
    check(made.promise, calendar, made.effects[0].not_before)
    assert made.effects[0].not_before >= now
    later = now + timedelta(minutes=7 * (waited + 30))
    again = replan(made.promise, calendar, rules, later)
    check(again, calendar, later if again != made.promise else made.effects[0].not_before)
    assert again.due >= made.promise.due


def check(promise: Promise, calendar: Calendar, leaves: datetime) -> None:
    """A promise lies in work, on a quarter of an hour or at the end of work, after it is told."""
    assert calendar.is_working(promise.due)
    local = calendar.local(promise.due)
    on_quarter = local.minute % 15 == 0 and local.second == local.microsecond == 0
    assert on_quarter or promise.due in calendar.span(promise.due)
    assert promise.due > leaves
    assert leaves <= promise.reminder <= promise.due
