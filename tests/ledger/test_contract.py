"""Each ledger keeps what the port promises, and keeps to its mailbox."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ackd.ledger import MemoryLedger, SqlLedger
from ackd.ports import Ledger
from tests.ledger.confined import watched
from tests.ledger.contract import LedgerContract
from tests.ledger.neighbour import NEIGHBOUR, Listened, rows_of, settle_in
from tests.people import ALICE
from tests.postgres import Server


@pytest.fixture(autouse=True)
def confined() -> Iterator[None]:
    """Each statement that is executed keeps to its mailbox."""
    with watched() as loose:
        yield
    assert not loose


@pytest.fixture(scope="module")
def neighbourhood(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    file = tmp_path_factory.mktemp("neighbourhood") / "ledger.sqlite"
    ledger = SqlLedger(f"sqlite:///{file}", NEIGHBOUR)
    settle_in(ledger)
    rows = rows_of(ledger)
    ledger.close()
    assert all(rows.values()), "each table has something of the neighbour's"
    return file, rows


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
    """SQL in a file, as it is used; beside another mailbox, which is busy with the same mails."""

    @pytest.fixture
    def ledger(self, tmp_path: Path, neighbourhood: tuple[Path, dict[str, Any]]) -> Iterator[Any]:
        shared, rows = neighbourhood
        file = shutil.copyfile(shared, tmp_path / "ledger.sqlite")
        file.chmod(0o600)
        ledger = SqlLedger(f"sqlite:///{file}", ALICE.address, many=True)
        yield Listened(ledger)
        assert rows_of(ledger) == rows, "nothing of the neighbour's changes"
        ledger.close()


@pytest.fixture(scope="module")
def crowded(server: Server) -> tuple[str, dict[str, Any]]:
    """A server's database, where all tests have mailboxes of their own beside the neighbour."""
    url = server.database(f"crowded_{uuid4().hex}")
    ledger = SqlLedger(url, NEIGHBOUR)
    settle_in(ledger)
    rows = rows_of(ledger)
    ledger.close()
    return url, rows


class TestPostgres(LedgerContract):
    """A server's database, beside other mailboxes."""

    @pytest.fixture
    def ledger(self, crowded: tuple[str, dict[str, Any]]) -> Iterator[Any]:
        url, rows = crowded
        ledger = SqlLedger(url, f"{uuid4().hex}@corp.example")
        yield Listened(ledger)
        assert rows_of(ledger) == rows, "nothing of the neighbour's changes"
        ledger.close()
