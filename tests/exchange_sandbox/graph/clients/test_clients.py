"""Clients that nobody here wrote, installed from their registries, unchanged, each with a morning of alice's.

They know no other addresses than Microsoft's: stand_in.py leads them here. Where one can't be had its story
is skipped. Two are large, or need namespaces: they run where ``ACKD_CLIENTS`` names a folder, in which what
they need is kept from one run to the next.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ...conftest import ALICE, BOB
from ..graph_client import Graph, token_for
from .stand_in import StandIn, question

pytestmark = pytest.mark.long
HERE = Path(__file__).parent
ROOT = HERE.parents[3]
HEAVY = "ACKD_CLIENTS"
INSTALL = ("install", "--ignore-scripts", "--no-audit", "--no-fund")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path / "place", {ALICE: "secret", BOB: "secret"}) as place:
        for subject in ("Other", "Third", "Figures"):
            question(place.sandbox, subject)
        yield place


@pytest.fixture(scope="session")
def kept() -> Path:
    """Where what the large clients need is kept."""
    folder = os.environ.get(HEAVY)
    if not folder:
        pytest.skip(f"a large client: set {HEAVY} to a folder for it")
    return Path(folder).resolve()


def told(place: StandIn | None, *command: str | Path, cwd: Path) -> Any:
    """What a story saw."""
    environment = {**os.environ, **(place.environment if place else {})}
    done = subprocess.run(
        [str(one) for one in command],
        check=False,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=280,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    if place is not None:
        troubles = [one for one in place.sandbox.requests if one.status >= 500]
        assert not troubles, troubles
    return json.loads(done.stdout.strip().splitlines()[-1])


def installed(folder: Path, *command: str | Path, what: str) -> None:
    """Install from a registry, or skip."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(
            [str(one) for one in command], cwd=folder, check=True, capture_output=True, timeout=1500
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip(f"{what} can't be installed: its registry isn't reached")


def node(folder: Path, package: str) -> str:
    """Node, with a package in a folder; or skip."""
    npm, command = shutil.which("npm"), shutil.which("node")
    if not (npm and command):
        pytest.skip("Node.js and npm aren't installed")
    if not (folder / "node_modules").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', encoding="ascii")
        installed(folder, npm, *INSTALL, package, what=package)
    return command


def inbox(place: StandIn, address: str) -> list[str]:
    """The subjects of somebody's inbox."""
    token = token_for(place.sandbox, address, context=place.context)["access_token"]
    client = Graph(place.sandbox.graph_url, token, place.context)
    return sorted(one["subject"] for one in client.all("/me/mailFolders/inbox/messages"))


def test_o365(place: StandIn, tmp_path: Path) -> None:
    if importlib.util.find_spec("O365") is None:
        pytest.skip("O365 isn't installed: pip install 'ackd[test]'")
    (tmp_path / "token").mkdir()
    assert told(place, sys.executable, HERE / "o365_story.py", tmp_path / "token", cwd=tmp_path) == {
        "me": ALICE,
        "found": ["Figures"],
        "from": BOB,
        "body": "Could you?",
        "unread": True,
        "read": True,
        "categories": ["Seen by O365"],
        "flag": [True, "2026-12-01T09:00:00+00:00"],
        "mime": True,
        "draft": ["From O365: grüße!"],
        "sent": ["FW: Figures", "From O365: grüße!", "In one step", "RE: Figures"],
        "drafts": 0,
        "folder": "Projects",
        "copied": ["Figures"],
        "moved": [0, 1],
        "folders": ["Deleted Items", "Drafts", "Inbox"],
        "pages": 3,
        "lists": ["Promises", "Tasks"],
        "task": ["Answer Bob", "2026-12-01", "2026-11-30T09:00:00+00:00"],
        "checklist": ["Look them up"],
        "completed": True,
        "default": True,
        "view": ["Round"],
        "event": "Other round",
        "view_after": [],
        "category": ["Promised"],
        "away": ["scheduled", "Away", "2026-12-24T00:00:00+00:00"],
        "here": "disabled",
        "after_refresh": ALICE,
    }
    assert {"From O365: grüße!", "In one step", "RE: Figures"} <= set(inbox(place, BOB))


