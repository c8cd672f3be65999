"""`ackd sign-in` as people give it, and what the other commands say before and after."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people import MONDAY, raw
from tests.system.commands import ACKD, APP, Site, in_process, written

ALICE = "alice@corp.example"
ROOT = Path(__file__).resolve().parents[2]
SECTION = """\
  kind: graph
  endpoint: {endpoint}
  authority: {authority}
  client_id: {client}
  sign_in: {way}
  ca_bundle: {trusted}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("site"), MONDAY, graph=True) as site:
        yield site


def configured(site: Site, name: str, way: str = "device") -> Path:
    section = SECTION.format(
        endpoint=site.graph_url, authority=site.authority, client=APP, way=way, trusted=site.trusted
    )
    return written(site.folder, name, section)


def begun(config: Path, *words: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*ACKD, "sign-in", "--config", str(config), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={**os.environ, **env},
    )


@pytest.mark.long
def test_with_a_code_on_another_device(site: Site) -> None:
    config = configured(site, "device")
    before = in_process("once", "--config", str(config), "--clock", str(site.clock))
    assert before.returncode == 77
    assert "nobody has signed in for this mailbox yet: run: ackd sign-in" in before.stderr
    process = begun(config)
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"Open (https://\S+) on any device, within 15 minutes, and enter the code (\w+)", line)
    assert found, line
    said = ("--data", str(site.data), "--mailbox", ALICE, "--clock", str(site.clock))
    in_process("sandbox", "consent", found[2], *said, check=True)
    rest = process.communicate(timeout=200)[0]
    assert process.returncode == 0, rest
    assert f"Signed in as {ALICE}, the mailbox's owner." in rest
    assert "Granted: User.Read, Mail.ReadWrite, Mail.Send, Tasks.ReadWrite" in rest
    site.once(config)
    site.later(seconds=30)
    site.deliver(raw("q1"))
    assert site.once(config)["acknowledged"] == 1
    shown = in_process("config", "show", "--config", str(config), check=True).stdout
    assert "secret" not in shown.replace("sign_in: secret", "")


@pytest.mark.long
def test_in_this_machines_browser(site: Site) -> None:
    config = configured(site, "browser", "browser")
    command = f"{sys.executable} -m tests.mailbox.sign_in.browser {ALICE} {site.trusted} %s &"
    process = begun(config, BROWSER=command)
    rest = process.communicate(timeout=200)[0]
    assert process.returncode == 0, rest
    assert "open this address on this machine:\nhttps://127.0.0.1" in rest
    assert f"Signed in as {ALICE}" in rest


def test_without_a_display_the_other_way_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    done = in_process("sign-in", "--config", str(configured(site, "blind", "browser")))
    assert done.returncode == 64
    assert "run: ackd sign-in --device" in done.stderr
    assert done.stdout == ""


def test_what_cant_be_signed_in_to_is_told(site: Site) -> None:
    config = site.config(state="app")
    done = in_process("sign-in", "--config", str(config))
    assert (done.returncode, "Nobody has to sign in" in done.stdout) == (0, True)
    done = in_process("sign-in", "--config", str(config), ACKD_APP_SECRET="wrong")
    assert done.returncode == 77
    assert "AADSTS7000215" in done.stderr
    done = in_process("sign-in", "--config", str(config), "--device")
    assert (done.returncode, "an app signs in by itself" in done.stderr) == (64, True)
    both = in_process("sign-in", "--config", str(config), "--device", "--browser")
    assert both.returncode == 2
    password = written(site.folder, "password", f"  endpoint: {site.url}\n  password: {{env: X}}\n")
    done = in_process("sign-in", "--config", str(password))
    assert (done.returncode, "run: ackd check" in done.stderr) == (78, True)
    nowhere = configured(site, "nowhere")
    nowhere.write_text(nowhere.read_text().replace(site.authority, "https://127.0.0.1:1/sandbox"))
    done = in_process("sign-in", "--config", str(nowhere))
    assert (done.returncode, "nothing listens at 127.0.0.1:1" in done.stderr) == (75, True)
    untrusted = configured(site, "untrusted")
    untrusted.write_text(untrusted.read_text().replace(f"  ca_bundle: {site.trusted}\n", ""))
    done = in_process("sign-in", "--config", str(untrusted))
    assert (done.returncode, "mailbox.ca_bundle" in done.stderr) == (75, True)
