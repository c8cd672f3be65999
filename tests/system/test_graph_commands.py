"""The commands on a mailbox that is reached by Graph, as processes and over TLS."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.people import MONDAY, raw
from tests.system.commands import ACKD, APP_SECRET, SECRETS, Site, ackd, in_process


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("site"), MONDAY, graph=True) as site:
        yield site


def test_a_day_by_the_commands(site: Site) -> None:
    config = site.config()
    site.once(config)
    site.later(seconds=30)
    site.deliver(raw("q1"), raw("thanks", "Thanks, great!"))
    done = site.once(config)
    assert (done["seen"], done["acknowledged"], done["left"]) == (2, 1, 1)
    given = ("--config", str(config), "--clock", str(site.clock))
    found = json.loads(in_process("check", *given, "--json", check=True).stdout)
    assert {"what": "sign-in", "well": True} in [{k: one[k] for k in ("what", "well")} for one in found]
    assert "Microsoft Graph v1.0" in [one["found"] for one in found]
    status = json.loads(in_process("status", *given, "--json", check=True).stdout)
    assert status["open_promises"] == 1
    lines = in_process("log", *given, "--subjects", "--json", check=True).stdout.splitlines()
    assert {json.loads(line)["subject"] for line in lines} == {"About q1", "About thanks"}
    files = [path for path in (site.folder / "state").rglob("*") if path.is_file()]
    assert all(APP_SECRET.encode() not in file.read_bytes() for file in files)
    assert APP_SECRET not in in_process("config", "show", "--config", str(config)).stdout


def test_the_service_works_and_ends(site: Site) -> None:
    config = site.config(state="service")
    site.once(config)
    site.later(seconds=30)
    site.deliver(raw("q2", sender="carol@corp.example"))
    service = subprocess.Popen(
        [*ACKD, "run", "--config", str(config), "--clock", str(site.clock)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **SECRETS},
    )
    assert service.stderr is not None
    lines: list[str] = []
    for line in service.stderr:
        lines.append(line)
        if "event=task outcome=done" in line:
            break
    service.send_signal(signal.SIGTERM)
    lines.append(service.stderr.read())
    service.stderr.close()
    assert service.wait(100) == 0, lines
    assert not any("Traceback" in line or "event=bug" in line for line in lines)


@pytest.mark.long
def test_a_wrong_secret_and_a_wrong_place_are_told(site: Site) -> None:
    config = site.config(state="wrong")
    done = ackd("once", "--config", str(config), "--clock", str(site.clock), ACKD_APP_SECRET="other")
    assert done.returncode == 77
    assert "AADSTS7000215" in done.stderr
    elsewhere = site.config(state="elsewhere", endpoint="https://127.0.0.1:1/v1.0")
    done = in_process("once", "--config", str(elsewhere), "--clock", str(site.clock))
    assert done.returncode == 75
    assert "Traceback" not in done.stderr
