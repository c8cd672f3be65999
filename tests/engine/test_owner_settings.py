"""The owner's time from the configuration, the mailbox and assumptions; and what an absence does."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd import zones
from ackd.cli.explain import as_text
from ackd.engine.owner_settings import Known, Reader, Wanted, dump, load, resolve
from ackd.engine.triage import judge
from ackd.errors import AckdError, ConfigError, SignInRefused, Unreachable
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Letter, OwnerSettings, Thread, ValueKey, WorkingHours
from ackd.promise.absence import Absence
from ackd.views.explain import explanation
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, mail
from tests.scenario import Scenario, grace

BERLIN = ZoneInfo("Europe/Berlin")
DAY = ((time(10), time(14)),)
HOURS = WorkingHours((DAY, DAY, DAY, DAY, (), (), ()))
TOLD = OwnerSettings(
    zone="Asia/Tokyo",
    hours=HOURS,
    out_of_office=((MONDAY, MONDAY + timedelta(days=2)), (MONDAY, None)),
    away=((date(2026, 12, 1), date(2026, 12, 2)),),
)


def known(**told: object) -> Known:
    return Known(MONDAY, OwnerSettings(**told))  # type: ignore[arg-type]


def test_the_configuration_goes_before_the_mailbox_and_that_before_assumptions() -> None:
    nobody = resolve(Wanted(), None)
    assert len(nobody.assumed) == 2
    assert nobody.calendar.hours == WorkingHours.office()
    told = resolve(Wanted(), Known(MONDAY, TOLD))
    assert (told.calendar.zone.key, told.calendar.hours, told.assumed) == ("Asia/Tokyo", HOURS, ())
    own = resolve(Wanted(zone=BERLIN, hours=WorkingHours.office(), absences=()), Known(MONDAY, TOLD))
    assert (own.calendar.zone, own.calendar.hours) == (BERLIN, WorkingHours.office())
    assert own.calendar.absences == ()


def test_what_the_mailbox_said_survives_in_the_ledger() -> None:
    assert load(dump(Known(MONDAY, TOLD))) == Known(MONDAY, TOLD)
    assert load(dump(Known(MONDAY, OwnerSettings()))) == Known(MONDAY, OwnerSettings())
    for text in (None, "", "{}", "[1]", '{"at": "x", "hours": 3}', "{"):
        assert load(text) is None
    assert resolve(Wanted(), known(zone="Mars/Base")).assumed[0].startswith("time zone")


def test_a_zone_that_nobody_knows_is_told_with_what_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    unknown = OwnerSettings(unknown_zone="Mars Standard Time", hours=HOURS)
    assert load(dump(Known(MONDAY, unknown))) == Known(MONDAY, unknown)
    found = resolve(Wanted(), Known(MONDAY, unknown))
    assert found.calendar.zone.key == "Asia/Tokyo"
    (words,) = found.assumed
    assert words.startswith("time zone Asia/Tokyo, this machine's: the mailbox's own (Mars Standard Time)")
    assert "`promise.time_zone`" in words
    (words,) = resolve(Wanted(), Known(MONDAY, replace(unknown, zone="Europe/Berlin"))).assumed
    assert words.startswith("time zone Europe/Berlin, as before: ")
    assert not resolve(Wanted(zone=BERLIN), Known(MONDAY, unknown)).assumed
    monkeypatch.setattr(zones, "of_machine", lambda: None)
    monkeypatch.delenv("TZ")
    for told in (OwnerSettings(hours=HOURS), unknown):
        found = resolve(Wanted(), Known(MONDAY, told))
        assert found.calendar.zone.key == "UTC"
        assert "time zone UTC, since this machine has none that is known" in found.assumed[0]
        assert "`promise.time_zone`" in found.assumed[0]


def test_a_machine_that_travels_takes_its_zone_along(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Asia/Tokyo", "America/New_York"):
        monkeypatch.setenv("TZ", name)
        assert resolve(Wanted(hours=HOURS), None).calendar.zone.key == name
        assert resolve(Wanted(), Known(MONDAY, OwnerSettings(zone="Europe/Berlin"))).calendar.zone == BERLIN


def test_an_endless_list_of_absences_is_refused() -> None:
    with pytest.raises(ConfigError, match="absences"):
        resolve(Wanted(zone=BERLIN, absences=((date(2026, 1, 1), date(2036, 1, 1)),)), None)


def test_a_far_return_counts_as_unknown() -> None:
    for told in ({"out_of_office": ((MONDAY, MONDAY + timedelta(days=9999)),)},
                 {"away": ((date(2026, 11, 23), date(2099, 1, 1)),)}):  # fmt: skip
        absence = resolve(Wanted(zone=BERLIN), known(**told))
        assert absence.absence.is_away(absence.calendar, MONDAY + timedelta(hours=1))
        assert absence.absence.back(absence.calendar, MONDAY + timedelta(hours=1)) is None


class Flaky(MemoryMailbox):
    trouble: AckdError | None = None
    asked = 0

    def settings(self) -> OwnerSettings:
        self.asked += 1
        if self.trouble:
            raise self.trouble
        return super().settings()


def test_the_mailbox_is_asked_now_and_then_and_the_last_word_stays(tmp_path: Path) -> None:
    clock = StepClock(MONDAY)
    ledger = SqlLedger(f"sqlite:///{tmp_path / 'l.sqlite'}", ALICE.address)
    mailbox = Flaky(clock.now, owner_settings=TOLD)
    reader = Reader(ledger, clock)
    assert reader.known is None
    assert reader.renew(mailbox)
    for _ in range(5):
        clock.move(timedelta(minutes=30))
        assert not reader.renew(mailbox)
    assert mailbox.asked == 1
    clock.move(timedelta(hours=1))
    mailbox.trouble = Unreachable("no connection")
    assert not reader.renew(mailbox)
    assert not reader.renew(mailbox)
    assert mailbox.asked == 2
    again = Reader(ledger, clock)
    assert again.known == Known(MONDAY, TOLD)
    mailbox.trouble, mailbox.owner_settings = None, OwnerSettings()
    assert again.renew(mailbox)
    assert again.known is not None
    assert again.known.settings == OwnerSettings(zone="Asia/Tokyo", hours=HOURS)
    mailbox.trouble = SignInRefused("401")
    with pytest.raises(SignInRefused):
        Reader(ledger, clock).renew(mailbox)
    assert ledger.value(ValueKey.OWNER_SETTINGS) == dump(again.known)


# --- the calendar with absences ------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [timedelta(days=366), timedelta(days=-14)])
def test_a_wrong_clock_does_not_put_off_the_next_question(tmp_path: Path, wrong: timedelta) -> None:
    clock = StepClock(MONDAY + wrong)
    with closing(SqlLedger(f"sqlite:///{tmp_path / 'l.sqlite'}", ALICE.address)) as ledger:
        mailbox = Flaky(clock.now, owner_settings=TOLD)
        reader = Reader(ledger, clock)
        assert reader.renew(mailbox)
        clock.move(-wrong)
        assert reader.renew(mailbox)
        assert not reader.renew(mailbox)


def away(**how: object) -> tuple[object, Absence]:
    found = resolve(Wanted(zone=BERLIN, **how), None)  # type: ignore[arg-type]
    return found.calendar, found.absence


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def test_who_is_away_when_and_back_when() -> None:
    found = resolve(Wanted(zone=BERLIN, absences=((date(2026, 11, 24), date(2026, 11, 26)),)), None)
    calendar, absence = found.calendar, found.absence
    back = at(27, 9)
    for moment, is_away in (
        (at(23, 16), False),
        (at(23, 17, 1), True),  # after work: the next work is missed already
        (at(25, 12), True),
        (at(26, 17, 30), False),
        (at(27, 9), False),
    ):
        assert absence.is_away(calendar, moment) is is_away, moment
        assert absence.back(calendar, moment) == (back if is_away else None)
    weekend = resolve(Wanted(zone=BERLIN, absences=((date(2026, 11, 23), date(2026, 11, 27)),)), None)
    assert weekend.absence.is_away(weekend.calendar, at(21, 12))  # the Saturday before
    assert not weekend.absence.is_away(weekend.calendar, at(28, 12))  # the Saturday after


def test_an_afternoon_off_ends_the_next_morning() -> None:
    found = resolve(Wanted(zone=BERLIN), known(out_of_office=((at(23, 12), at(23, 18)),)))
    assert found.absence.back(found.calendar, at(23, 12)) == at(24, 9)
    assert found.calendar.worked(at(23, 0), at(24, 0)) == timedelta(hours=3)


# --- what an absence does --------------------------------------------------------------------------


def use(office: Scenario, wanted: Wanted, **told: object) -> None:
    """What the configuration and the mailbox say of the owner's time, from the first pass on."""
    found = resolve(replace(wanted, zone=BERLIN), Known(office.clock.now(), OwnerSettings(**told)))  # type: ignore[arg-type]
    office.use(calendar=found.calendar, absence=found.absence)
    office.run()
    office.later(1)


