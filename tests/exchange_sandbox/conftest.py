"""A sandbox for each test, its every answer checked against the published schemas."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from exchange_sandbox import Limits, Quirks, Sandbox

from . import stored
from .wire import Wire, check_traffic

ALICE, BOB = "alice@corp.example", "bob@corp.example"
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Time:
    """A clock for a sandbox: it stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema | None:
    """The published schemas; None where they are not at hand (then answers are not validated)."""
    folder = Path(__file__).resolve().parents[2] / os.environ.get("ACKD_SHARED", "../shared") / "ews-schema"
    file = folder / "messages.xsd"
    return etree.XMLSchema(etree.parse(file)) if file.is_file() else None


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def make(tmp_path: Path, time: Time, schema: etree.XMLSchema | None) -> Iterator[Callable[..., Sandbox]]:
    """Makes sandboxes on one directory, one after the other; at the end all answers are validated,
    and what is in the store by the schema of the store."""
    made: list[Sandbox] = []

    def start(
        *,
        mailboxes: tuple[str, ...] = (ALICE, BOB),
        groups: dict[str, list[str]] | None = None,
        quirks: Quirks | None = None,
        limits: Limits | None = None,
    ) -> Sandbox:
        sandbox = Sandbox(
            tmp_path / "data",
            dict.fromkeys(mailboxes, "secret"),
            groups=groups,
            clock=time,
            quirks=quirks,
            limits=limits,
            log=tmp_path / "traffic",
        )
        made.append(sandbox)
        return sandbox.start()

    yield start
    for sandbox in made:
        sandbox.stop()
    if made:
        stored.check(tmp_path / "data")
    if schema is not None:
        check_traffic(tmp_path / "traffic", schema)


@pytest.fixture
def sandbox(make: Callable[..., Sandbox]) -> Sandbox:
    return make()


@pytest.fixture
def alice(sandbox: Sandbox) -> Wire:
    return Wire(sandbox.url, ALICE)


@pytest.fixture
def bob(sandbox: Sandbox) -> Wire:
    return Wire(sandbox.url, BOB)
