"""Two ackds and other robots for hundreds of rounds: one acknowledgement a question, no loop, ever."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.people import MONDAY
from tests.robots import GENEROUS, MARKED, ORDINARY, RUDE, UNMARKED, Robots

pytestmark = pytest.mark.long


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("rounds", [300, pytest.param(1000, marks=pytest.mark.more)])
def test_many_rounds(tmp_path: Path, rounds: int) -> None:
    office = Robots(tmp_path, (MARKED, UNMARKED), limits=GENEROUS)
    try:
        for number in range(1, rounds + 1):
            office.round()
            if number % 100 == 0:
                assert office.mails() <= office.most()
        assert office.settle()
        office.check()
        assert len(office.asked) > rounds // 5
        assert office.mails() <= office.most()
    finally:
        office.close()


@pytest.mark.timeout(600)
def test_a_robot_that_begins_a_new_thread_each_time_meets_the_limits(tmp_path: Path) -> None:
    office = Robots(tmp_path, (RUDE,), limits=ORDINARY)
    try:
        for _ in range(100):
            office.round()
        assert office.settle()
        days = (office.clock.now() - MONDAY) // timedelta(days=1) + 2
        assert 0 < office.to_robots() <= 2 * days * ORDINARY.per_sender_per_day
        assert office.mails() <= 2 * office.put_in + 4 * days * ORDINARY.per_sender_per_day + 24
    finally:
        office.close()