def test_microsoft_graph_client(place: StandIn, tmp_path: Path) -> None:
    """Microsoft's client in JavaScript, which takes the sandbox's own address."""
    shutil.copy(HERE / "story.js", tmp_path)
    command = node(tmp_path, "@microsoft/microsoft-graph-client@3.0.7")
    token = token_for(place.sandbox, ALICE, context=place.context)["access_token"]
    address = place.sandbox.graph_url.replace("127.0.0.1", "localhost")
    assert told(place, command, "story.js", address, token, cwd=tmp_path) == {
        "me": ALICE,
        "found": ["Figures"],
        "from": BOB,
        "body": True,
        "unread": True,
        "headers": True,
        "mime": True,
        "draft": True,
        "property": ["t-1"],
        "sent": [["From JavaScript: grüße", False]],
        "sentItems": 3,
        "error": [True, 400, "ErrorInvalidIdMalformed", "string"],
        "batch": [201, 200, 400],
        "folder": ["From a batch"],
        "task": ["Answer Bob", "2026-12-01T00:00:00", "2026-11-30T09:00:00"],
        "link": [["ackd", "t-1"]],
        "extension": "bob",
        "told": ["Answer Bob"],
        "done": ["completed"],
        "deleted": [True],
        "view": [["Round", "09:00", True]],
        "category": [["Promised", "preset3"]],
        "away": "alwaysEnabled",
        "zone": "UTC",
        "hours": True,
        "listed": 3,
        "changed": [[True, ["Seen by JavaScript"], True]],
        "gone": [[True, "deleted"]],
    }
    assert inbox(place, BOB) == ["From JavaScript: grüße", "In one step", "RE: Figures"]


@pytest.mark.timeout(1800)
def test_msgraph_sdk(place: StandIn, kept: Path, tmp_path: Path) -> None:
    """Microsoft's model in Python, some 270 MB and more once compiled: an app that acts for alice."""
    folder = kept / "msgraph"
    python = folder / "bin" / "python"
    if not python.is_file():
        installed(kept, sys.executable, "-m", "venv", folder, what="a virtual environment")
        packages = ("msgraph-sdk==1.65.0", "azure-identity")
        installed(kept, python, "-m", "pip", "install", "-q", "--no-compile", *packages, what="msgraph-sdk")
    assert told(place, python, "-B", HERE / "msgraph_story.py", cwd=tmp_path) == {
        "me": ALICE,
        "found": ["Figures"],
        "from": BOB,
        "unread": True,
        "received": True,
        "body": "html",
        "categories": ["Seen by msgraph"],
        "mime": True,
        "property": ["t-1"],
        "sent": ["From msgraph: grüße"],
        "error": [400, "ErrorInvalidIdMalformed"],
        "listed": 3,
        "gone": [[True, {"reason": "deleted"}]],
        "hidden": ["ackd", True],
        "taken": [409, "ErrorFolderExists"],
        "task": ["Answer Bob", "2026-12-01T00:00:00", "2026-11-30T09:00:00"],
        "link": ["t-1"],
        "extension": 0,
        "told": ["Answer Bob"],
        "done": "completed",
        "deleted": [True],
        "view": [["Round", "08:00", True]],
        "category": [["Promised", "preset3"]],
        "away": "alwaysEnabled",
        "zone": "UTC",
        "hours": "08:00:00",
    }
    assert inbox(place, BOB) == ["From msgraph: grüße", "In one step", "RE: Figures"]


@pytest.mark.timeout(1800)
def test_ms_365_mcp_server(kept: Path, tmp_path: Path) -> None:
    """344 tools for language models. Its addresses are fixed: it runs where those hosts are this machine."""
    alone = ("unshare", "--map-root-user", "--net", "--mount")
    if (
        not shutil.which("unshare")
        or subprocess.run((*alone, "true"), check=False, capture_output=True).returncode
    ):
        pytest.skip("no namespaces of one's own here: unshare is refused")
    folder = kept / "mcp"
    node(folder, "@softeria/ms-365-mcp-server@0.155.0")
    script = folder / "node_modules" / "@softeria" / "ms-365-mcp-server" / "dist" / "index.js"
    story = (HERE / "mcp_story.py", ROOT, tmp_path, script)
    assert told(None, *alone, sys.executable, *story, cwd=tmp_path) == {
        "tools": True,
        "found": ["Figures"],
        "body": "Could you?",
        "headers": True,
        "sent": ["From tools: grüße!", "In one step", "RE: Figures"],
        "delta": [["Figures", ["Seen by tools"]], ["Other", []]],
        "folder": "ackd",
        "taken": True,
        "batch": [200, 400],
        "link": ["t-1"],
        "task": ["Answer Bob", "completed", "2026-12-01T00:00:00"],
        "tasks": 0,
        "view": [["Round", "09:00"]],
        "event": "Other round",
        "calendars": [True],
        "category": ["preset3"],
        "away": "alwaysEnabled",
        "hours": 5,
        "bob": ["From tools: grüße!", "In one step", "RE: Figures"],
    }
