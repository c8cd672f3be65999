"""The ledgers of machines that are played: on disk, or in memory, which takes a third of the time."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Protocol

from ackd.ledger import SqlLedger
from ackd.ledger.memory import MemoryLedger
from tests.people import ALICE


class Kept(Protocol):
    """A ledger of which backups are made."""

    ledger: Any

    def copy(self) -> Any:
        """A backup of the ledger as it stands."""
        ...

    def restore(self, backup: Any) -> None:
        """Put a backup in the ledger's place."""
        ...

    def close(self) -> None:
        """Release it."""
        ...


class OnDisk:
    """A ledger in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.ledger = SqlLedger(f"sqlite:///{file}", ALICE.address)

    def copy(self) -> sqlite3.Connection:
        kept = sqlite3.connect(":memory:")
        with sqlite3.connect(self._file) as file:
            file.backup(kept)
        file.close()
        return kept

    def restore(self, backup: sqlite3.Connection) -> None:
        with sqlite3.connect(self._file) as file:
            backup.backup(file)
        file.close()

    def close(self) -> None:
        self.ledger.close()


class InMemory:
    """A ledger in plain dictionaries; its values are frozen, so that a shallow copy is a backup."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()

    def copy(self) -> Any:
        return self.ledger._state.copy()

    def restore(self, backup: Any) -> None:
        self.ledger._state = backup.copy()

    def close(self) -> None:
        """Nothing is held."""
