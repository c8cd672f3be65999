"""The commands that scripts go by: what serve prints, the certificate to trust, consent."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from typer.testing import CliRunner

from ackd.cli import app
from exchange_sandbox import Sandbox

from ..conftest import ALICE, BOB
from .graph_client import CLIENT_ID, SCOPE, Graph, fetch

ACKD = [sys.executable, "-m", "ackd", "sandbox"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
APP, SECRET = "11111111-0000-4000-8000-000000000001", "s:ecret"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ACKD, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    """Starts the command; gives its first lines."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path) -> list[str]:
        command = [*ACKD, "serve", "--data", tmp_path / "data", "--port", "0", "--mailbox", f"{ALICE}:secret"]
        process = subprocess.Popen(
            [*map(str, command), *map(str, arguments)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        return [process.stdout.readline().strip() for _ in range(2)]

    yield start
    for process in started:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def test_a_script_signs_in_by_what_is_printed(serve: Callable[..., list[str]], tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    shared = ("--mailbox", f"{BOB}:secret", "--share", f"{ALICE}={BOB}:full-access,send-as")
    first, second = serve("--tls", "--ca-file", ca, "--app", f"{APP}:{SECRET}", *shared)
    assert first.startswith("listening on https://127.0.0.1:")
    words = second.split()
    assert words[:2] == ["graph", "on"]
    assert words[3] == "authority"
    base, authority = words[2], words[4]
    assert base.endswith("/v1.0")
    assert authority.endswith("/sandbox")
    context = ssl.create_default_context(cafile=str(ca))
    form = {
        "grant_type": "client_credentials",
        "client_id": APP,
        "client_secret": SECRET,
        "scope": "x/.default",
    }
    token = fetch("POST", f"{authority}/oauth2/v2.0/token", urlencode(form).encode(), FORM, context).json[
        "access_token"
    ]
    assert Graph(base, token, context).get(f"/users/{ALICE}/mailFolders/inbox").status == 200
    form = {"grant_type": "password", "client_id": CLIENT_ID, "username": BOB, "password": "secret"}
    form["scope"] = "Mail.Read.Shared"
    guest = fetch("POST", f"{authority}/oauth2/v2.0/token", urlencode(form).encode(), FORM, context)
    token = guest.json["access_token"]
    assert Graph(base, token, context).get(f"/users/{ALICE}/messages").status == 200
    for more, error in (((), None), (("--refuse",), "authorization_declined")):
        form = {"client_id": CLIENT_ID, "scope": SCOPE}
        device = fetch(
            "POST", f"{authority}/oauth2/v2.0/devicecode", urlencode(form).encode(), FORM, context
        ).json
        said = run("consent", device["user_code"], "--data", tmp_path / "data", "--mailbox", ALICE, *more)
        assert said.returncode == 0, said.stderr
        form = {"grant_type": "device_code", "client_id": CLIENT_ID, "device_code": device["device_code"]}
        got = fetch("POST", f"{authority}/oauth2/v2.0/token", urlencode(form).encode(), FORM, context).json
        assert got.get("error") == error
        assert ("access_token" in got) is (error is None)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--app", "no-secret"), "not CLIENT_ID:SECRET"),
        (("--app-certificate", "x"), "not CLIENT_ID:CERT.pem"),
        (("--app-certificate", "x:nowhere.pem"), "no certificate (PEM) for the app x"),
        (("--ca-file", "x.pem"), "needs --tls"),
        (("--share", f"{ALICE}:full-access"), "is not ADDRESS=PERSON:RIGHT"),
        (("--throttle", "graph=1"), "graph_connections"),
        (("--quirk", "graph"), "graph_keeps_draft_id"),
        (("--fault", "messages.send:frob"), "504-after-commit"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, arguments: tuple[str, ...], text: str) -> None:
    got = run("serve", "--data", tmp_path / "data", "--port", "0", *arguments)
    assert got.returncode != 0
    assert text in " ".join(got.stderr.replace("│", " ").split())
    assert "Traceback" not in got.stderr


def test_consent_names_what_is_wrong(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "data", {BOB: "secret"}):
        pass
    got = run("consent", "NOSUCH", "--data", tmp_path / "data", "--mailbox", ALICE)
    assert got.returncode == 1
    assert "no such mailbox" in got.stderr


@pytest.mark.parametrize(
    "command", [("consent", "X", "--mailbox", ALICE), ("deliver", "--sample", "--to", ALICE), ("show",)]
)
def test_only_serve_makes_a_sandbox(tmp_path: Path, command: tuple[str, ...]) -> None:
    got = CliRunner().invoke(app, ["sandbox", *command, "--data", str(tmp_path / "data")])
    assert got.exit_code == 1
    assert "no sandbox is here" in got.output
    assert not (tmp_path / "data").exists()
