"""The log: one line each, and never a library's words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.errors import SignInRefused
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.runtime.logs import split, start_logging
from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.people import MONDAY, raw

ALICE, SECRET = "alice@corp.example", "canary-4711"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield io.StringIO()
    root.handlers = handlers
    root.setLevel(level)
    logging.raiseExceptions = True


def test_json_has_the_fields_of_a_line(out: io.StringIO) -> None:
    start_logging(logging.INFO, "json", out)
    log = logging.getLogger("ackd.engine.daemon")
    log.info("event=waiting seconds=%d: %s", 60, "the server\nsaid: no=thing")
    log.debug("event=unheard")
    try:
        raise ValueError("Dear Alice, a private text")
    except ValueError:
        log.exception("event=bug")
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["event"], first["seconds"], first["level"]) == ("waiting", "60", "info")
    assert first["message"] == "the server said: no=thing"
    assert second["event"] == "bug"
    assert "ValueError at" in second["message"]
    assert "private" not in out.getvalue()
    assert split("no fields: here=none") == ({}, "no fields: here=none")
    assert split("event=stopped") == ({"event": "stopped"}, "")


def test_a_library_that_warns_is_named_without_its_words(out: io.StringIO) -> None:
    start_logging(logging.DEBUG, "plain", out)
    logging.getLogger("urllib3.connectionpool").debug("GET /EWS Authorization: Basic abc")
    logging.getLogger("urllib3.connection").warning("Failed to parse headers: Basic abc")
    logging.getLogger("apscheduler.scheduler").warning("Execution of job skipped")
    (line,) = out.getvalue().splitlines()
    assert "event=library logger=urllib3.connection" in line
    assert "abc" not in line


def test_at_debug_no_password_header_or_body_appears(out: io.StringIO, tmp_path: Path) -> None:
    start_logging(logging.DEBUG, "plain", out)
    clock = StepClock(MONDAY)
    with Sandbox(tmp_path, {ALICE: SECRET}, clock=clock.now) as sandbox:
        sandbox.deliver(raw("q1", "Could you send the private-body figures?"), ALICE)
        box = EwsMailbox(Access(ALICE, sandbox.url, ALICE, SECRET), zone=ZoneInfo("UTC"), clock=clock)
        assert box.search(subject="About")
        sandbox.faults.add("GetFolder", "malformed-xml")
        sandbox.faults.add("GetFolder", "busy", 5000)
        for _ in range(2):
            with pytest.raises(Exception, match=r"."):
                box.report()
        box.close()
        wrong = EwsMailbox(
            Access(ALICE, sandbox.url, ALICE, f"{SECRET}-x"), zone=ZoneInfo("UTC"), clock=clock
        )
        with pytest.raises(SignInRefused):
            wrong.report()
        wrong.close()
    for private in (SECRET, "Basic ", "private-body", "<s:Envelope", "About q1"):
        assert private not in out.getvalue()
