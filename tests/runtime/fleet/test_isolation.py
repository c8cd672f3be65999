"""No mailbox's mail, name or promise reaches another's letters, tasks, mails or record, whoever worked on
them in one process at the same time; nor does a secret, or a word of a mail, reach a log."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ackd.demo.fleet import MONDAY, PASSWORD, FleetStage
from ackd.ledger.tables import metadata
from exchange_sandbox.server.server import deliver
from tests.postgres import Server
from tests.runtime.fleet.stage import LATER, passes, staged

CANARIES = ("zeisig", "stieglitz", "girlitz", "hänfling")


def question(owner: str, canary: str, asker: str, number: int) -> bytes:
    text = (
        f"Message-ID: <{number}@corp.example>\r\nDate: {LATER:%a, %d %b %Y %H:%M:%S %z}\r\n"
        f"From: {canary.title()} <{asker}>\r\nTo: <{owner}>\r\nSubject: The {canary} budget\r\n"
        "X-MS-Exchange-Organization-AuthAs: Internal\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        f"Hi,\r\n\r\ncould you please send me the {canary} figures?\r\n\r\nThanks\r\n{canary.title()}\r\n"
    )
    return text.encode()


def rows_of(stage: FleetStage, address: str) -> str:
    """All that stands in a mailbox's record."""
    mine, engine = stage.database.ledger(address).mine, stage.database._engine
    with engine.connect() as db:
        tables = (table for name, table in metadata.tables.items() if name != "mailboxes")
        found = [db.execute(sa.select(one).where(one.c.mailbox_id == mine)).all() for one in tables]
    return repr(found).casefold()


def shown_in(stage: FleetStage, person: str) -> str:
    """All that ackd put where that person sees it."""
    program, now = stage.program(person), stage.clock.now()
    mails = [*program.sent(now), *program.drafts(now)]  # type: ignore[attr-defined]
    found = [(mail.subject, mail.text, mail.html, mail.headers) for mail in mails]
    tasks = [(task.subject, task.body) for task in program.tasks()]
    program.close()
    return repr((found, tasks)).casefold()


@pytest.mark.long
def test_canaries_stay_where_they_were_planted(
    tmp_path: Path, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="ackd")
    with staged(tmp_path, server, 4) as stage:
        text = stage.config_file.read_text(encoding="utf-8").replace(
            "digest: never", 'digest: "mon-fri 08:30"'
        )
        stage.use(text)
        worker = passes(stage)
        asker = {one: stage.people[number - 1] for number, one in enumerate(stage.people)}
        planted = dict(zip(stage.people, CANARIES, strict=True))

        def all_at_once() -> None:
            with ThreadPoolExecutor(4) as threads:
                list(threads.map(worker.run, stage.people))

        all_at_once()
        stage.move_to(LATER)
        for number, owner in enumerate(stage.people):
            mail = question(owner, planted[owner], asker[owner], number)
            deliver(
                stage.sandbox.data, [mail], owner, clock=stage.clock.now, signed_in=True,
                store=stage.sandbox._store,
            )  # fmt: skip
        all_at_once()
        stage.move_to(MONDAY + timedelta(days=1))  # with a digest
        all_at_once()
        for person in stage.people:
            own, record = shown_in(stage, person), rows_of(stage, person)
            assert planted[person] in own
            assert planted[person] in record
            for other in set(stage.people) - {person}:
                assert planted[other] not in own + record, (person, other)
    said = caplog.text.casefold()
    assert "event=judged" in said
    for word in (*CANARIES, PASSWORD, *stage.people):
        assert word not in said, word
    assert json.dumps(PASSWORD) not in said
