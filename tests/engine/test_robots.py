"""Two ackds and other robots, in short; `tests/long/test_robots.py` plays a thousand rounds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from exchange_sandbox import Quirks
from tests.people import ALICE
from tests.robots import GENEROUS, MARKED, OFFICE, ORDINARY, PROGRAM, RUDE, UNMARKED, Robots, Tickets

STRIPPED = Quirks(no_auto_submitted=True, own_message_ids=True)


@pytest.mark.every(2)
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


@pytest.mark.every(2)
@pytest.mark.parametrize(("tickets", "most"), [(PROGRAM, 0), (OFFICE, 2)], ids=["program", "office"])
def test_a_robot_that_nobody_answers_is_found_out(tmp_path: Path, tickets: Tickets, most: int) -> None:
    """A program's address tells at once; an office's, once it has written the same twice."""
    office = Robots(tmp_path, (tickets,), limits=GENEROUS)
    try:
        for number in range(6):
            text = "Could you please approve this access by Friday?"
            office.write(tickets.address, ALICE.address, f"Access {number}", text)
            office.clock.move(timedelta(hours=5))
            office.robots(*office.daemons.values())
        assert office.to_robots() == most
    finally:
        office.close()
