"""What is believed of the server's clock: one odd date header moves nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ackd.mailbox.server_clock import ServerClock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Answers:
    """A server's answers, as they come."""

    def __init__(self) -> None:
        self.passed = 1000.0
        self.clock = ServerClock(lambda: self.passed)

    def come(self, minutes: float, off: float = 0, age: str | None = None, zone: str = "GMT") -> None:
        """An answer comes so many minutes after noon; its date is `off` minutes from that."""
        self.passed = 1000.0 + 60 * minutes
        date = format_datetime(NOON + timedelta(minutes=minutes + off), usegmt=True)
        self.clock.saw_date(date.replace("GMT", zone), age)

    @property
    def minutes(self) -> float | None:
        now = self.clock.now()
        return None if now is None else (now - NOON).total_seconds() / 60


def test_time_goes_on_between_answers() -> None:
    answers = Answers()
    assert answers.minutes is None
    answers.come(0)
    answers.passed += 90
    assert answers.minutes == 1.5


@pytest.mark.parametrize("off", [60, 365 * 24 * 60])
def test_one_date_in_the_future_is_not_believed(off: float) -> None:
    answers = Answers()
    for minute in range(3):
        answers.come(minute)
    answers.come(3, off=off)
    assert answers.minutes == 3
    answers.come(4)
    assert answers.minutes == 4


@pytest.mark.parametrize("off", [-60, -365 * 24 * 60])
def test_one_date_in_the_past_makes_it_earlier_for_one_answer(off: float) -> None:
    answers = Answers()
    for minute in range(3):
        answers.come(minute)
    answers.come(3, off=off)
    assert answers.minutes == 3 + off  # in doubt too early: waits are longer
    answers.come(4)
    assert answers.minutes == 4


def test_a_date_that_does_not_move_is_a_caches() -> None:
    answers = Answers()
    for minute in range(10):
        answers.come(minute, off=-minute)
    assert answers.minutes == 9


def test_the_age_of_a_kept_answer_counts() -> None:
    answers = Answers()
    answers.come(30, off=-30, age="1800")
    assert answers.minutes == 30


def test_a_server_whose_clock_is_set_is_believed_soon() -> None:
    answers = Answers()
    for minute in range(3):
        answers.come(minute)
    answers.come(3, off=60)
    answers.come(4, off=60)
    assert answers.minutes == 64


@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "soon",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 23 Nov 2026 99:00:00 GMT",
        "0",
    ],
)
def test_what_is_no_date_is_passed_over(date: str | None) -> None:
    answers = Answers()
    answers.clock.saw_date(date, "nonsense")
    assert answers.minutes is None
    answers.come(1)
    answers.clock.saw_date(date)
    assert answers.minutes == 1


@pytest.mark.parametrize("age", ["-5", "x", "", "٣", "99999999999999999999"])
def test_an_age_that_is_none(age: str) -> None:
    answers = Answers()
    answers.come(1, age=age)
    assert answers.minutes is None or answers.minutes >= 1


def test_a_folder_that_the_server_made_tells_it_too() -> None:
    answers = Answers()
    answers.clock.saw_made(None, 1000.0)
    assert answers.minutes is None
    answers.clock.saw_made(NOON, 1000.0)
    answers.passed += 60
    assert (answers.minutes, answers.clock.is_told) == (1, False)
    answers.come(2)
    assert (answers.minutes, answers.clock.is_told) == (2, True)
