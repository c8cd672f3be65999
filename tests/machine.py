"""A machine with an ackd on it: what outlives its processes, and what happens to it."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ackd.engine.daemon import Daemon
from ackd.engine.triage import Settings
from ackd.ledger import MemoryLedger, SqlLedger
from ackd.model import Summary
from ackd.ports import Clock
from tests.backends import Backend
from tests.people import ALICE
from tests.steps import Step, Stepped


def changed(settings: Settings, **changes: Any) -> Settings:
    """Settings with other fields; a mapping changes fields within one of them: `follow={"moved": "ask"}`."""
    made = {
        name: replace(getattr(settings, name), **value) if isinstance(value, Mapping) else value
        for name, value in changes.items()
    }
    return replace(settings, **made)


class Machine:
    """An ackd's clock, ledger and settings, and the process that works with them, its `daemon`.

    The ledger lies in a database's file, or with `file` None in plain memory, which outlives the processes
    too: to the port's contract both are the same, and this one is several times faster."""

    def __init__(
        self, name: str, backend: Backend, clock: Clock, settings: Settings, file: Path | None
    ) -> None:
        self.name, self.clock, self.file = name, clock, file
        self._backend = backend
        self.mailbox: Any = None
        self.ledger = self._open()
        self._start(settings)

    def _open(self) -> MemoryLedger | SqlLedger:
        return SqlLedger(f"sqlite:///{self.file}", ALICE.address) if self.file else MemoryLedger()

    def _start(self, settings: Settings, step: Step | None = None) -> None:
        if self.mailbox is not None:
            self.mailbox.close()
        self.mailbox = self._backend.open(self.clock, self.name)
        ports = [self.mailbox, self.ledger]
        mailbox, ledger = [Stepped(port, step) for port in ports] if step else ports
        self.daemon = Daemon(mailbox, ledger, self.clock, settings)

    @property
    def settings(self) -> Settings:
        return self.daemon.settings

    # --- processes ------------------------------------------------------------------------------

    def start(self, step: Step | None = None, **changes: Any) -> Daemon:
        """A new process, perhaps with other settings; `step` is told of each call of its ports."""
        self._start(changed(self.settings, **changes), step)
        return self.daemon

    def restart(self, step: Step | None = None, **changes: Any) -> Daemon:
        """The same, and it opens the ledger's file anew, where it has one."""
        if self.file:
            self.ledger.close()
            self.ledger = self._open()
        return self.start(step, **changes)

    def use(self, **changes: Any) -> None:
        """Other settings for the process that runs."""
        self.daemon.use(changed(self.settings, **changes))

    def run_pass(self) -> Summary:
        return self.daemon.run_pass()

    # --- what happens to the ledger -------------------------------------------------------------

    def lose_ledger(self) -> Daemon:
        """The ledger is gone; a new process begins with an empty one."""
        self.ledger.close()
        self._delete()
        self.ledger = self._open()
        return self.start()

    def back_up(self) -> bytes:
        """The ledger as it is now: its file's bytes, or what it has in memory. The process ends with it."""
        self.ledger.close()
        kept = self.file.read_bytes() if self.file else pickle.dumps(self.ledger)
        if self.file:
            self.ledger = self._open()
        self.start()
        return kept

    def restore(self, backup: bytes) -> Daemon:
        """A backup in the ledger's place, and a new process."""
        self.ledger.close()
        self._delete()
        if self.file:
            self.file.write_bytes(backup)
            self.ledger = self._open()
        else:
            self.ledger = pickle.loads(backup)  # noqa: S301
        return self.start()

    def _delete(self) -> None:
        for old in self.file.parent.glob(f"{self.file.name}*") if self.file else ():
            old.unlink()

    def close(self) -> None:
        self.mailbox.close()
        self.ledger.close()
