"""`ackd review` as people and scripts start it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.system.commands import ACKD, in_process
from tests.web.test_guard import CONFIG


@pytest.fixture(name="config")
def _config(tmp_path: Path) -> Path:
    config = tmp_path / "config.yaml"
    config.touch(mode=0o600)
    config.write_text(CONFIG.format(state=tmp_path / "state"), encoding="utf-8")
    return config


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_it_says_when_it_is_ready_and_ends_with_0(config: Path, number: signal.Signals) -> None:
    command = [*ACKD, "review", "--no-browser", "--port", "0", "--config", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("review at http://127.0.0.1:"), line
        assert "/?key=" in line
        with urllib.request.urlopen(line.split()[-1], timeout=100) as answer:  # noqa: S310
            assert answer.status == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=100)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_port_that_is_taken_is_told(config: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = in_process("review", "--no-browser", "--port", port, "--config", str(config))
    assert done.returncode == 64
    assert f"port {port} can't be had" in done.stderr
    assert "--port 0" in done.stderr


def test_a_configuration_that_isnt_there_is_told(tmp_path: Path) -> None:
    done = in_process("review", "--no-browser", "--config", str(tmp_path / "none.yaml"))
    assert done.returncode == 78
    assert "none.yaml" in done.stderr


@pytest.mark.parametrize("missing", ["starlette", pytest.param("uvicorn", marks=pytest.mark.long)])
def test_without_the_extra_it_says_how_to_get_it(config: Path, missing: str) -> None:
    hidden = (
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name.partition('.')[0] == {missing!r}:\n"
        "            raise ModuleNotFoundError(name=name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "from ackd.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", hidden, "review", "--no-browser", "--config", str(config)],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 64
    assert f"the page needs the package {missing}" in done.stderr
    assert "[web]" in done.stderr
    assert "Traceback" not in done.stderr
