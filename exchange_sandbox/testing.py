"""Fixtures for the tests of other projects: an Exchange server for each test.

In a project's ``conftest.py``::

    pytest_plugins = ["exchange_sandbox.testing"]

Then a test asks for ``exchange``, or for ``make_exchange`` where it needs another one::

    def test_mail_is_read(exchange):
        exchange.deliver(Path("question.eml").read_bytes(), "alice@corp.example")
        my_client = Client(exchange.url, "alice@corp.example", "secret")
        ...
        assert exchange.requests.count("SendItem") == 1

This module needs pytest, which ackd itself doesn't install.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest

from exchange_sandbox import Sandbox

#: The mailboxes of ``exchange`` and their passwords.
MAILBOXES = {"alice@corp.example": "secret", "bob@corp.example": "secret"}


class ExchangeClock:
    """A server's time, which stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        """Let time pass; the words are those of :class:`datetime.timedelta`, such as ``minutes=5``."""
        self.now += timedelta(**span)


class MakeExchange(Protocol):
    """Starts servers; all of them stop when the test is over."""

    def __call__(self, mailboxes: Mapping[str, str] = MAILBOXES, **options: Any) -> Sandbox:
        """``options`` are those of :class:`exchange_sandbox.Sandbox`, such as ``quirks`` and ``clock``."""


@pytest.fixture
def exchange_clock() -> ExchangeClock:
    """The time of ``exchange``: a Monday morning, until the test moves it."""
    return ExchangeClock(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))


@pytest.fixture
def make_exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeExchange]:
    """Starts an Exchange server on a free port of loopback, with a directory of its own."""
    with ExitStack() as started:

        def make(mailboxes: Mapping[str, str] = MAILBOXES, **options: Any) -> Sandbox:
            data = tmp_path_factory.mktemp("exchange")
            return started.enter_context(Sandbox(data, mailboxes, **options))

        yield make


@pytest.fixture
def exchange(make_exchange: MakeExchange, exchange_clock: ExchangeClock) -> Sandbox:
    """An Exchange server with the mailboxes of alice and bob (password: secret)."""
    return make_exchange(clock=exchange_clock)
