"""A pass costs little memory whatever lies in the mailbox, seen from outside the process.

Growth is measured over the same command on a mailbox with nothing new in it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ackd.mailbox.ews import Access
from ackd.mailbox.ews.client import MailProgram
from exchange_sandbox import Quirks, Sandbox, deliver
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import BOB, NOW, OWNER, raw_mail
from tests.mailbox.contract.test_ews import PASSWORD, ZONE
from tests.system.commands import ACKD, CONFIG

GROWTH = 60  # MB
#: A server that limits nothing and tells no sizes: all is left to ackd.
SILENT = Quirks(body_limit_ignored=True, no_sizes=True)

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells how large a process is"),
]


def mime(number: int, text: str, *, kind: str = "plain", more: str = "", to: str = OWNER) -> bytes:
    return (
        f"Message-ID: <big{number}@evil.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
        f"From: Eve <eve@evil.example>\r\nTo: {to}\r\nSubject: Large {number}\r\n{more}"
        f"MIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


LINE = "<p>Lorem ipsum dolor sit amet &amp; consetetur sadipscing elitr, sed diam nonumy</p>\r\n"

CONTENTS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "html-9mb": (lambda n: mime(n, LINE * 50_000, kind="html"), 3),
    "many-1mb": (lambda n: mime(n, LINE * 11_000, kind="html"), 12),
    "one-line": (lambda n: mime(n, "<b>" + "x" * 3_000_000 + "</b>", kind="html"), 3),
    "wide": (lambda n: mime(n, "漢字😀" * 200_000), 8),
    "tags": (lambda n: mime(n, "<b>" * 50_000, kind="html"), 4),
    "headers": (
        lambda n: mime(n, "?", more="".join(f"X-Header-{k}: {'v' * 60}\r\n" for k in range(10_000))),
        6,
    ),
    "long-header": (lambda n: mime(n, "?", more="X-Long:" + f" {'v' * 900}\r\n" * 2000), 8),
    "recipients": (
        lambda n: mime(n, "?", to=",\r\n ".join(f"Some One <p{k}@corp.example>" for k in range(4_000))),
        8,
    ),
}


def peak(config: Path, *command: str) -> float:
    """How large a command's process became, in MB."""
    with subprocess.Popen(
        [*ACKD, *command, "--config", str(config)],
        env={**os.environ, "ACKD_PASSWORD": PASSWORD},
        stdout=subprocess.DEVNULL,
    ) as process:
        most = 0
        while process.poll() is None:
            try:
                told = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            except OSError:
                break
            most = max(most, *map(int, re.findall(r"VmHWM:\s+(\d+)", told)), 0)
            time.sleep(0.01)
    assert process.returncode == 0, process.returncode
    return most / 1024


@pytest.fixture
def clock() -> StepClock:
    return StepClock(NOW)


@pytest.mark.parametrize(
    "quirks",
    [Quirks(), pytest.param(SILENT, marks=pytest.mark.more)],
    ids=["limits texts", "silent"],
)
@pytest.mark.parametrize("content", CONTENTS)
def test_a_pass_over_any_mail(tmp_path: Path, clock: StepClock, content: str, quirks: Quirks) -> None:
    make, count = CONTENTS[content]
    people = dict.fromkeys((OWNER, BOB), PASSWORD)
    (tmp_path / "clock").write_text(NOW.isoformat(), encoding="ascii")
    at = ("--clock", str(tmp_path / "clock"))
    with Sandbox(tmp_path / "exchange", people, clock=clock.now, quirks=quirks) as place:
        config = tmp_path / "ackd.yaml"
        text = CONFIG.format(endpoint=place.url, state=tmp_path / "state", mode="preview", more="")
        config.write_text(text, encoding="utf-8")
        peak(config, "once", *at)
        deliver(place.data, [raw_mail("first")], OWNER, clock=clock.now)
        rest = peak(config, "once", *at)
        deliver(place.data, [make(number) for number in range(count)], OWNER, clock=clock.now)
        deliver(place.data, [raw_mail("last")], OWNER, clock=clock.now)
        growth = {"once": peak(config, "once", *at) - rest}
        if content == "wide":
            growth["explain"] = peak(config, "explain", "--subject", "Large", *at) - rest
            growth["replay"] = peak(config, "replay", "--since", "2d", *at) - rest
        print({name: round(mb) for name, mb in growth.items()})
        assert max(growth.values()) <= GROWTH, growth
        told = subprocess.run(
            [*ACKD, "log", "--config", str(config), *at, "--acknowledged", "--json"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "last@corp.example" in told.stdout


def test_a_pass_over_large_sent_mails(tmp_path: Path, clock: StepClock) -> None:
    people = dict.fromkeys((OWNER, BOB), PASSWORD)
    (tmp_path / "clock").write_text(NOW.isoformat(), encoding="ascii")
    at = ("--clock", str(tmp_path / "clock"))
    with Sandbox(tmp_path / "exchange", people, clock=clock.now, quirks=SILENT) as place:
        config = tmp_path / "ackd.yaml"
        text = CONFIG.format(endpoint=place.url, state=tmp_path / "state", mode="preview", more="")
        config.write_text(text, encoding="utf-8")
        peak(config, "once", *at)
        program = MailProgram(Access(OWNER, place.url, OWNER, PASSWORD), ZONE)
        program.send(BOB, "small", "small")
        rest = peak(config, "once", *at)
        for number in range(8):
            program.send(BOB, f"Large {number}", LINE * 60_000)
        program.close()
        growth = peak(config, "once", *at) - rest
        print(round(growth))
        assert growth <= GROWTH
