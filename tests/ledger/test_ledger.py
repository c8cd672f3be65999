"""The ledger when things go wrong around it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ackd.errors import ExitStatus, LedgerDamaged, LedgerError, MailboxMismatch, Retry
from ackd.ledger import SqlLedger
from ackd.model import (
    NO_PROMISE,
    NOTICES,
    Change,
    Effect,
    EffectKind,
    FollowUp,
    Mode,
    Page,
    PromiseSnapshot,
    ValueKey,
)
from tests.ledger.contract import LedgerContract
from tests.people import ALICE, MONDAY, mail
from tests.scenario import Scenario, grace


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'here.sqlite'}"


def test_its_files_are_private(tmp_path: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{tmp_path / 'deep' / 'ledger.sqlite'}", ALICE.address)
    ledger.remember("x", "y")
    files = list((tmp_path / "deep").iterdir())
    assert len(files) == 3
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "deep", *files))


def test_no_text_of_a_mail_stays_beyond_its_need(tmp_path: Path) -> None:
    office = Scenario(tmp_path)
    daemon = office.fresh(rules=grace(30))
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q", "Could you please send me the zebra figures?"))
    office.mailbox.arrive(mail("left", "Thanks for the unicorn!"))
    daemon.run_pass()

    def holds(word: bytes) -> bool:
        with sqlite3.connect(tmp_path / "here.sqlite") as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return any(word in file.read_bytes() for file in tmp_path.glob("here.sqlite*"))

    assert holds(b"zebra")
    assert not holds(b"unicorn")
    assert not holds(b"About left")
    office.later(31)
    daemon.run_pass()
    assert not holds(b"zebra")


def test_another_mailbox_is_refused(tmp_path: Path) -> None:
    SqlLedger(url(tmp_path), ALICE.address).close()
    with pytest.raises(MailboxMismatch, match="state:"):
        SqlLedger(url(tmp_path), "bob@corp.example")


def test_rows_of_a_mailbox_that_was_deleted_go_to_nobody(tmp_path: Path) -> None:
    gone = SqlLedger(url(tmp_path), ALICE.address)
    gone.remember(ValueKey.OWNER_SETTINGS, "alice's")
    LedgerContract().make(gone, "q")
    gone.close()
    with closing(sqlite3.connect(tmp_path / "here.sqlite")) as db:  # which keeps no foreign keys by itself
        db.execute("DELETE FROM mailboxes")
        db.commit()
    with closing(SqlLedger(url(tmp_path), "bob@corp.example")) as other:
        assert other.value(ValueKey.OWNER_SETTINGS) is None
        assert other.open_promises() == ()


def test_a_damaged_file_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "here.sqlite").write_bytes(b"this is no database at all, but long enough to be read" * 99)
    with pytest.raises(LedgerDamaged, match=r"here\.sqlite.*move it away.*rebuilds it") as told:
        SqlLedger(url(tmp_path), ALICE.address)
    assert told.value.exit_code is ExitStatus.WRONG  # no further start mends it


def test_a_held_file_is_told_and_tried_again(tmp_path: Path) -> None:
    ledger = SqlLedger(url(tmp_path), ALICE.address, patience=0.05)
    other = sqlite3.connect(tmp_path / "here.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerError, match="another program holds it") as caught:
        ledger.remember("x", "y")
    assert caught.value.retry is Retry.AFTER
    other.rollback()
    other.close()
    ledger.remember("x", "y")
    assert ledger.value("x") == "y"


@pytest.mark.parametrize("how", ["write", "record", "attempting", "alarms"])
def test_nobody_writes_between_a_look_at_what_stands_and_its_change(tmp_path: Path, how: str) -> None:
    """A command of the owner's beside the service: what was decided is decided on what stands."""
    ledger, other = (SqlLedger(url(tmp_path), ALICE.address, patience=0.01) for _ in range(2))
    refused: list[str] = []

    @sa.event.listens_for(ledger._engine, "before_cursor_execute")
    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT") and not refused:
            refused.append(statement)
            with pytest.raises(LedgerError, match="another program holds it"):
                other.remember("hold", "now")

    notice = Effect(EffectKind.DIGEST, NOTICES, MONDAY, occasion="today")
    change = Change(PromiseSnapshot(NO_PROMISE), PromiseSnapshot(NO_PROMISE, (notice,)))
    if how == "write":
        assert ledger.write([change]) == frozenset()
    elif how == "record":
        assert ledger.record(Page(MONDAY, Mode.SEND, followed=FollowUp(changes=(change,)))) == frozenset()
    elif how == "attempting":
        assert ledger.attempting([change], only_while=("hold", None)) == frozenset()
    else:
        assert ledger.record_alarms()
    assert refused
    other.remember("hold", "now")
    assert ledger.value("hold") == "now"


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    ledger = SqlLedger(url(tmp_path), ALICE.address)
    with ledger._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(LedgerError, match="free some space"):
        ledger.remember("big", "x" * 1_000_000)
    assert ledger.value("big") is None
    assert ledger.value("mailbox") == ALICE.address


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LedgerError, match="folder"):
        SqlLedger(f"sqlite:///{tmp_path / 'file' / 'ledger.sqlite'}", ALICE.address)


def test_a_page_is_recorded_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = SqlLedger(url(tmp_path), ALICE.address)
    with pytest.raises(LedgerError):
        ledger.record(
            Page(MONDAY, Mode.SEND, sync_state="next", tokens=("a" * 32, None))  # type: ignore[arg-type]
        )
    assert ledger.value("cursor") is None


def test_a_ledger_of_an_earlier_ackd_goes_on(tmp_path: Path) -> None:
    """One with questions that name no Reply-To."""
    office = Scenario(tmp_path)
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    daemon.run_pass()
    daemon.ledger.close()
    with sqlite3.connect(tmp_path / "here.sqlite") as database:
        (text,) = database.execute("SELECT question FROM promises").fetchone()
        assert '"reply_to"' in text
        database.execute("UPDATE promises SET question = ?", (text.replace(', "reply_to": []', ""),))
    daemon = office.here.restart()
    office.later(1)
    letter = next(sent.message_id for sent in office.mailbox.sent() if sent.token)
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to=letter)
    assert daemon.run_pass().open_promises == 0


def test_what_belongs_to_a_pruned_promise_goes_with_it(tmp_path: Path) -> None:
    office = Scenario(tmp_path)
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    office.mailbox.arrive(mail("q"))
    office.mailbox.fail_next = "told"
    daemon.run_pass()
    office.mailbox.arrive(mail("more", "It is about the blue ones.", references="<q@corp.example>"))
    office.later(1)
    daemon.run_pass()
    assert daemon.ledger.behind(["<more@corp.example>"], {}) == {"<more@corp.example>": "<q@corp.example>"}
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to="<q@corp.example>")
    office.later(1)
    daemon.run_pass()
    daemon.ledger.prune(MONDAY + timedelta(days=500))
    assert daemon.ledger.behind(["<more@corp.example>"], {}) == {}
    with sqlite3.connect(tmp_path / "here.sqlite") as database:
        assert database.execute("SELECT count(*) FROM failures").fetchone() == (0,)
