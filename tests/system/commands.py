"""The commands as real processes: a sandbox that is served, and ackd that works on it."""

from __future__ import annotations

import contextlib
import io
import json
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

CONFIG = """\
mailbox:
  address: alice@corp.example
  endpoint: {endpoint}
  password: {{env: ACKD_PASSWORD}}
state: {state}
mode: {mode}
poll: 1 s
internal: {{domains: [corp.example]}}
promise: {{time_zone: Europe/Berlin, grace: 0 min, grace_urgent: 0 min}}
limits: {{per_sender_per_day: 1000, per_hour: 1000, per_day: 1000}}
{more}
"""


class Site:
    """A folder with a clock file, a served sandbox and configurations. A context manager."""

    def __init__(self, folder: Path, start: datetime) -> None:
        self.folder = folder
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
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(moment.isoformat(), encoding="ascii")
        fresh.replace(self.clock)

    def later(self, **span: float) -> None:
        self.set_clock(self.now + timedelta(**span))

    def serve(self, port: int = 0, *more: str) -> None:
        people = ("alice@corp.example:secret", "bob@corp.example:secret")
        mailboxes = [word for person in people for word in ("--mailbox", person)]
        where = ("--port", str(port), "--clock", str(self.clock))
        self._server = subprocess.Popen(
            [*ACKD, "sandbox", "serve", "--data", str(self.data), *where, *mailboxes, *more],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line
        self.url = line.split()[-1]

    def stop_server(self) -> int:
        assert self._server is not None
        assert self._server.stdout is not None
        self._server.send_signal(signal.SIGTERM)
        self._server.stdout.close()
        return self._server.wait(10)

    def config(self, *, mode: str = "send", state: str = "state", more: str = "", endpoint: str = "") -> Path:
        path = self.folder / f"{state}.yaml"
        text = CONFIG.format(endpoint=endpoint or self.url, state=self.folder / state, mode=mode, more=more)
        path.write_text(text, encoding="utf-8")
        return path

    def deliver(self, *mails: bytes, outside: bool = False) -> None:
        files = []
        for number, raw in enumerate(mails):
            files.append(self.folder / f"mail-{number}.eml")
            files[-1].write_bytes(raw)
        more = ["--from-outside"] if outside else []
        ackd(
            "sandbox", "deliver", "--data", str(self.data), "--to", "alice@corp.example",
            "--clock", str(self.clock), *more, *map(str, files), check=True,
        )  # fmt: skip

    def once(self, config: Path, *, status: int = 0, **env: str) -> dict[str, Any]:
        done = ackd("once", "--config", str(config), "--clock", str(self.clock), "--json", **env)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


ACKD = [sys.executable, "-m", "ackd"]


def ackd(*arguments: str, check: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*ACKD, *arguments],
        capture_output=True,
        text=True,
        check=check,
        timeout=50,
        env={**os.environ, "ACKD_PASSWORD": "secret", **env},
    )


def in_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this process, which takes a tenth of the time."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("ACKD_PASSWORD", "secret")
        try:
            main(list(arguments))
            status: Any = 0
        except SystemExit as ended:
            status = ended.code or 0
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())
