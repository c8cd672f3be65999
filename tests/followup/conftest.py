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
from tests.backends import KINDS
from tests.people import MONDAY
from tests.scenario import FOLLOWING, Scenario

Make = Callable[..., Scenario]
STARTED = timedelta(minutes=3)
BERLIN = "Europe/Berlin"


def opened(
    folder: Path,
    *,
    protocol: str = "ews",
    zone: str = BERLIN,
    quirks: Quirks | None = None,
    start: datetime = MONDAY,
    **rules: Any,
) -> Scenario:
    """An office over real HTTP whose owner follows promises by these rules; its ledger is in memory. Where
    the folder holds another's mailboxes, they go on."""
    backend = KINDS[protocol](folder, zone=zone, quirks=quirks, start=start)
    changes: dict[str, Any] = {"follow": replace(FOLLOWING, **rules)}
    if zone != BERLIN:
        changes["calendar"] = make(ZoneInfo(zone), WorkingHours.office())
    return Scenario(None, backend, **changes)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str, Quirks], tuple[Path, bytes]]:
    """Mailboxes in a folder, and the ledger with them, after ackd has run and acknowledged Bob's question;
    made once for each sort."""
    made: dict[tuple[str, str, Quirks], tuple[Path, bytes]] = {}

    def begin(protocol: str, zone: str, quirks: Quirks) -> tuple[Path, bytes]:
        if (protocol, zone, quirks) not in made:
            folder = tmp_path_factory.mktemp("begun")
            office = opened(folder, protocol=protocol, zone=zone, quirks=quirks)
            office.run()
            office.work()
            office.ask()
            office.work()
            assert office.clock.now() == MONDAY + STARTED
            made[protocol, zone, quirks] = folder, office.here.back_up()
            office.close()
        return made[protocol, zone, quirks]

    return begin


@pytest.fixture
def protocol(request: pytest.FixtureRequest) -> str:
    """By which protocol ackd reaches the mailbox."""
    return str(getattr(request, "param", "ews"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play each story on Graph too, unless it is one of EWS's own (mark `ews_only`): by default those with
    the mark `graph`, with the long tests those with `graph(long=True)`, the others when they're asked for."""
    told = metafunc.definition.get_closest_marker
    if "protocol" in metafunc.fixturenames and not told("ews_only"):
        mark = told("graph")
        is_long = mark is not None and mark.kwargs.get("long")
        marks = () if mark and not is_long else (pytest.mark.long if is_long else pytest.mark.more,)
        kinds = ["ews", pytest.param("graph", marks=marks)]
        metafunc.parametrize("protocol", kinds, indirect=True)


@pytest.fixture
def make_office(
    begun: Callable[[str, str, Quirks], tuple[Path, bytes]], tmp_path: Path, protocol: str
) -> Iterator[Make]:
    """Makes an office three minutes after it began, with the rules that are given."""
    offices: list[Scenario] = []

    def open_one(*, zone: str = BERLIN, quirks: Quirks | None = None, **rules: Any) -> Scenario:
        folder = tmp_path / f"office-{len(offices)}"
        quirks = quirks or Quirks()
        mailboxes, ledger = begun(protocol, zone, quirks)
        shutil.copytree(mailboxes, folder)
        start = MONDAY + STARTED
        offices.append(opened(folder, protocol=protocol, zone=zone, quirks=quirks, start=start, **rules))
        offices[-1].here.restore(ledger)
        return offices[-1]

    yield open_one
    for office in offices:
        office.close()


@pytest.fixture
def office(make_office: Make) -> Scenario:
    return make_office()
