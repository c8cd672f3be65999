"""Distribution lists from the server's to an explanation, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people import MONDAY, raw
from tests.system.commands import ACKD, Site, in_process

DORA, TEAM, INNER = "dora@partner.example", "team@corp.example", "inner@corp.example"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site(tmp_path, MONDAY) as site:
        port = int(site.url.partition("127.0.0.1:")[2].partition("/")[0])
        site.stop_server()
        site.serve(port, "--group", f"{TEAM}=bob@corp.example,{INNER}", "--group", f"{INNER}={DORA},{TEAM}")
        yield site


def lists(config: Path, *names: str) -> None:
    """Let nobody be inside but the members of these lists."""
    text = config.read_text(encoding="utf-8")
    before = next(line for line in text.splitlines() if line.startswith("internal:"))
    after = f"internal: {{groups: [{', '.join(names)}]}}"
    config.write_text(text.replace(before, after), encoding="utf-8")


def test_members_are_colleagues_and_an_explanation_says_how_it_knows(site: Site) -> None:
    config = site.config()
    lists(config, TEAM)
    mail = site.folder / "dora.eml"
    mail.write_bytes(raw("q", sender=DORA))

    def explained() -> tuple[str, str]:
        done = in_process("explain", str(mail), "--config", str(config), "--clock", str(site.clock))
        return done.stdout, done.stderr

    text, assumed = explained()
    assert "from outside" in text
    assert f"{TEAM} has no members" in assumed
    site.once(config)
    site.later(seconds=30)
    site.deliver(raw("q1", sender=DORA), raw("q2", sender="eve@corp.example"))
    assert site.once(config)["acknowledged"] == 1
    text, assumed = explained()
    assert "ACKNOWLEDGE" in text
    assert f"{TEAM} has 2 members, as the server said on 2026-11-23 09:30 CET" in assumed
    status = in_process("status", "--config", str(config), "--clock", str(site.clock)).stdout
    assert f"lists: {TEAM}: 2 members as of 2026-11-23 09:30 CET" in status
    lists(config, TEAM, "nobody@corp.example")
    done = in_process("once", "--config", str(config), "--clock", str(site.clock))
    assert done.returncode == 78
    assert "internal.groups" in done.stderr
    assert "nobody@corp.example" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_running_service_refuses_a_list_that_the_server_does_not_know(site: Site) -> None:
    config = site.config()
    service = subprocess.Popen(
        [*ACKD, "run", "--config", str(config), "--clock", str(site.clock)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ACKD_PASSWORD": "secret"},
    )
    assert service.stderr is not None
    assert any("event=started" in line for line in service.stderr)
    lists(config, "nobody@corp.example")
    service.send_signal(signal.SIGHUP)
    refused = next(line for line in service.stderr if "event=config-refused" in line)
    assert "nobody@corp.example" in refused
    lists(config, INNER)
    service.send_signal(signal.SIGHUP)
    assert any("event=config-taken-up" in line for line in service.stderr)
    service.send_signal(signal.SIGTERM)
    service.stderr.read()
    service.stderr.close()
    assert service.wait(20) == 0
