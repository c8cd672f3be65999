"""All labelled mails through the sandbox into the owner's inbox, and one pass over them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.engine.daemon import Daemon
from ackd.ledger import SqlLedger
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.ews.client import MailProgram
from ackd.model import EffectState
from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, settings

ZONE = ZoneInfo("Europe/Berlin")


def today(raw: bytes, at: datetime) -> bytes:
    """The mail with a Date of now."""
    date = f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000".encode()
    return re.sub(rb"(?m)^Date:.*$", date, raw, count=1)


@pytest.mark.long
def test_every_labelled_mail_is_decided_once(shared: Path, tmp_path: Path) -> None:
    files = sorted((shared / "mail" / "labelled").glob("*.eml"))
    assert len(files) > 600
    clock = StepClock(MONDAY)
    with Sandbox(tmp_path / "sandbox", {ALICE.address: "secret"}, clock=clock.now) as sandbox:
        access = Access(ALICE.address, sandbox.url, ALICE.address, "secret")
        ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", ALICE.address)
        daemon = Daemon(EwsMailbox(access, zone=ZONE, clock=clock), ledger, clock, settings())
        daemon.run_pass()
        clock.move(timedelta(seconds=30))
        for file in files:
            sandbox.deliver(today(file.read_bytes(), clock.now()), ALICE.address)
        summary = daemon.run_pass()
        judged = ledger.judged(datetime(2000, 1, 1, tzinfo=UTC))
        wanted = {row.message_id for row in judged if row.verdict.acknowledge}
        print(f"{len(files)} mails: {summary}")
        # their senders have no mailboxes: after a hundred letters the next look meets what came back
        returned = [row for row in judged if row.sender.startswith("microsoftexchange")]
        assert summary.seen == len(judged) == len(files) + len(returned)
        assert summary.acknowledged == len(wanted) == summary.open_promises > 20
        assert summary.left == len(judged) - len(wanted)
        assert all(row.verdict.findings for row in judged)
        assert daemon.unfinished() == ""
        assert {p.effect.state for p in ledger.in_state(*EffectState)} == {EffectState.DONE}
        tasks = Counter(task.message_id for task in daemon.mailbox.tasks())
        assert tasks == Counter(wanted)
        outlook = MailProgram(access, ZONE)
        letters = Counter(mail.in_reply_to for mail in outlook.sent(clock.now()))
        assert letters == Counter(wanted)
