"""What other projects use: the pytest fixtures, `ackd sandbox show`, and a client in JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ackd.cli.sandbox import app
from exchange_sandbox import Sandbox

from .conftest import ALICE, BOB

PROJECT = """
import urllib.error, urllib.request

import pytest

from exchange_sandbox import Quirks


def test_each_has_a_server(exchange, exchange_clock):
    exchange.deliver(b"From: bob@corp.example\\r\\nSubject: Hi\\r\\n\\r\\nHello\\r\\n", "alice@corp.example")
    before = exchange_clock()
    exchange_clock.move(hours=1)
    assert (exchange_clock() - before).total_seconds() == 3600
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(exchange.url, data=b"<x/>")


def test_another_one(make_exchange):
    one, two = make_exchange(), make_exchange({"zoe@corp.example": "x"}, quirks=Quirks(no_commit_time=True))
    assert one.url != two.url
"""


def test_the_fixtures_serve_another_project(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["exchange_sandbox.testing"]\n', encoding="ascii")
    (tmp_path / "test_it.py").write_text(PROJECT, encoding="ascii")
    quiet = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *quiet, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def show(sandbox: Sandbox, *words: str, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["show", "--data", str(sandbox.data), *words])
    assert done.exit_code == status, done.output
    return done.output


def test_show_lists_folders_items_and_all_of_an_item(make: Callable[..., Sandbox]) -> None:
    sandbox = make()
    hostile = "Subject: a \x1b[31mred\u202e mail\r\nX-Thing: yes\r\n\r\nHello\x07\r\n"
    sandbox.deliver(f"From: Bob <bob@corp.example>\r\n{hostile}".encode(), ALICE)
    assert show(sandbox).splitlines() == [f"{BOB}: empty", f"{ALICE}/Inbox: 1 item, 1 unread"]
    _, line = show(sandbox, f"{ALICE}/inbox").splitlines()
    assert line.split()[:2] == ["1", "IPM.Note"]
    assert "Bob <bob@corp.example>" in line
    whole = show(sandbox, "--item", "1")
    assert "X-Thing: yes" in whole
    assert "--- body" in whole
    assert all(char.isprintable() or char == "\n" for char in whole), "what a terminal would obey"
    row = json.loads(show(sandbox, ALICE, "--json"))
    assert (row["number"], row["folder"], row["properties"]["is_read"]) == (1, "Inbox", False)
    assert len(show(sandbox, "--json").splitlines()) > 20, "empty folders too"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["zoe@corp.example"], "no mailbox zoe@corp.example"),
        ([f"{ALICE}/Nowhere"], "no folder Nowhere"),
        (["--item", "99"], "no item 99"),
    ],
)
def test_show_names_what_is_not_there(make: Callable[..., Sandbox], words: list[str], said: str) -> None:
    assert said in show(make(), *words, status=1)


def test_show_makes_no_sandbox(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["show", "--data", str(tmp_path / "none")])
    assert done.exit_code == 1
    assert "no sandbox is here" in done.output
    assert not (tmp_path / "none").exists()


@pytest.mark.long
def test_ews_javascript_api_works_unchanged(make: Callable[..., Sandbox], tmp_path: Path) -> None:
    """A client that we didn't write, on Node, installed from its registry."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not (npm and node):
        pytest.skip("Node.js and npm aren't installed")
    story = Path(__file__).with_name("node") / "story.js"
    (tmp_path / "package.json").write_text('{"private": true}', encoding="ascii")
    shutil.copy(story, tmp_path)
    install = (npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "ews-javascript-api@0.15.3")
    try:
        subprocess.run(install, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("ews-javascript-api can't be installed: its registry isn't reached")
    sandbox = make()
    sandbox.deliver(
        b"From: bob@corp.example\r\nTo: alice@corp.example\r\nSubject: Figures\r\n\r\nCould you?\r\n", ALICE
    )
    command = (node, "story.js", sandbox.url, "Figures")
    done = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "found": ["Figures"],
        "from": "bob@corp.example",
        "body": "Could you?",
        "unread": True,
        "read": True,
        "categories": ["Seen by Node"],
        "task": "Answer Bob",
        "complete": True,
        "view": ["Round", "Other", "Round"],
        "modified": 1,
        "accepted": "Accept",
        "listed": 2,
        "changes": ["Delete"],
        "pulled": ["Created"],
        "streamed": ["Created"],
    }
    sent = show(sandbox, f"{BOB}/Inbox")
    assert "From Node: grüße" in sent
    assert "RE: Figures" in sent