def letter(office: Scenario) -> Letter:
    (found,) = office.mailbox.letters
    return found  # type: ignore[no-any-return]


def promised(office: Scenario) -> datetime:
    return office.task().promised.astimezone(BERLIN)


@pytest.fixture
def office() -> Scenario:
    return Scenario()


WEEK_OFF = ((date(2026, 11, 23), date(2026, 11, 27)),)


def test_an_absent_owner_promises_after_the_return_and_says_when_that_is(office: Scenario) -> None:
    use(office, Wanted(absences=WEEK_OFF, contact="carol@corp.example"))
    office.ask()
    assert promised(office) == datetime(2026, 12, 2, 10, tzinfo=BERLIN)
    assert "back on Monday, 30 November" in letter(office).text
    assert "carol@corp.example" in letter(office).text
    assert "You will have my answer by" in letter(office).text


def test_while_the_mailbox_answers_by_itself_the_task_is_enough(office: Scenario) -> None:
    use(office, Wanted(), out_of_office=((MONDAY, MONDAY + timedelta(days=4)),))
    office.ask()
    assert office.mailbox.letters == []
    assert promised(office) > at(27, 9, 30)
    assert office.daemon.unfinished() == ""


def test_explain_says_that_the_task_is_enough(office: Scenario) -> None:
    use(office, Wanted(), out_of_office=((MONDAY, MONDAY + timedelta(days=4)),))
    used = office.daemon.settings
    for moment, is_enough in ((MONDAY + timedelta(hours=1), True), (MONDAY + timedelta(days=5), False)):
        question = replace(mail("q"), received=moment)
        judged = judge(question, used, moment, thread=Thread(), watermark=None)
        text = as_text("q", explanation(judged, used, moment))
        assert ("out-of-office reply is on: the task alone" in text) is is_enough
        assert "promise: an answer" not in text


