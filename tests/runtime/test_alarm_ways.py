"""Each way tells what it is told, fails in words with a remedy, and shows nobody where it leads."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.config.alarm_urls import AlarmUrl
from ackd.config.secrets import Secret, SecretSource
from ackd.model import Alarm, AlarmKind
from ackd.runtime.alarm_ways import AppriseWay, CommandWay, DesktopWay, Message, WayFailed, limited, ways_of
from ackd.runtime.heartbeat import EVERY, Heartbeat
from tests.clock import StepClock
from tests.config.minimal import config
from tests.people import MONDAY
from tests.runtime.listener import Listener, listening

TOKEN = "token-c0ffee-4711"
BERLIN = ZoneInfo("Europe/Berlin")
MESSAGE = Message.of(Alarm(AlarmKind.BLOCKED, MONDAY), MONDAY + timedelta(hours=3), BERLIN)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def failure(way: AppriseWay | CommandWay | DesktopWay) -> str:
    with pytest.raises(WayFailed) as caught:
        way.tell(MESSAGE)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


# --- Apprise --------------------------------------------------------------------------------------


def test_apprise_hands_over(listener: Listener) -> None:
    pytest.importorskip("apprise")
    AppriseWay("urls[0]", AlarmUrl(f"json://{listener.address}/{TOKEN}"), "").tell(MESSAGE)
    ((path, body),) = listener.heard
    said = json.loads(body)
    assert (path, said["title"], said["message"]) == (f"/{TOKEN}", MESSAGE.title, MESSAGE.text)
    assert said["type"] == "failure"


@pytest.mark.parametrize("kept", [f"json://ADDRESS/{TOKEN}", f"nonsense://ADDRESS/{TOKEN}", TOKEN])
def test_what_fails_at_apprise_is_told_without_the_address(
    listener: Listener, kept: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("apprise")
    listener.status = 500
    file = tmp_path / "url"
    file.write_text(kept.replace("ADDRESS", listener.address))
    file.chmod(0o600)
    words = failure(AppriseWay("urls[0]", Secret(SecretSource.FILE, str(file)), ""))
    assert words
    own = [record for record in caplog.records if record.name.startswith("ackd")]
    assert not any(TOKEN in record.getMessage() for record in own)
    file.chmod(0o644)
    assert "chmod 600" in failure(AppriseWay("urls[0]", Secret(SecretSource.FILE, str(file)), ""))


def test_a_variable_that_isnt_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHONE", raising=False)
    assert "PHONE isn't set" in failure(AppriseWay("urls[0]", Secret(SecretSource.ENV, "PHONE"), ""))


# --- a command ------------------------------------------------------------------------------------


def script(folder: Path, text: str) -> tuple[str, ...]:
    file = folder / "tell.py"
    file.write_text(text)
    return (sys.executable, str(file), "$HOME; echo")


def test_a_command_gets_json_and_no_shell(tmp_path: Path) -> None:
    out = tmp_path / "out"
    seen = "[sys.stdin.read(), sys.argv[1], dict(os.environ)]"
    text = f"import os, sys, json\njson.dump({seen}, open({str(out)!r}, 'w'))"
    made = config("alarms: {command: [python3, -c], urls: [{env: PHONE}]}")
    env = {**os.environ, "ACKD_PASSWORD": TOKEN, "PHONE": TOKEN, "OTHER": "kept"}
    (_, way) = ways_of(made, env)
    assert isinstance(way, CommandWay)
    CommandWay(script(tmp_path, text), way.env).tell(MESSAGE)
    said, argument, env = json.loads(out.read_text())
    assert argument == "$HOME; echo"
    assert json.loads(said)["kind"] == env["ACKD_ALARM"] == "blocked"
    assert json.loads(said)["open"] is True
    assert json.loads(said)["remedy"] == "ackd check"
    assert env["OTHER"] == "kept"
    assert TOKEN not in json.dumps(env), "ackd's secrets aren't handed on"


def test_a_command_that_fails_is_told_by_its_status(tmp_path: Path) -> None:
    assert "status 3" in failure(CommandWay(script(tmp_path, "raise SystemExit(3)"), os.environ))
    assert "can't be started" in failure(CommandWay((str(tmp_path / "none"),), os.environ))


def test_a_command_that_reads_nothing_is_well(tmp_path: Path) -> None:
    CommandWay(script(tmp_path, "import os; os.close(0)"), os.environ).tell(MESSAGE)


def test_a_command_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    text = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(mark)!r}, 'w').write(str(child.pid))\ntime.sleep(600)"
    )
    with pytest.raises(WayFailed, match="was stopped"):
        CommandWay(script(tmp_path, text), os.environ, limit=3).tell(MESSAGE)
    while is_running(int(mark.read_text())):  # a killed process ends when the machine gets to it
        os.sched_yield()


def is_running(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


# --- the desktop ----------------------------------------------------------------------------------


def test_the_desktop_is_a_way_where_there_is_one(tmp_path: Path) -> None:
    tool = tmp_path / "notify-send"
    tool.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/said\n')
    tool.chmod(0o755)
    assert ways_of(config(), {"PATH": str(tmp_path)}) == []
    assert ways_of(config(), {"PATH": "", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}) == []
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}
    (way,) = ways_of(config(), env)
    way.tell(MESSAGE)
    said = (tmp_path / "said").read_text().splitlines()
    assert said[-2:] == [MESSAGE.title, MESSAGE.text]
    assert [one.name for one in ways_of(config("alarms: {command: [x]}"), env)] == ["command"]
    tool.write_text("#!/bin/sh\nexit 1\n")
    assert isinstance(way, DesktopWay)
    assert "status 1" in failure(way)


# --- limits ---------------------------------------------------------------------------------------


def test_what_hangs_is_left_behind(listener: Listener) -> None:
    listener.holds.clear()
    with pytest.raises(WayFailed, match="longer than"):
        limited(listener.holds.wait, 0.05)


def test_words_of_others_are_not_shown() -> None:
    def bad() -> None:
        raise RuntimeError(TOKEN)

    with pytest.raises(WayFailed, match="it failed: check the address") as caught:
        limited(bad)
    assert TOKEN not in str(caught.value)


# --- the heartbeat --------------------------------------------------------------------------------


def beats(heartbeat: Heartbeat, clock: StepClock, *passes: bool, after: float = EVERY) -> None:
    for well in passes:
        heartbeat.begun()
        heartbeat.ended(well=well)
        clock.move(timedelta(seconds=after))
        heartbeat.drain()


def test_the_heartbeat_says_start_ok_and_fail(listener: Listener) -> None:
    clock = StepClock(MONDAY)
    heartbeat = Heartbeat(AlarmUrl(f"http://{listener.address}/ping/x?rid=1"), "", clock.ticks)
    beats(heartbeat, clock, True, False, True)
    heartbeat.close()
    assert listener.paths == [
        "/ping/x/start?rid=1", "/ping/x?rid=1",
        "/ping/x/start?rid=1", "/ping/x/fail?rid=1",
        "/ping/x/start?rid=1", "/ping/x?rid=1",
    ]  # fmt: skip


def test_the_heartbeat_is_called_once_a_minute_and_at_each_turn(listener: Listener) -> None:
    clock = StepClock(MONDAY)
    heartbeat = Heartbeat(AlarmUrl(f"http://{listener.address}/x"), "", clock.ticks)
    beats(heartbeat, clock, *[True] * 10, False, False, True, after=1)
    heartbeat.close()
    assert listener.paths == ["/x/start", "/x", "/x/fail", "/x"]


def test_a_heartbeat_that_hangs_holds_up_nobody(listener: Listener) -> None:
    clock = StepClock(MONDAY)
    listener.holds.clear()
    heartbeat = Heartbeat(AlarmUrl(f"http://{listener.address}/x"), "", clock.ticks)
    for _ in range(50):
        heartbeat.begun()
        heartbeat.ended(well=True)
        clock.move(timedelta(minutes=2))
    listener.holds.set()
    heartbeat.close()
    assert len(listener.heard) < 10, "what couldn't be called in time isn't called later"


def test_a_heartbeat_that_is_let_go_says_no_more(listener: Listener) -> None:
    clock = StepClock(MONDAY)
    heartbeat = Heartbeat(AlarmUrl(f"http://{listener.address}/x"), "", clock.ticks)
    beats(heartbeat, clock, True)
    heartbeat.let_go()
    beats(heartbeat, clock, True, False)
    heartbeat.close()
    assert listener.paths == ["/x/start", "/x"]


def test_a_heartbeat_that_fails_shows_no_address(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "ackd")
    clock = StepClock(MONDAY)
    listener.status = 404
    heartbeat = Heartbeat(AlarmUrl(f"http://{listener.address}/{TOKEN}"), "", clock.ticks)
    with pytest.raises(WayFailed, match="404"):
        heartbeat.try_out()
    beats(heartbeat, clock, True)
    away = Heartbeat(AlarmUrl(f"http://127.0.0.1:9/{TOKEN}"), "", clock.ticks)
    with pytest.raises(WayFailed, match="nothing listens at its address") as caught:
        away.try_out()
    assert TOKEN not in str(caught.value) + caplog.text
    assert "heartbeat-failed" in caplog.text
