"""Offices for the scenarios: with one question that was acknowledged, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from exchange_sandbox import Quirks
from tests.followup.office import Office
from tests.people import MONDAY

Make = Callable[..., Office]
STARTED = timedelta(minutes=3)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Quirks], Path]:
    """A folder in which ackd has run and acknowledged Bob's question; made once for each kind."""
    made: dict[tuple[str, Quirks], Path] = {}

    def folder(zone: str, quirks: Quirks) -> Path:
        if (zone, quirks) not in made:
            office = Office(tmp_path_factory.mktemp("begun"), zone=zone, quirks=quirks)
            office.daemon.run_pass()
            office.work()
            office.ask()
            office.work()
            assert office.clock.now() == MONDAY + STARTED
            office.close()
            made[zone, quirks] = office.folder
        return made[zone, quirks]

    return folder


@pytest.fixture
def make_office(begun: Callable[[str, Quirks], Path], tmp_path: Path) -> Iterator[Make]:
    """Makes an office three minutes after it began, with the rules that are given."""
    offices: list[Office] = []

    def make(*, zone: str = "Europe/Berlin", quirks: Quirks | None = None, **rules: Any) -> Office:
        folder = tmp_path / f"office-{len(offices)}"
        quirks = quirks or Quirks()
        begun_folder = begun(zone, quirks)
        shutil.copytree(begun_folder, folder)
        offices.append(Office(folder, zone=zone, quirks=quirks, start=MONDAY + STARTED, rules=rules))
        return offices[-1]

    yield make
    for office in offices:
        office.close()


@pytest.fixture
def office(make_office: Make) -> Office:
    return make_office()
