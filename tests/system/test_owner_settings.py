"""The owner's time from the mailbox, with real processes: promises, absence, calendar, own record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.mailbox.ews import Access
from ackd.mailbox.ews.client import MailProgram
from exchange_sandbox import Period, Sandbox, WorkHours
from tests.exchange_sandbox.wire import Wire
from tests.people import MONDAY, raw
from tests.system.commands import Site, in_process

ALICE = "alice@corp.example"
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site(tmp_path, MONDAY) as site:
        yield site


def of_mailbox(site: Site, state: str = "state") -> Path:
    """A configuration that leaves the owner's time to the mailbox."""
    config = site.config(state=state, more="tasks: {calendar_entry: true}")
    text = config.read_text(encoding="utf-8").replace("time_zone: Europe/Berlin, ", "")
    config.write_text(text, encoding="utf-8")
    return config


def leave(site: Site, first: date, last: date) -> None:
    """The owner enters whole days, shown as away."""
    start, end = (datetime.combine(day, time(), TOKYO) for day in (first, last + timedelta(days=1)))
    got = Wire(site.url, ALICE).create(
        f"<t:CalendarItem><t:Subject>Away</t:Subject><t:Start>{start.isoformat()}</t:Start>"
        f"<t:End>{end.isoformat()}</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>"
        "<t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus>"
        '<t:StartTimeZone Id="Tokyo Standard Time"/></t:CalendarItem>'
    )
    assert got.codes == ["NoError"]


def run(site: Site, *words: str) -> str:
    return in_process(*words, "--clock", str(site.clock), check=True).stdout


def test_the_owners_time_comes_from_the_mailbox_and_is_remembered(site: Site) -> None:
    hours = WorkHours("Tokyo Standard Time", (Period(time(8), time(12), ("Monday", "Thursday")),))
    Sandbox(site.data).set_work_hours(ALICE, hours)
    config = of_mailbox(site)
    mail = site.folder / "q.eml"
    mail.write_bytes(raw("q"))
    before = in_process("explain", str(mail), "--config", str(config), "--json")
    assert before.stderr.count("assumed") == 2
    site.once(config)
    leave(site, date(2026, 11, 24), date(2026, 11, 27))
    site.later(hours=4)
    site.deliver(raw("q"))
    assert site.once(config)["acknowledged"] == 1

    bob = MailProgram(Access("bob@corp.example", site.url, "bob@corp.example", "secret"), TOKYO)
    (letter,) = bob.inbox(site.now)
    bob.close()
    assert "will be back on Monday, 30 November" in letter.text
    (day,) = (
        d for d in json.loads(run(site, "promises", "--json", "--config", str(config))) if d["promises"]
    )
    (promise,) = day["promises"]
    assert datetime.fromisoformat(promise["due"]) == datetime(2026, 12, 7, 10, tzinfo=TOKYO)
    assert day["room"] == 7
    assert "10:00  Bob: About q" in run(site, "promises", "--config", str(config))

    found = Wire(site.url, ALICE).find(
        "calendar", "calendar:Start", "calendar:LegacyFreeBusyStatus", "item:Subject"
    )
    entry = next(one for one in found.all("t:CalendarItem") if "Away" not in "".join(one.itertext()))
    text = "".join(entry.itertext())
    assert "2026-12-07T01:00:00Z" in text
    assert "Free" in text
    assert site.once(config)["seen"] == 0

    site.stop_server()
    after = in_process("explain", str(mail), "--config", str(config), "--json")
    assert "assumed" not in after.stderr
    assert json.loads(after.stdout)["promise"]["due"].endswith("+09:00")
    site.serve()


def test_calibrate_reads_the_past_and_changes_nothing(site: Site) -> None:
    config = site.config()
    for number in range(12):
        site.deliver(raw(f"q{number}", at=site.now))
        site.later(minutes=30)
        program = MailProgram(Access(ALICE, site.url, ALICE, "secret"), TOKYO)
        program.send("bob@corp.example", "Re: About", "Here.", in_reply_to=f"<q{number}@corp.example>")
        program.close()
        site.later(minutes=1)
    site.deliver(raw("thanks", "Thanks, great!"), raw("unanswered"))
    found = json.loads(run(site, "calibrate", "--json", "--config", str(config)))
    assert found["answered_mails"] == 12
    assert found["waited"]["within"]["questions"] == 12
    assert found["waited"]["within"]["median_hours"] == 0.5
    assert found["proposal"] == {"within": "1 business hours"}
    assert "within: 1 business hours" in run(site, "calibrate", "--config", str(config))
    assert not (site.folder / "state" / "ledger.sqlite").exists()
