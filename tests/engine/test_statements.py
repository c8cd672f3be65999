"""How often the ledger's database is asked: growing with batches, and not with mails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.parts.mails import mixed
from tests.scenario import Scenario
from tests.statements import MOST_COMMITS, MOST_STATEMENTS, counted


def load(office: Scenario, mails: int, first: int) -> dict[str, int]:
    """What so many mails cost, half of them questions, taken in and answered in one pass."""
    for _, mail in mixed(mails, first):
        office.backend.deliver(mail)
    before = len(office.backend.letters())
    with counted() as counts:
        office.work()
    assert len(office.backend.letters()) - before == mails // 2
    return counts


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Scenario]:
    wide = {"per_hour": 10_000, "per_day": 10_000, "per_sender_per_day": 10_000}
    with Scenario(tmp_path / "office", limits=wide).begin() as made:
        yield made


def test_a_load_of_mail_takes_few_statements(office: Scenario) -> None:
    counts = load(office, 100, 0)
    assert counts["statements"] <= MOST_STATEMENTS
    assert counts["commits"] <= MOST_COMMITS


def test_twice_the_mails_take_no_more_statements(office: Scenario) -> None:
    load(office, 20, 0)  # the next ones hear of what this one wrote
    few = load(office, 20, 20)
    many = load(office, 40, 40)
    assert many["commits"] <= few["commits"]
    assert many["statements"] <= few["statements"]


def test_an_idle_pass_writes_nothing_but_that_it_was(office: Scenario) -> None:
    office.work()
    with counted() as counts:
        office.work()
    assert counts["commits"] == 1
    assert counts["statements"] <= 40
