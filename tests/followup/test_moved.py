"""The owner moves the task: the colleague learns the new date once, and no date is a move that only
another client, a server or a time zone made."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ackd.model import Duration, OnMove, PromiseState, Unit
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import Make
from tests.followup.outlook import bodies
from tests.scenario import Q, Scenario

ZONES = ("Pacific/Auckland", "Asia/Kolkata", "Europe/Berlin", "UTC", "America/Los_Angeles")
DAY = date(2026, 11, 30)
LATER = date(2026, 12, 2)


@pytest.mark.graph
@pytest.mark.parametrize("quirky", [False, True])
def test_dragged_twice_tells_once_after_the_last_move(make_office: Make, quirky: bool) -> None:
    office = make_office(quirks=ALL_QUIRKS if quirky else None)
    before = office.settings.calendar.local(office.promise().due)
    office.owner.move(Q, DAY)
    office.work()
    office.owner.move(Q, LATER)
    office.work(3)
    office.work(3)
    assert len(office.letters()) == 1
    office.work(3)
    _, told = office.letters()
    assert "2 December" in next(bodies([told]))
    assert "30 November" not in next(bodies([told]))
    assert told.in_reply_to == Q
    promise = office.promise()
    local = office.settings.calendar.local(promise.due)
    assert (local.date(), local.time()) == (LATER, before.time()), "the promise keeps its hour"
    assert promise.told == promise.due
    for _ in range(3):
        office.work(30)
    assert len(office.letters()) == 2
    assert "Wed 2 Dec" in office.owner.task(Q).subject
    office.agree()


def test_twice_within_one_poll(office: Scenario) -> None:
    office.owner.move(Q, DAY)
    office.owner.move(Q, LATER)
    for _ in range(3):
        office.work(10)
    assert len(office.letters()) == 2
    assert office.local_day(office.promise().due) == LATER


def test_there_and_back_tells_nothing(office: Scenario) -> None:
    day = date.fromisoformat(office.owner.due(Q))
    office.owner.move(Q, DAY)
    office.work()
    office.owner.move(Q, day)
    for _ in range(3):
        office.work(10)
    assert len(office.letters()) == 1
    office.agree()


def test_each_new_date_is_told(office: Scenario) -> None:
    for day in (DAY, LATER, DAY):
        office.owner.move(Q, day)
        office.work()
        office.work(10)
    assert len(office.letters()) == 4
    office.agree()


def test_asking_first_leaves_one_draft_with_the_last_date(make_office: Make) -> None:
    office = make_office(moved=OnMove.ASK)
    for day in (DAY, LATER):
        office.owner.move(Q, day)
        office.work()
        office.work(10)
    office.work(15)
    (draft,) = office.owner.drafts()
    assert "2 December" in str(draft.body)
    assert len(office.letters()) == 1
    office.owner.sends(draft)
    office.work()
    assert len(office.letters()) == 2
    promise = office.promise()
    assert promise.told == promise.due
    office.work(30)
    assert office.owner.drafts() == []
    office.agree()


def test_a_draft_that_the_owner_deletes_stays_away(make_office: Make) -> None:
    office = make_office(moved=OnMove.ASK)
    office.owner.move(Q, DAY)
    office.work()
    office.work(10)
    (draft,) = office.owner.drafts()
    draft.move_to_trash()
    for _ in range(3):
        office.work(15)
    assert office.owner.drafts() == []
    assert office.state() is PromiseState.OPEN
    assert len(office.letters()) == 1


def test_ignored_moves_move_the_promise_alone(make_office: Make) -> None:
    office = make_office(moved=OnMove.IGNORE)
    office.owner.move(Q, DAY)
    office.work()
    office.work(30)
    assert len(office.letters()) == 1
    assert office.owner.drafts() == []
    assert office.local_day(office.promise().due) == DAY
    office.agree()


def test_settle_counts_as_it_is_configured(make_office: Make) -> None:
    office = make_office(settle=Duration(1, Unit.BUSINESS_HOURS))
    office.owner.move(Q, DAY)
    office.work()
    office.work(45)
    assert len(office.letters()) == 1
    office.work(20)
    assert len(office.letters()) == 2


def test_a_move_into_the_past_tells_nobody(office: Scenario) -> None:
    office.owner.move(Q, date(2026, 11, 20))
    office.work()
    office.work(30)
    assert len(office.letters()) == 1


@pytest.mark.parametrize("zone", ZONES)
def test_nothing_but_the_owner_moves_a_date(make_office: Make, zone: str) -> None:
    """Other clients write the same day at an hour of their own, and touch the task in other ways."""
    office = make_office(zone=zone)
    promise, day = office.promise(), office.local_day(office.promise().due)
    assert office.owner.due(Q) == day.isoformat()
    office.work(10)
    for moment in as_clients_write(day, zone):
        office.owner.move_to(Q, moment)
        office.work()
        assert office.promise() == promise, moment
    task = office.owner.task(Q)
    task.importance = "Low"
    task.save(update_fields=["importance"])
    office.owner.categorize(office.owner.task(Q), "Promised", "Mine")
    for _ in range(2):
        office.work(10)
    assert office.promise() == promise
    assert len(office.letters()) == 1


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("client", range(3))
def test_a_move_is_to_the_day_that_the_owner_sees(make_office: Make, zone: str, client: int) -> None:
    office = make_office(zone=zone)
    hour = office.settings.calendar.local(office.promise().due).time()
    office.owner.move_to(Q, list(as_clients_write(DAY, zone))[client])
    office.work()
    office.work(10)
    _, told = office.letters()
    assert "30 November" in next(bodies([told]))
    local = office.settings.calendar.local(office.promise().due)
    assert (local.date(), local.time()) == (DAY, hour)
    for _ in range(3):
        office.work(10)
    assert len(office.letters()) == 2
    assert office.settings.calendar.local(office.promise().due).date() == DAY


def as_clients_write(day: date, zone: str) -> tuple[str, ...]:
    """Midnight UTC; the owner's midnight; the same with the zone's offset."""
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
    utc = midnight.astimezone(ZoneInfo("UTC"))
    return (f"{day.isoformat()}T00:00:00Z", f"{utc:%Y-%m-%dT%H:%M:%SZ}", midnight.isoformat())


@pytest.mark.graph
def test_a_lost_ledger_tells_the_move_once(office: Scenario) -> None:
    office.owner.move(Q, DAY)
    office.work()
    office.start_on("second")
    for _ in range(4):
        office.work(10)
    assert len(office.letters()) == 2
    office.start_on("third")
    for _ in range(4):
        office.work(10)
    assert len(office.letters()) == 2
    office.agree()


def test_the_task_alone_moves_while_the_acknowledgement_waits(office: Scenario) -> None:
    """A move while the machine slept over the settling time is told with the date of the last one."""
    office.owner.move(Q, DAY)
    office.work()
    office.later(60)
    office.owner.move(Q, LATER)
    office.work(1)
    office.work(10)
    assert [("2 December" in text) for text in bodies(office.letters()[1:])] == [True]
    assert office.promise().due > office.clock.now() + timedelta(days=5)


def test_the_last_minute_of_a_day_is_that_day(office: Scenario) -> None:
    """Clients that give a task an hour write 23:59 where the owner gave none."""
    day = office.local_day(office.promise().due)
    for written, meant in ((day, day), (LATER, LATER)):
        end = datetime.combine(written, time(23, 59), tzinfo=ZoneInfo("Europe/Berlin"))
        office.owner.move_to(Q, end.isoformat())
        for _ in range(3):
            office.work(10)
        assert office.local_day(office.promise().due) == meant
    assert len(office.letters()) == 2


def test_a_dismissed_reminder_comes_again_with_another_date(office: Scenario) -> None:
    def shown(what: str) -> str:
        return office.owner.wire.get(office.owner.task(Q).id, f"item:{what}").text(f"t:{what}")  # type: ignore[no-any-return]

    task = office.owner.task(Q)
    task.reminder_is_set = False
    task.save(update_fields=["reminder_is_set"])
    office.work(10)
    assert shown("ReminderIsSet") == "false"
    office.owner.move(Q, LATER)
    for _ in range(2):
        office.work(10)
    assert shown("ReminderIsSet") == "true"
    assert shown("ReminderDueBy")[:10] in ("2026-12-01", "2026-12-02")
