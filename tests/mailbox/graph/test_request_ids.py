"""By which ids an administrator finds a request that was refused."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from ackd.errors import AccessBlocked
from exchange_sandbox import Quirks
from tests.mailbox.contract.test_graph import GraphWorld

GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def test_the_log_has_the_ids_of_what_was_refused_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = GraphWorld(tmp_path, Quirks(), monkeypatch)
    world.sandbox.faults.add("*", "403", times=-1)
    with caplog.at_level(logging.DEBUG, "ackd.mailbox.graph"), pytest.raises(AccessBlocked):
        world.mailbox.report()
    world.close()
    words = rf"event=graph-refused the server answered 403 \(\w+\) request-id={GUID} client-request-id={GUID}"
    assert caplog.messages
    assert all(re.fullmatch(words, line) for line in caplog.messages if "graph-refused" in line)
    assert any("graph-refused" in line for line in caplog.messages)
