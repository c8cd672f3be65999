"""Colours and the pager are for a person at a terminal, as they want them."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ackd.cli import terminal

SHOW = """
from ackd.cli import terminal
from rich.text import Text
console = terminal.console()
with console.capture() as captured:
    for number in range(40):
        console.print(Text(f"line {number}", style="bold green"))
terminal.show(captured.get(), paged=True)
"""


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"PAGER": ""}, None),
        ({"PAGER": "cat"}, None),
        ({"PAGER": "no-such-pager-here"}, None),
        ({"PAGER": "sh -c 'tr a b'"}, ["sh", "-c", "tr a b"]),
    ],
)
def test_the_pager_is_the_persons(env: dict[str, str], wanted: list[str] | None) -> None:
    assert terminal.pager(env) == wanted


def test_less_is_told_of_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    less = tmp_path / "less"
    less.write_text("#!/bin/sh\n", encoding="ascii")
    less.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert terminal.pager({}) == ["less", "-R"]
    assert terminal.pager({"PAGER": "less -S"}) == ["less", "-S", "-R"]


def test_nothing_is_styled_and_paged_that_isnt_a_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        capture_output=True,
        text=True,
        check=True,
        env=_env(PAGER="sh -c 'exit'"),
    )
    assert done.stdout.splitlines()[0] == "line 0"
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("env", "first"),
    [
        ({"PAGER": "cat"}, "\x1b[1;32mline 0\x1b[0m"),
        ({"PAGER": "", "NO_COLOR": "1"}, "line 0"),
        ({"PAGER": "sed s/^/paged:/", "NO_COLOR": "1"}, "paged:line 0"),
        ({"PAGER": "sed -u 1q", "NO_COLOR": "1"}, "line 0"),  # it ends before it has read all
    ],
)
def test_at_a_terminal(env: dict[str, str], first: str) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SHOW], stdin=theirs, stdout=theirs, stderr=theirs, env=_env(**env)
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert process.wait(60) == 0
    assert said.decode().splitlines()[0] == first


def _env(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "PAGER")}
    return {**kept, "TERM": "xterm", "LINES": "24", "COLUMNS": "80", **more}
