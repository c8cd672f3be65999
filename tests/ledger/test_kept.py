"""Ledgers of git commit 27bb915 say today what they said then, by the port and by the commands."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.engine import owner_settings
from ackd.ledger import SqlLedger
from ackd.model import PromiseSnapshot, ValueKey
from ackd.ports import Ledger
from tests.kept import EXPECTED, MODES, lay_out, lost
from tests.system.commands import in_process


def opened(folder: Path) -> SqlLedger:
    return SqlLedger(f"sqlite:///{folder / 'state' / 'ledger.sqlite'}", "alice@corp.example")


def told(snapshot: PromiseSnapshot) -> dict[str, Any]:
    """A promise with its effects, as `expected.json` has it."""
    promise = snapshot.promise
    return {
        "state": promise.state.value,
        "due": promise.due.isoformat(),
        "reminder": promise.reminder.isoformat(),
        "told": promise.told.isoformat() if promise.told else None,
        "moves": promise.moves,
        "waits": promise.waits,
        "why": promise.why,
        "asker": promise.question.asker.email,
        "effects": {effect.token: [effect.kind.value, effect.state.value] for effect in snapshot.effects},
        "task": snapshot.task.token if snapshot.task else None,
    }


def says(ledger: Ledger, expected: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the ledger says by its port."""
    soon, tomorrow = now + timedelta(hours=1), now + timedelta(days=1)
    return {
        "promises": {mid: told(one) for mid, one in ledger.snapshots(expected["promises"]).items()},
        "task_updates": sorted(one.promise.question.message_id for one in ledger.task_updates()),
        "category_updates": sorted(one.message_id for one in ledger.category_updates()),
        "due_in_an_hour": {
            kind.value: sorted(one.effect.message_id for one in ledger.due(soon, kind, 100))
            for kind in sorted(ledger.due_kinds(soon))
        },
        "overdue_in_a_day": sorted(one.promise.question.message_id for one in ledger.overdue(tomorrow)),
        "history": [
            [one.at.isoformat(), one.promise.question.message_id, one.what.value, one.words]
            for one in ledger.history(now - timedelta(days=30), soon)
        ],
    }


@pytest.mark.parametrize("mode", MODES)
def test_the_port_says_what_it_said(tmp_path: Path, mode: str) -> None:
    lay_out(mode, tmp_path)
    expected, now = EXPECTED[mode]["ledger"], datetime.fromisoformat(EXPECTED[mode]["mailbox"]["now"])
    for _ in range(2):  # opened once more, it says the same
        ledger = opened(tmp_path)
        found = says(ledger, expected, now)
        open_ones = {promise.question.message_id for promise in ledger.open_promises()}
        ledger.close()
        assert not (words := lost(expected, found, mode)), "\n".join(words)
        assert open_ones == {mid for mid, one in expected["promises"].items() if one["state"] == "open"}


@pytest.mark.parametrize("mode", MODES)
def test_what_was_judged_isnt_judged_again(tmp_path: Path, mode: str) -> None:
    lay_out(mode, tmp_path)
    ledger = opened(tmp_path)
    names = {f"<{one['name']}@corp.example>" for one in EXPECTED[mode]["mailbox"]["questions"]}
    assert not (gone := names - ledger.known(names)), f"decisions are lost: {gone}"
    ledger.close()


@pytest.mark.parametrize("command", ["status", "parked", "report", "log"])
@pytest.mark.parametrize("mode", MODES)
def test_the_commands_say_what_they_said(tmp_path: Path, mode: str, command: str) -> None:
    config, clock = lay_out(mode, tmp_path), tmp_path / "clock"
    clock.write_text(EXPECTED[mode]["mailbox"]["now"], encoding="ascii")
    more = {"report": ("--since", "2026-11-23", "--by-colleague"), "log": ("--since", "2026-11-23", "--own")}
    since, expected = more.get(command, ()), EXPECTED[mode][command]
    done = in_process(command, *since, "--config", str(config), "--clock", str(clock), "--json")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = lines if command == "log" else lines[0]
    if mode == "send":
        expected = without_payroll(command, expected)
    assert not (words := lost(expected, found, f"ackd {command}")), "\n".join(words)


def without_payroll(command: str, expected: Any) -> Any:
    """What that ackd said, where a letter that refers elsewhere isn't counted as a promise any more."""
    if command == "log":
        return [one | {"promise": None} if "payroll" in one["message_id"] else one for one in expected]
    if command == "report":
        for part in (expected, expected["by_colleague"]["bob@corp.example"], expected["by_week"]["2026-W48"]):
            part |= {"made": part["made"] - 1, "withdrawn": part["withdrawn"] - 1}
    return expected


def test_what_the_mailbox_said_of_its_owner_is_known(tmp_path: Path) -> None:
    lay_out("send", tmp_path)
    ledger = opened(tmp_path)
    owner = owner_settings.load(ledger.value(ValueKey.OWNER_SETTINGS))
    ledger.close()
    assert owner is not None, "what the mailbox said of its owner's time is lost"
    assert owner.settings.zone == "Europe/Berlin"
    assert owner.settings.hours is not None
