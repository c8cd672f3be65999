"""Recurring tasks, reminders, and an organisation without rooms."""

from __future__ import annotations

from typing import Any

import exchangelib
import pytest
from exchangelib import recurrence as r
from exchangelib.errors import ErrorCannotDeleteTaskOccurrence, ErrorNameResolutionNoResults

from exchange_sandbox import Sandbox

from .conftest import ALICE
from .test_calendar import appointment, at, daily
from .test_client import account
from .wire import Wire

MONDAY = exchangelib.EWSDate(2026, 11, 23)


@pytest.fixture
def owner(sandbox: Sandbox) -> exchangelib.Account:
    return account(sandbox, ALICE)


def task(owner: exchangelib.Account, pattern: Any, **more: Any) -> exchangelib.Task:
    rule = r.TaskRecurrence(pattern=pattern, start=MONDAY, **more)
    made = exchangelib.Task(
        account=owner, folder=owner.tasks, subject="Water the plants", start_date=MONDAY, due_date=MONDAY,
        reminder_is_set=True, reminder_due_by=at(2026, 11, 23, 8), recurrence=rule,
    )  # fmt: skip
    made.save()
    made.refresh()
    assert (made.is_recurring, made.recurrence) == (True, rule)
    return made


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        (r.WeeklyPattern(interval=1, weekdays=[1, 4], first_day_of_week=1), [26, 30]),
        (r.DailyPattern(interval=2), [25, 27]),
        (r.DailyRegeneration(interval=2), [26, 26]),  # from the day of completion, which is the 24th
        (r.WeeklyRegeneration(interval=1), [1, 1]),
    ],
    ids=str,
)
def test_a_task_that_is_done_is_due_again(owner: exchangelib.Account, pattern: Any, days: list[int]) -> None:
    made = task(owner, pattern, number=3)
    for day in days:
        made.complete()
        made.refresh()
        assert (made.due_date.day, made.start_date.day, made.status) == (day, day, "NotStarted")
        assert (made.reminder_due_by.day, made.reminder_is_set) == (day, True)
    made.complete()
    made.refresh()
    assert made.status == "Completed"
    done = [one for one in owner.tasks.all() if one.is_complete]
    assert sorted(one.is_recurring for one in done) == [False, False, True]


def test_an_occurrence_of_a_task_is_skipped(owner: exchangelib.Account) -> None:
    made = task(owner, r.DailyPattern(interval=1), number=2)
    made.delete(affected_task_occurrences="SpecifiedOccurrenceOnly")
    (left,) = owner.tasks.all()
    assert left.due_date.day == 24
    left.delete(affected_task_occurrences="SpecifiedOccurrenceOnly")
    assert list(owner.tasks.all()) == []
    again = task(owner, r.DailyRegeneration(interval=1))
    with pytest.raises(ErrorCannotDeleteTaskOccurrence):
        again.delete(affected_task_occurrences="SpecifiedOccurrenceOnly")


def reminders(wire: Wire, more: str = "") -> list[tuple[str, str]]:
    got = wire(f"<m:GetReminders>{more}</m:GetReminders>")
    assert got.codes == ["NoError"]
    return list(zip(got.texts("t:ReminderTime"), got.texts("t:ReminderGroup"), strict=True))


def act(wire: Wire, item: str, kind: str, until: str = "") -> list[str]:
    time = f"<t:NewReminderTime>{until}</t:NewReminderTime>" if until else ""
    return wire(
        "<m:PerformReminderAction><m:ReminderItemActions><t:ReminderItemAction>"
        f'<t:ActionType>{kind}</t:ActionType><t:ItemId Id="{item}"/>{time}'
        "</t:ReminderItemAction></m:ReminderItemActions></m:PerformReminderAction>"
    ).codes


SET = "<t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>15</t:ReminderMinutesBeforeStart>"


def test_reminders_come_once_and_again(alice: Wire) -> None:
    reminded = appointment(daily()).replace("<t:Start>", f"{SET}<t:Start>")
    alice.create(reminded)
    alice.create(
        "<t:Task><t:Subject>y</t:Subject><t:ReminderDueBy>2026-11-20T07:00:00Z</t:ReminderDueBy>"
        "<t:ReminderIsSet>true</t:ReminderIsSet><t:DueDate>2026-11-20T00:00:00Z</t:DueDate></t:Task>"
    )
    assert reminders(alice) == [("2026-11-20T07:00:00Z", "Task"), ("2026-11-24T08:45:00Z", "Calendar")]
    assert reminders(alice, "<m:ReminderType>Old</m:ReminderType>") == [("2026-11-20T07:00:00Z", "Task")]
    later = "<m:BeginTime>2026-11-30T00:00:00Z</m:BeginTime><m:EndTime>2026-12-01T00:00:00Z</m:EndTime>"
    assert reminders(alice, later) == [("2026-11-30T08:45:00Z", "Calendar")]
    got = alice("<m:GetReminders><m:ReminderType>Current</m:ReminderType></m:GetReminders>")
    occurrence, series = got.all("t:ItemId")[0].get("Id", ""), got.all("t:RecurringMasterItemId")[0].get("Id")
    assert act(alice, occurrence, "Snooze", "2026-11-24T08:55:00Z") == ["NoError"]
    assert reminders(alice)[1:] == [("2026-11-24T08:55:00Z", "Calendar")]
    assert act(alice, occurrence, "Dismiss") == ["NoError"]
    assert reminders(alice)[1:] == [("2026-11-25T08:45:00Z", "Calendar")]
    assert alice.get(occurrence, "calendar:CalendarItemType").text("t:CalendarItemType") == "Occurrence"
    assert alice.find("calendar").ids[0][0] == series
    ((task_id, _),) = alice.find("tasks").ids
    assert act(alice, task_id, "Snooze") == ["NoError"]
    assert alice.get(task_id, "item:ReminderNextTime").text("t:ReminderNextTime") == "2026-11-24T08:05:00Z"
    assert act(alice, task_id, "Dismiss") == ["NoError"]
    assert len(reminders(alice)) == 1
    assert act(alice, task_id, "Forget") == ["ErrorSchemaValidation"]
    assert act(alice, task_id, "Snooze", "soon") == ["ErrorInvalidArgument"]
    assert act(alice, "AAAA", "Dismiss") == ["ErrorInvalidIdMalformed"]


def test_no_rooms(owner: exchangelib.Account) -> None:
    assert list(owner.protocol.get_roomlists()) == []
    with pytest.raises(ErrorNameResolutionNoResults):
        list(owner.protocol.get_rooms("rooms@corp.example"))
