"""The tutorial without a mailbox, command by command as the page has them: a new user's home is empty."""

from __future__ import annotations

import io
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.system.commands import in_process

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
AS_WRITTEN = "http://127.0.0.1:8025/EWS/Exchange.asmx"
#: What the page says that a command shows, by the command's first words; in order.
SHOWN = {
    "ackd init": ["Written: ", "The password is in "],
    "ackd once": [
        "the first pass",
        "5 new mails: 3 left, 2 would be acknowledged (mode preview",
        "5 new mails: 3 left, 2 to be acknowledged in time; 0 letters went out",
        "1 letter went out, 0 parked, 2 promises open",
        "1 letter went out, 0 parked, 2 promises open",
    ],
    "ackd log": ['"Figures for October"  rule request  letter received  would be: answer by 2026-11-25'],
    "ackd sandbox show": ["Re: Figures for October"],
    "ackd promises": ["Bob Brown: Figures for October", "Carol Chen: Door badge"],
}


def commands() -> list[str]:
    """The indented lines of the section, in order."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## Without a mailbox\n")[2].partition("\n## ")[0]
    return re.findall(r"^    (\S.*)$", section, re.MULTILINE)


Said = tuple[int, str, str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one, in which the commands are given."""
    for name in os.environ:
        if name.startswith(("XDG_", "ACKD_", "DBUS_")):
            monkeypatch.delenv(name)
    made = tmp_path / "home"
    made.mkdir()
    monkeypatch.setenv("HOME", str(made))
    monkeypatch.chdir(made)
    return made


def test_the_tutorial_works_as_it_is_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ackd's commands in this process, which takes a tenth of the time."""

    def run(line: str) -> Said:
        given, _, command = line.rpartition(" | ")
        if not command.startswith("ackd "):
            done = subprocess.run(["sh", "-c", line], check=False, capture_output=True, text=True)
        else:
            typed = subprocess.run(["sh", "-c", given], check=True, capture_output=True, text=True).stdout
            monkeypatch.setattr("sys.stdin", io.StringIO(typed))
            done = in_process(*shlex.split(command)[1:])
        return done.returncode, done.stdout, done.stderr

    play(run, [sys.executable, "-m", "ackd"], home)


@pytest.mark.long
def test_the_tutorial_works_in_a_shell(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ackd = tmp_path / "ackd"
    ackd.write_text(f'#!/bin/sh\nexec {sys.executable} -m ackd "$@"\n', encoding="utf-8")
    ackd.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def run(line: str) -> Said:
        done = subprocess.run(["sh", "-c", line], check=False, capture_output=True, text=True, timeout=200)
        return done.returncode, done.stdout, done.stderr

    play(run, ["ackd"], home)


def play(run: Callable[[str], Said], ackd: list[str], home: Path) -> None:
    """Only the port is another one: several of these may run."""
    said: dict[str, list[str]] = {}
    server: subprocess.Popen[str] | None = None
    url = AS_WRITTEN
    try:
        for line in commands():
            if line.startswith("ackd sandbox serve"):
                words = [*ackd, *shlex.split(line)[1:], "--port", "0"]
                server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
                assert server.stdout is not None
                url = server.stdout.readline().split()[-1]
                continue
            status, output, errors = run(line.replace(AS_WRITTEN, url))
            assert status == 0, (line, output, errors)
            assert not re.search(r"Traceback|FAIL", output + errors), (line, output, errors)
            name = re.search(r"ackd( sandbox)? [a-z]+", line)
            said.setdefault(name[0] if name else line, []).append(output)
    finally:
        if server and server.stdout:
            server.send_signal(signal.SIGINT)
            server.stdout.close()
            assert server.wait(60) == 0, "Ctrl-C ends it"
    for command, wanted in SHOWN.items():
        shown = said[command] if command == "ackd once" else said[command] * len(wanted)
        for told, output in zip(wanted, shown, strict=True):
            assert told in output, (command, told, output)
    assert [one.name for one in home.iterdir()] == ["office"], "all of it lies in one folder"


@pytest.mark.parametrize("command", SHOWN)
def test_the_page_gives_each_command(command: str) -> None:
    assert any(command in line for line in commands())
