"""The owner's record and the spans that follow from it; the days ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Address, Duration, Promise, Question, Unit, Urgency, WorkingHours
from ackd.promise.calendar import make
from ackd.views.agenda import DAYS, days_ahead
from ackd.views.calibrate import ENOUGH, KEPT, SPANS, Sampler, Wait, calibrate
from tests.clock import StepClock
from tests.people import MONDAY, mail, settings
from tests.plays import many

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = make(BERLIN, WorkingHours.office())


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def waits(*hours: float, urgency: Urgency = Urgency.NORMAL) -> list[Wait]:
    asked = at(2, 9)
    return [Wait(urgency, asked, OFFICE.add(asked, Duration(h, Unit.BUSINESS_HOURS))) for h in hours]


def test_percentiles_and_the_span_that_keeps_nine_of_ten() -> None:
    (found,) = calibrate(waits(*range(1, 11)), OFFICE)
    assert (found.median, found.p80, found.p95) == tuple(timedelta(hours=h) for h in (5, 8, 10))
    assert str(found.span) == "2 business days"  # 9 hours are more than a day of 8
    assert found.kept == 1.0
    (quick,) = calibrate(waits(*[0.5] * 19, 100), OFFICE)
    assert (str(quick.span), quick.kept) == ("1 business hours", 0.95)


def test_too_few_questions_and_hopeless_ones_propose_nothing() -> None:
    few, none = calibrate(
        [*waits(*[1] * (ENOUGH - 1)), *waits(*[9999] * ENOUGH, urgency=Urgency.URGENT)], OFFICE
    )[::-1]
    assert {few.urgency, none.urgency} == {Urgency.NORMAL, Urgency.URGENT}
    assert few.span is none.span is None
    assert calibrate([], OFFICE) == ()


@limits(max_examples=many(30))
@given(st.lists(st.floats(0.1, 300), min_size=ENOUGH, max_size=40))
def test_the_proposed_span_is_the_shortest_that_keeps_enough(hours: list[float]) -> None:
    some = waits(*hours)
    (found,) = calibrate(some, OFFICE)

    def kept(span: Duration) -> float:
        return sum(wait.answered <= OFFICE.add(wait.asked, span) for wait in some) / len(some)

    assert found.median <= found.p80 <= found.p95
    shorter = SPANS[: SPANS.index(found.span)] if found.span else SPANS
    assert all(kept(span) < KEPT for span in shorter)
    assert found.span is None or found.kept == kept(found.span) >= KEPT


def test_what_counts_as_an_answered_question() -> None:
    clock = StepClock(MONDAY)
    box = MemoryMailbox(clock.now)
    arrived = {
        "q": mail("q"),
        "urgent": mail("urgent", "This is urgent: could you please send me the figures at once?"),
        "answered-to-another": mail("other"),
        "thanks": mail("thanks", "Thanks a lot, that helped!"),
        "outside": mail("outside", sender="eve@other.example", stamp="Anonymous"),
        "silence": mail("silence"),
    }
    ids = {name: box.arrive(one).message_id for name, one in arrived.items()}
    clock.move(timedelta(hours=1))
    box.owner_sends(to=["bob@corp.example"], in_reply_to=ids["q"], automatic=True)
    clock.move(timedelta(hours=1))
    for name in ("q", "urgent", "thanks"):
        box.owner_sends(to=["bob@corp.example"], in_reply_to=ids[name])
    box.owner_sends(to=["carol@corp.example"], in_reply_to=ids["answered-to-another"])
    box.owner_sends(to=["eve@other.example"], in_reply_to=ids["outside"])
    clock.move(timedelta(hours=1))
    box.owner_sends(to=["bob@corp.example"], in_reply_to=ids["q"])
    sampler = Sampler(settings())
    for one in box.past(MONDAY - timedelta(days=90), answered=True):
        sampler.take(one)
    assert sampler.mails == 5  # nobody answered "silence"
    found = {wait.urgency: wait.answered - wait.asked for wait in sampler.waits}
    assert found == {Urgency.NORMAL: timedelta(hours=2), Urgency.URGENT: timedelta(hours=2)}


# --- the days ahead ------------------------------------------------------------------------------


def promise(due: datetime, name: str = "q") -> Promise:
    question = Question(f"<{name}@corp.example>", Address("bob@corp.example"), "About", MONDAY, "en")
    return Promise(question, due, due)


def test_the_days_ahead_with_their_room() -> None:
    made = [promise(at(25, 10)), promise(at(25, 9)), promise(at(20, 17)), promise(at(25, 11))]
    days = days_ahead([*made, promise(datetime(2026, 12, 28, 17, tzinfo=BERLIN))], OFFICE, 2, at(23, 12))
    assert [day.day.day for day in days] == [20, 23, 24, 25, 26, 27, 30, 1, 2, 3, 4, 28]
    rooms = {(day.day.month, day.day.day): day.room for day in days}
    assert (rooms[11, 20], rooms[11, 24], rooms[11, 25], rooms[12, 28]) == (0, 2, 0, 1)
    assert [p.due for p in next(d for d in days if d.day.day == 25).promises] == sorted(
        p.due for p in made if p.due.day == 25
    )
    assert days[0].is_over
    assert not days[1].is_over


@pytest.mark.parametrize("hour", [0, 8, 12, 17, 23])
def test_today_counts_until_its_work_is_over(hour: int) -> None:
    days = days_ahead([], OFFICE, 3, at(23, hour, 30))
    assert len(days) == DAYS
    assert days[0].day.day == (23 if hour < 17 else 24)


def test_no_promise_has_room_on_a_day_off() -> None:
    away = make(BERLIN, WorkingHours.office(), absences=[(at(24, 0), at(27, 0))])
    days = days_ahead([promise(at(25, 10))], away, 3, at(23, 12))
    assert [(day.day.day, day.room) for day in days[:3]] == [(23, 3), (25, 0), (27, 3)]


def test_a_night_shift_ends_on_its_own_day(tmp_path: Path) -> None:
    from datetime import time

    night = ((time(20), time.max),)
    shifts = replace(WorkingHours.office(), days=(night,) * 7)
    days = days_ahead([promise(at(23, 23, 45))], make(BERLIN, shifts), 3, at(23, 12))
    assert (days[0].day.day, days[0].room, len(days)) == (23, 2, DAYS)
