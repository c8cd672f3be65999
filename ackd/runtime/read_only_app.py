"""What the commands that only look see: the configuration, the ledger if there is one, the mailbox.

Works beside a running service and writes nothing: no ledger is made, no lock is taken. Only that
the server refused a password is written down, so that nobody tries it again and again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from ackd import config as configuration
from ackd.engine import colleagues, groups, lessons
from ackd.errors import SignInRefused
from ackd.mailbox import open_mailbox
from ackd.ports import Ledger, Mailbox
from ackd.runtime import ledgers
from ackd.runtime.credentials import guard_of, secret_of
from ackd.runtime.settings import Assumed, settings_of

IN_MEMORY = "sqlite://"


class ReadOnlyApp:
    """A look at everything by one configuration; a context manager. Raises ConfigError."""

    def __init__(self, config_path: Path, clock_path: Path | None = None) -> None:
        self._ledger: Ledger | None = None
        loaded = configuration.load(config_path)
        self.config = loaded.config
        self.settings, self.assumed = settings_of(self.config, ledgers.last_known(self.config))
        self.clock = ledgers.clock_of(clock_path)
        if self.settings.groups:  # as the server said last who belongs to them
            self.settings, told = groups.last_known(self.settings, self.ledger, self.clock.now())
            self.assumed = Assumed((*self.assumed.words, *told))
        if self.settings.policy.authenticated_by_tenant:  # as it said last who is in the directory
            self.settings = colleagues.last_known(self.settings, self.ledger, self.clock.now())

    @property
    def ledger(self) -> Ledger | None:
        """The ledger, None where nothing was recorded yet. Raises LedgerError."""
        if self._ledger is None and ledgers.has_ledger(self.config):
            self._ledger = ledgers.ledger_of(self.config)
        return self._ledger

    def learn(self) -> None:
        """From here on judge as the service does, by what the owner's lessons teach. Raises LedgerError."""
        self.settings = lessons.last_known(self.settings, self.ledger, self.clock.now())

    @contextmanager
    def mailbox(self) -> Iterator[Mailbox]:
        """The mailbox on its server. Raises SignInRefused without asking the server where it
        refused this very password before and it isn't time to try it again."""
        secret = secret_of(self.config)
        zone = self.settings.calendar.zone
        if self.ledger is not None:
            with (
                guard_of(self.config, self.ledger, self.clock, secret).trying(),
                closing(open_mailbox(self.config, secret, zone, self.clock)) as mailbox,
            ):
                yield mailbox
            return
        try:
            with closing(open_mailbox(self.config, secret, zone, self.clock)) as mailbox:
                yield mailbox
        except SignInRefused as error:  # the one thing for which a ledger is made
            with closing(ledgers.ledger_of(self.config)) as ledger:
                raise guard_of(self.config, ledger, self.clock, secret).refused(error) from error

    @contextmanager
    def empty_ledger(self) -> Iterator[Ledger]:
        """A ledger in memory, for a rehearsal: nothing of it outlives the block."""
        ledger = ledgers.ledger_of(self.config.model_copy(update={"ledger": IN_MEMORY}))
        try:
            yield ledger
        finally:
            ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ledger:
            self._ledger.close()
