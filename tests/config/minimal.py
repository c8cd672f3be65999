"""A small configuration for tests, and what the loader says of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from ackd.config import Config, loads
from ackd.errors import ConfigError

FILE = Path("/etc/ackd/config.yaml")
ENV = {"HOME": "/home/alice"}
MAILBOX = """\
mailbox:
  address: alice@corp.example
  endpoint: https://mail.corp.example/EWS/Exchange.asmx
  password: {env: ACKD_PASSWORD}
"""
"""Four lines, so what a test adds begins in line 5."""


def config(text: str = "") -> Config:
    """The configuration of the minimal mailbox and a text below it."""
    return loads((MAILBOX + text).encode(), FILE, ENV).config


def message(text: str | bytes) -> str:
    """The whole message that the loader has for a file, without the file's folder."""
    with pytest.raises(ConfigError) as caught:
        loads(text if isinstance(text, bytes) else text.encode(), FILE, ENV)
    assert caught.value.exit_code == 78
    return str(caught.value).replace("/etc/ackd/", "")


def complaint(text: str) -> str:
    """The message for a text below the minimal mailbox."""
    return message(MAILBOX + text)
