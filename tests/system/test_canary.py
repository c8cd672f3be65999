"""A planted password, through the whole life of an ackd, appears nowhere but where it is kept."""

from __future__ import annotations

import base64
import logging
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ackd.cli import app
from ackd.errors import AckdError
from tests.people import MONDAY, raw
from tests.system.commands import ACKD, Site

ALICE, CANARY = "alice@corp.example", "canary-c0ffee-4711"
TRACES = (CANARY.encode(), base64.b64encode(f"{ALICE}:{CANARY}".encode()), base64.b64encode(CANARY.encode()))


class Watched:
    """A site whose every word is kept, in a home of its own."""

    def __init__(self, site: Site) -> None:
        self.site, self.home = site, site.folder / "home"
        self.home.mkdir()
        self.config = self.home / "ackd" / "config.yaml"
        self.said: list[bytes] = []
        self.env = {"HOME": str(self.home), "XDG_STATE_HOME": str(self.home / "state")}

    def __call__(self, *words: str, status: int | None = 0) -> str:
        """A command, in this process: a dozen interpreters would take their time."""
        where = ["--config", str(self.config)]
        if words[0] != "config":
            where += ["--clock", str(self.site.clock)]
        done = CliRunner().invoke(app, [*words, *where], env=self.env)
        error = done.exception if not isinstance(done.exception, SystemExit) else None
        said = f"{done.output}{done.stderr}{error or ''}"
        self.said.append(said.encode())
        assert error is None or isinstance(error, AckdError), (words, error, said)
        code = error.exit_code if isinstance(error, AckdError) else done.exit_code
        assert status is None or code == status, (words, code, said)
        return said

    def begin(self) -> None:
        words = [
            "init",
            "--config",
            str(self.config),
            "--yes",
            "--address",
            ALICE,
            "--endpoint",
            self.site.url,
        ]
        done = subprocess.run(
            [*ACKD, *words, "--password-stdin", "--keep", "file", "--clock", str(self.site.clock)],
            input=CANARY.encode() + b"\n", capture_output=True, timeout=250, check=False,
            env={**os.environ, **self.env},
        )  # fmt: skip
        self.said += [done.stdout, done.stderr]
        assert done.returncode == 0, (done.stdout, done.stderr)

    def run_for_a_while(self) -> None:
        """The service at DEBUG, until it has met a fault and a mail."""
        words = ["run", "--config", str(self.config), "--clock", str(self.site.clock), "--log-level", "debug"]
        service = subprocess.Popen([*ACKD, *words], stderr=subprocess.PIPE, env={**os.environ, **self.env})
        assert service.stderr is not None
        wanted = {b"event=waiting", b"event=judged"}
        for line in service.stderr:
            self.said.append(line)
            wanted -= {one for one in wanted if one in line}
            if not wanted:
                break
        self.said.append(Path(f"/proc/{service.pid}/cmdline").read_bytes())
        service.send_signal(signal.SIGTERM)
        self.said.append(service.stderr.read())
        service.stderr.close()
        assert service.wait(100) == 0

    def written(self) -> Iterator[tuple[str, bytes]]:
        for number, words in enumerate(self.said):
            yield f"output {number}", words
        for file in self.home.rglob("*"):
            if file.is_file() and file.name != "ackd-password":
                yield str(file), file.read_bytes()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    root, site = logging.getLogger(), Site(tmp_path, MONDAY)
    handlers, level = root.handlers, root.level
    site.serve(0, "--mailbox", f"{ALICE}:{CANARY}")
    yield Watched(site)
    site.stop_server()
    logging.raiseExceptions = True
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.long
def test_the_password_is_nowhere_but_where_it_is_kept(watched: Watched) -> None:
    site, home = watched.site, watched.home
    watched.begin()
    text = watched.config.read_text().replace("#poll: 60 s", "poll: 1 s")
    watched.config.write_text(text.replace("mode: preview", "mode: send"))
    watched("check")
    watched("once", "--log-level", "debug")
    site.later(seconds=30)
    site.deliver(raw("q1"), raw("q2"))
    (site.data / "FAULTS").write_text("GetFolder:malformed-xml\nGetItem:cut-in-answer\nSyncFolderItems:503\n")
    watched.run_for_a_while()
    for command in (["config", "show"], ["status"], ["log"], ["explain", "--subject", "About"], ["promises"]):
        watched(*command, status=None)
    for fault in ("401", "403", "429", "busy", "empty-response-code"):
        site.later(seconds=90)
        (site.data / "FAULTS").write_text(f"*:{fault}\n")
        watched("once", "--log-level", "debug", "--log-format", "json", status=None)
        watched("check", status=None)
    (home / "ackd" / "ackd-password").chmod(0o644)
    assert "can be read by others" in watched("once", status=78)
    text = watched.config.read_text()
    watched.config.write_text(text.replace("password: {", f"password: {CANARY} #"))
    assert "isn't written here" in watched("check", status=78)
    watched.config.write_text(text.replace("endpoint: http://", f"endpoint: http://alice:{CANARY}@"))
    watched("once", status=78)
    watched.config.write_text(text)
    found = [name for name, data in watched.written() if any(trace in data for trace in TRACES)]
    assert found == []
    assert any(name.endswith("ledger.sqlite") for name, _ in watched.written())
