"""docs/privacy.md, held to what ackd does: which columns there are, when rows go, who is told what."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ackd.engine import digest, promises
from ackd.ledger import SqlLedger, codec
from ackd.ledger.tables import metadata
from ackd.letters.compose import later_letter, letter
from ackd.letters.digest import digest_mail
from ackd.letters.owner_words import owner_words
from ackd.letters.promise_entries import Entries, who_of
from ackd.model import (
    Effect,
    EffectKind,
    EffectState,
    Evidence,
    LetterName,
    PromiseState,
    Question,
    Veto,
)
from ackd.text.languages import LANGUAGES
from ackd.views import log, report
from tests.kept import MODES, lay_out
from tests.people import BOB, CAROL, MONDAY
from tests.scenario import SETTINGS, Scenario
from tests.system.commands import in_process

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
#: What isn't about mails and people: it is replaced, or goes with its alarm.
VALUES = {"meta", "alarms", "tellings", "mailboxes"}


def names(words: str) -> list[str]:
    return re.findall(r"[a-z_]+", words)


def told_tables() -> dict[str, list[str]]:
    """The columns of each table, as the page lists them."""
    found = {}
    section = PAGE.partition("| table | columns | goes |")[2].partition("\n\n")[0]
    for row in section.strip().splitlines()[1:]:
        _, tables, columns, _, _ = row.split("|")
        for table, listed in zip(re.findall(r"`(\w+)`", tables), columns.split(";"), strict=True):
            found[table] = names(listed)
    return found


def test_the_page_lists_every_column_of_the_ledger() -> None:
    assert told_tables() == {name: list(table.columns.keys()) for name, table in metadata.tables.items()}


def test_the_page_lists_what_stands_in_the_columns_of_several_values() -> None:
    _, _, said = PAGE.partition("In `findings` stand, ")
    findings, _, question = said.partition("In `question` stand ")
    made = codec.dump_findings((Veto("age", "old", quote="q"), Evidence("request", 1.0, "asks", quote="q")))
    keys = {key for row in json.loads(made) for key in row}
    assert set(re.findall(r"`(\w+)`", findings)) == keys
    listed = names(question.partition("(")[0].replace(" and ", ", "))
    assert listed == [field.name for field in fields(Question) if field.name in listed]
    assert {field.name for field in fields(Question)} == set(listed)


@pytest.mark.parametrize("mode", MODES)
def test_what_is_closed_is_gone_after_its_time(tmp_path: Path, mode: str) -> None:
    """All that an office left in the ledger, whatever became of it."""
    lay_out(mode, tmp_path)
    file, now = tmp_path / "state" / "ledger.sqlite", datetime(2026, 12, 1, tzinfo=UTC)
    ledger = SqlLedger(f"sqlite:///{file}", "alice@corp.example")
    for promise in ledger.open_promises():
        promises.close(ledger, promise.question.message_id, PromiseState.WITHDRAWN, now, "no need")
    doubtful = ledger.in_state(*(state for state in EffectState if not state.is_settled))
    promises.put(ledger, [one.effect for one in doubtful], EffectState.CANCELLED, "no need")
    ledger.prune(now - timedelta(days=1))
    assert rows_of(file)["promises"] > 3, "its time isn't over"
    ledger.prune(now + timedelta(days=1))
    ledger.close()
    assert {table for table, count in rows_of(file).items() if count} <= VALUES
    kept = b"".join(one.read_bytes() for one in file.parent.glob("ledger.sqlite*"))
    assert b"bob@corp.example" not in without_lists(file, kept), "what goes is overwritten"


def rows_of(file: Path) -> dict[str, int]:
    count = "SELECT COUNT(*) FROM"
    with closing(sqlite3.connect(file)) as db:
        return {table: db.execute(f"{count} {table}").fetchone()[0] for table in metadata.tables}


def without_lists(file: Path, content: bytes) -> bytes:
    """Without the members of distribution lists, which are renewed and not kept by time."""
    with closing(sqlite3.connect(file)) as db:
        for (value,) in db.execute("SELECT value FROM meta WHERE key IN ('groups', 'cursor')"):
            content = content.replace(value.encode(), b"")
    return content


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_says_that_it_is_automatic(language: str) -> None:
    office = Scenario().begin()
    office.ask()
    (promise,) = office.daemon.ledger.open_promises()
    letters = replace(SETTINGS.letters, language=language)
    calendar, owner, now = SETTINGS.calendar, SETTINGS.owner, office.clock.now()
    written = {
        name: letter(
            replace(promise, question=replace(promise.question, letter=name)), owner, calendar, letters, now
        )
        for name in LetterName
        if name not in (LetterName.NEW_DATE, LetterName.OVERDUE)
    }
    for kind in (EffectKind.NEW_DATE, EffectKind.APOLOGY):
        effect = Effect(kind, promise.question.message_id, now, moment=promise.due)
        written[kind.value] = later_letter(effect, promise, owner, calendar, letters, now)
    for name, one in written.items():
        assert re.search("automat|automát", one.text, re.IGNORECASE), (name, one.text)
        assert re.search("automat|automát", one.html, re.IGNORECASE), name


@pytest.fixture
def office() -> Scenario:
    made = Scenario().begin()
    for name, sender in (("b1", BOB), ("b2", BOB), ("b3", BOB), ("c1", CAROL)):
        made.ask(name, sender=sender)
    return made


def test_nothing_is_counted_by_colleague_unless_that_is_asked_for(office: Scenario) -> None:
    ledger, now = office.daemon.ledger, office.clock.now() + timedelta(seconds=1)
    courses = ledger.courses(MONDAY, now)
    plain = report.report(courses, SETTINGS.calendar, MONDAY, now, now)
    assert BOB not in repr(plain)
    asked = report.report(courses, SETTINGS.calendar, MONDAY, now, now, by_colleague=True)
    assert {name: one.made for name, one in asked.by_colleague or ()} == {BOB: 3, CAROL: 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_digest_names_askers_only_with_their_single_questions(office: Scenario, language: str) -> None:
    office.work(60 * 24)
    daemon, now = office.daemon, office.clock.now()
    found = digest.compose(daemon.ledger, daemon.settings, MONDAY, now)
    made = digest_mail(found, Entries(owner_words(language), SETTINGS.calendar, now))
    shown = [entry for part in made.parts for entry in part.entries]
    bob = who_of_bob(office)
    assert sum(one.who == bob for one in shown) >= 3, "each question has an entry of its own"
    beside = [made.subject, *(part.title + part.text + part.advice + part.more for part in made.parts)]
    assert bob not in " ".join(beside)


def who_of_bob(office: Scenario) -> str:
    (asker,) = {p.question.asker for p in office.daemon.ledger.open_promises() if p.question.asker.key == BOB}
    return who_of(asker)


def test_what_is_kept_of_a_colleague_can_be_listed(office: Scenario) -> None:
    wanted = log.LogFilter(sender=BOB)
    entries = log.log(office.daemon.ledger, wanted, SETTINGS.calendar.local)
    assert {one.sender for one in entries} == {BOB}
    assert len(entries) == 3


@pytest.mark.parametrize("command", ["report", "calibrate", "status"])
def test_the_commands_have_no_other_option_for_it(command: str) -> None:
    said = in_process(command, "--help", check=True).stdout
    assert ("--by-colleague" in said) is (command == "report")


@pytest.mark.parametrize("command", ["report", "status"])
def test_the_commands_name_no_colleague_unasked(tmp_path: Path, command: str) -> None:
    config, clock = lay_out("send", tmp_path), tmp_path / "clock"
    clock.write_text("2026-11-24T12:00:00+01:00", encoding="ascii")
    for form in ((), ("--json",)):
        done = in_process(command, "--config", str(config), "--clock", str(clock), *form, check=True)
        assert "bob" not in done.stdout.lower()
