"""Each ledger keeps what the port promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ackd.ledger import MemoryLedger, SqlLedger
from ackd.ports import Ledger
from tests.ledger.contract import LedgerContract
from tests.people import ALICE


class TestMemory(LedgerContract):
    """In plain dictionaries."""

    @pytest.fixture
    def ledger(self) -> Ledger:
        return MemoryLedger()


class TestSqliteInMemory(LedgerContract):
    """SQL without a file."""

    @pytest.fixture
    def ledger(self) -> Iterator[Ledger]:
        ledger = SqlLedger("sqlite://", ALICE.address)
        yield ledger
        ledger.close()


class TestSqliteFile(LedgerContract):
    """SQL in a file, as it is used."""

    @pytest.fixture
    def ledger(self, tmp_path: Path) -> Iterator[Ledger]:
        ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", ALICE.address)
        yield ledger
        ledger.close()
