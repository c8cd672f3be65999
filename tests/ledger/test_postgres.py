"""A ledger in PostgreSQL when things go wrong: hostile mail, servers that are away, passwords, rights."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from ackd.errors import ConfigError, LedgerError, Retry
from ackd.ledger import SqlLedger, engines
from ackd.ledger.statements import delete
from ackd.ledger.tables import meta
from ackd.model import Answer, FollowUp, Mode, Page
from tests.ledger.contract import LedgerContract, left, name_of
from tests.people import ALICE, MONDAY
from tests.postgres import PASSWORD, Server, free_port

SUITE = LedgerContract()
HOSTILE = {
    "NUL": "nul\0\0",
    "what stands for NUL": "\ufdd0\ufdd00\ufdd01\0",
    "control characters": "\x01\x1b\x7f\x85\u2028",
    "beyond the basic plane": "\U0001f600" * 99,
    "quotes": "'\"\\%_$1:mine; DROP TABLE mails; --",
    "nothing": "",
    "as long as can be": "\U0001f600" * 240,
}
_FORGET = delete(meta, meta.c.key == "cursor")
_ISOLATION = sa.select(sa.func.current_setting("transaction_isolation"))
LONG = "".join(str(uuid4()) for _ in range(300))  # nothing that a database could pack


def _cut_off(server: Server, database: str) -> None:
    server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")  # noqa: S608


@pytest.fixture
def database(server: Server) -> str:
    return f"own_{uuid4().hex}"


@pytest.fixture
def ledger(server: Server, database: str) -> Iterator[SqlLedger]:
    ledger = SqlLedger(server.database(database), ALICE.address)
    yield ledger
    ledger.close()


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_a_mail_brings_stands_as_it_came(ledger: SqlLedger, kind: str) -> None:
    words = HOSTILE[kind]
    SUITE.make(ledger, words, subject=words, text=words, conversation=words, category=words)
    asked = SUITE.one(ledger, words).promise.question
    assert (asked.message_id, asked.subject, asked.text) == (name_of(words), words, words)
    assert (asked.conversation, asked.category) == (words, words)
    ledger.remember("x", words)
    assert ledger.value("x") == words
    answer = Answer(name_of(words), words, MONDAY)
    followed = FollowUp(answers=(answer,), threads={words: name_of(words)}, obeyed={name_of(words): (words,)})
    ledger.record(Page(MONDAY, Mode.SEND, words, decisions=(left("q"),), followed=followed))
    assert ledger.answered([words, "x"]) == {words}
    assert ledger.behind([words], {}) == {words: name_of(words)}
    SUITE.close(ledger, words)
    (update,) = ledger.category_updates()
    ledger.categories_updated([update])
    assert ledger.category_updates() == ()


def test_what_is_too_long_for_an_index_stops_nothing(ledger: SqlLedger) -> None:
    SUITE.make(ledger, "q", conversation=LONG)
    SUITE.make(ledger, "other", conversation=LONG[:-1])
    assert SUITE.one(ledger).promise.question.conversation == LONG
    assert ledger.in_conversations([LONG]).keys() == {name_of("q")}
    answers = FollowUp(answers=(Answer(LONG, LONG, MONDAY),), threads={LONG: name_of("q")})
    ledger.record(Page(MONDAY, Mode.SEND, LONG, tokens=(LONG,), frames=(LONG,), followed=answers))
    assert ledger.value("cursor") == LONG


def test_it_goes_on_by_itself_when_its_server_is_back(
    server: Server, database: str, ledger: SqlLedger
) -> None:
    SUITE.make(ledger)
    stood = SUITE.one(ledger)
    _cut_off(server, database)
    assert SUITE.one(ledger) == stood, "a connection that was cut is replaced"


def test_a_connection_that_is_cut_within_a_transaction_loses_it_whole(
    server: Server, database: str, ledger: SqlLedger
) -> None:
    SUITE.make(ledger)

    def cut_off() -> None:
        with ledger._work() as db:
            db.execute(_FORGET)
            _cut_off(server, database)
            db.execute(_FORGET)

    with pytest.raises(LedgerError, match="ackd goes on when it is back") as caught:
        cut_off()
    assert caught.value.retry is Retry.AFTER
    assert ledger.value("cursor") == "next"


def test_who_waits_too_long_is_told_that_it_is_tried_again(server: Server, database: str) -> None:
    url = server.database(database)
    one, other = SqlLedger(url, ALICE.address), SqlLedger(url, ALICE.address, patience=0.05)
    beside = SqlLedger(url, "bob@corp.example", patience=0.05)
    with one._work():
        with pytest.raises(LedgerError, match="another program holds it: ackd tries again"):
            other.remember("x", "y")
        beside.remember("x", "y")  # another mailbox's ackd doesn't wait
        assert other.value("x") is None
    other.remember("x", "z")
    assert (one.value("x"), beside.value("x")) == ("z", "y")
    for ledger in (one, other, beside):
        ledger.close()


def test_passwords_are_never_told(server: Server, database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.database(database)
    ledger = SqlLedger(server.by_network(database), ALICE.address)
    assert ledger.value("x") is None
    ledger.close()
    wrong = "wrong&secret"
    urls = [
        server.by_network(database, wrong),
        server.by_network(database, wrong).replace(str(server.port), "1"),
        server.by_network("nowhere"),
        f"postgresql://alice@127.0.0.1:{server.port}/{database}?password=wrong%26secret&sslmode=disable",
        f"postgresql://alice@127.0.0.1:{server.port}/{database}?password=wrong%26secret&bogus=1",
    ]
    said = []
    for url in urls:
        with pytest.raises(LedgerError) as caught:
            SqlLedger(url, ALICE.address)
        said.append(str(caught.value))
    assert "PGPASSWORD" in said[0]
    assert "ackd goes on when it is back" in said[1]
    assert "createdb" in said[2]
    assert "PGPASSWORD" in said[3]
    assert "check `ledger:`" in said[4]
    told = "\n".join((*said, caplog.text))
    for secret in (wrong, "wrong%26secret", PASSWORD, PASSWORD.replace("/", "%2F")):
        assert secret not in told


def test_what_a_person_must_mend_is_told_with_the_remedy(server: Server, database: str) -> None:
    server.run(f'CREATE ROLE "{database}" LOGIN')
    poor = server.database(database).replace("//postgres@", f"//{database}@")
    server.run(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    with pytest.raises(LedgerError, match="permission denied"):
        SqlLedger(poor, ALICE.address)
    server.run(f'GRANT CONNECT ON DATABASE "{database}" TO "{database}"')
    with pytest.raises(LedgerError, match="GRANT CREATE ON SCHEMA public"):
        SqlLedger(poor, ALICE.address)
    server.run(f'ALTER DATABASE "{database}" OWNER TO "{database}"')
    SqlLedger(poor, ALICE.address).close()


def test_a_database_that_cant_hold_every_character_is_refused(server: Server, database: str) -> None:
    url = server.database(database, ENCODING="'LATIN1'", TEMPLATE="template0", LOCALE="'C'")
    with pytest.raises(ConfigError, match="LATIN1: make one that holds every"):
        SqlLedger(url, ALICE.address)


def test_a_servers_own_isolation_doesnt_count(server: Server, database: str) -> None:
    url = server.database(database)
    server.run(f"ALTER DATABASE \"{database}\" SET default_transaction_isolation = 'serializable'")
    ledger = SqlLedger(url, ALICE.address)
    with ledger._work() as db:
        assert db.scalar(_ISOLATION) == "read committed"
    with ledger._read() as db:
        assert db.scalar(_ISOLATION) == "repeatable read"
    ledger.close()


@pytest.mark.parametrize(
    ("cause", "state", "words"),
    [
        ("could not serialize access", "40001", "tries again"),
        ("cannot execute INSERT in a read-only transaction", "25006", "name the primary server"),
        ("cannot set transaction read-write mode during recovery", "0A000", "name the primary server"),
        ("deadlock detected", "40P01", "tries again"),
        ("canceling statement due to lock timeout", "55P03", "tries again"),
        ("the database system is starting up", "57P03", "when it is back"),
        ("terminating connection due to administrator command", "57P01", "when it is back"),
        ("could not extend file: No space left on device", "53100", "free some space on the server"),
        ("sorry, too many clients already", "53300", "tries again"),
        ("connection failed: FATAL:  sorry, too many clients already", "", "tries again"),
        ("connection failed: FATAL:  the database system is starting up", "", "when it is back"),
        ("the connection is lost", "", "when it is back"),
        ("consuming input failed: server closed the connection unexpectedly", "", "when it is back"),
        ("consuming input failed: SSL connection has been closed unexpectedly", "", "when it is back"),
        ("connection timeout expired", "", "when it is back"),
        ('role "x" is not permitted to log in', "28000", "check the user"),
        ("permission denied for table mails", "42501", "its tables are another user's"),
        ("must be owner of table mails", "42501", "its tables are another user's"),
        ("permission denied for schema public", "42501", "GRANT CREATE"),
        ("connection failed: server does not support SSL, but SSL was required", "", "sslmode"),
        ('connection is bad: invalid sslmode value: "abc"', "", "sslmode"),
        ("connection failed: SSL error: certificate verify failed", "", "sslrootcert"),
        ('root certificate file "/root.crt" does not exist', "", "sslrootcert"),
        ("operator does not exist", "42883", "see the cause above"),
    ],
)
def test_each_error_has_its_remedy(cause: str, state: str, words: str) -> None:
    assert words in engines.remedy(cause, state)


def test_a_missing_driver_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pipx install --force '\.\[postgresql\]'"):
        SqlLedger("postgresql://db.corp.example/ackd", ALICE.address)


@pytest.mark.long
def test_a_server_that_is_away_is_told_until_it_is_back(server: Server) -> None:
    folder = Path(tempfile.mkdtemp(prefix=f"{server.folder.name}-", dir=server.folder.parent))
    own = Server(folder, free_port())
    own.make()
    own.start()
    try:
        ledger = SqlLedger(own.database("own"), ALICE.address)
        SUITE.make(ledger)
        own.stop("fast")
        for _ in range(2):
            with pytest.raises(LedgerError, match="ackd goes on when it is back"):
                ledger.value("x")
        own.start()
        assert SUITE.one(ledger).promise.question.message_id == name_of("q")
        ledger.close()
    finally:
        own.stop()
        shutil.rmtree(own.folder, ignore_errors=True)
