"""A fleet of a few mailboxes in this process: the sandbox over HTTP, the run's PostgreSQL, passes by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from ackd.demo.fleet import MONDAY, FleetStage
from ackd.runtime.fleet.passes import Passes
from tests.postgres import Server

LATER = MONDAY + timedelta(minutes=5)


@contextmanager
def staged(folder: Path, server: Server, mailboxes: int = 2) -> Iterator[FleetStage]:
    with FleetStage(folder, mailboxes, database=server.database(f"fleet_{uuid4().hex}")) as stage:
        yield stage


def passes(stage: FleetStage) -> Passes:
    """Those of one process; each call is another one."""
    return Passes(stage.fleet, stage.database, stage.clock)


def asked(stage: FleetStage, each: int = 1) -> Passes:
    """Each mailbox was looked at once, and has got questions since."""
    made = passes(stage)
    for person in stage.people:
        made.run(person)
    stage.move_to(LATER)
    stage.ask(each)
    return made