def test_unless_the_owner_wants_both(office: Scenario) -> None:
    use(office, Wanted(acknowledge=True), out_of_office=((MONDAY, MONDAY + timedelta(days=4)),))
    office.ask()
    assert "back on Friday, 27 November" in letter(office).text


def test_a_day_in_the_calendar_alone_leaves_nobody_in_silence(office: Scenario) -> None:
    use(office, Wanted(), away=((date(2026, 11, 23), date(2026, 11, 23)),))
    office.ask()
    assert "back on Tuesday, 24 November" in letter(office).text


def test_without_a_known_return_no_date_is_promised(office: Scenario) -> None:
    use(office, Wanted(acknowledge=True), out_of_office=((MONDAY - timedelta(days=7), None),))
    office.ask()
    assert "will be back" not in letter(office).text
    assert "I will answer when I am back" in letter(office).text
    assert promised(office) > at(24, 0)


def test_back_at_work_the_usual_letter_goes_out(office: Scenario) -> None:
    use(office, Wanted(absences=((date(2026, 11, 16), date(2026, 11, 20)),)))
    office.ask()
    assert "away" not in letter(office).text


def test_the_grace_period_of_an_absent_owner_passes_in_usual_time(office: Scenario) -> None:
    use(office, Wanted(absences=WEEK_OFF))
    office.use(rules=grace(60))
    office.ask()
    assert office.mailbox.letters == []
    office.clock.move(timedelta(minutes=61))
    office.daemon.run_pass()
    assert "back on Monday, 30 November" in letter(office).text


def test_a_deadline_within_the_absence_is_told_as_missed(office: Scenario) -> None:
    use(office, Wanted(absences=WEEK_OFF))
    office.ask(text="Could you please send me the figures by tomorrow noon?")
    assert promised(office) >= datetime(2026, 11, 30, 9, tzinfo=BERLIN)
    (promise,) = office.ledger.open_promises()
    assert promise.question.deadline is not None
    assert promise.due > promise.question.deadline
    assert promise.due.astimezone(UTC) > MONDAY
