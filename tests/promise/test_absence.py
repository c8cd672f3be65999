"""While the owner is away: who is away when, and that no letter waits for the return that it tells of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ackd.model import Duration, Unit, Urgency, WorkingHours
from ackd.promise.absence import NEVER, Absence
from ackd.promise.calendar import make
from ackd.promise.plan import plan, replan
from tests.promise.test_plan import BERLIN, RULES, at, facts

#: From Tuesday at noon until Monday morning; 2026-11-23 is a Monday.
AWAY = ((at("2026-11-24T12:00"), at("2026-11-30T00:00")),)
OFFICE = make(BERLIN, WorkingHours.office(), absences=AWAY)
ABSENCE = Absence(AWAY)


@pytest.mark.parametrize(
    ("moment", "is_away"),
    [
        ("2026-11-24T11:59", False),
        ("2026-11-24T12:00", True),
        ("2026-11-24T23:00", True),
        ("2026-11-27T16:59", True),
        ("2026-11-28T12:00", False),  # the weekend before the return
        ("2026-11-30T09:00", False),
    ],
)
def test_somebody_is_away_by_the_next_moment_of_usual_work(moment: str, is_away: bool) -> None:
    assert ABSENCE.is_away(OFFICE, at(moment)) is is_away
    back = ABSENCE.back(OFFICE, at(moment))
    assert back == (at("2026-11-30T09:00") if is_away else None)
    assert not NEVER.is_away(OFFICE, at(moment))


def test_the_evening_before_a_holiday_is_away_already() -> None:
    whole_days = ((at("2026-11-24T00:00"), at("2026-11-25T00:00")),)
    office = make(BERLIN, WorkingHours.office(), absences=whole_days)
    absence = Absence(whole_days)
    assert absence.is_away(office, at("2026-11-23T18:00"))
    assert not absence.is_away(office, at("2026-11-23T16:00"))
    assert not absence.is_away(office, at("2026-11-24T18:00"))


def test_of_an_absence_without_an_end_the_return_isnt_known() -> None:
    absence = Absence(since=at("2026-11-24T12:00"))
    assert not absence.is_away(OFFICE, at("2026-11-24T11:00"))
    assert absence.is_away(OFFICE, at("2026-11-24T13:00"))
    assert absence.back(OFFICE, at("2026-11-24T13:00")) is None


@pytest.mark.parametrize(
    ("moment", "answers"),
    [
        ("2026-11-24T11:59", False),
        ("2026-11-24T12:00", True),
        ("2026-11-29T23:59", True),
        ("2026-11-30T00:00", False),
    ],
)
def test_the_mailboxs_own_reply_is_enough_unless_ackd_is_to_answer_too(moment: str, answers: bool) -> None:
    absence = Absence(AWAY, replies=AWAY)
    assert absence.answers_itself(at(moment)) is answers
    assert not replace(absence, acknowledge=True).answers_itself(at(moment))
    assert not replace(absence, replies=()).answers_itself(at(moment))
    without_end = replace(absence, replies=((at("2026-11-24T12:00"), None),))
    assert without_end.answers_itself(at(moment)) is (at(moment) >= at("2026-11-24T12:00"))


@pytest.mark.parametrize(
    ("grace", "urgency", "leaves"),
    [
        (Duration(2, Unit.BUSINESS_HOURS), Urgency.NORMAL, "2026-11-25T12:00"),
        (Duration(1, Unit.BUSINESS_DAYS), Urgency.NORMAL, "2026-11-26T10:00"),
        (None, Urgency.NORMAL, "2026-11-25T17:00"),  # the end of the day
        (Duration(2, Unit.BUSINESS_HOURS), Urgency.URGENT, "2026-11-25T10:15"),
    ],
)
def test_a_letter_goes_while_the_owner_is_away_and_promises_what_comes_after(
    grace: Duration | None, urgency: Urgency, leaves: str
) -> None:
    rules = replace(RULES, grace=grace)
    received = at("2026-11-25T10:00")
    made = plan(facts(received, urgency), None, OFFICE, rules, received)
    assert {effect.not_before for effect in made.effects} == {at(leaves)}
    assert made.promise.due >= at("2026-11-30T09:00")
    assert replan(made.promise, OFFICE, rules, at(leaves)) == made.promise


def test_what_is_urgent_by_the_usual_week_is_so_while_the_owner_is_away() -> None:
    received = at("2026-11-25T10:00")
    made = plan(facts(received), at("2026-11-26T10:00"), OFFICE, RULES, received)
    assert made.promise.question.urgency is Urgency.URGENT
    later = plan(facts(received), at("2026-11-27T10:00"), OFFICE, RULES, received)
    assert later.promise.question.urgency is Urgency.NORMAL
