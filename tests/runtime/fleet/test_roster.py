"""Who belongs to the fleet: who joins the group is watched first, for who leaves nothing more is sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ackd.demo.fleet import MONDAY
from ackd.model import Mode, ValueKey
from ackd.runtime.fleet import roster, status
from ackd.runtime.fleet.removing import belongs, remove
from tests.postgres import Server
from tests.runtime.fleet.stage import LATER, passes, staged


def test_members_come_and_go(tmp_path: Path, server: Server) -> None:
    with staged(tmp_path, server, 3) as stage:
        listed, joins, leaves = stage.people
        stage.sandbox.put_group("all@corp.example", [joins, leaves])
        text = stage.config_file.read_text(encoding="utf-8").partition("mailboxes:")[0]
        text += (
            f"group: {{address: all@corp.example, preview: 1 hours}}\nmailboxes: [{{address: {listed}}}]\n"
        )
        stage.use(text)
        worker = passes(stage)

        def read() -> tuple[str, ...]:
            members = worker.members_of("all@corp.example", listed)
            roster.regroup(stage.database, members, stage.fleet, stage.clock.now())
            found = roster.belonging(stage.fleet, roster.memberships(stage.database))
            return tuple(one.address for one in found)

        assert read() == (listed, joins, leaves)
        for one in (joins, leaves):
            worker.run(one)
        ledger = stage.database.ledger(joins)
        assert ledger.value(ValueKey.MODE) == Mode.PREVIEW.value
        stage.move_to(LATER + timedelta(hours=1))
        for one in (joins, leaves):
            worker.run(one)
        assert ledger.value(ValueKey.MODE) == Mode.SEND.value
        stage.ask(1)
        worker.run(leaves)
        assert stage.database.standings()[leaves].open_promises == 1
        stage.sandbox.put_group("all@corp.example", [joins])
        assert read() == (listed, joins)
        (left,) = status.gone(stage.fleet, stage.database)
        assert (left.mailbox, left.open_promises) == (leaves, 1)
        stage.ask(1)
        worker.run(leaves)  # a job that waited
        assert stage.database.standings()[leaves].open_promises == 1
        assert not belongs(stage.fleet, stage.database, leaves)
        (promise,) = remove(stage.database, leaves)
        assert promise.question.subject.startswith("Budget")
        assert leaves not in stage.database.addresses()


def test_who_joins_again_is_watched_again(tmp_path: Path, server: Server) -> None:
    with staged(tmp_path, server, 1) as stage:
        database, now = stage.database, MONDAY
        text = stage.config_file.read_text(encoding="utf-8").partition("mailboxes:")[0]
        stage.use(f"{text}group: {{address: all@corp.example, ask_as: {stage.people[0]}}}\n")
        for members in (stage.people, [], stage.people):
            roster.regroup(database, members, stage.fleet, now)
            now += timedelta(days=30)
        value = database.ledger(stage.people[0]).value(ValueKey.FLEET)
        known = roster.read(value)
        assert known is not None
        assert (known.joined, known.left) == ((MONDAY + timedelta(days=60)).isoformat(), None)
        assert roster.is_preview(stage.fleet, stage.people[0], value, MONDAY + timedelta(days=61))
