"""What the commands that only look see: the configuration, the ledger if there is one, the mailbox.

Works beside a running service and writes nothing: no ledger is made, no lock is taken. Only that
the server refused a password is written down, so that nobody tries it again and again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from ackd import config as configuration
from ackd.config import Config
from ackd.engine import colleagues, groups, lessons
from ackd.engine.triage import Settings
from ackd.errors import SignInRefused, UsageError
from ackd.mailbox import open_mailbox
from ackd.ports import Ledger, Mailbox
from ackd.runtime import ledgers
from ackd.runtime.credentials import guard_of, secret_of
from ackd.runtime.settings import Assumed, settings_of

IN_MEMORY = "sqlite://"


@dataclass(frozen=True, slots=True)
class Beside:
    """A mailbox, and of two sides, today's configuration and a changed one, an empty ledger and the settings
    each. `notes` say in words what a rehearsal can't show."""

    mailbox: Mailbox
    ledgers: tuple[Ledger, Ledger]
    settings: tuple[Settings, Settings]
    notes: tuple[str, ...]


class ReadOnlyApp:
    """A look at everything by one configuration; a context manager. Raises ConfigError."""

    def __init__(self, config_path: Path, clock_path: Path | None = None) -> None:
        self._ledger: Ledger | None = None
        self._learns = False
        loaded = configuration.load(config_path)
        self.config = loaded.config
        self.clock = ledgers.clock_of(clock_path)
        self.settings, self.assumed = self.settings_by(self.config)

    def settings_by(self, config: Config) -> tuple[Settings, Assumed]:
        """What a configuration, this one or a changed one, makes of what is known of this mailbox."""
        settings, assumed = settings_of(config, ledgers.last_known(self.config))
        if settings.groups:  # as the server said last who belongs to them
            settings, told = groups.last_known(settings, self.ledger, self.clock.now())
            assumed = Assumed((*assumed.words, *told))
        if settings.policy.authenticated_by_tenant:  # as it said last who is in the directory
            settings = colleagues.last_known(settings, self.ledger, self.clock.now())
        if self._learns:
            settings = lessons.last_known(settings, self.ledger, self.clock.now())
        return settings, assumed

    @contextmanager
    def beside(self, config: Config) -> Iterator[Beside]:
        """All that a rehearsal of a changed configuration of this mailbox needs; nothing outlives the block,
        and both sides judge by what the owner's lessons teach. Raises UsageError for another mailbox's, and
        as `mailbox` does."""
        notes = self._unshown(config)
        self.learn()
        settings = self.settings, self.settings_by(config)[0]
        with self.empty_ledger() as one, self.empty_ledger() as two, self.mailbox() as mailbox:
            yield Beside(mailbox, (one, two), settings, notes)

    def _unshown(self, config: Config) -> tuple[str, ...]:
        """What of a changed configuration a rehearsal can't show, in words."""
        before, after = self.config.mailbox, config.mailbox
        if before.address.lower() != after.address.lower():
            raise UsageError(
                f"this is the configuration of another mailbox ({after.address}): the mails to judge are "
                "those of "
                f"{before.address}"
            )
        notes = []
        if [name.lower() for name in before.folders] != [name.lower() for name in after.folders]:
            watched = ", ".join(before.folders)
            notes.append(f"mailbox.folders: the mails are those of the folders watched today ({watched})")
        return tuple(notes)

    @property
    def ledger(self) -> Ledger | None:
        """The ledger, None where nothing was recorded yet. Raises LedgerError."""
        if self._ledger is None and ledgers.has_ledger(self.config):
            self._ledger = ledgers.ledger_of(self.config)
        return self._ledger

    def learn(self) -> None:
        """From here on judge as the service does, by what the owner's lessons teach. Raises LedgerError."""
        self._learns = True
        self.settings, self.assumed = self.settings_by(self.config)

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
