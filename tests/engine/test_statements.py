"""How often the ledger's database is asked: growing with batches, and not with mails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.parts.mails import mixed
from tests.scenario import Scenario


@contextmanager
def counted() -> Iterator[dict[str, int]]:
    """Statements and commits from here on, of all ledgers."""
    counts = {"statements": 0, "commits": 0}

    def executed(*_: object) -> None:
        counts["statements"] += 1

    def committed(*_: object) -> None:
        counts["commits"] += 1

    told = ((sa.Engine, "before_cursor_execute", executed), (sa.Engine, "commit", committed))
    for what in told:
        sa.event.listen(*what)
    yield counts
    for what in told:
        sa.event.remove(*what)


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
    assert counts["statements"] <= 150
    assert counts["commits"] <= 25


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
