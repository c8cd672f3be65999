"""The commands as users give them: a sandbox that is served by a process of its own, and ackd that works on
it, in this process where a test isn't about the process."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from ackd.cli import main

EWS = """\
  endpoint: {endpoint}
  password: {{env: ACKD_PASSWORD}}
"""
#: An app signs in by its secret, so that nobody has to be there.
GRAPH = """\
  kind: graph
  endpoint: {endpoint}
  authority: {authority}
  client_id: {client}
  sign_in: secret
  password: {{env: ACKD_APP_SECRET}}
  ca_bundle: {trusted}
"""
APP, APP_SECRET = "11111111-0000-4000-8000-000000000001", "an app's own word"
HEAD = """\
mailbox:
  address: alice@corp.example
"""
REST = """\
state: {state}
mode: {mode}
poll: 1 s
internal: {{domains: [corp.example]}}
promise: {{time_zone: Europe/Berlin, grace: 0 min, grace_urgent: 0 min}}
limits: {{per_sender_per_day: 1000, per_hour: 1000, per_day: 1000}}
{more}
"""
CONFIG = HEAD + EWS + REST


def set_clock(file: Path, moment: datetime) -> None:
    """What the time is by a clock's file, from one moment to the next."""
    fresh = file.with_suffix(".new")
    fresh.write_text(moment.isoformat(), encoding="ascii")
    fresh.replace(file)


def configured(folder: Path, name: str, endpoint: str, *, mode: str = "send", more: str = "") -> Path:
    """A configuration whose ackd keeps its state in a folder by its name."""
    return written(folder, name, EWS.format(endpoint=endpoint), mode=mode, more=more)


def graph_section(endpoint: str, authority: str, trusted: Path) -> str:
    """The section of a mailbox on Graph, for a sandbox that knows the app `APP`."""
    return GRAPH.format(endpoint=endpoint, authority=authority, client=APP, trusted=trusted)


def written(folder: Path, name: str, mailbox: str, *, mode: str = "send", more: str = "") -> Path:
    """The same with these lines in the section `mailbox`, below the address."""
    path = folder / f"{name}.yaml"
    text = HEAD + mailbox + REST.format(state=folder / name, mode=mode, more=more)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


class Site:
    """A folder with a clock file, a served sandbox and configurations. A context manager.

    With `graph` the sandbox serves by TLS (`trusted` is the certificate to trust) and knows the app `APP`,
    and the configurations have `kind: graph`."""

    def __init__(self, folder: Path, start: datetime, *, graph: bool = False) -> None:
        self.folder, self.graph = folder, graph
        self.graph_url = self.authority = ""
        self.trusted = folder / "trusted.pem"
        self.clock = folder / "clock"
        self.now = start
        self.set_clock(start)
        self.data = folder / "sandbox"
        self._server: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        self.serve()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_server()

    def set_clock(self, moment: datetime) -> None:
        self.now = moment
        set_clock(self.clock, moment)

    def later(self, **span: float) -> None:
        self.set_clock(self.now + timedelta(**span))

    def serve(self, port: int = 0, *more: str) -> None:
        people = ("alice@corp.example:secret", "bob@corp.example:secret")
        mailboxes = [word for person in people for word in ("--mailbox", person)]
        where = ["--port", str(port), "--clock", str(self.clock)]
        if self.graph:
            where += ["--tls", "--ca-file", str(self.trusted), "--app", f"{APP}:{APP_SECRET}"]
        self._server = subprocess.Popen(
            [*ACKD, "sandbox", "serve", "--data", str(self.data), *where, *mailboxes, *more],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        assert line.startswith(f"listening on http{'s' * self.graph}://127.0.0.1:"), line
        self.url = line.split()[-1]
        *_, self.graph_url, _, self.authority = self._server.stdout.readline().split()

    def stop_server(self) -> int:
        assert self._server is not None
        assert self._server.stdout is not None
        self._server.send_signal(signal.SIGTERM)
        self._server.stdout.close()
        return self._server.wait(100)

    def config(self, *, mode: str = "send", state: str = "state", more: str = "", endpoint: str = "") -> Path:
        if not self.graph:
            return configured(self.folder, state, endpoint or self.url, mode=mode, more=more)
        section = graph_section(endpoint or self.graph_url, self.authority, self.trusted)
        return written(self.folder, state, section, mode=mode, more=more)

    def deliver(self, *mails: bytes, outside: bool = False) -> None:
        files = []
        for number, raw in enumerate(mails):
            files.append(self.folder / f"mail-{number}.eml")
            files[-1].write_bytes(raw)
        more = ["--from-outside"] if outside else []
        in_process(
            "sandbox", "deliver", "--data", str(self.data), "--to", "alice@corp.example",
            "--clock", str(self.clock), *more, *map(str, files), check=True,
        )  # fmt: skip

    def once(self, config: Path, *, status: int = 0, **env: str) -> dict[str, Any]:
        done = in_process("once", "--config", str(config), "--clock", str(self.clock), "--json", **env)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


SECRETS = {"ACKD_PASSWORD": "secret", "ACKD_APP_SECRET": APP_SECRET}
ACKD = [sys.executable, "-m", "ackd"]


def ackd(*arguments: str, check: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*ACKD, *arguments],
        capture_output=True,
        text=True,
        check=check,
        timeout=250,
        env={**os.environ, **SECRETS, **env},
    )


def in_process(*arguments: str, check: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in this process, which takes a tenth of the time."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in {**SECRETS, **env}.items():
            patch.setenv(name, value)
        patch.setattr(logging.getLogger(), "handlers", [])  # a process of its own would have none
        try:
            main(list(arguments))
            status: Any = 0
        except SystemExit as ended:
            status = ended.code or 0
    assert not check or status == 0, (arguments, status, out.getvalue(), err.getvalue())
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())
