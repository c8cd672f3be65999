"""`ackd check`: each trouble with its remedy and status, and what it proves on a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from ackd.cli import app
from ackd.cli.alarms import lines
from ackd.config.schema.asking import RISK
from ackd.engine.self_test import SelfTest, dump, known
from ackd.ledger import SqlLedger
from ackd.model import Alarm, AlarmKind, OwnerSettings, SelfTestResult, ValueKey, WorkingHours
from ackd.model.settings import TENANT_RISK
from ackd.runtime.app import App
from ackd.views.doctor import owner_time
from exchange_sandbox import Period, Quirks, WorkHours
from exchange_sandbox.calendar.zonerule import Rule
from exchange_sandbox.store.database import Store
from tests.people import MONDAY, raw
from tests.scenario import OverHttp
from tests.system.commands import configured, set_clock

ALICE = "alice@corp.example"


class Doctor:
    """A sandbox, and `ackd check` by a configuration for it."""

    def __init__(self, folder: Path, *quirks: str, step: float = 0.2) -> None:
        """On the server `step` seconds pass whenever it looks at its clock."""
        ticks = count()
        self.clock = folder / "clock"
        set_clock(self.clock, MONDAY)
        self.backend = OverHttp(
            folder,
            people=(ALICE,),
            now=lambda: MONDAY + timedelta(seconds=step * next(ticks)),
            quirks=Quirks.of(quirks),
        )
        self.sandbox = self.backend.sandbox
        self.config = configured(folder, "state", self.sandbox.url, mode="preview")

    def check(self, *options: str, status: int = 0) -> dict[str, Any]:
        where = ["--config", str(self.config), "--clock", str(self.clock), "--json"]
        done = CliRunner().invoke(app, ["check", *where, *options], env={"ACKD_PASSWORD": "secret"})
        assert done.exit_code == status, (done.output, done.exception)
        return {finding["what"]: finding for finding in json.loads(done.stdout)}

    def subjects(self) -> list[str]:
        """Everything that lies in the mailbox."""
        store = Store(self.backend.data)
        try:
            with store.read() as db:
                return [str(tuple(row)) for row in db.execute("SELECT bag FROM item")]
        finally:
            store.close()


@pytest.fixture
def doctor(tmp_path: Path) -> Iterator[Doctor]:
    doctor = Doctor(tmp_path)
    yield doctor
    doctor.backend.close()


def test_a_healthy_mailbox(doctor: Doctor) -> None:
    doctor.sandbox.deliver(raw("q1"), ALICE)
    found = doctor.check()
    assert found["stamps"]["found"].startswith("1 mail looked at, 1 in a colleague's name")
    assert found["stamps"]["found"].endswith("mail of colleagues is heard")
    assert found["out of office"]["found"] == "off"
    assert found["time zone"]["found"] == "promise.time_zone says it"
    assert "set promise.working_hours" in found["working hours"]["found"]
    assert "never tried" in found["self-test"]["found"]
    assert doctor.sandbox.requests.count("CreateItem") == 0


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("401", 77, "refused the sign-in"),
        ("403", 77, "EwsAllowedAppIDs"),
        ("429", 75, "slow down"),
        ("503", 75, "not available"),
        ("busy", 75, "busy"),
        ("malformed-xml", 75, "can't be read"),
        ("cut-before-commit", 75, "connection"),
    ],
)
def test_each_fault_has_its_words_and_status(doctor: Doctor, fault: str, status: int, words: str) -> None:
    doctor.sandbox.faults.add("GetFolder", fault)
    finding = doctor.check(status=status)["mailbox"]
    assert words in finding["found"]
    assert not finding["well"]
    assert finding["remedy"]


STAMPS = "X-MS-Exchange-Organization-AuthAs: Internal\r\n"
TENANT = "8f5d1a52-0000-4000-8000-00000000c0de"
MARKS = (
    "X-MS-Exchange-CrossTenant-AuthAs: Internal\r\nX-MS-Exchange-CrossTenant-FromEntityHeader: Hosted\r\n"
    f"X-MS-Exchange-CrossTenant-Id: {TENANT}\r\n"
)


def unstamped(name: str, headers: str = "") -> bytes:
    return raw(name, headers=headers).replace(STAMPS.encode(), b"")


def also_internal(doctor: Doctor, line: str) -> None:
    told = doctor.config.read_text().replace("domains: [corp.example]", f"domains: [corp.example], {line}")
    doctor.config.write_text(told)


def test_the_stamps_are_told_in_numbers(doctor: Doctor) -> None:
    mails = [raw(f"i{n}") for n in range(3)] + [raw("a", stamp="Anonymous"), raw("p", stamp="Partner")]
    mails += [unstamped("m"), raw("x", sender="eve@evil.example", stamp="Anonymous")]
    for mail in mails:
        doctor.sandbox.deliver(mail, ALICE)
    found = doctor.check()["stamps"]
    assert "7 mails looked at, 6 in a colleague's name" in found["found"]
    assert "Internal 3, Anonymous 1, missing 1, another value 1" in found["found"]
    assert "the other 3 in a colleague's name are left alone" in found["found"]
    assert found["numbers"]["every"] == {
        "mails": 7,
        "internal": 3,
        "anonymous": 2,
        "other": 1,
        "missing": 1,
        "unread": 0,
    }
    assert found["numbers"]["inside"]["mails"] == 6
    assert found["numbers"]["tenants"] == []


def test_colleagues_who_seem_to_write_from_outside(doctor: Doctor) -> None:
    doctor.sandbox.deliver(raw("q1", stamp="Anonymous"), ALICE)
    doctor.sandbox.deliver(unstamped("q2", MARKS), ALICE)
    found = doctor.check(status=78)["stamps"]
    assert "every mail in a colleague's name is left alone" in found["found"]
    assert "which gateway it takes" in found["remedy"]
    assert TENANT not in found["remedy"], "the server does stamp, and says Anonymous"


def test_where_the_stamp_is_missing_another_proof_is_offered_with_its_risk(doctor: Doctor) -> None:
    doctor.sandbox.deliver(unstamped("q1"), ALICE)
    assert "require_authenticated" in doctor.check(status=78)["stamps"]["remedy"]
    for number in range(3):
        doctor.sandbox.deliver(unstamped(f"m{number}", MARKS), ALICE)
    found = doctor.check(status=78)["stamps"]
    assert f"the tenant {TENANT} count" in found["remedy"]
    assert "which 3 of these mails bear" in found["remedy"]
    assert TENANT_RISK in found["remedy"]
    assert found["numbers"]["tenants"] == [{"tenant": TENANT, "mails": 3}]
    also_internal(doctor, f"authenticated_by_tenant: {TENANT}")
    found = doctor.check()
    assert "is heard, 3 of them by the tenant's marks; the other 1" in found["stamps"]["found"]
    assert found["directory"]["well"]


def test_explain_says_by_which_proof_a_sender_is_inside(doctor: Doctor) -> None:
    also_internal(doctor, f"authenticated_by_tenant: {TENANT}")
    for mail in (raw("stamped"), unstamped("known", MARKS), unstamped("bare")):
        doctor.sandbox.deliver(mail.replace(b"bob@corp.example", ALICE.encode()), ALICE)  # whom it knows
    where = ["--config", str(doctor.config), "--clock", str(doctor.clock), "--subject", "About", "--json"]
    done = CliRunner().invoke(app, ["explain", *where], env={"ACKD_PASSWORD": "secret"})
    assert done.exit_code == 0, (done.output, done.exception)
    found = {one["mail"]["subject"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert found["About stamped"]["proof"] == "the server's stamp AuthAs: Internal"
    assert "the tenant's marks and its directory" in found["About known"]["proof"]
    assert found["About bare"]["proof"] is None
    assert doctor.sandbox.requests.count("ResolveNames") == 1


def test_without_a_proof_nothing_is_looked_for(doctor: Doctor) -> None:
    also_internal(doctor, "require_authenticated: false")
    doctor.sandbox.deliver(raw("q1", stamp="Anonymous"), ALICE)
    assert doctor.check()["stamps"]["found"].endswith("a forged sender is believed")
    also_internal(doctor, f"addresses: ['*@*'], i_know: {RISK}")
    assert "and anybody counts as a colleague" in doctor.check()["stamps"]["found"]


def test_a_mailbox_without_colleagues_mail(doctor: Doctor) -> None:
    assert "there is no mail yet" in doctor.check()["stamps"]["found"]
    doctor.sandbox.deliver(raw("q1", sender="bob@lab.example"), ALICE)
    found = doctor.check()["stamps"]["found"]
    assert "nobody writes from inside" in found
    assert "1 have the stamp" in found


def test_a_configuration_that_others_may_change_is_told_and_not_gone_by(doctor: Doctor) -> None:
    doctor.config.chmod(0o666)
    found = doctor.check(status=78)
    assert found["permissions"]["remedy"] == f"chmod go-w {doctor.config}"
    assert set(found) == {"permissions"}
    assert doctor.sandbox.requests.count() == 0  # its password goes to nobody


def test_what_ackd_relies_on_is_proved_and_removed_again(doctor: Doctor) -> None:
    before = doctor.sandbox.requests.count("CreateItem")
    found = doctor.check("--send-to-self")
    assert "self-test" not in found  # that of an earlier run, or none: beside this one it says nothing
    assert found["letter found by its token"]["found"] == "in Sent Items"
    assert "x-ackd" in found["marks of a letter"]["found"]
    assert found["task's date"]["well"]
    assert found["exclusive folders"]["found"] == "the second of a name is refused"
    assert found["commit time"]["found"].startswith("moves")
    assert found["removed again"]["well"]
    for what in (
        "task's reminder",
        "task's note",
        "task moved",
        "drafts are told apart",
        "sent copies' dates",
    ):
        assert found[what]["well"], found[what]
    assert doctor.sandbox.requests.count("CreateItem") == before + 3
    assert "all holds" in doctor.check()["self-test"]["found"]
    assert not any("ackd test" in one for one in doctor.subjects())


def test_a_server_that_gets_everything_wrong(tmp_path: Path) -> None:
    doctor = Doctor(tmp_path, "all")
    try:
        found = doctor.check("--send-to-self")
        assert found["commit time"]["found"].startswith("not given")
        assert "lost: auto-submitted" in found["marks of a letter"]["found"]
        assert not any("ackd test" in one for one in doctor.subjects())
    finally:
        doctor.backend.close()


@pytest.mark.long
def test_what_a_server_leaves_out_is_told_and_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACKD_PASSWORD", "secret")
    doctor = Doctor(
        tmp_path, "reminders_ignored", "appending_ignored", "sent_copies_undated", "drafts_unmarked"
    )
    try:
        found = doctor.check("--send-to-self")
        assert "the properties behind it are" in found["task's reminder"]["found"]
        assert "the whole text is set" in found["task's note"]["found"]
        assert "DateTimeSent, InternetMessageId" in found["sent copies' dates"]["found"]
        assert "don't say that they are" in found["drafts are told apart"]["found"]
        assert found["task moved"]["well"]
        assert not any("ackd test" in one for one in doctor.subjects())
        told = doctor.check()["self-test"]["found"]
        assert "task's reminder" in told
        with App(doctor.config, doctor.clock) as app:
            ways = app.context().mailbox._wire.ways  # type: ignore[attr-defined]
            assert ways.lacking() == dict.fromkeys(("keeps_reminders", "appends", "marks_drafts"), False)
    finally:
        doctor.backend.close()


def test_what_the_owner_says_of_the_time_counts_whatever_the_mailbox_says() -> None:
    told = OwnerSettings(zone="UTC", hours=WorkingHours.office(), unknown_zone="Mars Time")
    said = {one.what: one.found for one in owner_time(told, lambda key: True)}
    assert said["time zone"] == "promise.time_zone says it; the mailbox's own is UTC"
    assert said["working hours"] == "promise.working_hours says it"
    untold = {one.what: one.found for one in owner_time(told, lambda key: False)}
    assert (untold["time zone"], untold["working hours"]) == ("UTC", "given")
    unknown = replace(told, zone=None)
    (zone, *_) = owner_time(unknown, lambda key: False)
    assert zone.found == "the mailbox's own (Mars Time) isn't known: set promise.time_zone"
    (zone, *_) = owner_time(unknown, lambda key: True)
    assert zone.found == "promise.time_zone says it"


def test_alarms_are_told_by_the_owner_s_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    alarm = Alarm(AlarmKind.SIGNED_OUT, MONDAY)
    (words,) = lines((alarm,), MONDAY, ZoneInfo("Asia/Tokyo"))
    local = MONDAY.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"{local:%H:%M}" in words
    assert f"{MONDAY.astimezone(UTC):%H:%M}" not in words


def test_what_fails_half_way_is_removed_too(doctor: Doctor) -> None:
    doctor.sandbox.faults.add("CreateFolder", "503")
    found = doctor.check("--send-to-self", status=75)
    assert "not available" in found["exclusive folders"]["found"]
    assert found["removed again"]["well"]
    assert not any("ackd test" in one for one in doctor.subjects())


def test_commit_times_that_do_not_move_are_not_gone_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACKD_PASSWORD", "secret")
    doctor = Doctor(tmp_path, step=0)

    def syncs_of_a_pass() -> int:
        with App(doctor.config, doctor.clock) as one:
            before = doctor.sandbox.requests.count("SyncFolderItems")
            one.run_pass()
            return doctor.sandbox.requests.count("SyncFolderItems") - before

    try:
        found = doctor.check("--send-to-self")
        assert found["commit time"]["found"].startswith("given, but it doesn't move")
        assert "commit time" in doctor.check()["self-test"]["found"]
        assert [syncs_of_a_pass() for _ in range(3)][-1] == 3
    finally:
        doctor.backend.close()


def test_what_was_proved_is_remembered(tmp_path: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", ALICE)
    assert known(ledger) is None
    done = SelfTest(MONDAY, "15.2", (SelfTestResult("commit time", False, "doesn't move"),))
    ledger.remember(ValueKey.SELF_TEST, dump(done))
    assert known(ledger) == done
    assert done.refuted == {"commit time"}
    ledger.remember(ValueKey.SELF_TEST, "[]")
    assert known(ledger) is None
    ledger.close()


def test_a_watched_folder_that_is_missing_is_told_with_its_remedy(tmp_path: Path) -> None:
    doctor = Doctor(tmp_path)
    try:
        text = doctor.config.read_text()
        told = text.replace("mailbox:\n", "mailbox:\n  folders: [Inbox, Inbox/Team]\n", 1)
        doctor.config.write_text(told)
        found = doctor.check(status=78)
        assert found["sign-in"]["well"]
        assert "there is no folder 'Inbox/Team'" in found["folder"]["found"]
        assert "mailbox.folders" in found["folder"]["remedy"]
        doctor.config.write_text(told.replace("Inbox/Team", "Posteingang"))
        assert doctor.check()["folder"]["well"]
    finally:
        doctor.backend.close()


@pytest.mark.parametrize("quirks", [(), ("no_date_header",)])
def test_a_lease_is_told_with_its_holder(
    tmp_path: Path, quirks: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACKD_PASSWORD", "secret")
    doctor = Doctor(tmp_path, *quirks, step=0)
    assert doctor.check()["lease"]["found"].startswith("free")
    with App(doctor.config, doctor.clock) as app:
        app.run_pass()
        app.context().mailbox.set_watermark(MONDAY)
        ours, theirs = app.context().settings.holder, "f00dbeefcafe"
        for holder, words in (
            (theirs, "another ackd (f00dbeef) holds it since 2026-11"),
            (ours, "this ackd"),
        ):
            taken = app.context().mailbox.take_lease(holder)
            assert taken
            assert words in doctor.check()["lease"]["found"]
            app.context().mailbox.release(taken)
    doctor.backend.close()


def test_a_server_that_tells_no_time(tmp_path: Path) -> None:
    doctor = Doctor(tmp_path, "no_date_header")
    found = doctor.check()
    assert found["clock"]["well"]
    assert "boot clock" in found["clock"]["found"]
    doctor.backend.close()


@pytest.mark.long
def test_a_zone_that_nobody_knows_is_told_by_its_name(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    text = doctor.config.read_text(encoding="utf-8")
    doctor.config.write_text(text.replace("time_zone: Europe/Berlin, ", ""), encoding="utf-8")
    hours = (Period(time(8), time(12)),)
    doctor.sandbox.set_work_hours(ALICE, WorkHours("Mars Standard Time", hours, Rule(-317)))
    found = doctor.check()
    assert "(Mars Standard Time) isn't known: set promise.time_zone" in found["time zone"]["found"]
    assert "time zone Asia/Tokyo, this machine's" in found["configuration"]["found"]
