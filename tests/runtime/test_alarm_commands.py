"""`ackd alarms`, and `ackd status` while the configuration is broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ackd.config.remains import remains
from ackd.engine.alerts import MAIL
from ackd.ledger import SqlLedger
from ackd.model import Alarm, AlarmChange, AlarmKind, AlarmRecord, ValueKey
from tests.people import MONDAY
from tests.runtime.listener import Listener, listening
from tests.system.commands import CONFIG, in_process

ALICE, TOKEN = "alice@corp.example", "token-c0ffee-4711"


class Place:
    """A configuration with alarms, a clock and a ledger."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file, self.clock = folder, folder / "config.yaml", folder / "clock"
        self.clock.write_text((MONDAY + timedelta(hours=3)).isoformat())
        self.ledger().close()

    def ledger(self) -> SqlLedger:
        return SqlLedger(f"sqlite:///{self.folder / 'state' / 'ledger.sqlite'}", ALICE)

    def write(self, more: str = "", mode: str = "send") -> None:
        endpoint = "https://mail.corp.example/EWS/Exchange.asmx"
        state = self.folder / "state"
        self.file.write_text(CONFIG.format(endpoint=endpoint, state=state, mode=mode, more=more))
        self.file.chmod(0o600)

    def ring(self, *cases: str, kind: AlarmKind = AlarmKind.PARKED) -> None:
        with closing(self.ledger()) as ledger:
            for case in cases:
                alarm = Alarm(kind, MONDAY, case)
                record = AlarmRecord(alarm, MONDAY, told=MONDAY, rings=1)
                ledger.record_alarms([AlarmChange(alarm.key, None, record)])

    def ackd(self, *words: str) -> tuple[int, str]:
        done = in_process(*words, "--config", str(self.file), "--clock", str(self.clock))
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("ACKD_PASSWORD", "secret")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return Place(tmp_path)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def test_open_alarms_are_listed_a_kind_in_one(place: Place) -> None:
    place.write()
    assert place.ackd("alarms") == (0, "no alarm is open\n")
    place.ring("a", "b", "c")
    place.ring("", kind=AlarmKind.BLOCKED)
    status, said = place.ackd("alarms")
    lines = said.splitlines()
    assert (status, [line.partition(":")[0] for line in lines]) == (0, ["ALARM blocked", "ALARM parked"])
    assert "3 times" in lines[1]
    assert "ackd parked" in lines[1]
    status, said = place.ackd("alarms", "--json")
    found = json.loads(said)
    assert [one["kind"] for one in found] == ["blocked", "parked", "parked", "parked"]
    assert {one["remedy"] for one in found} == {"ackd check", "ackd parked"}


def test_a_test_goes_by_each_way(place: Place, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("apprise")
    monkeypatch.setenv("PHONE", f"json://{listener.address}/{TOKEN}")
    beat = f"http://{listener.address}/beat/{TOKEN}"
    place.write(f"alarms: {{urls: [{{env: PHONE}}], heartbeat: {beat}, command: ['true']}}")
    status, said = place.ackd("alarms", "test")
    assert status == 0, said
    assert [line.split(":")[0] for line in said.splitlines()] == ["ok urls[0]", "ok command", "ok heartbeat"]
    assert listener.paths == [f"/{TOKEN}", f"/beat/{TOKEN}"]
    listener.status = 500
    status, said = place.ackd("alarms", "test")
    assert status == 1
    words = [line.split(":")[0] for line in said.splitlines()]
    assert words == ["FAILED urls[0]", "ok command", "FAILED heartbeat"]
    place.write("alarms: {command: ['false']}")
    assert place.ackd("alarms", "test") == (
        1,
        "FAILED command: alarms.command ended with the status 1: run it by hand\n",
    )
    status, shown = in_process("config", "show", "--config", str(place.file)).returncode, said
    assert TOKEN not in shown
    with closing(place.ledger()) as ledger:
        assert ledger.tellings() == ledger.alarms() == (), "a test leaves nothing behind"


@pytest.mark.parametrize(("mode", "owed"), [("send", [MAIL]), ("draft", [MAIL]), ("preview", [])])
def test_without_another_way_a_test_goes_by_mail(place: Place, mode: str, owed: list[str]) -> None:
    place.write(mode=mode)
    status, said = place.ackd("alarms", "test")
    assert status == 0
    assert ("goes out with the next pass" if owed else "nothing is written to the mailbox") in said
    with closing(place.ledger()) as ledger:
        assert [one.way for one in ledger.tellings()] == owed


BROKEN = {
    "an unknown key": "nonsense: 1",
    "a wrong value": "limits: {per_day: many}",
    "no YAML": "limits: [1, 2",
    "set twice": "mode: send",
    "a tab": "limits:\n\tper_day: 3",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_status_tells_how_things_stand_while_the_file_is_broken(place: Place, fault: str) -> None:
    place.write()
    place.file.write_text(place.file.read_text().replace("limits:", "#") + BROKEN[fault] + "\n")
    place.ring("", kind=AlarmKind.CONFIG_BROKEN)
    status, said = place.ackd("status")
    assert status == 78
    assert said.startswith("ALARM config-broken:")
    assert "config trouble: no service can start with it: " in said
    assert "open promises: 0" in said
    status, said = place.ackd("alarms")
    assert said.startswith("ALARM config-broken:")


def test_status_says_that_the_old_configuration_is_in_force(place: Place) -> None:
    place.write("alarms: {urls: 3}")
    with closing(place.ledger()) as ledger:
        ledger.remember(ValueKey.CONFIG_TROUBLE, "config.yaml:10:9: it is broken")
    from ackd.runtime.ledgers import lock

    held = lock(place.folder / "state")  # a service is at work
    try:
        assert "config trouble: the old configuration is in force: " in place.ackd("status")[1]
    finally:
        held.release()


def test_where_a_broken_file_leads_to_no_ledger_it_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"state: {tmp_path}/nowhere\nnonsense: 1\n")
    file.chmod(0o600)
    done = in_process("status", "--config", str(file))
    assert done.returncode == 78
    assert "nonsense" in done.stderr


@pytest.mark.parametrize("fault", BROKEN)
def test_that_the_service_ended_is_told_once_whatever_is_broken(
    place: Place, listener: Listener, fault: str
) -> None:
    beat, out = f"http://{listener.address}/beat", place.folder / "out"
    place.write(f"alarms: {{heartbeat: {beat}, command: [sh, -c, 'cat >> {out}']}}")
    place.file.write_text(place.file.read_text().replace("limits:", "#") + BROKEN[fault] + "\n")
    for _ in range(3):
        assert place.ackd("alarms", "failed")[0] == 0
    assert out.read_text().count('"kind": "crashed"') == 1
    assert set(listener.paths) == {"/beat/fail"}
    (place.folder / "state" / "ledger.sqlite").write_bytes(b"no database at all")
    assert place.ackd("alarms", "failed")[0] == 0
    assert out.read_text().count('"kind": "crashed"') == 2, "rather once more than never"


def test_a_way_that_fails_after_the_service_ended_is_tried_again(place: Place) -> None:
    place.write("alarms: {command: ['false']}")
    assert place.ackd("alarms", "failed")[0] == 1


def test_what_can_be_read_of_a_broken_file_is_read(place: Place) -> None:
    place.write("alarms: {command: [tell], urls: [nonsense]}")
    left = remains(place.file)
    assert left.address == ALICE
    assert left.config.state_directory == place.folder / "state"
    assert left.config.alarms.command is None, "a section counts whole or not at all"
    assert remains(place.folder / "none").address is None
