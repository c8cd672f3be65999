"""Two ackds and other robots, in short; `tests/long/test_robots.py` plays a thousand rounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange_sandbox import Quirks
from tests.robots import GENEROUS, MARKED, ORDINARY, RUDE, UNMARKED, Robots, Tickets

STRIPPED = Quirks(no_auto_submitted=True, own_message_ids=True)


@pytest.mark.parametrize(
    ("tickets", "quirks"),
    [((MARKED,), Quirks()), ((UNMARKED,), Quirks()), ((UNMARKED,), STRIPPED)],
    ids=["marked", "unmarked", "unmarked and stripped"],
)
def test_one_acknowledgement_a_question_and_no_loop(
    tmp_path: Path, tickets: tuple[Tickets, ...], quirks: Quirks
) -> None:
    office = Robots(tmp_path, tickets, limits=GENEROUS, quirks=quirks)
    try:
        for _ in range(10):
            office.round()
        assert office.settle()
        office.check()
        assert len(office.asked) >= 2
        assert office.mails() <= office.most()
    finally:
        office.close()


def test_a_robot_that_begins_a_new_thread_each_time_meets_the_limits(tmp_path: Path) -> None:
    office = Robots(tmp_path, (RUDE,), limits=ORDINARY)
    try:
        for _ in range(10):
            office.round()
        assert office.settle()
        assert 0 < office.to_robots() <= 2 * ORDINARY.per_sender_per_day
    finally:
        office.close()
