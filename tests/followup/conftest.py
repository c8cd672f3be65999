"""Offices for the scenarios: with one question that was acknowledged, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ackd.model import WorkingHours
from ackd.promise.calendar import make
from exchange_sandbox import Quirks
from tests.people import MONDAY
from tests.scenario import FOLLOWING, OverHttp, Scenario

Make = Callable[..., Scenario]
STARTED = timedelta(minutes=3)
BERLIN = "Europe/Berlin"


def opened(
    folder: Path,
    *,
    zone: str = BERLIN,
    quirks: Quirks | None = None,
    start: datetime = MONDAY,
    **rules: Any,
) -> Scenario:
    """An office over real HTTP whose owner follows promises by these rules. Where the folder holds another
    one, that one goes on."""
    backend = OverHttp(folder, zone=zone, quirks=quirks, start=start)
    changes: dict[str, Any] = {"follow": replace(FOLLOWING, **rules)}
    if zone != BERLIN:
        changes["calendar"] = make(ZoneInfo(zone), WorkingHours.office())
    return Scenario(folder, backend, **changes)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Quirks], Path]:
    """A folder in which ackd has run and acknowledged Bob's question; made once for each kind."""
    made: dict[tuple[str, Quirks], Path] = {}

    def folder(zone: str, quirks: Quirks) -> Path:
        if (zone, quirks) not in made:
            office = opened(tmp_path_factory.mktemp("begun"), zone=zone, quirks=quirks)
            office.run()
            office.work()
            office.ask()
            office.work()
            assert office.clock.now() == MONDAY + STARTED
            office.close()
            assert office.folder
            made[zone, quirks] = office.folder
        return made[zone, quirks]

    return folder


@pytest.fixture
def make_office(begun: Callable[[str, Quirks], Path], tmp_path: Path) -> Iterator[Make]:
    """Makes an office three minutes after it began, with the rules that are given."""
    offices: list[Scenario] = []

    def open_one(*, zone: str = BERLIN, quirks: Quirks | None = None, **rules: Any) -> Scenario:
        folder = tmp_path / f"office-{len(offices)}"
        quirks = quirks or Quirks()
        begun_folder = begun(zone, quirks)
        shutil.copytree(begun_folder, folder)
        offices.append(opened(folder, zone=zone, quirks=quirks, start=MONDAY + STARTED, **rules))
        return offices[-1]

    yield open_one
    for office in offices:
        office.close()


@pytest.fixture
def office(make_office: Make) -> Scenario:
    return make_office()
